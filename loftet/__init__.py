"""Löftet: the citizen pledge's whole year, from what people say to how it went."""
