from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loftet.core.models import Attachment
from loftet.core.texts import Bilingual
from loftet.promise.models import Commitment


class ResultQuerySet(models.QuerySet["Result"]):
    def current(self) -> ResultQuerySet:
        """Without those that a later report has replaced."""
        return self.filter(replaced_by=None)

    def on(self, commitment: Commitment) -> ResultQuerySet:
        return self.filter(commitment=commitment).select_related("evidence")

    def with_evidence(self) -> ResultQuerySet:
        return self.filter(evidence__isnull=False).select_related("evidence")


class Result(models.Model):
    """What was reported on a commitment, by whom and from where; a new report keeps the old one."""

    class State(models.TextChoices):
        DONE = "done", _("in place")
        PARTLY = "partly", _("partly in place")
        NOT_DONE = "not_done", _("not in place")
        ONGOING = "ongoing", _("work goes on")

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="results", verbose_name=_("commitment")
    )
    quantity = models.DecimalField(
        _("number done"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, blank=True)
    text_sv = models.TextField(_("what was done, in Swedish"), blank=True)
    text_en = models.TextField(_("what was done, in English"), blank=True)
    reason_sv = models.TextField(_("why it did not go as promised, in Swedish"), blank=True)
    reason_en = models.TextField(_("why it did not go as promised, in English"), blank=True)
    new_date = models.DateField(_("new date"), null=True, blank=True)
    context_sv = models.TextField(_("what else may have mattered, in Swedish"), blank=True)
    context_en = models.TextField(_("what else may have mattered, in English"), blank=True)
    lesson_sv = models.TextField(_("what we learned, in Swedish"), blank=True)
    lesson_en = models.TextField(_("what we learned, in English"), blank=True)
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))
    evidence = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evidence"),
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    recorded_at = models.DateTimeField(_("reported"))

    text = Bilingual()
    reason = Bilingual()
    context = Bilingual()
    lesson = Bilingual()
    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"], condition=models.Q(replaces=None), name="one_first_result"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment.code} {self.as_of}"
