"""Areas beside each other, and years after each other, as tables and charts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from loftet.listen.outlet import telling
from loftet.listen.outlet.pictures import full
from loftet.listen.rules.form import Form
from loftet.listen.rules.results.items import Item, items
from loftet.listen.rules.results.series import Placed
from loftet.ui import formats
from loftet.ui.charts import Chart, Point, Table, line

Content = Mapping[str, Any]


def changed(content: Content, form: Form) -> tuple[Table | None, Table | None]:
    """Changes beyond chance or not, each answer; and what cannot be compared."""
    rows, breaks = [], []
    for item in items(form):
        told = content["changes"][item.code]
        if "why" in told:
            breaks.append((full(item), str(telling.BREAKS[told["why"]])))
            continue
        levels = told["levels"] if item.choice is None else {"yes": told["levels"].get("yes")}
        for level, change in levels.items():
            if change:
                rows.append(_change(item, level, change))
    rows.sort(key=lambda row: row[-1] != _("yes"))
    head = (
        _("Question"), _("Before"), _("Now"), _("Change, points"), _("Interval"),
        _("Beyond chance"),
    )  # fmt: skip
    found = Table(_("Changes since the wave before"), head, tuple(rows)) if rows else None
    if not breaks:
        return found, None
    return found, Table(_("Cannot be compared"), (_("Question"), _("Why")), tuple(breaks))


def index(content: Content, form: Form, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the comparison of areas: a group or an item, and a cell for each area."""
    found = content["index"]
    by_area = {one["area"]: one for one in found["areas"]}
    areas = [None, *content["areas"]]
    labels = {item.code: telling.item_label(item) for item in items(form)}
    rows: list[dict[str, Any]] = [_total(by_area, areas)]
    for group, codes in found["groups"].items():
        means = [by_area.get(area, {}).get("groups", {}).get(group) for area in areas]
        rows.append({"label": names.get(group, group), "head": True, "cells": _mean_cells(means)})
        for code in codes:
            points = [by_area.get(area, {}).get("points", {}).get(code) for area in areas]
            cells = [_point_cell(point) for point in points]
            rows.append({"label": labels[code], "head": False, "cells": cells})
    return rows


def over_time(points: Sequence[Placed], title: str, source: str) -> Chart | None:
    """Joined only where the waves may be compared; a break says why."""
    if all(point.share is None for point in points):
        return None
    drawn = [
        Point(
            point.name,
            *_maybe(point),
            broken="" if point.joined or not at else point.why or _("asked in another way"),
        )
        for at, point in enumerate(points)
    ]
    return line(
        "series", title=title, description=source, points=drawn, unit=_("Per cent"), fmt=_percent
    )


def _percent(value: float) -> str:
    return formats.percent(round(value, 1))


def _maybe(point: Placed) -> tuple[float | None, float | None, float | None]:
    low, high = point.low, point.high
    if point.share is None or low is None or high is None:
        return (None if point.share is None else point.share * 100), None, None
    return point.share * 100, low * 100, high * 100


def _total(by_area: Mapping[str | None, Any], areas: Sequence[str | None]) -> dict[str, Any]:
    means = [by_area.get(area, {}).get("total") for area in areas]
    return {"label": _("The whole index"), "head": True, "cells": _mean_cells(means)}


def _mean_cells(means: Sequence[Mapping[str, float] | None]) -> list[dict[str, Any]]:
    return [
        {"text": formats.DASH}
        if mean is None
        else {
            "text": formats.number(mean["value"], 1),
            "more": formats.interval(mean["low"], mean["high"], 1),
            "hue": _hue(mean["value"]),
        }
        for mean in means
    ]


def _point_cell(point: Mapping[str, Any] | None) -> dict[str, Any]:
    if point is None:
        return {"text": formats.DASH}
    more = telling.share(point["share"])
    if point["to_next"] is not None:
        more += _("; next at +%(points)s") % {"points": telling.points(point["to_next"])}
    return {"text": str(point["point"]), "more": more, "hue": _hue(point["point"])}


def _hue(point: float) -> str:
    return "kept" if point < 2 else "partly" if point < 4 else "not_kept"


def _change(item: Item, level: str, change: Mapping[str, Any]) -> tuple[str, ...]:
    name = full(item)
    if item.choice is None:
        name = f"{name}: {telling.level_label(item, level)}"
    low, high = (round(change[end] * 100, 1) for end in ("low", "high"))
    return (
        name,
        telling.share(change["before"]),
        telling.share(change["now"]),
        telling.points(change["change"]),
        formats.interval(low, high),
        _("yes") if change["beyond_chance"] else _("no"),
    )
