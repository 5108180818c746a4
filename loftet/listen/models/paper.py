"""What typing paper forms twice has shown, in numbers alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from loftet.listen.models.wave import Wave


class KeyingTally(models.Model):
    """How many paper forms came in, and how often two people read a box differently."""

    wave = models.OneToOneField(
        Wave, models.CASCADE, primary_key=True, related_name="tally", verbose_name=_("wave")
    )
    forms = models.PositiveIntegerField(_("forms typed twice"), default=0)
    boxes = models.PositiveIntegerField(_("boxes compared"), default=0)
    differing = models.PositiveIntegerField(_("boxes that differed"), default=0)
    duplicates = models.PositiveIntegerField(_("forms set aside as duplicates"), default=0)

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.differing}/{self.boxes}"

    @property
    def error_percent(self) -> float:
        """The share of boxes that one of the two misread."""
        return round(100 * self.differing / self.boxes, 1) if self.boxes else 0.0
