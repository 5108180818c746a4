"""All results of a wave as one plain document, ready to be frozen."""

from collections.abc import Callable
from typing import Any

from loftet.listen.rules.results import (
    changes,
    index,
    means,
    places,
    ranking,
    response,
    shares,
    themes,
)
from loftet.listen.rules.results.given import Given
from loftet.listen.rules.results.items import items
from loftet.listen.rules.results.sample import Rows

FORMAT = "loftet-survey/1"
Tell = Callable[[int, int], None]


def compiled(given: Given, tell: Tell = lambda done, total: None) -> dict[str, Any]:
    """Everything that may be told; `tell` hears how many items are done, of how many."""
    rows = Rows(given)
    every = list(items(given.form))
    total = len(every) + 2
    told, tables = {}, {}
    for done, item in enumerate(every):
        tell(done, total)
        told[item.code] = shares.told(rows, item)
        tables[item.code] = shares.table(told[item.code])
    tell(total - 1, total)
    found = {
        "format": FORMAT,
        "design": str(given.design),
        "answered": rows.answered,
        "population": given.population,
        "limits": {"group": given.limits.group, "cell": given.limits.cell},
        "areas": {area: rows.names[area] for area in rows.areas},
        "response": response.response(rows),
        "absence": response.absence(rows, told),
        "weighting": response.weighting(rows),
        "margin_of_error": response.margin_of_error(rows, tables),
        "tables": tables,
        "index": index.index(rows, told),
        "changes": changes.changes(rows, told),
    } | _by_kind(rows)
    tell(total, total)
    return found


def _by_kind(rows: Rows) -> dict[str, Any]:
    questions = list(rows.given.form.questions)
    limits = rows.given.limits
    return {
        "means": {q.code: means.table(rows, q) for q in questions if means.has_mean(q)},
        "priorities": {q.code: ranking.ranked(rows, q) for q in questions if ranking.is_list(q)},
        "places": {q.code: places.table(rows, q) for q in questions if places.has_places(q)},
        "themes": {one.question: themes.table(one, limits) for one in rows.given.themed},
    }
