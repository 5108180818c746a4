from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CycleQuerySet(models.QuerySet["Cycle"]):
    def covering(self, on: date) -> CycleQuerySet:
        return self.filter(starts__lte=on, ends__gte=on)


class Cycle(models.Model):
    """One turn of the wheel: the one or two years that a pledge is for."""

    period = models.SlugField(
        _("period"), max_length=20, unique=True, help_text=_("As in addresses: 2020, 2023-2024.")
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    decided_ends = models.DateField(_("last day as first decided"))
    prolonged_by = models.CharField(_("decision to prolong"), max_length=200, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.UniqueConstraint(fields=["starts", "ends"], name="cycle_once"),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="cycle_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(ends=F("decided_ends")) | ~Q(prolonged_by=""),
                name="cycle_prolonged_by_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.period

    @property
    def prolonged(self) -> bool:
        return self.ends != self.decided_ends
