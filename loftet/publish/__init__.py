"""Freeze and show: editions, public pages, open data, feeds, verification."""
