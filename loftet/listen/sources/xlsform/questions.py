"""One row of the survey as a question, or the reasons why it cannot be one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from loftet.listen.rules.form import Choice, Kind, Question, Texts
from loftet.listen.sources.xlsform import limits, types
from loftet.listen.sources.xlsform.groups import Group, looks
from loftet.listen.sources.xlsform.tables import Row, Table
from loftet.listen.sources.xlsform.words import Fault

YES = {"yes", "true", "true()"}
NO = {"", "no", "false", "false()"}
POINTS_AT_MOST = 21
# Columns that mean something that we have not: each with a key of `words.MESSAGES`.
REFUSED = {
    "calculation": "calculation",
    "default": "default",
    "choice_filter": "choice_filter",
    "repeat_count": "repeat",
    "media": "media",
    "guidance_hint": "guidance_hint",
    "required_message": "required_message",
}
TEXTS = ("label", "hint", "constraint_message")
SURVEY = "survey"
CHOICES = "choices"


@dataclass
class Lists:
    """The lists of the sheet choices, and the row of each choice."""

    choices: dict[str, list[Choice]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class Reader:
    """What rows are read with; `faults` grows on the way."""

    lists: Lists
    languages: Sequence[str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, row: Row, code: str, **args: str | int) -> None:
        self.faults.append(Fault(SURVEY, row.number, code, args))

    def texts(self, row: Row, name: str) -> dict[str, str]:
        found = row.texts(name, self.languages[0])
        for text in found.values():
            if "${" in text:
                self.fault(row, "text_reference", found=text[text.index("${") :][:40])
        return found

    def yes_or_no(self, row: Row, name: str) -> bool:
        written = row.text(name).lower()
        if written not in YES | NO:
            self.fault(row, "yes_or_no", column=name, found=row.text(name)[:60])
        return written in YES

    def number(self, row: Row, name: str) -> Any:
        written = row.text(name)
        if not written:
            return None
        try:
            return int(written) if written.lstrip("-").isdecimal() else float(written)
        except ValueError:
            self.fault(row, "not_number", column=name, found=written[:60])
            return None

    # --- One kind of row each ---------------------------------------------------------------------

    def question(self, row: Row) -> Question | None:
        kind = types.read(row.text("type"))
        if kind.refused or kind.kind is None:
            self.fault(row, kind.refused, type=row.text("type")[:60])
            return None
        self._refuse_columns(row)
        made = Question(
            code=row.text("name"),
            kind=self._kind(row, kind.kind),
            label=self.texts(row, "label"),
            hint=self.texts(row, "hint"),
            required=self.yes_or_no(row, "required"),
            choices=self._choices(row, kind),
            relevant=row.text("relevant"),
            constraint=row.text("constraint"),
            constraint_message=self.texts(row, "constraint_message"),
            whole=kind.whole,
            **{name: self.number(row, f"loftet::{name}") for name in limits.FIELDS},
        )
        return self._with_own_rule(row, made)

    def grid(self, group: Group) -> Question | None:
        """A group that is shown as a table: its first row may be a head, the others are rows."""
        head = group.row
        rows = [child for child in group.children if isinstance(child, Row)]
        self._refuse_columns(head)
        if head.has("required") or head.has("constraint"):
            self.fault(head, "grid_rule")
        label, hint = self.texts(head, "label"), self.texts(head, "hint")
        if group.headed:
            first, *rows = rows
            head_label, head_hint = self.texts(first, "label"), self.texts(first, "hint")
            hint = joined([hint, head_label, head_hint] if label else [hint, head_hint])
            label = label or head_label
        if not rows or len(rows) + group.headed != len(group.children):
            self.fault(head, "grid_row" if group.children else "grid_empty")
            return None
        kind = types.read(rows[0].text("type"))
        for row in rows:
            self._refuse_row(row, rows[0])
        return Question(
            code=head.text("name"),
            kind=Kind.GRID,
            label=label,
            hint=hint,
            required=self.yes_or_no(rows[0], "required"),
            choices=self._choices(rows[0], kind),
            rows=tuple(
                Choice(row_code(head.text("name"), row), self.texts(row, "label")) for row in rows
            ),
            relevant=head.text("relevant"),
        )

    def _refuse_columns(self, row: Row) -> None:
        for name, code in REFUSED.items():
            if row.has(name):
                self.fault(row, code)
        if self.yes_or_no(row, "readonly"):
            self.fault(row, "readonly")
        for look in looks(row):
            if not types.LOOKS.fullmatch(look):
                self.fault(row, "appearance", found=look[:60])

    def _refuse_row(self, row: Row, first: Row) -> None:
        kind = types.read(row.text("type"))
        same = row.text("type") == first.text("type") and row.text("required") == first.text(
            "required"
        )
        alone = not any(row.has(name) for name in ("hint", "relevant", "constraint"))
        if kind.kind is not Kind.SINGLE or not same or not alone:
            self.fault(row, "grid_row")
        self._refuse_columns(row)

    def _kind(self, row: Row, kind: Kind) -> Kind:
        if kind is Kind.SINGLE and "likert" in looks(row):
            return Kind.SCALE
        wanted = row.text("loftet::kind")
        if wanted == Kind.PRIORITIES and kind is Kind.SEVERAL:
            return Kind.PRIORITIES
        if wanted:
            self.fault(row, "unknown_kind", found=wanted[:60])
        return kind

    def _choices(self, row: Row, kind: types.Type) -> tuple[Choice, ...]:
        if kind.kind is Kind.SCALE:
            return tuple(self._range(row))
        if row.has("parameters"):
            self.fault(row, "parameters", found=row.text("parameters")[:60])
        if not kind.list_name:
            return ()
        if kind.list_name not in self.lists.choices:
            self.fault(row, "no_list", list=kind.list_name[:60])
        return tuple(self.lists.choices.get(kind.list_name, ()))

    def _range(self, row: Row) -> Iterator[Choice]:
        pairs = row.text("parameters").replace(",", " ").replace(";", " ").split()
        given = dict(pair.partition("=")[::2] for pair in pairs)
        try:
            start, end, step = int(given["start"]), int(given["end"]), int(given.get("step", "1"))
            points = range(start, end + 1, step)
        except (KeyError, ValueError):
            points = range(0)
        if not 1 < len(points) <= POINTS_AT_MOST or given.keys() - {"start", "end", "step"}:
            self.fault(row, "range", most=POINTS_AT_MOST)
            return
        for point in points:
            yield Choice(str(point), dict.fromkeys(self.languages, str(point)))

    def _with_own_rule(self, row: Row, question: Question) -> Question:
        """Take our limits out of the constraint again, if it still is what we wrote."""
        if not limits.has_limits(question):
            return question
        own = _with_constraint(question, row.text("loftet::constraint"))
        wanted = limits.constraint(own)
        if wanted != question.constraint:
            self.fault(row, "limits_differ", wanted=wanted)
        return own


def _with_constraint(question: Question, constraint: str) -> Question:
    return Question(**{**vars(question), "constraint": constraint})


def row_code(grid: str, row: Row) -> str:
    return row.text("name").removeprefix(f"{grid}.")


def _both(first: Texts, second: Texts) -> dict[str, str]:
    """Two texts after each other, in every language that has either."""
    return {
        language: "\n\n".join(text for text in (first.get(language), second.get(language)) if text)
        for language in dict.fromkeys([*first, *second])
    }


def joined(texts: Sequence[Texts]) -> dict[str, str]:
    whole: dict[str, str] = {}
    for each in texts:
        whole = _both(whole, each)
    return whole


def lists(choices: Table, default: str) -> Lists:
    """The sheet choices; what it cannot carry over is added to its faults."""
    found = Lists()
    for row in choices.rows:
        name = row.text("list_name")
        if not name:
            choices.faults.append(Fault(CHOICES, row.number, "no_list_name"))
            continue
        if row.has("media"):
            choices.faults.append(Fault(CHOICES, row.number, "media"))
        choice = Choice(row.text("name"), row.texts("label", default))
        found.choices.setdefault(name, []).append(choice)
        found.rows.setdefault(name, []).append(row.number)
    return found
