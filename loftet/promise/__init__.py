"""Choose and sign: agreement, action plan, pledge, commitments, signatures."""
