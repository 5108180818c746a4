from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.core.doors import DateInput, localised
from loftet.listen.models import Questionnaire, Wave
from loftet.listen.rules.designs import ALLOWED, Design

WHAT = {
    Design.PROBABILITY: _("Shares with margins of error, weights, and comparison over the years."),
    Design.CENSUS: _("Shares with margins for those who did not answer, and comparison."),
    Design.TARGETED: _("Shares of those who answered, without margins of error or comparison."),
    Design.OPEN: _("What those who answered said: no margins of error, no comparison, no trend."),
}
NAMES = ["title_sv", "title_en"]
WHOM = ["population_sv", "population_en", "population_size", "frame_on"]
TEXTS = ["purpose_sv", "purpose_en", "law_sv", "law_en", "contact"]
EARLIER = ["comparable_with", "broken_sv", "broken_en"]


class WaveForm(forms.ModelForm[Wave]):
    """Read in four parts, as one plans: what and when, whom, why, and what it is compared with."""

    PARTS = (
        (_("The survey"), ["code", *NAMES, "cycle", "questionnaire", "opens", "closes", "on_web",
                           "on_paper"]),
        (_("Who is asked"), ["design", *WHOM]),
        (_("What those who are asked are told"), TEXTS),
        (_("Compared with earlier years"), EARLIER),
    )  # fmt: skip

    design = forms.ChoiceField(
        label=_("How people are chosen"),
        help_text=_("This decides what the answers can be used to say."),
        widget=forms.RadioSelect,
        choices=[
            (design.value, f"{label}. {WHAT[Design(design)]}")
            for design, label in zip(Wave.Design, Wave.Design.labels, strict=True)
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comparable = [design for design, allowed in ALLOWED.items() if allowed.comparison]
        choices = {
            "questionnaire": Questionnaire.objects.newest(),
            "comparable_with": Wave.objects.filter(design__in=comparable).exclude(
                pk=self.instance.pk
            ),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.PARTS]

    class Meta:
        model = Wave
        fields = [
            "code", *NAMES, "cycle", "questionnaire", "opens", "closes", "on_web", "on_paper",
            "design", *WHOM, *TEXTS, *EARLIER,
        ]  # fmt: skip
        formfield_callback = localised


class RecordForm(forms.ModelForm[Wave]):
    """A wave made elsewhere: its totals, its design and where they are published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("answered", "source"):
            self.fields[name].required = True

    class Meta:
        model = Wave
        fields = [
            "code", *NAMES, "opens", "closes", "design", "population_sv", "population_en", "sent",
            "answered", "source", "broken_sv", "broken_en",
        ]  # fmt: skip
        formfield_callback = localised


class ReopenForm(forms.Form):
    closes = forms.DateField(label=_("New last day in the field"), widget=DateInput)
