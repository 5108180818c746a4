from functools import cached_property
from pathlib import Path

from django import forms
from django.forms import renderers
from django.template.backends.django import DjangoTemplates


class Renderer(renderers.DjangoTemplates):
    """`{{ form }}` anywhere, also on allauth's pages, in our accessible markup."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    @cached_property
    def engine(self) -> DjangoTemplates:
        ours, django_s = (
            Path(__file__).parent / "templates",
            Path(forms.__file__).parent / "templates",
        )
        return DjangoTemplates(
            {"NAME": "forms", "APP_DIRS": True, "DIRS": [ours, django_s], "OPTIONS": {}}
        )
