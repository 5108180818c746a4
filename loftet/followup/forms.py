from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.core.doors import localised
from loftet.followup.models import Result
from loftet.promise.models import Commitment

ALWAYS = [
    "text_sv", "text_en", "reason_sv", "reason_en", "context_sv", "context_en",
    "lesson_sv", "lesson_en", "source", "as_of",
]  # fmt: skip


class ResultForm(forms.ModelForm[Result]):
    """Only the fields that this kind of promise is reported with."""

    file = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("A protocol or a picture. It is kept for staff and not published."),
    )

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._unused(commitment):
            del self.fields[name]
        if "quantity" in self.fields and commitment.unit:
            self.fields["quantity"].label = f"{self.fields['quantity'].label} ({commitment.unit})"

    @staticmethod
    def _unused(commitment: Commitment) -> list[str]:
        if commitment.kind == Commitment.Kind.CHANGE:
            return ["quantity", "state", "new_date"]
        if commitment.kind == Commitment.Kind.DELIVERABLE:
            return ["quantity"]
        return ["state", "new_date"]

    class Meta:
        model = Result
        fields = ["quantity", "state", "new_date", *ALWAYS]
        formfield_callback = localised
