from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why the results are computed again."""

    reason = forms.CharField(label=_("What is new"), max_length=300, required=False)


class SeriesForm(forms.Form):
    """Which answer to follow over the years."""

    answer = forms.ChoiceField(label=_("Answer to follow"))

    def __init__(self, *args: Any, answers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]
