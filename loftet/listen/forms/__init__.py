"""Shape and friendly errors of the survey's staff pages."""
