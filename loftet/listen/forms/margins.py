import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from loftet.listen.rules.form import Choice, Question, text

BETWEEN = re.compile(r"[\t;|]")
SPACES = re.compile(r"\s")  # between thousands, also those that do not break
MOST = 20_000_000


class MarginForm(forms.Form):
    """A number for each answer of a question, typed in or pasted from a spreadsheet."""

    source = forms.CharField(
        label=gettext_lazy("Register and day"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Such as Statistics Sweden, 31 December 2020."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Paste from a spreadsheet instead"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Two columns: the answer, by its words or its code, and how many."),
    )
    field_order = ("pasted", "source")

    def __init__(
        self, *args: Any, question: Question, counts: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        numbers = {
            _name(choice): forms.IntegerField(
                label=text(choice.label, get_language() or "sv"),
                required=False,
                min_value=1,
                max_value=MOST,
                initial=counts.get(choice.code),
            )
            for choice in question.choices
        }
        self.fields = {**numbers, **self.fields}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("pasted", "").strip():
            values |= self._read(values["pasted"])
        return values

    def counts(self) -> dict[str, int]:
        """What a register knows; the answers that it does not know are left out."""
        given = {c.code: self.cleaned_data.get(_name(c)) for c in self.question.choices}
        return {code: count for code, count in given.items() if count}

    def _read(self, pasted: str) -> dict[str, int]:
        known = {said.casefold(): c for c in self.question.choices for said in _words(c)}
        found: dict[str, int] = {}
        for number, line in enumerate(pasted.splitlines(), start=1):
            if not line.strip():
                continue
            said, *rest = BETWEEN.split(line, maxsplit=1)
            choice = known.get(said.strip().casefold())
            figure = SPACES.sub("", "".join(rest))
            fault = _fault(line, choice, figure)
            if fault:
                told = _("Line %(number)d: %(fault)s") % {"number": number, "fault": fault}
                self.add_error("pasted", told)
            elif choice:
                found[_name(choice)] = int(figure)
        return found


def _fault(line: str, choice: Choice | None, figure: str) -> str:
    if not BETWEEN.search(line):
        return _("there is only one column.")
    if choice is None:
        return _("the answer is not one of this question.")
    if not (figure.isascii() and figure.isdigit() and 0 < int(figure) <= MOST):
        return _("the number is not a whole number above zero.")
    return ""


def _name(choice: Choice) -> str:
    return f"count-{choice.code}"


def _words(choice: Choice) -> list[str]:
    return [choice.code, *choice.label.values()]
