from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.core.doors import DateInput, localised
from loftet.core.models import Area
from loftet.listen.models import Priority
from loftet.map.models import Reading
from loftet.promise.models import Commitment, Party, Pledge

TEXTS = ["title_sv", "title_en", "place", "background_sv", "background_en", "registry_number"]


class PledgeForm(forms.ModelForm[Pledge]):
    class Meta:
        model = Pledge
        fields = TEXTS
        formfield_callback = localised


class NewPledgeForm(PledgeForm):
    starts = forms.DateField(label=_("First day"), widget=DateInput)
    ends = forms.DateField(label=_("Last day"), widget=DateInput)

    class Meta(PledgeForm.Meta):
        fields = ["period", *TEXTS]

    field_order = ["period", "starts", "ends", *TEXTS]


class CommitmentForm(forms.ModelForm[Commitment]):
    """Read in four parts, as one thinks: what, how it is counted, where, when and who, and why."""

    PARTS = (
        (_("The promise"), ["code", "kind", "actor", "position", "text_sv", "text_en"]),
        (
            _("How it is counted"),
            ["comparator", "quantity", "unit_sv", "unit_en", "indicator", "baseline", "target",
             "source", "counting_rule_sv", "counting_rule_en"],
        ),
        (_("Where, when and who"), ["place", "areas", "starts", "ends", "responsible"]),
        (_("Why"), ["priority", "because_sv", "because_en"]),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readings = Reading.objects.current().select_related("indicator", "area")
        self.fields["baseline"].queryset = readings  # type: ignore[attr-defined]
        self.fields["priority"].queryset = Priority.objects.with_place()  # type: ignore[attr-defined]
        self.fields["priority"].label_from_instance = Priority.told  # type: ignore[attr-defined]
        self.fields["areas"].queryset = Area.objects.on(self.instance.starts)  # type: ignore[attr-defined]

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.PARTS]

    class Meta:
        model = Commitment
        fields = [
            "code", "kind", "actor", "position", "text_sv", "text_en",
            "comparator", "quantity", "unit_sv", "unit_en", "indicator", "baseline", "target",
            "source", "counting_rule_sv", "counting_rule_en", "place", "areas", "starts", "ends",
            "responsible", "priority", "because_sv", "because_en",
        ]  # fmt: skip
        formfield_callback = localised


class SignForm(forms.Form):
    party = forms.ChoiceField(label=_("I sign for"), choices=Party.choices)
    title = forms.CharField(label=_("My title"), max_length=150)


class ProlongForm(forms.Form):
    ends = forms.DateField(label=_("New last day"), widget=DateInput)
    decision = forms.CharField(
        label=_("Decision"),
        max_length=200,
        help_text=_("Who decided and when, or the registry number."),
    )
