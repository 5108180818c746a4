"""Tell how it went: results, outcomes, evaluation, the sentence."""
