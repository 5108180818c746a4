"""Frozen results as charts and tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from loftet.listen.outlet import telling
from loftet.listen.rules.form import Kind, Question
from loftet.listen.rules.results.items import Item, of
from loftet.ui import formats
from loftet.ui.charts import Bar, Chart, Table, bars
from loftet.ui.charts.values import Format

Content = Mapping[str, Any]
LISTS = {Kind.SEVERAL, Kind.PRIORITIES}


@dataclass(frozen=True)
class Told:
    """A question on the page: a picture of the whole, and tables."""

    label: str
    n: int | None
    chart: Chart | None
    tables: tuple[Table, ...]
    note: str = ""


def priorities(content: Content, question: Question) -> Chart | None:
    """The wanted things with their intervals, the most wanted first."""
    labels = {choice.code: telling.label(choice.label) for choice in question.choices}
    found = content["priorities"][question.code]
    shown = [row for row in found["rows"] if row.get("share") is not None]
    if not shown:
        return None
    drawn = [Bar(f"{row['rank']}. {labels[row['code']]}", *_percents(row)) for row in shown]
    n = formats.number(found["n"])
    told = _("Of %(n)s who chose.") % {"n": n}
    if "low" in shown[0]:
        told += " " + _("The line is the interval of 95 per cent.")
    return bars(
        "priorities",
        title=telling.label(question.label),
        description=told,
        bars=drawn,
        unit=_("Per cent"),
        fmt=_format(drawn),
    )


def places_in_order(content: Content, question: Question) -> Table:
    """The same as a table, with the places."""
    labels = {choice.code: telling.label(choice.label) for choice in question.choices}
    found = content["priorities"][question.code]
    shown = [row for row in found["rows"] if "rank" in row]
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            labels[row["code"]],
            telling.shown(row),
            telling.interval(row) or formats.DASH,
            formats.number(row["chosen_by"]),
            telling.place(row, len(shown)),
        )
        for row in shown
    )
    head: tuple[str, ...] = (_("What"), _("Share"), _("Interval"), _("People"), _("Place"))
    if not any("low" in row for row in shown):
        head, rows = _without(head, rows, 2)
    return Table(_("The order of what people want"), head, rows)


def counted(content: Content, asked: Question) -> bool:
    """Whether the results hold anything of a question beside a map."""
    return bool(list(of(asked)) or {asked.code} & {*content["means"], *content["themes"]})


def question(content: Content, asked: Question, place: int) -> Told | None:
    """One question: the whole as a picture, the areas as tables; None where nothing is counted."""
    parts = list(of(asked))
    if not parts:
        return _mean_alone(content, asked)
    whole = {item.code: content["tables"][item.code][0] for item in parts}
    n = max((figure["n"] or 0 for figure in whole.values()), default=0) or None
    name = telling.label(asked.label)
    if n is None:
        return Told(name, None, None, (), _("Too few answered this question to show anything."))
    chart = None
    if asked.kind is not Kind.GRID:
        drawn = list(_bars_of(asked, parts, whole))
        chart = _bars(f"question-{place}", _("All who answered"), n, drawn)
    tables = (_grid(content, asked, parts),) if asked.kind is Kind.GRID else ()
    return Told(name, n, chart, (*tables, *_areas(content, asked, parts), *_means(content, asked)))


def full(item: Item) -> str:
    whole = telling.label(item.question.label)
    return whole if item.row is item.choice is None else f"{whole} – {telling.item_label(item)}"


def _bars_of(asked: Question, parts: Sequence[Item], whole: Content) -> Iterator[Bar]:
    if asked.kind in LISTS:
        for item in parts:
            told = whole[item.code]["levels"].get("yes", {})
            if told.get("share") is not None:
                yield Bar(telling.item_label(item), *_percents(told))
        return
    (item,) = parts
    for level in item.levels:
        told = whole[item.code]["levels"].get(level, {})
        if told.get("share") is not None:
            yield Bar(telling.level_label(item, level), *_percents(told))


def _bars(name: str, title: str, n: int, drawn: list[Bar]) -> Chart | None:
    if not drawn:
        return None
    told = _("%(n)s answered.") % {"n": formats.number(n)}
    unique = {bar.label: bar for bar in drawn}
    return bars(
        name, title=title, description=told, bars=list(unique.values()), unit=_("Per cent"),
        fmt=_format(drawn),
    )  # fmt: skip


def _grid(content: Content, asked: Question, parts: Sequence[Item]) -> Table:
    head = ("", *(telling.label(choice.label) for choice in asked.choices), _("Answers"))
    rows = tuple(
        (
            telling.item_label(item),
            *(_cell(content["tables"][item.code][0], level) for level in item.levels),
            _n(content["tables"][item.code][0]),
        )
        for item in parts
    )
    return Table(telling.label(asked.label), head, rows)


def _areas(content: Content, asked: Question, parts: Sequence[Item]) -> Iterator[Table]:
    """By area: each row a choice of a list, or the answers of a question or a row."""
    if not content["areas"]:
        return
    if asked.kind in LISTS:
        names = tuple(content["areas"].values())
        rows = tuple(
            (
                telling.item_label(item),
                *(_cell(figure, "yes") for figure in content["tables"][item.code][1:]),
            )
            for item in parts
        )
        yield Table(_("By area"), ("", *names), rows)
        return
    for item in parts:
        caption = telling.item_label(item) if item.row else _("By area")
        head = ("", *(telling.level_label(item, level) for level in item.levels), _("Answers"))
        rows = tuple(
            (
                content["areas"][figure["area"]],
                *(_cell(figure, level) for level in item.levels),
                _n(figure),
            )
            for figure in content["tables"][item.code][1:]
        )
        yield Table(caption, head, rows)


def _mean_alone(content: Content, asked: Question) -> Told | None:
    found = tuple(_means(content, asked))
    n = content["means"][asked.code][0]["n"] if found else None
    return Told(telling.label(asked.label), n, None, found) if found else None


def _means(content: Content, asked: Question) -> Iterator[Table]:
    if asked.code not in content["means"]:
        return
    rows = tuple(
        (
            content["areas"].get(figure["area"], _("all")),
            formats.number(figure["mean"], 1) if figure.get("mean") is not None else formats.DASH,
            formats.interval(figure["low"], figure["high"], 1)
            if figure.get("low") is not None
            else formats.DASH,
            _n(figure),
        )
        for figure in content["means"][asked.code]
    )
    yield Table(_("Mean"), ("", _("Mean"), _("Interval"), _("Answers")), rows)


def _cell(figure: Mapping[str, Any], level: str) -> str:
    told = figure["levels"].get(level, {})
    span = telling.interval(told)
    return f"{telling.shown(told)} ({span})" if span else telling.shown(told)


def _n(figure: Mapping[str, Any]) -> str:
    return formats.DASH if figure["n"] is None else formats.number(figure["n"])


def _percents(told: Mapping[str, Any]) -> tuple[float, float | None, float | None]:
    low, high = told.get("low"), told.get("high")
    value = told["share"] * 100
    if low is None or high is None:
        return value, None, None
    return value, min(low * 100, value), max(high * 100, value)


def percent(value: float) -> str:
    return formats.percent(value, 1)


def whole_percent(value: float) -> str:
    return formats.percent(value, 0)


def _format(drawn: Sequence[Bar]) -> Format:
    """Decimals in all of a picture's numbers, or in none."""
    numbers = [x for bar in drawn for x in (bar.value, bar.low, bar.high) if x is not None]
    return whole_percent if all(round(x) == round(x, 1) for x in numbers) else percent


def _without(
    head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], at: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return head[:at] + head[at + 1 :], tuple(row[:at] + row[at + 1 :] for row in rows)
