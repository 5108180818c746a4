"""A questionnaire edited piece by piece: each form knows a page or a question in all languages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.listen.rules.checking import COUNTS
from loftet.listen.rules.form import Choice, Form, Kind, Page, Question, Texts, direction
from loftet.listen.sources.xlsform.languages import NAMES

KINDS = {
    Kind.SINGLE: gettext_lazy("one answer out of several"),
    Kind.SCALE: gettext_lazy("a scale"),
    Kind.SEVERAL: gettext_lazy("any number of answers"),
    Kind.PRIORITIES: gettext_lazy("the most important, a few of many"),
    Kind.GRID: gettext_lazy("the same choices for several rows"),
    Kind.NUMBER: gettext_lazy("a number"),
    Kind.TEXT: gettext_lazy("own words"),
    Kind.PLACE: gettext_lazy("places on the map"),
}
LINES = gettext_lazy("One a line: code | text. The codes are the same in every language.")
RULE = gettext_lazy("Such as ${age} = 'old' or selected(${exposed}, 'theft'). Empty means always.")


class BringForm(forms.Form):
    """A questionnaire to begin with."""

    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("Such as safety.")
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "XLSForm (Excel) or our own JSON. Without a file you begin with the one that comes with"
            " the system, and change it as you like."
        ),
    )


class TextsForm(forms.Form):
    """Fields in every language of the questionnaire, Swedish first."""

    def __init__(self, *args: Any, form: Form, **kwargs: Any) -> None:
        self.languages = form.languages
        super().__init__(*args, **kwargs)

    def add_texts(
        self, name: str, label: str, now: Texts, *, long: bool = False, needed: bool = False
    ) -> None:
        for tag in self.languages:
            written = {"lang": tag, "dir": direction(tag)}
            self.fields[f"{name}:{tag}"] = forms.CharField(
                label=_in_language(label, tag),
                required=needed and tag == "sv",
                initial=now.get(tag, ""),
                widget=forms.Textarea(written | {"rows": 2}) if long else forms.TextInput(written),
            )

    def texts(self, name: str) -> dict[str, str]:
        given = {tag: self.cleaned_data[f"{name}:{tag}"].strip() for tag in self.languages}
        return {tag: text for tag, text in given.items() if text}


class PageForm(TextsForm):
    """What one screen says."""

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["code"] = forms.CharField(label=_("Code"), max_length=40, initial=page.code)
        self.add_texts("title", _("Heading"), page.title, needed=True)
        self.add_texts("introduction", _("Introduction"), page.introduction, long=True)
        self.fields["relevant"] = forms.CharField(
            label=_("Asked when"), required=False, initial=page.relevant, help_text=RULE
        )

    def made(self) -> Page:
        return replace(
            self.page,
            code=self.cleaned_data["code"],
            title=self.texts("title"),
            introduction=self.texts("introduction"),
            relevant=self.cleaned_data["relevant"],
        )


class QuestionForm(TextsForm):
    """Only the fields that count for the kind."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.fields["code"] = forms.CharField(label=_("Code"), max_length=40, initial=question.code)
        self.add_texts("label", _("Question"), question.label, needed=True)
        self.add_texts("hint", _("Help text"), question.hint)
        self.fields["required"] = forms.BooleanField(
            label=_("Must be answered"), required=False, initial=question.required
        )
        self._add_particular(COUNTS[question.kind])
        self.fields["relevant"] = forms.CharField(
            label=_("Asked when"), required=False, initial=question.relevant, help_text=RULE
        )

    def made(self) -> Question:
        values = self.cleaned_data
        plain = ("code", "required", "relevant", "most", "lowest", "highest", "longest", "whole")
        changes = {name: values[name] for name in plain if name in values}
        if "constraint" in values:
            changes["constraint"] = values["constraint"]
            changes["constraint_message"] = self.texts("constraint_message")
        for name in ("choices", "rows"):
            if f"{name}:sv" in self.fields:
                changes[name] = self._choices(name)
        return replace(self.question, label=self.texts("label"), hint=self.texts("hint"), **changes)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in ("choices", "rows"):
            if f"{name}:sv" in self.fields:
                self._check_lines(name)
        return values

    def _add_particular(self, counts: frozenset[str]) -> None:
        question = self.question
        for name, label in (("choices", _("Choices")), ("rows", _("Rows"))):
            if name in counts:
                self._add_lines(name, label, getattr(question, name))
        numbers: dict[str, forms.Field] = {
            "most": forms.IntegerField(label=_("At most"), min_value=1),
            "longest": forms.IntegerField(label=_("Longest text, characters"), min_value=1),
            "lowest": forms.FloatField(label=_("Lowest number"), localize=True),
            "highest": forms.FloatField(label=_("Highest number"), localize=True),
            "whole": forms.BooleanField(label=_("Whole numbers only")),
        }
        for name in numbers.keys() & counts:
            numbers[name].required = False
            numbers[name].initial = getattr(question, name)
        self.fields |= {name: field for name, field in numbers.items() if name in counts}
        if "constraint" in counts:
            self._add_rule(question)

    def _add_rule(self, question: Question) -> None:
        self.fields["constraint"] = forms.CharField(
            label=_("Rule for the answer"),
            required=False,
            initial=question.constraint,
            help_text=escape(_("The answer is written as a point, such as . <= 120.")),
        )
        self.add_texts(
            "constraint_message", _("Message when it breaks"), question.constraint_message
        )

    def _add_lines(self, name: str, label: str, now: Sequence[Choice]) -> None:
        for tag in self.languages:
            lines = "\n".join(f"{choice.code} | {choice.label.get(tag, '')}" for choice in now)
            self.fields[f"{name}:{tag}"] = forms.CharField(
                label=_in_language(label, tag),
                required=tag == "sv",
                initial=lines,
                help_text=LINES if tag == "sv" else "",
                widget=forms.Textarea({"rows": max(3, len(now) + 1), "lang": tag}),
            )

    def _check_lines(self, name: str) -> None:
        codes = [code for code, _text in self._lines(name, "sv")]
        for tag in self.languages:
            for number, line in enumerate(self._given(name, tag), start=1):
                if "|" not in line:
                    self.add_error(
                        f"{name}:{tag}",
                        _("Line %(number)d has no | between code and text.") % {"number": number},
                    )
            strange = [code for code, _text in self._lines(name, tag) if code not in codes]
            if strange:
                self.add_error(
                    f"{name}:{tag}",
                    _("The code “%(code)s” is not among the Swedish ones.") % {"code": strange[0]},
                )

    def _choices(self, name: str) -> tuple[Choice, ...]:
        by_language: Mapping[str, dict[str, str]] = {
            tag: dict(self._lines(name, tag)) for tag in self.languages
        }
        return tuple(
            Choice(code, {t: lines[code] for t, lines in by_language.items() if lines.get(code)})
            for code, _text in self._lines(name, "sv")
        )

    def _lines(self, name: str, tag: str) -> list[tuple[str, str]]:
        parts = (line.partition("|") for line in self._given(name, tag))
        return [(code.strip(), text.strip()) for code, _bar, text in parts]

    def _given(self, name: str, tag: str) -> list[str]:
        lines = self.cleaned_data.get(f"{name}:{tag}", "").splitlines()
        return [line for line in lines if line.strip()]


class NewQuestionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of question"),
        choices=[(kind.value, label) for kind, label in KINDS.items()],
    )
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    label = forms.CharField(label=gettext_lazy("Question, in Swedish"), max_length=300)


class NewPageForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    title = forms.CharField(label=gettext_lazy("Heading, in Swedish"), max_length=200)


def _in_language(label: str, tag: str) -> str:
    return f"{label} ({NAMES.get(tag, tag)})"
