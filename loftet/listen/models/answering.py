"""From code to answer: a sealed envelope stands between, until all are opened and mixed."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loftet.listen.models.wave import Stratum, Wave


class Mode(models.TextChoices):
    WEB = "web", _("web")
    PAPER = "paper", _("paper")


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def unanswered(self) -> AccessCodeQuerySet:
        """Who may be reminded; not those whose paper form lies here, typed in once."""
        return self.filter(used_on=None, outcome="", keyings=None)


class AccessCode(models.Model):
    """That somebody may answer once; the code itself is on the letter and nowhere here."""

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("letter came back")
        INELIGIBLE = "ineligible", _("does not belong to those asked")
        REFUSED = "refused", _("does not want to take part")

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="codes", verbose_name=_("wave"))
    digest = models.CharField(_("keyed digest"), max_length=64)
    stratum = models.ForeignKey(
        Stratum,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="codes",
        verbose_name=_("stratum"),
    )
    used_on = models.DateField(_("answered"), null=True, blank=True)
    outcome = models.CharField(
        _("why no answer"), max_length=10, choices=Outcome.choices, blank=True
    )

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        ordering = ["digest"]
        constraints = [models.UniqueConstraint(fields=["wave", "digest"], name="code_once")]

    def __str__(self) -> str:
        return self.digest[:8]


class Envelope(models.Model):
    """What somebody has answered so far, sealed; opened with all the others, then thrown away."""

    code = models.OneToOneField(
        AccessCode,
        models.CASCADE,
        primary_key=True,
        related_name="envelope",
        verbose_name=_("code"),
    )
    sealed = models.BinaryField(_("sealed answer"))
    mode = models.CharField(_("mode"), max_length=5, choices=Mode.choices, default=Mode.WEB)
    begun_on = models.DateField(_("begun"))
    finished_on = models.DateField(_("sent in"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.code)


class Keying(models.Model):
    """A paper form as one person typed it; two are compared before the answer counts."""

    code = models.ForeignKey(
        AccessCode, models.CASCADE, related_name="keyings", verbose_name=_("code")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("typed by")
    )
    sealed = models.BinaryField(_("sealed answer"))
    keyed_on = models.DateField(_("typed"))

    class Meta:
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "by"], name="keyed_once_by_each_person")
        ]

    def __str__(self) -> str:
        return str(self.code)


class Answer(models.Model):
    """One filled-in form. No time, no code and no order: nothing leads back to who wrote it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="answers", verbose_name=_("wave"))
    stratum = models.ForeignKey(
        Stratum, models.PROTECT, null=True, related_name="answers", verbose_name=_("stratum")
    )
    mode = models.CharField(_("mode"), max_length=5, choices=Mode.choices, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    content = models.JSONField(_("answers"))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)[:8]


class Addressee(models.Model):
    """Name, address and code of somebody drawn, sealed; removed with its key after the field."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(
        Wave, models.CASCADE, related_name="addressees", verbose_name=_("wave")
    )
    sealed = models.BinaryField(_("sealed name, address and code"))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)[:8]


class Mailing(models.Model):
    """Something sent to those drawn: the first letter, a card, the form once more."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("letter with code")
        CARD = "card", _("reminder card")
        FORM = "form", _("reminder with paper form")

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="mailings", verbose_name=_("wave"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    planned_on = models.DateField(_("planned"))
    made_on = models.DateField(_("made"), null=True, blank=True)
    copies = models.PositiveIntegerField(_("copies"), null=True, blank=True)

    class Meta:
        ordering = ["wave", "planned_on"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "planned_on"], name="mailing_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.planned_on}"
