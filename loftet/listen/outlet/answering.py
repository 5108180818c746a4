"""Who answered, and what they wrote about, as tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from loftet.listen.outlet import telling
from loftet.listen.rules.form import Form
from loftet.ui import formats
from loftet.ui.charts import Table

Content = Mapping[str, Any]


def by_area(content: Content) -> Table | None:
    """How many answered in each area."""
    found = content["response"].get("by_area")
    if not found:
        return None
    names = content["areas"]
    rows = tuple(
        (
            names.get(one["area"], one["area"]),
            formats.number(one["population"]),
            formats.number(one["asked"]),
            formats.DASH if one["answered"] is None else formats.number(one["answered"]),
            formats.DASH if one.get("rate") is None else formats.share(one["rate"], 0),
        )
        for one in found
    )
    head = (_("Area"), _("People"), _("Asked"), _("Answered"), _("Response rate"))
    return Table(_("Response by area"), head, rows)


def absence(content: Content, form: Form) -> Iterator[Table]:
    """Those who answered beside everybody, before the weights."""
    for one in content["absence"]:
        asked = form.question(one["question"])
        labels = {choice.code: telling.label(choice.label) for choice in asked.choices}
        rows = tuple(
            (
                labels[level],
                formats.share(told["population"], 1),
                formats.DASH if told["answered"] is None else formats.share(told["answered"], 1),
            )
            for level, told in one["levels"].items()
        )
        head = ("", _("In the register"), _("Among the answers"))
        yield Table(telling.label(asked.label), head, rows)


def themes(found: Content, question: str, names: Mapping[tuple[str, str], str]) -> Table:
    """What people wrote about, the most common first."""
    told = sorted(found["themes"].items(), key=lambda pair: -pair[1].get("count", 0))
    rows = tuple(
        (
            names.get((question, code), code),
            formats.number(one["count"]) if "count" in one else formats.DASH,
            telling.shown(one),
        )
        for code, one in told
    )
    return Table(_("What people wrote about"), (_("Theme"), _("People"), _("Share")), rows)
