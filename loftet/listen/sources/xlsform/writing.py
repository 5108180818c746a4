"""A questionnaire as an XLSForm workbook, which `reading` reads back as the same questionnaire.

A page is a group shown as one (`field-list`) whose first note is its introduction. A grid is a
group inside it with `table-list`, and each row is a question `grid.row`. A scale is `select_one`
with the appearance `likert`. What XLSForm has no place for stands in columns that begin with
`loftet::`.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import xlsxwriter

from loftet.listen.rules import form as forms
from loftet.listen.rules.form import Form, Kind, Page, Question, Texts
from loftet.listen.sources.xlsform import languages, limits

Cells = dict[str, str]  # column -> what stands there

FIRST = ("type", "name")
ORDER = (
    "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance",
    "loftet::kind", "loftet::most", "loftet::lowest", "loftet::highest", "loftet::longest",
    "loftet::constraint",
)  # fmt: skip
TYPES = {
    Kind.SINGLE: "select_one",
    Kind.SCALE: "select_one",
    Kind.SEVERAL: "select_multiple",
    Kind.PRIORITIES: "select_multiple",
    Kind.TEXT: "text",
    Kind.PLACE: "geopoint",
}
APPEARANCES = {Kind.SCALE: "likert", Kind.TEXT: "multiline"}
SMALLEST, WIDEST = 12, 60


def write_xlsform(document: Mapping[str, Any], *, code: str = "loftet") -> bytes:
    """The workbook; `code` becomes its form_id."""
    whole = forms.read(document)
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in (
        ("survey", list(_survey(whole))),
        ("choices", list(_choices(whole))),
        ("settings", [_settings(whole, code)]),
    ):
        _sheet(workbook, name, _columns(rows), rows)
    workbook.close()
    return file.getvalue()


def _survey(whole: Form) -> Iterator[Cells]:
    for page in whole.pages:
        yield from _page(page, whole.languages)


def _page(page: Page, tags: tuple[str, ...]) -> Iterator[Cells]:
    yield {
        "type": "begin_group",
        "name": page.code,
        **_said("label", page.title, tags),
        "relevant": page.relevant,
        "appearance": "field-list",
    }
    if page.introduction:
        label = _said("label", page.introduction, tags)
        yield {"type": "note", "name": f"{page.code}.introduction", **label}
    for question in page.questions:
        if question.kind is Kind.GRID:
            yield from _grid(question, tags)
        else:
            yield _question(question, tags)
    yield {"type": "end_group"}


def _question(question: Question, tags: tuple[str, ...]) -> Cells:
    extra = {f"loftet::{name}": _number(getattr(question, name)) for name in limits.FIELDS}
    if question.kind is Kind.PRIORITIES:
        extra["loftet::kind"] = str(question.kind)
    if limits.has_limits(question):
        extra["loftet::constraint"] = question.constraint
    return {
        "type": _type(question),
        "name": question.code,
        **_said("label", question.label, tags),
        **_said("hint", question.hint, tags),
        "required": "yes" if question.required else "",
        "relevant": question.relevant,
        "constraint": limits.constraint(question),
        **_said("constraint_message", question.constraint_message, tags),
        "appearance": APPEARANCES.get(question.kind, ""),
        **extra,
    }


def _type(question: Question) -> str:
    if question.kind is Kind.NUMBER:
        return "integer" if question.whole else "decimal"
    kind = TYPES[question.kind]
    return f"{kind} {question.code}" if question.choices else kind


def _grid(question: Question, tags: tuple[str, ...]) -> Iterator[Cells]:
    yield {
        "type": "begin_group",
        "name": question.code,
        **_said("label", question.label, tags),
        **_said("hint", question.hint, tags),
        "relevant": question.relevant,
        "appearance": "table-list",
    }
    for row in question.rows:
        yield {
            "type": f"select_one {question.code}",
            "name": f"{question.code}.{row.code}",
            **_said("label", row.label, tags),
            "required": "yes" if question.required else "",
        }
    yield {"type": "end_group"}


def _choices(whole: Form) -> Iterator[Cells]:
    for question in whole.questions:
        for choice in question.choices:
            yield {
                "list_name": question.code,
                "name": choice.code,
                **_said("label", choice.label, whole.languages),
            }


def _settings(whole: Form, code: str) -> Cells:
    """The title in the first language is XLSForm's own; `name` is one that no page can have."""
    first, *others = whole.languages
    return {
        "form_title": whole.title.get(first, ""),
        "form_id": code,
        "name": "form.root",
        "default_language": languages.column(first),
        "loftet::languages": " ".join(whole.languages),
        **_said("loftet::title", whole.title, tuple(others)),
        **_said("loftet::introduction", whole.introduction, whole.languages),
        **_said("loftet::thanks", whole.thanks, whole.languages),
    }


def _said(column: str, texts: Texts, tags: tuple[str, ...]) -> Cells:
    """A text in every language; a column for each, so that the languages themselves are kept."""
    if not texts:
        return {}
    return {f"{column}::{languages.column(tag)}": texts.get(tag, "") for tag in tags}


def _number(value: float | None) -> str:
    return "" if value is None else str(value)


# --- The sheets -----------------------------------------------------------------------------------


def _columns(rows: list[Cells]) -> list[str]:
    """Those that are used, in the order that people are used to; translations side by side."""
    used = list(dict.fromkeys(name for row in rows for name in row))
    filled = {name for row in rows for name, cell in row.items() if cell}
    kept = [name for name in used if name in filled or name.startswith("label")]
    return sorted(kept, key=_rank)


def _rank(column: str) -> int:
    if column.startswith("loftet::") and column in ORDER:
        return ORDER.index(column)
    name = column.partition("::")[0]
    return ORDER.index(name) if name in ORDER else -1


def _sheet(workbook: Any, name: str, columns: list[str], rows: list[Cells]) -> None:
    sheet = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    plain = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column, bold)
        cells = [row.get(column, "") for row in rows]
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(place + 1, number, cell, plain)
        wide = max((len(cell) for cell in [column, *cells]), default=0)
        sheet.set_column(number, number, min(max(wide + 1, SMALLEST), WIDEST))
    sheet.freeze_panes(1, min(2, len(columns)))
