from collections.abc import Mapping, Sequence
from secrets import randbelow
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.core.doors import DateInput
from loftet.listen.actions.sample import MOST_SEED
from loftet.listen.models import Mailing
from loftet.listen.rules import frame, precision
from loftet.listen.rules.drawing import Method

NAMES = {
    "name": _("Name"),
    "care_of": _("Care of"),
    "street": _("Street address"),
    "postcode": _("Postcode"),
    "town": _("Town"),
    "area": _("Area"),
    "person": _("Personal number"),
}
WHY = {
    "empty": _("A field that is needed is empty. Fill it in, or leave the person out."),
    "unknown_area": _("The area is not among the districts here. Write its name or code."),
    "postcode": _("The postcode does not have five digits."),
    "double": _("The same person stands higher up in the file. The first row is kept."),
    "encoding": _("Letters are damaged. Save the file again as CSV (UTF-8) or Excel."),
}


class FrameForm(forms.Form):
    file = forms.FileField(
        label=_("The register"),
        help_text=_("CSV or Excel, a row for each person; the first row names the columns."),
    )


class ColumnsForm(forms.Form):
    """Which column of the file holds what."""

    def __init__(self, *args: Any, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guessed = frame.guess(header)
        for name in frame.FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=NAMES[name],
                required=name in frame.NEEDED,
                choices=[("", "–"), *((column, column) for column in header if column)],
                initial=guessed.get(name, ""),
            )
        self.fields["person"].help_text = _("Only to find people who stand twice; it is not kept.")


class PlanForm(forms.Form):
    """How many letters, to whom, and how sure that makes the answers."""

    class By:
        EQUAL = "equal"
        PROPORTIONAL = "proportional"
        PRECISION = "precision"

    by = forms.ChoiceField(
        label=_("Share the letters between the areas"),
        widget=forms.RadioSelect,
        initial=By.EQUAL,
        choices=[
            (By.EQUAL, _("the same number to each area")),
            (By.PROPORTIONAL, _("as many as live there")),
            (By.PRECISION, _("as many as the margin of error below needs")),
        ],
    )
    total = forms.IntegerField(
        label=_("Letters in all"), min_value=1, max_value=200_000, initial=2400, required=False
    )
    margin = forms.DecimalField(
        label=_("Margin of error wanted in each area, percentage points"),
        min_value=1,
        max_value=30,
        initial=8,
        required=False,
        localize=True,
    )
    response = forms.IntegerField(
        label=_("How many per cent are expected to answer"),
        min_value=5,
        max_value=100,
        initial=45,
    )
    method = forms.ChoiceField(
        label=_("How people are drawn"),
        initial=Method.SIMPLE,
        choices=[
            (Method.SIMPLE.value, _("at random in each area")),
            (Method.SYSTEMATIC.value, _("every n-th along the streets of each area")),
        ],
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=MOST_SEED,
        help_text=_("With the same register and seed the same people are drawn again."),
        initial=lambda: randbelow(10**9),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        needed = "margin" if values.get("by") == self.By.PRECISION else "total"
        if values.get(needed) is None and needed not in self.errors:
            self.add_error(needed, _("This is needed to share the letters in the way chosen."))
        return values

    def planned(self, populations: Mapping[str, int]) -> dict[str, int]:
        values = self.cleaned_data
        if values["by"] == self.By.PRECISION:
            wanted, response = float(values["margin"]) / 100, values["response"] / 100
            return {
                area: precision.letters_for(wanted, people, response)
                for area, people in populations.items()
            }
        share = precision.equal if values["by"] == self.By.EQUAL else precision.proportional
        return share(values["total"], populations)

    def plans(self, populations: Mapping[str, int]) -> dict[str, precision.Plan]:
        response = self.cleaned_data["response"] / 100
        return {
            area: precision.plan(populations[area], letters, response)
            for area, letters in sorted(self.planned(populations).items())
        }


class MailingForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=Mailing.Kind.choices)
    planned_on = forms.DateField(label=_("Day"), widget=DateInput)
