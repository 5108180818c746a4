"""Where people pointed: squares with a number each, and the table that the numbers lead to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loftet.ui import formats
from loftet.ui.charts import Table
from loftet.ui.charts.svg import el, pct, picture, px, words

WIDE = 100.0
LOWEST, HIGHEST = 160.0, 640.0


def squares(found: Sequence[Mapping[str, Any]], title: str) -> tuple[SafeString, Table]:
    """Squares on white, each group with its number, and the table that the numbers lead to."""
    west = min(one["x"] for one in found)
    south = min(one["y"] for one in found)
    wide = max(one["x"] + one["side"] for one in found) - west
    high = max(one["y"] + one["side"] for one in found) - south
    most = max(one["per_km2"] for one in found)
    height = min(HIGHEST, max(LOWEST, 720 * high / wide))
    parts = []
    for one in found:
        left = (one["x"] - west) / wide * WIDE
        down = (south + high - one["y"] - one["side"]) / high * height
        block = {"x": pct(left), "y": px(down), "width": pct(one["side"] / wide * WIDE)}
        shade = 1 + min(3, int(4 * one["per_km2"] / most))
        tall = px(one["side"] / high * height)
        parts.append(el("rect", **block, height=tall, class_=f"shade-{shade}"))
        middle = left + one["side"] / wide * WIDE / 2
        at = down + one["side"] / high * height / 2 + 5
        parts.append(words(str(one["group"] + 1), middle, at, text_anchor="middle", class_="name"))
    table = _squares_table(found, title)
    told = _("Squares with the same number are counted together. Darker is denser.")
    return picture("places", title, told, round(height), *parts), table


def _squares_table(found: Sequence[Mapping[str, Any]], title: str) -> Table:
    groups: dict[int, Mapping[str, Any]] = {one["group"]: one for one in found}
    sizes = {group: [o for o in found if o["group"] == group] for group in groups}
    rows = tuple(
        (
            str(group + 1),
            "; ".join(f"{o['lat']:.3f}, {o['lon']:.3f}" for o in sizes[group][:4]),
            formats.number(sum((o["side"] / 1000) ** 2 for o in sizes[group]), 2),
            formats.number(one["count"]),
            formats.number(one["per_km2"], 1),
        )
        for group, one in sorted(groups.items(), key=lambda pair: -pair[1]["per_km2"])
    )
    head = (
        _("Number"), _("Middle (latitude, longitude)"), _("Square kilometres"), _("Marks"),
        _("Marks per square kilometre"),
    )  # fmt: skip
    return Table(title, head, rows)
