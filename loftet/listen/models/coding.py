"""What people wrote in their own words, read by two and put under themes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loftet.core.texts import Bilingual
from loftet.listen.models.answering import Answer
from loftet.listen.models.wave import Wave


class Theme(models.Model):
    """One entry of the codebook of an open question."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="themes", verbose_name=_("wave"))
    question = models.CharField(_("question"), max_length=40)
    code = models.SlugField(_("code"), max_length=40)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    rule = models.TextField(_("what belongs here, and what does not"), blank=True)
    words = models.TextField(
        _("words that suggest it"), blank=True, help_text=_("Beginnings of words, one a line.")
    )

    name = Bilingual()

    class Meta:
        ordering = ["question", "code"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "question", "code"], name="theme_once")
        ]

    def __str__(self) -> str:
        return self.name


class Passage(models.Model):
    """An open answer as it may be read: masked, with leave to quote or without."""

    answer = models.ForeignKey(
        Answer, models.CASCADE, related_name="passages", verbose_name=_("answer")
    )
    question = models.CharField(_("question"), max_length=40)
    masked = models.TextField(_("text, masked"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("masking approved by"),
    )
    may_quote = models.BooleanField(_("may be quoted"), default=False)

    class Meta:
        ordering = ["question", "answer"]
        constraints = [models.UniqueConstraint(fields=["answer", "question"], name="passage_once")]

    def __str__(self) -> str:
        return self.masked[:60]


class Coding(models.Model):
    """The themes that one coder put a passage under; an empty list means none fits."""

    passage = models.ForeignKey(
        Passage, models.CASCADE, related_name="codings", verbose_name=_("passage")
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("coder")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name=_("themes"))
    settles = models.BooleanField(_("settles a disagreement"), default=False)

    class Meta:
        ordering = ["passage", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "coder"], name="coded_once_by_each_coder")
        ]

    def __str__(self) -> str:
        return f"{self.passage_id}, {self.coder_id}"
