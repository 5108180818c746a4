from __future__ import annotations

import hashlib
import json
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loftet.core.models import Cycle
from loftet.core.texts import Bilingual, both
from loftet.promise import rules


class Party(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipality")
    POLICE = "police", _("police")


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def signed(self) -> PledgeQuerySet:
        return self.filter(state=Pledge.State.SIGNED)

    def with_counts(self) -> PledgeQuerySet:
        return self.select_related("cycle").annotate(
            commitment_count=models.Count("commitments", distinct=True),
            signature_count=models.Count("signatures", distinct=True),
        )

    def in_force(self, on: date) -> PledgeQuerySet:
        return self.signed().filter(cycle__starts__lte=on, cycle__ends__gte=on)


class Pledge(models.Model):
    """What police and municipality promise the inhabitants for one cycle."""

    class State(models.TextChoices):
        DRAFT = rules.State.DRAFT, _("draft")
        OUT_FOR_COMMENT = rules.State.OUT_FOR_COMMENT, _("out for comment")
        DECIDED = rules.State.DECIDED, _("decided")
        SIGNED = rules.State.SIGNED, _("signed")

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="pledges", verbose_name=_("cycle")
    )
    period = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        help_text=_("The last part of its public address, such as 2020."),
    )
    title_sv = models.CharField(_("title in Swedish"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    place = models.CharField(
        _("place"), max_length=150, help_text=_("The municipality, a district or a special place.")
    )
    background_sv = models.TextField(_("what people have told us, in Swedish"), blank=True)
    background_en = models.TextField(_("what people have told us, in English"), blank=True)
    registry_number = models.CharField(_("registry number"), max_length=60, blank=True)
    source = models.CharField(
        _("published at"),
        max_length=300,
        blank=True,
        help_text=_("For a pledge signed before it came here."),
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)

    title = Bilingual()
    background = Bilingual()
    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__starts", "period"]

    def __str__(self) -> str:
        return self.title

    @property
    def open_for_writing(self) -> bool:
        return self.state in {self.State.DRAFT, self.State.OUT_FOR_COMMENT}

    def digest(self) -> str:
        """What a signature is put under: the whole promise, with its definitions and baselines."""
        signed = {
            "period": self.period,
            "title": both(self, "title"),
            "place": self.place,
            "background": both(self, "background"),
            "commitments": [one.as_published() for one in self.commitments.in_full()],
        }
        text = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class Signature(models.Model):
    """A party's signature under the text as it then stood."""

    pledge = models.ForeignKey(
        Pledge, models.CASCADE, related_name="signatures", verbose_name=_("pledge")
    )
    party = models.CharField(_("for"), max_length=12, choices=Party.choices)
    name = models.CharField(_("name"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed here by"),
    )
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    digest = models.CharField(_("digest of the text"), max_length=64)

    class Meta:
        ordering = ["party"]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "party"], name="one_signature_a_party")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"
