from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from loftet.core import triggers
from loftet.core.texts import Bilingual, both
from loftet.listen.models.questionnaire import digest
from loftet.listen.models.wave import Wave
from loftet.ui import formats
from loftet.ui.bilingual import bilingual

FROZEN = triggers.Frozen("listen_compilation", "wave_id = NEW.wave_id AND number = NEW.number")


class CompilationQuerySet(models.QuerySet["Compilation"]):
    def newest(self) -> CompilationQuerySet:
        """The one in force of each wave."""
        later = CompilationQuerySet(Compilation).filter(
            wave=models.OuterRef("wave"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(later))


class Compilation(models.Model):
    """The results of a wave as they were computed, frozen; a correction is the next number."""

    wave = models.ForeignKey(
        Wave, models.PROTECT, related_name="compilations", verbose_name=_("wave")
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("results"))
    digest = models.CharField(_("digest"), max_length=64)
    computed_at = models.DateTimeField(_("computed"))
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("computed by")
    )
    reason = models.CharField(_("what is new"), max_length=300, blank=True)

    objects = CompilationQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="compilation_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.wave}, {self.number}"

    @property
    def intact(self) -> bool:
        """Whether the content is still what was computed."""
        return digest(self.content) == self.digest


class PriorityQuerySet(models.QuerySet["Priority"]):
    def with_place(self) -> PriorityQuerySet:
        """With all that its place is told by, so that a list asks once."""
        return self.select_related("wave").prefetch_related("wave__priorities")


class Priority(models.Model):
    """Something that the inhabitants want worked on: what a problem and a promise can point to."""

    wave = models.ForeignKey(
        Wave, models.PROTECT, related_name="priorities", verbose_name=_("wave")
    )
    code = models.CharField(_("code"), max_length=40)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    chosen_by = models.PositiveIntegerField(_("chosen by"), help_text=_("people who answered"))
    out_of = models.PositiveIntegerField(_("out of"))
    share = models.FloatField(_("share"), help_text=_("weighted where the design allows, 0 to 1"))
    share_low = models.FloatField(_("share, lower limit"), null=True, blank=True)
    share_high = models.FloatField(_("share, upper limit"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("place"))
    rank_best = models.PositiveIntegerField(_("best possible place"), null=True, blank=True)
    rank_worst = models.PositiveIntegerField(_("worst possible place"), null=True, blank=True)

    title = Bilingual()
    objects = PriorityQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "rank", "code"]
        constraints = [models.UniqueConstraint(fields=["wave", "code"], name="priority_once")]

    def __str__(self) -> str:
        return self.title

    def told(self) -> str:
        """Its place among what people wanted, and how far from it chance may have moved it."""
        words = _now("%(title)s: place %(rank)d of %(out_of)d in “%(survey)s”, chosen by %(share)s")
        said = words % {
            "title": self.title,
            "rank": self.rank,
            "out_of": len(self.wave.priorities.all()),
            "survey": self.wave.title,
            "share": formats.share(self.share),
        }
        if self.rank_best is None or self.rank_worst is None or self.rank_best == self.rank_worst:
            return said
        span = formats.interval(self.rank_best, self.rank_worst)
        return _now("%(told)s (may be place %(span)s)") % {"told": said, "span": span}

    def as_published(self) -> dict[str, object]:
        """As plain values, for an edition."""
        return {
            "survey": self.wave.code,
            "code": self.code,
            "title": both(self, "title"),
            "rank": self.rank,
            "rank_best": self.rank_best,
            "rank_worst": self.rank_worst,
            "out_of": len(self.wave.priorities.all()),
            "share": self.share,
            "told": bilingual(self.told),
        }
