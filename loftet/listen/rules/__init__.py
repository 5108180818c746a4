"""Decisions of the survey on plain values: no clock, no database."""
