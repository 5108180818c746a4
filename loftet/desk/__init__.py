"""The coordinator's page: where in the year we are and what waits; no tables."""
