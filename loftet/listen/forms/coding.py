from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.core.doors import localised
from loftet.listen.models import Theme

MASKS = {
    "name": _("a name"),
    "address": _("an address"),
    "other": _("something else that points at somebody"),
}


class ThemeForm(forms.ModelForm[Theme]):
    class Meta:
        model = Theme
        fields = ["name_sv", "name_en", "rule", "words"]
        formfield_callback = localised


class MaskForm(forms.Form):
    """Which words to hide; their numbers come from the text itself."""

    mask = forms.ChoiceField(label=_("The chosen words are"), choices=MASKS, initial="name")
    hide = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, words: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hide"].choices = [(n, n) for n in range(words)]  # type: ignore[attr-defined]


class ThemesForm(forms.Form):
    """The themes of one text; none is an answer too."""

    themes = forms.ModelMultipleChoiceField(Theme.objects.none(), required=False)

    def __init__(self, *args: Any, themes: list[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Theme.objects.filter(pk__in=[theme.pk for theme in themes])
        self.fields["themes"].queryset = rows  # type: ignore[attr-defined]
