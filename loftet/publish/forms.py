from django import forms
from django.utils.translation import gettext_lazy as _

from loftet.publish.models import Edition


class PublishForm(forms.Form):
    reason_sv = forms.CharField(label=_("What is new, in Swedish"), max_length=300, required=False)
    reason_en = forms.CharField(label=_("What is new, in English"), max_length=300, required=False)

    def __init__(self, *args: object, newest: Edition | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if newest is None:
            self.fields.clear()
        else:
            self.fields["reason_sv"].required = True
