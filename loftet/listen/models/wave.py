from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from loftet.core.models import Area, Cycle
from loftet.core.texts import Bilingual
from loftet.listen.models.questionnaire import Questionnaire
from loftet.listen.rules import designs, waves


class WaveQuerySet(models.QuerySet["Wave"]):
    def in_field(self, on: date) -> WaveQuerySet:
        """Those that receive answers from the web today."""
        return self.filter(state=waves.State.IN_FIELD, opens__lte=on, closes__gte=on)

    def with_counts(self) -> WaveQuerySet:
        """How many got a code and how many have answered; of a wave made elsewhere, its totals."""
        codes = models.Count("codes", distinct=True)
        used = models.Count("codes", filter=~Q(codes__used_on=None), distinct=True)
        return self.annotate(
            asked_count=Coalesce("sent", codes), answered_count=Coalesce("answered", used)
        ).order_by("-opens", "code")


class Wave(models.Model):
    """One round of asking: whom, how, when and with which questions."""

    class State(models.TextChoices):
        PLANNED = waves.State.PLANNED, _("planned")
        IN_FIELD = waves.State.IN_FIELD, _("in the field")
        CLOSED = waves.State.CLOSED, _("closed")
        COUNTED = waves.State.COUNTED, _("answers opened")
        SETTLED = waves.State.SETTLED, _("results frozen")

    class Design(models.TextChoices):
        PROBABILITY = designs.Design.PROBABILITY, _("probability sample")
        CENSUS = designs.Design.CENSUS, _("everyone in a group")
        TARGETED = designs.Design.TARGETED, _("invited group, not a random one")
        OPEN = designs.Design.OPEN, _("open link, anyone answers")

    code = models.SlugField(
        _("address"), max_length=40, unique=True, help_text=_("As in addresses: 2020, 2022-school.")
    )
    title_sv = models.CharField(_("title in Swedish"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    cycle = models.ForeignKey(
        Cycle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waves",
        verbose_name=_("cycle"),
        help_text=_("The pledge that the priorities are for."),
    )
    design = models.CharField(_("how people were chosen"), max_length=12, choices=Design.choices)
    questionnaire = models.ForeignKey(
        Questionnaire,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waves",
        verbose_name=_("questionnaire"),
    )
    population_sv = models.CharField(_("who is asked, in Swedish"), max_length=200)
    population_en = models.CharField(_("who is asked, in English"), max_length=200, blank=True)
    population_size = models.PositiveIntegerField(_("how many they are"), null=True, blank=True)
    frame_on = models.DateField(_("day of the register"), null=True, blank=True)
    opens = models.DateField(_("first day in the field"))
    closes = models.DateField(_("last day in the field"))
    on_web = models.BooleanField(_("answered on the web"), default=True)
    on_paper = models.BooleanField(_("answered on paper"), default=False)
    purpose_sv = models.TextField(_("purpose, in Swedish"))
    purpose_en = models.TextField(_("purpose, in English"), blank=True)
    law_sv = models.TextField(_("law and handling of personal data, in Swedish"))
    law_en = models.TextField(_("law and handling of personal data, in English"), blank=True)
    contact = models.CharField(_("whom to ask"), max_length=200)
    comparable_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("comparable with"),
        help_text=_("An earlier wave asked in the same way. Without one, a break is drawn."),
    )
    broken_sv = models.CharField(
        _("why earlier waves differ, in Swedish"),
        max_length=300,
        blank=True,
    )
    broken_en = models.CharField(
        _("why earlier waves differ, in English"),
        max_length=300,
        blank=True,
    )
    source = models.CharField(
        _("published at"),
        max_length=300,
        blank=True,
        help_text=_("For a wave made elsewhere, of which only the totals are known."),
    )
    sent = models.PositiveIntegerField(
        _("sent out, of a wave made elsewhere"),
        null=True,
        blank=True,
    )
    answered = models.PositiveIntegerField(
        _("answered, of a wave made elsewhere"), null=True, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )

    title = Bilingual()
    population = Bilingual()
    purpose = Bilingual()
    law = Bilingual()
    broken = Bilingual()
    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-opens", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gte=F("opens")), name="wave_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def allowed(self) -> designs.Allowed:
        return designs.ALLOWED[designs.Design(self.design)]

    @property
    def answer_key(self) -> str:
        """Seals the answers until they are opened, all at once."""
        return f"wave-{self.pk}-answers"

    @property
    def code_key(self) -> str:
        """Makes the digests of the codes."""
        return f"wave-{self.pk}-codes"

    @property
    def address_key(self) -> str:
        """Seals who got which code, until the last reminder is sent."""
        return f"wave-{self.pk}-addresses"


class Stratum(models.Model):
    """A part of the population that is drawn from on its own: a district, a kind of housing."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="strata", verbose_name=_("wave"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    population = models.PositiveIntegerField(_("people in the frame"))
    planned = models.PositiveIntegerField(_("to be drawn"), default=0)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["wave", "code"], name="stratum_once")]

    def __str__(self) -> str:
        return self.name


class Margin(models.Model):
    """How many there are of a kind, from a register: what weights are fitted to."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="margins", verbose_name=_("wave"))
    variable = models.CharField(
        _("question"), max_length=40, help_text=_("Its code in the questionnaire, or “stratum”.")
    )
    category = models.CharField(_("answer"), max_length=40, help_text=_("Code of the choice."))
    count = models.PositiveIntegerField(_("people"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["variable", "category"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "variable", "category"], name="margin_once")
        ]

    def __str__(self) -> str:
        return f"{self.variable} {self.category}: {self.count}"


class Draw(models.Model):
    """How the sample was drawn, so that it can be drawn again from the same frame."""

    wave = models.OneToOneField(Wave, models.CASCADE, related_name="draw", verbose_name=_("wave"))
    method = models.CharField(_("method"), max_length=12)
    seed = models.PositiveBigIntegerField(_("seed"))
    frame_sha256 = models.CharField(_("digest of the frame"), max_length=64)
    frame_rows = models.PositiveIntegerField(_("people in the frame"))
    sample_digest = models.CharField(_("digest of the sample"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )

    class Meta:
        ordering = ["-drawn_at"]

    def __str__(self) -> str:
        return f"{self.wave}: {self.frame_rows}"
