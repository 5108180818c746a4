from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from loftet.core.models import Area, Organisation
from loftet.core.texts import Bilingual, both
from loftet.listen.models import Priority
from loftet.map.models import Indicator, Reading
from loftet.promise import rules
from loftet.promise.models.pledge import Pledge


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def in_full(self) -> CommitmentQuerySet:
        """With all that a card shows, so that a list asks once."""
        return self.select_related(
            "pledge__cycle",
            "indicator__owner",
            "baseline",
            "responsible__parent__parent",
            "priority",
        ).prefetch_related("areas", "priority__wave__priorities")

    def over(self, on: date) -> CommitmentQuerySet:
        """Those whose last day has passed; `last_day` is what `until` is on the object."""
        prolonged = When(ends=F("pledge__cycle__decided_ends"), then=F("pledge__cycle__ends"))
        return self.alias(last_day=Case(prolonged, default=F("ends"))).filter(last_day__lt=on)


class Commitment(models.Model):
    """One promise: who does what, how much, where, until when, and how it is counted."""

    class Kind(models.TextChoices):
        ACTIVITY = rules.Kind.ACTIVITY, _("a number of activities")
        PRESENCE = rules.Kind.PRESENCE, _("presence at a place")
        DELIVERABLE = rules.Kind.DELIVERABLE, _("something to be in place")
        CHANGE = rules.Kind.CHANGE, _("a change in an indicator")

    class Actor(models.TextChoices):
        POLICE = "police", _("police")
        MUNICIPALITY = "municipality", _("municipality")
        BOTH = "both", _("police and municipality")

    class Comparator(models.TextChoices):
        AT_LEAST = rules.Comparator.AT_LEAST, _("at least")
        AT_MOST = rules.Comparator.AT_MOST, _("at most")
        EXACTLY = rules.Comparator.EXACTLY, _("exactly")
        INCREASE = rules.Comparator.INCREASE, _("increase")
        DECREASE = rules.Comparator.DECREASE, _("decrease")

    pledge = models.ForeignKey(
        Pledge, models.CASCADE, related_name="commitments", verbose_name=_("pledge")
    )
    code = models.SlugField(_("code"), max_length=20)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind of promise"), max_length=12, choices=Kind.choices)
    actor = models.CharField(_("who promises"), max_length=12, choices=Actor.choices)
    text_sv = models.TextField(_("the promise in Swedish"), max_length=500)
    text_en = models.TextField(_("the promise in English"), max_length=500, blank=True)
    because_sv = models.TextField(_("why we promise this, in Swedish"), blank=True)
    because_en = models.TextField(_("why we promise this, in English"), blank=True)
    comparator = models.CharField(
        _("how much"), max_length=10, choices=Comparator.choices, blank=True
    )
    quantity = models.DecimalField(
        _("how many"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    unit_sv = models.CharField(_("unit in Swedish"), max_length=60, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name=_("areas"))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("indicator"),
    )
    baseline = models.ForeignKey(
        Reading, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("baseline")
    )
    target = models.DecimalField(
        _("target value"), max_digits=15, decimal_places=4, null=True, blank=True
    )
    counting_rule_sv = models.TextField(_("what counts, in Swedish"), blank=True)
    counting_rule_en = models.TextField(_("what counts, in English"), blank=True)
    source = models.CharField(_("where the figures come from"), max_length=200, blank=True)
    responsible = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("responsible"),
    )

    priority = models.ForeignKey(
        Priority,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("what the inhabitants want that this answers"),
        help_text=_("From a survey whose results are frozen. Readers see its place."),
    )

    text = Bilingual()
    because = Bilingual()
    unit = Bilingual()
    counting_rule = Bilingual()
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["pledge", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "code"], name="commitment_code_once"),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="commitment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def until(self) -> date:
        """The last day; a promise for the whole cycle is prolonged with it."""
        cycle = self.pledge.cycle
        return cycle.ends if self.ends == cycle.decided_ends else self.ends

    def as_published(self) -> dict[str, object]:
        """The promise as plain values, for an edition."""
        wanted = {"priority": self.priority.as_published()} if self.priority else {}
        return wanted | {
            "code": self.code,
            "kind": self.kind,
            "actor": self.actor,
            "text": both(self, "text"),
            "because": both(self, "because"),
            "comparator": self.comparator,
            "quantity": None if self.quantity is None else float(self.quantity),
            "unit": both(self, "unit"),
            "place": self.place,
            "areas": sorted(area.code for area in self.areas.all()),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "target": None if self.target is None else float(self.target),
            "counting_rule": both(self, "counting_rule"),
            "source": self.source,
            "responsible": self.responsible.name if self.responsible else "",
            "indicator": self.indicator.as_published() if self.indicator else None,
            "baseline": self.baseline.as_published() if self.baseline else None,
        }

    def as_draft(self) -> rules.Draft:
        return rules.Draft(
            kind=rules.Kind(self.kind),
            text=self.text_sv,
            comparator=rules.Comparator(self.comparator),
            quantity=self.quantity,
            unit=self.unit_sv,
            place=self.place,
            source=self.source,
            counting_rule=self.counting_rule_sv,
            responsible=self.responsible_id is not None,
            indicator=self.indicator_id is not None,
            baseline=self.baseline_id is not None,
        )
