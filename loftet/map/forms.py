from django import forms

from loftet.core.doors import localised
from loftet.map.models import Indicator, Reading

FIGURES = ["value", "numerator", "denominator", "source", "extracted_on"]


class IndicatorForm(forms.ModelForm[Indicator]):
    class Meta:
        model = Indicator
        fields = [
            "name_sv", "name_en", "code", "kind", "unit_sv", "unit_en", "wanted",
            "definition_sv", "definition_en", "caution_sv", "caution_en", "source", "owner",
        ]  # fmt: skip
        formfield_callback = localised


class FiguresForm(forms.ModelForm[Reading]):
    """A value; for a share the counts behind it, where they are known."""

    def __init__(self, *args: object, indicator: Indicator, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if indicator.kind != Indicator.Kind.SHARE:
            del self.fields["numerator"], self.fields["denominator"]
            self.fields["value"].required = True
        self.fields["value"].label = f"{self.fields['value'].label} ({indicator.unit})"

    def _post_clean(self) -> None:
        """The action checks the row; here only the shape of each field."""

    class Meta:
        model = Reading
        fields = FIGURES
        formfield_callback = localised


class ReadingForm(FiguresForm):
    class Meta(FiguresForm.Meta):
        fields = ["starts", "ends", *FIGURES]


class CorrectionForm(FiguresForm):
    class Meta(FiguresForm.Meta):
        fields = [*FIGURES, "reason"]
