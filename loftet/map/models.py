from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loftet.core.models import Area, Organisation
from loftet.core.texts import Bilingual, both
from loftet.map.rules import Figures
from loftet.ui import formats


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def with_newest(self) -> IndicatorQuerySet:
        """Each with its newest reading for the whole municipality, in one query more."""
        newest = Reading.objects.current().filter(area=None).order_by("indicator", "-ends")
        return self.prefetch_related(models.Prefetch("readings", newest, to_attr="newest_first"))


class Indicator(models.Model):
    """What is followed over the years: one definition, one unit, one wanted direction."""

    class Kind(models.TextChoices):
        COUNT = "count", _("count")
        SHARE = "share", _("share in per cent")
        VALUE = "value", _("other value")

    class Wanted(models.TextChoices):
        UP = "up", _("should rise")
        DOWN = "down", _("should fall")
        NONE = "none", _("no direction")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    unit_sv = models.CharField(_("unit in Swedish"), max_length=40)
    unit_en = models.CharField(_("unit in English"), max_length=40, blank=True)
    wanted = models.CharField(_("wanted direction"), max_length=5, choices=Wanted.choices)
    definition_sv = models.TextField(_("definition in Swedish"))
    definition_en = models.TextField(_("definition in English"), blank=True)
    caution_sv = models.TextField(_("what to beware of, in Swedish"), blank=True)
    caution_en = models.TextField(_("what to beware of, in English"), blank=True)
    source = models.CharField(_("source"), max_length=200)
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )

    name = Bilingual()
    unit = Bilingual()
    definition = Bilingual()
    caution = Bilingual()
    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["name_sv"]

    def __str__(self) -> str:
        return self.name

    def as_published(self) -> dict[str, object]:
        """The card as plain values, for an edition."""
        plain = {name: getattr(self, name) for name in ("code", "kind", "wanted", "source")}
        texts = {name: both(self, name) for name in ("name", "unit", "definition", "caution")}
        return plain | texts


class ReadingQuerySet(models.QuerySet["Reading"]):
    def current(self) -> ReadingQuerySet:
        """Without those that a later revision has replaced."""
        return self.filter(replaced_by=None)


class Reading(models.Model):
    """An indicator's value for a period; a correction is a new reading in its place."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="readings", verbose_name=_("indicator")
    )
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty means the whole municipality."),
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    value = models.DecimalField(_("value"), max_digits=15, decimal_places=4, null=True, blank=True)
    numerator = models.PositiveBigIntegerField(_("number counted"), null=True, blank=True)
    denominator = models.PositiveBigIntegerField(_("out of"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    extracted_on = models.DateField(_("taken from the source on"))
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    reason = models.CharField(_("reason for the correction"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="reading_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False)
                | Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True),
                name="reading_value_or_counts",
            ),
            models.UniqueConstraint(
                fields=["indicator", "starts", "ends"],
                condition=Q(replaces=None, area=None),
                name="reading_once_in_municipality",
            ),
            models.UniqueConstraint(
                fields=["indicator", "area", "starts", "ends"],
                condition=Q(replaces=None, area__isnull=False),
                name="reading_once_in_area",
            ),
        ]

    def __str__(self) -> str:
        shown = self.figures.shown
        figure = "" if shown is None else f": {formats.number(shown)}"
        return f"{self.indicator}, {formats.period(self.starts, self.ends)}{figure}"

    @property
    def figures(self) -> Figures:
        return Figures(self.value, self.numerator, self.denominator)

    def as_published(self) -> dict[str, object]:
        """The reading as plain values, for an edition; why it was corrected belongs to it."""
        shown = self.figures.shown
        return {
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "value": None if shown is None else float(shown),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "source": self.source,
            "extracted_on": self.extracted_on.isoformat(),
            "corrected_because": self.reason,
        }

    @property
    def is_current(self) -> bool:
        return not hasattr(self, "replaced_by")

    def covers(self, starts: date, ends: date) -> bool:
        return (self.starts, self.ends) == (starts, ends)
