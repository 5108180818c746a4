from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.listen.models import AccessCode

NOTHING = "nothing"


class OutcomesForm(forms.Form):
    """What has happened, and the codes of those to whom it happened."""

    outcome = forms.ChoiceField(
        label=_("What has happened"),
        widget=forms.RadioSelect,
        initial=AccessCode.Outcome.RETURNED,
        choices=[*AccessCode.Outcome.choices, (NOTHING, _("nothing: take back what was noted"))],
    )
    codes = forms.CharField(
        label=_("Codes"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One a line, as on the letter; type them or scan them in."),
    )
