"""What people wrote in their own words, counted by theme."""

from typing import Any

from loftet.listen.rules.results.given import Limits, Themed
from loftet.listen.rules.results.small import HIDDEN


def table(themed: Themed, limits: Limits) -> dict[str, Any]:
    """How many of those who wrote took up each theme; one may take up several, or none."""
    n = len(themed.passages)
    if n < limits.group:
        return {"n": None, "why": HIDDEN, "themes": {}}
    counts = {
        theme: sum(theme in passage for passage in themed.passages) for theme in themed.themes
    }
    return {
        "n": n,
        "themes": {theme: _told(count, n, limits) for theme, count in counts.items()},
    }


def _told(count: int, n: int, limits: Limits) -> dict[str, Any]:
    if 0 < count < limits.cell or 0 < n - count < limits.cell:
        return {"why": HIDDEN}
    return {"count": count, "share": round(count / n, 2 if n < limits.whole else 3)}
