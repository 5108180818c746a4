"""From an edition's content to what a page shows: one language, and pictures of its numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from loftet.publish.models import Edition
from loftet.ui import charts, formats, verdicts
from loftet.ui.bilingual import in_language

METHODS = {
    "ratio": gettext_lazy("Exact conditional comparison of two Poisson counts; 95% interval."),
    "difference": gettext_lazy(
        "Difference of two shares with Newcombe’s hybrid score interval, 95%."
    ),
}
RATIO = gettext_lazy(
    "The line shows where the true ratio may lie, with 95% confidence; 1 is no change."
)
DIFFERENCE = gettext_lazy(
    "The line shows where the true difference in percentage points may lie, with 95% confidence."
)
SAID = ("text", "verdict", "done", "amount", "helped", "told", "reason", "context", "lesson")


def page_of(edition: Edition) -> dict[str, Any]:
    content = in_language(edition.content, get_language() or "sv")
    return {
        "edition": edition,
        "content": content | {"commitments": [_shown(one) for one in content["commitments"]]},
        "starts": date.fromisoformat(content["starts"]),
        "ends": date.fromisoformat(content["ends"]),
    }


def _shown(commitment: dict[str, Any]) -> dict[str, Any]:
    """A commitment with the words and the picture that its plain values give."""
    more: dict[str, Any] = {
        "who": verdicts.actor(commitment["actor"]),
        "when": _when(commitment),
        "readings": [_reading(reading) for reading in commitment.get("readings", [])],
    }
    if "verdict" in commitment:
        more |= {
            "word": verdicts.verdict(commitment["verdict"], late=commitment["late"]),
            "picture": picture(commitment),
            "method": METHODS.get((commitment["statistic"] or {}).get("kind", "")),
        }
    return commitment | more


def heading(edition: Edition) -> str:
    """An edition in a list of editions."""
    title = in_language(edition.content["title"], get_language() or "sv")
    named = _("How it went: %(title)s") if edition.kind == Edition.Kind.FOLLOWUP else "%(title)s"
    return _("%(heading)s, edition %(number)s") % {
        "heading": named % {"title": title},
        "number": edition.number,
    }


@dataclass(frozen=True)
class Change:
    """A sentence or figure that the next edition would say otherwise."""

    code: str
    old: str
    new: str


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """The public sentences that differ between an edition and the next, side by side."""
    language = get_language() or "sv"
    before, after = in_language(old, language), in_language(new, language)
    earlier = {one["code"]: one for one in before["commitments"]}
    return [
        Change(one["code"], old_text, new_text)
        for one in after["commitments"]
        for name in SAID
        if (new_text := one.get(name) or "")
        != (old_text := earlier.get(one["code"], {}).get(name) or "")
    ]


def picture(commitment: dict[str, Any]) -> charts.Chart | None:
    """The comparison as an interval where one can be drawn, else the readings as bars."""
    statistic = commitment.get("statistic")
    interval = _interval(commitment, statistic) if statistic else None
    readings = commitment.get("readings", [])
    return interval or (_bars(commitment, readings) if len(readings) > 1 else None)


def _interval(commitment: dict[str, Any], statistic: dict[str, Any]) -> charts.Chart | None:
    """The estimate with its interval; none where an end lies at infinity, or a ratio's at zero."""
    if statistic["low"] is None or statistic["high"] is None or statistic["estimate"] is None:
        return None
    ratio = statistic["kind"] == "ratio"
    if ratio and statistic["low"] <= 0:
        return None
    times = 1 if ratio else 100
    estimate, low, high = (times * statistic[key] for key in ("estimate", "low", "high"))
    return charts.intervals(
        _name("interval", commitment),
        title=_("How sure is the change?"),
        description=str(RATIO if ratio else DIFFERENCE),
        rows=[charts.Interval(commitment["indicator"]["name"], estimate, low, high)],
        scale="ratio" if ratio else "difference",
        less=_("lower"),
        same=_("no change"),
        more=_("higher"),
        fmt=_two_decimals if ratio else _one_decimal,
    )


def _bars(commitment: dict[str, Any], readings: list[dict[str, Any]]) -> charts.Chart:
    share = commitment["indicator"]["kind"] == "share"
    bars = [charts.Bar(_when(reading), float(reading["value"])) for reading in readings]
    return charts.bars(
        _name("readings", commitment),
        title=commitment["indicator"]["name"],
        description=_("The readings of each year."),
        bars=bars,
        unit="" if share else commitment["indicator"]["unit"],
        fmt=formats.percent if share else formats.number,
    )


def _two_decimals(value: float) -> str:
    return formats.number(value, 2)


def _one_decimal(value: float) -> str:
    return formats.number(value, 1)


def _name(kind: str, commitment: dict[str, Any]) -> str:
    return f"{kind}-{commitment['code']}".lower().replace("_", "-")


def _when(reading: dict[str, Any]) -> str:
    return formats.period(
        date.fromisoformat(reading["starts"]), date.fromisoformat(reading["ends"])
    )


def _reading(reading: dict[str, Any]) -> dict[str, Any]:
    return reading | {"when": _when(reading), "shown": formats.number(float(reading["value"]))}
