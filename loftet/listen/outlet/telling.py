"""Frozen results in words, for pages and files: built from what is frozen and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from loftet.listen.models import Wave
from loftet.listen.rules.form import Form, text
from loftet.listen.rules.results.items import Item
from loftet.listen.rules.results.ranking import TOP
from loftet.ui import formats

Content = Mapping[str, Any]
BREAKS: dict[str, str | Promise] = {
    "new": lazy("not asked then"),
    "kind": lazy("answered in another way then"),
    "words": lazy("worded in another way then"),
    "choices": lazy("had other answers to choose from then"),
    "rows": lazy("not among the rows then"),
    "who": lazy("asked of others then"),
    "few": lazy("too few answered"),
}
SAID = {"yes": lazy("chosen"), "no": lazy("not chosen")}


@dataclass(frozen=True)
class Part:
    """A heading of the method page with its sentences."""

    title: str
    sentences: tuple[str, ...]


def label(texts: Mapping[str, str]) -> str:
    return text(texts, get_language() or "sv")


def item_label(item: Item) -> str:
    part = item.row or item.choice
    return label(item.question.label if part is None else part.label)


def level_label(item: Item, level: str) -> str:
    if item.choice is not None:
        return str(SAID[level])
    return next(label(c.label) for c in item.question.choices if c.code == level)


def shown(figure: Mapping[str, Any]) -> str:
    """A share in per cent; as many decimals as its limits have."""
    if figure.get("share") is None:
        return formats.DASH
    return formats.share(figure["share"], decimals(figure))


def decimals(*figures: Mapping[str, Any]) -> int:
    """None where every number is in whole per cent, as it is where few answered."""
    found = [f[name] for f in figures for name in ("share", "low", "high") if f.get(name)]
    return 0 if all(round(value, 2) == value for value in found) else 1


def share(value: float) -> str:
    return formats.share(value, 0 if round(value, 2) == value else 1)


def points(value: float) -> str:
    """A distance between shares, in percentage points."""
    return formats.number(round(value * 100, 1))


def interval(figure: Mapping[str, Any]) -> str:
    if figure.get("low") is None:
        return ""
    low, high = figure["low"] * 100, figure["high"] * 100
    return formats.interval(low, high, decimals(figure)) + formats.percent(0).lstrip("0")


def overview(content: Content) -> str:
    """How many answered, and how sure the figures are."""
    told = content["response"]
    answered = formats.number(told["answered"])
    if told.get("rate") is None:
        return _("%(answered)s answered.") % {"answered": answered}
    said = _("%(answered)s of %(asked)s answered: %(rate)s.") % {
        "answered": answered,
        "asked": formats.number(told["asked"]),
        "rate": formats.share(told["rate"], 1),
    }
    margin = content["margin_of_error"]
    if margin is None:
        return said
    sure = _("The margin of error is at most ±%(points)s percentage points for the whole.")
    return f"{said} {sure % {'points': points(margin)}}"


def self_chosen(wave: Wave) -> str:
    """Why figures of such a wave say nothing of those who did not answer; empty where they do."""
    if wave.allowed.intervals:
        return ""
    return _(
        "Those who answered chose to do so themselves, or were not drawn at random. The figures"
        " tell what they think, not what everybody thinks. There is no margin of error, and the"
        " figures cannot be compared with other years."
    )


def place(row: Mapping[str, Any], out_of: int) -> str:
    """The place in the order, with how far up or down it may really be."""
    values = {"rank": row["rank"], "out_of": out_of}
    if "best" not in row:
        return _("place %(rank)d of %(out_of)d") % values
    if row["best"] == row["worst"]:
        return _("surely place %(rank)d of %(out_of)d") % values
    span = formats.interval(row["best"], row["worst"])
    return _("place %(rank)d of %(out_of)d, may be %(span)s") % (values | {"span": span})


def order(found: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """What chance leaves open of the order: who may be first, and who is not among the three."""
    rows = [row for row in found["rows"] if "best" in row]
    said = {
        _("May be what most want: %(names)s."): [r for r in rows if r["best"] == 1],
        _("Surely among the three: %(names)s."): [r for r in rows if r["worst"] <= TOP],
        _("Surely not among the three: %(names)s."): [r for r in rows if r["best"] > TOP],
    }
    return [
        sentence % {"names": formats.list_words([labels[row["code"]] for row in group])}
        for sentence, group in said.items()
        if group
    ]


def method(content: Content, wave: Wave, form: Form) -> list[Part]:
    """How it was done and what it does not tell, from the wave's own figures."""
    parts = [
        Part(_("Who was asked"), tuple(_asked(content, wave))),
        Part(_("How the answers are weighed"), tuple(_weighed(content, form))),
        Part(_("How sure the figures are"), tuple(_sure(content, wave))),
        Part(_("What is not shown"), tuple(_hidden(content))),
    ]
    return [part for part in parts if part.sentences]


def _asked(content: Content, wave: Wave) -> Iterator[str]:
    yield f"{wave.population}. {wave.get_design_display().capitalize()}."
    yield _("In the field %(days)s.") % {"days": formats.period(wave.opens, wave.closes)}
    yield overview(content)
    told = content["response"]
    if told.get("rate") is not None:
        yield _(
            "%(drawn)s were drawn. %(ineligible)s were found not to belong and are not counted;"
            " %(returned)s letters came back and %(refused)s said no, and these count as asked"
            " (AAPOR response rate 1)."
        ) % {name: formats.number(told[name]) for name in ("drawn", *OUTCOMES)}
    if told["by_mode"]:
        yield _("%(web)s answered on the web and %(paper)s on paper.") % {
            mode: formats.number(count) for mode, count in told["by_mode"].items()
        }


OUTCOMES = ("ineligible", "returned", "refused")


def _weighed(content: Content, form: Form) -> Iterator[str]:
    found = content["weighting"]
    if found is None:
        yield _("They are not: every answer counts the same.")
        return
    yield _(
        "Each answer stands for as many as were asked in the same area for each who answered."
        " So those who did not answer are taken to be like the others in their area."
    )
    if found["fitted"] and not found["unmet"]:
        names = [label(form.question(code).label) for code in found["fitted"]]
        yield _("The weights are then fitted to the register's figures for: %(names)s.") % {
            "names": "; ".join(names)
        }
    if found["unmet"]:
        yield _("They could not be fitted to the register's figures: too few answered.")
    if found["bounded"]:
        yield _("Fitting was held so that it changes no weight more than five times.")
    if found["pooled"]:
        yield _(
            "Too few answered there to be weighed alone, and were taken together: %(names)s."
        ) % {"names": ", ".join(found["pooled"])}
    yield _(
        "The largest weight is %(largest)s times the mean. Unequal weights make %(n)s answers worth"
        " as much as %(effective)s (design effect %(effect)s)."
    ) % {
        "largest": formats.number(found["largest"], 1),
        "n": formats.number(content["answered"]),
        "effective": formats.number(found["effective_n"]),
        "effect": formats.number(found["design_effect"], 2),
    }


def _sure(content: Content, wave: Wave) -> Iterator[str]:
    if not wave.allowed.intervals:
        yield self_chosen(wave)
        return
    yield _(
        "Intervals hold with 95 per cent confidence and take in how the sample was drawn and"
        " weighed. They tell what chance does. They do not tell what it does that some never"
        " answer, or that a question is understood in different ways."
    )
    changes = content["changes"]
    if changes:
        count = sum(len(one.get("levels", ())) for one in changes.values())
        yield _(
            "%(count)s changes are tested. About one in twenty would lie beyond chance even if"
            " nothing had changed."
        ) % {"count": formats.number(count)}


def _hidden(content: Content) -> Iterator[str]:
    limits = content["limits"]
    yield _("Nothing is shown of fewer than %(group)d answers, in all or in an area.") % {
        "group": limits["group"]
    }
    yield _(
        "Nor is an answer that fewer than %(cell)d gave, or any other figure from which it could be"
        " worked out by subtraction. Both are marked with the same sign."
    ) % {"cell": limits["cell"]}
    yield _(
        "Marked places are shown as squares with at least %(group)d marks, never as points. Free"
        " texts are shown as themes."
    ) % {"group": limits["group"]}
