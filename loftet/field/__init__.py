"""The phone outdoors: one-minute report, round, presence log; works offline; no tables."""
