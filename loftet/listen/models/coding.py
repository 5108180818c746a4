"""What people wrote in their own words, read by two and put under themes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loftet.core.models import User
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


class PassageQuerySet(models.QuerySet["Passage"]):
    def of(self, wave: Wave, question: str) -> PassageQuerySet:
        return self.filter(answer__wave=wave, question=question)

    def unread(self) -> PassageQuerySet:
        """Nobody has looked for names in them yet."""
        return self.filter(read_by=None)

    def with_coders(self) -> PassageQuerySet:
        """How many have coded each on their own, and how many have settled it."""
        return self.annotate(
            coders=models.Count("codings", filter=models.Q(codings__settles=False)),
            settlers=models.Count("codings", filter=models.Q(codings__settles=True)),
        )

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """For each question: how many texts, how many not read, how many coded by two."""
        coders = models.Count("codings", filter=models.Q(codings__settles=False))
        rows = self.annotate(times=coders).values_list("question", "read_by", "times")
        found: dict[str, tuple[int, int, int]] = {}
        for question, reader, times in rows.order_by():
            texts, unread, coded = found.get(question, (0, 0, 0))
            found[question] = (texts + 1, unread + (reader is None), coded + (times >= 2))
        return found

    def to_code(self, coder: User) -> PassageQuerySet:
        """What this person may code: read, and not yet coded by two or by the same."""
        own = Coding.objects.filter(passage=models.OuterRef("pk"), coder=coder, settles=False)
        free = self.with_coders().exclude(read_by=None).filter(~models.Exists(own))
        open_ones = models.Q(coders__lt=2, settlers=0)
        return free.filter(open_ones).order_by(models.F("coders").desc(), "pk")

    def quotable(self) -> PassageQuerySet:
        """Who wrote them has given leave, and somebody has looked for names."""
        return self.filter(may_quote=True).exclude(read_by=None)


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

    objects = PassageQuerySet.as_manager()

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
            models.UniqueConstraint(
                fields=["passage", "coder", "settles"], name="coded_once_by_each_coder"
            )
        ]

    def __str__(self) -> str:
        return f"{self.passage_id}, {self.coder_id}"
