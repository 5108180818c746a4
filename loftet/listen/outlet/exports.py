"""Results as files: a workbook to read, tables to compute with, and the key to their codes.

Everything comes from the frozen results, so that a file never tells more than the pages do.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from loftet.listen.models import Compilation, Wave
from loftet.listen.outlet import telling
from loftet.listen.rules.form import Form, Question
from loftet.listen.rules.results.items import Item, items, of

Cell = str | float | int | None
Line = Sequence[Cell]
COLUMNS = (  # never renamed and never moved: others compute from them
    "wave", "compilation", "question", "part", "answer", "area", "area_name",
    "n", "share", "low", "high", "mean", "hidden",
)  # fmt: skip
KEY = ("question", "part", "answer", "kind", "sv", "en")
HIDDEN = "few"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def long(kept: Compilation, form: Form) -> Iterator[Line]:
    """One line for each figure, in the columns above."""
    yield COLUMNS
    content = kept.content
    for item in items(form):
        for figure in content["tables"][item.code]:
            yield from _figures(kept, item, figure)
    for code, figures in content["means"].items():
        for figure in figures:
            start = _start(kept, code, "", "", figure["area"])
            told = [figure["n"], None, figure.get("low"), figure.get("high")]
            yield [*start, *told, figure.get("mean"), figure.get("why", "")]


def codebook(form: Form) -> Iterator[Line]:
    """What each code stands for, in Swedish and English."""
    yield KEY
    for question in form.questions:
        yield [question.code, "", "", str(question.kind), *_both(question.label)]
        for row in question.rows:
            yield [question.code, row.code, "", "row", *_both(row.label)]
        for choice in question.choices:
            yield [question.code, "", choice.code, "answer", *_both(choice.label)]


def as_csv(lines: Iterable[Line]) -> bytes:
    """With semicolon and a byte order mark, as the spreadsheets of this country expect."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def workbook(kept: Compilation, wave: Wave, form: Form) -> bytes:
    """A sheet for each page of the questionnaire, then the method and the codes."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    styles = {
        "bold": book.add_format({"bold": True}),
        "share": book.add_format({"num_format": "0.0%"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    for page in form.pages:
        lines = list(_sheet(kept.content, page.questions))
        if len(lines) > 1:
            _write(book, _sheet_name(book, telling.label(page.title)), lines, styles)
    method = telling.method(kept.content, wave, form)
    lines = [[part.title, sentence] for part in method for sentence in part.sentences]
    _write(book, _sheet_name(book, _("Method")), [[_("About"), _("What")], *lines], styles)
    _write(book, _sheet_name(book, _("Codes")), list(codebook(form)), styles)
    book.close()
    return file.getvalue()


def _figures(kept: Compilation, item: Item, figure: Mapping[str, Any]) -> Iterator[Line]:
    part = item.row or item.choice
    for level in item.levels:
        told = figure["levels"].get(level, {"why": HIDDEN})
        start = _start(kept, item.question.code, part.code if part else "", level, figure["area"])
        values = [told.get("share"), told.get("low"), told.get("high")]
        yield [*start, figure["n"], *values, None, told.get("why", "")]


def _start(kept: Compilation, question: str, part: str, level: str, area: str | None) -> list[Cell]:
    name = kept.content["areas"].get(area, "")
    return [kept.wave.code, kept.number, question, part, level, area or "", name]


def _sheet(content: Mapping[str, Any], questions: Iterable[Question]) -> Iterator[Line]:
    yield [
        _("Question"), _("Part"), _("Answer"), _("Area"), _("Answers"), _("Share"),
        _("From"), _("To"),
    ]  # fmt: skip
    for question in questions:
        for item in of(question):
            part = item.row or item.choice
            start = [telling.label(question.label), telling.label(part.label) if part else ""]
            for figure in content["tables"][item.code]:
                area = content["areas"].get(figure["area"], _("all"))
                for level in item.levels:
                    told = figure["levels"].get(level, {})
                    shown = told.get("share", HIDDEN)
                    said = [telling.level_label(item, level), area, figure["n"], shown]
                    yield [*start, *said, told.get("low"), told.get("high")]


def _write(book: Any, name: str, lines: Sequence[Line], styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    wide = len(lines[0]) == 2
    sheet.set_column(0, 2, 30 if not wide else 28)
    if wide:
        sheet.set_column(1, 1, 110, styles["wrap"])
    for at, line in enumerate(lines):
        for column, cell in enumerate(line):
            style = styles["bold"] if at == 0 else styles["share"] if column > 4 else None
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, style)
            elif cell is not None:
                sheet.write_number(at, column, cell, style)


def _sheet_name(book: Any, wanted: str) -> str:
    """At most 31 signs, without those that Excel refuses, and different from the others."""
    tidy = "".join(sign for sign in wanted if sign not in "[]:*?/\\'")[:27] or "-"
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    names = (tidy if not at else f"{tidy} {at + 1}" for at in range(len(taken) + 1))
    return next(name for name in names if name.lower() not in taken)


def _both(texts: Mapping[str, str]) -> list[str]:
    return [texts.get("sv", ""), texts.get("en", "")]


def _plain(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula is told as text."""
    if isinstance(cell, str) and cell.startswith(FORMULAS):
        return f"'{cell}"
    return "" if cell is None else cell
