from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from loftet.listen.rules import form as forms


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def newest(self) -> QuestionnaireQuerySet:
        """The newest version of each."""
        later = QuestionnaireQuerySet(Questionnaire).filter(
            code=models.OuterRef("code"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))


class Questionnaire(models.Model):
    """One version of a form; locked when the field opens, and then followed by the next version."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    content = models.JSONField(_("content"))
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"

    @property
    def title(self) -> str:
        return forms.text(self.content["title"], get_language() or "sv")

    @property
    def form(self) -> forms.Form:
        return forms.read(self.content)

    def digest(self) -> str:
        return digest(self.content)


def digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
