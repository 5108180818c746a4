"""An XLSForm workbook as a questionnaire; what cannot be carried over is said, row by row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from loftet.core import spreadsheet
from loftet.listen.actions.faults import Faulty, told
from loftet.listen.rules import checking, editing
from loftet.listen.rules import form as forms
from loftet.listen.rules.checking import Problem
from loftet.listen.rules.form import Form, Page, Question, Texts
from loftet.listen.sources.xlsform import languages, types
from loftet.listen.sources.xlsform.groups import Group, grouped, repeated
from loftet.listen.sources.xlsform.questions import (
    CHOICES,
    REFUSED,
    SURVEY,
    TEXTS,
    Reader,
    joined,
    lists,
)
from loftet.listen.sources.xlsform.tables import Row, Table, shown, table
from loftet.listen.sources.xlsform.words import Fault, line, said

SETTINGS = "settings"
ORDER = {SURVEY: 0, CHOICES: 1, SETTINGS: 2}
LARGEST = 5_000_000
OLD_SHEETS = {"columns", "choices and columns", "cascades", "external_choices", "entities", "osm"}
SURVEY_COLUMNS = {
    "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message",
    "appearance", "parameters", "disabled", "readonly", "loftet::kind", "loftet::most",
    "loftet::lowest", "loftet::highest", "loftet::longest", "loftet::constraint", *REFUSED,
}  # fmt: skip
CHOICES_COLUMNS = {"list_name", "name", "label", "media"}
# What a form is called in its file says nothing about the questions.
SETTINGS_COLUMNS = {
    "form_title", "form_id", "version", "default_language", "style", "name", "loftet::title",
    "loftet::introduction", "loftet::thanks", "loftet::languages",
}  # fmt: skip


def read_xlsform(file: bytes, *, name: str = "") -> dict[str, Any]:
    """The document in an xlsx or xls file; `name` is its title where the file gives none.

    Refused whole, with every row that cannot be carried over, its reason and the remedy.
    """
    return read_book(spreadsheet.opened(file, *ORDER, largest=LARGEST), name=name)


def read_book(book: spreadsheet.Workbook, *, name: str) -> dict[str, Any]:
    sheets = {each: table(each, book.sheets.get(each, [])) for each in ORDER}
    _refuse(list(_lacking(book, sheets)))
    read = _Reading(sheets[SURVEY], sheets[CHOICES], _settings(sheets[SETTINGS]), name)
    whole = read.form()
    faults = [
        *(Fault(old, 0, "old_sheet") for old in book.names if old.strip().lower() in OLD_SHEETS),
        *_columns(sheets[SURVEY], SURVEY_COLUMNS, "unknown_column"),
        *_columns(sheets[CHOICES], CHOICES_COLUMNS, "unknown_column"),
        *_columns(sheets[SETTINGS], SETTINGS_COLUMNS, "setting"),
        *read.reader.faults,
    ]
    _refuse([*faults, *(fault for sheet in sheets.values() for fault in sheet.faults)])
    return read.checked(whole)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        faults.sort(key=lambda fault: (ORDER.get(fault.sheet, -1), fault.row))
        raise Faulty("xlsform_faulty", list(dict.fromkeys(said(fault) for fault in faults)))


def _lacking(book: spreadsheet.Workbook, sheets: dict[str, Table]) -> Iterator[Fault]:
    """Without these there is nothing to read."""
    if not sheets[SURVEY].columns:
        yield Fault(SURVEY, 0, "no_survey")
    for sheet, wanted in ((SURVEY, ("type", "name")), (CHOICES, ("list_name", "name"))):
        for name in wanted:
            if sheets[sheet].rows and not sheets[sheet].has(name):
                yield Fault(sheet, 1, "no_column", {"column": name})


def _columns(sheet: Table, known: set[str], code: str) -> Iterator[Fault]:
    for at in dict.fromkeys(sheet.columns):
        first = next((row.number for row in sheet.rows if row.cells.get(at, "").strip()), None)
        if at.name not in known and first is not None:
            yield Fault(sheet.name, first, code, {"column": shown(at)})


def _settings(sheet: Table) -> Row:
    return sheet.rows[0] if sheet.rows else Row(0, {})


@dataclass
class _Made:
    """A page on its way, with the row of everything in it."""

    page: Row | None
    title: Texts
    notes: list[Texts] = field(default_factory=list)
    introduction: Texts = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    rows: list[Row | Group] = field(default_factory=list)


class _Reading:
    """From rows to pages. Questions outside every group make pages of their own."""

    def __init__(self, survey: Table, choices: Table, settings: Row, name: str) -> None:
        self.survey = survey
        self.settings = settings
        self.languages = _languages(survey, choices, settings)
        self.reader = Reader(lists(choices, self.languages[0]), self.languages)
        self.title = self._title(name)
        self.made: list[_Made] = []
        self.renamed: dict[str, str] = {}

    def form(self) -> Form:
        loose: _Made | None = None
        for child in grouped(self.survey):
            if isinstance(child, Group) and not child.table:
                loose = None
                self._page(child)
                continue
            if loose is None:
                loose = _Made(None, self.title)
                self.made.append(loose)
            self._child(loose, child)
        pages = tuple(self._finished(number, made) for number, made in enumerate(self.made, 1))
        whole = Form(
            title=self.title,
            languages=tuple(self.languages),
            introduction=self._setting("loftet::introduction"),
            thanks=self._setting("loftet::thanks"),
            pages=pages,
        )
        return editing.with_rules(whole, self._with_rows_of_grids)

    def _setting(self, name: str) -> dict[str, str]:
        return self.settings.texts(name, self.languages[0])

    def _title(self, name: str) -> dict[str, str]:
        first = self.settings.text("form_title")
        given = {self.languages[0]: first} if first else {}
        given |= self._setting("loftet::title")
        return given or dict.fromkeys(self.languages, name or _("Questionnaire"))

    def _page(self, group: Group) -> None:
        if repeated(group):
            return
        title = self.reader.texts(group.row, "label") or self.title
        made = _Made(group.row, title)
        self.made.append(made)
        for child in group.children:
            if isinstance(child, Group) and not child.table:
                if not repeated(child):
                    self.reader.fault(child.row, "nested")
                continue
            self._child(made, child)

    def _child(self, made: _Made, child: Row | Group) -> None:
        if isinstance(child, Row) and child.text("type").lower() == "note":
            self._note(made, child)
            return
        found = self._grid(child) if isinstance(child, Group) else self.reader.question(child)
        if found is None:
            return
        if not made.questions:
            made.introduction = joined(made.notes)
        elif made.notes:
            found = Question(**{**vars(found), "hint": joined([*made.notes, found.hint])})
        made.notes = []
        made.questions.append(found)
        made.rows.append(child)

    def _note(self, made: _Made, row: Row) -> None:
        if row.has("relevant") or row.has("required"):
            self.reader.fault(row, "note_place")
        made.notes.append(joined([self.reader.texts(row, "label"), self.reader.texts(row, "hint")]))

    def _grid(self, group: Group) -> Question | None:
        if repeated(group):
            return None
        found = self.reader.grid(group)
        for row in group.children if found else ():
            code = group.row.text("name")
            if isinstance(row, Row) and not row.text("name").startswith(f"{code}."):
                self.renamed[row.text("name")] = f"{code}.{row.text('name')}"
        return found

    def _finished(self, number: int, made: _Made) -> Page:
        if made.notes and not made.questions:
            made.introduction = joined(made.notes)
        elif made.notes:
            self.reader.fault(self._last(made), "note_place")
        row = made.page
        return Page(
            code=row.text("name") if row else f"page_{number}",
            title=made.title,
            introduction=made.introduction,
            questions=tuple(made.questions),
            relevant=row.text("relevant") if row else "",
        )

    def _last(self, made: _Made) -> Row:
        last = made.rows[-1]
        return last.row if isinstance(last, Group) else last

    def _with_rows_of_grids(self, rule: str) -> str:
        """What other programs call by the name of the row alone is here `grid.row`."""
        return re.sub(
            r"\$\{([^{}]*)\}",
            lambda found: (
                f"${{{self.renamed[found[1]]}}}" if found[1] in self.renamed else found[0]
            ),
            rule,
        )

    # --- Whether it is a questionnaire ------------------------------------------------------------

    def checked(self, whole: Form) -> dict[str, Any]:
        document = forms.written(whole)
        if stops := checking.stops(checking.problems(document)):
            raise Faulty("xlsform_faulty", [self._said(problem) for problem in stops])
        return document

    def _said(self, problem: Problem) -> str:
        if problem.code == "no_swedish":
            return said(Fault(SURVEY, 1, "no_swedish"))
        sheet, row = self._row(problem)
        return line(sheet, row, told(problem))

    def _row(self, problem: Problem) -> tuple[str, int]:
        where = problem.where
        if where.page is None:
            return (SETTINGS, self.settings.number) if where.field else (SURVEY, 0)
        made = self.made[where.page]
        if where.question is None:
            return SURVEY, made.page.number if made.page else self._first(made)
        child = made.rows[where.question]
        name, _dot, number = where.field.partition(".")
        place = number.partition(".")[0]
        if name == "choices" and place.isdigit():
            return self._row_of_choice(child, int(place))
        if isinstance(child, Row):
            return SURVEY, child.number
        return SURVEY, self._row_of_grid(child, name, place)

    def _first(self, made: _Made) -> int:
        first = made.rows[0] if made.rows else None
        return first.row.number if isinstance(first, Group) else first.number if first else 0

    def _row_of_choice(self, child: Row | Group, number: int) -> tuple[str, int]:
        asked = child if isinstance(child, Row) else child.children[-1]
        kind = types.read(asked.text("type")) if isinstance(asked, Row) else types.Type()
        rows = self.reader.lists.rows.get(kind.list_name)
        if rows is None:
            return SURVEY, asked.number if isinstance(asked, Row) else 0
        return CHOICES, rows[number]

    def _row_of_grid(self, group: Group, name: str, place: str) -> int:
        if name == "rows" and place.isdigit():
            row = group.children[int(place) + group.headed]
            return row.number if isinstance(row, Row) else group.row.number
        return group.row.number


def _languages(survey: Table, choices: Table, settings: Row) -> list[str]:
    """As the file lists them; else the default first, then as the columns come."""
    texts = [at for sheet in (survey, choices) for at in sheet.columns if at.name in TEXTS]
    found = [at.language for at in texts if at.language]
    untold = len(found) < len(texts)
    default = languages.tag(settings.text("default_language"))
    first = [default] if default else ["sv"] if untold or not found else []
    return list(dict.fromkeys([*settings.text("loftet::languages").split(), *first, *found]))
