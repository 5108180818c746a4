from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loftet.core.models.people import Organisation
from loftet.core.roles import ROLES
from loftet.core.texts import Bilingual


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        return self.filter(met_on=None)

    def late(self, on: date) -> DeadlineQuerySet:
        return self.open().filter(due_on__lt=on)

    def upcoming(self, on: date) -> DeadlineQuerySet:
        return self.open().filter(due_on__gte=on)

    def due_by(self, day: date) -> DeadlineQuerySet:
        return self.open().filter(due_on__lte=day)

    def public(self) -> DeadlineQuerySet:
        return self.filter(is_public=True)

    def about(self, subject: models.Model) -> DeadlineQuerySet:
        return self.filter(subject=subject._meta.label_lower, subject_id=str(subject.pk))

    def for_roles(
        self, roles: Iterable[str], *, organisations: Iterable[Organisation] | None = None
    ) -> DeadlineQuerySet:
        """What these roles answer for; with organisations given, theirs and those without one."""
        mine = self.filter(role__in=list(roles))
        if organisations is None:
            return mine
        return mine.filter(Q(organisation=None) | Q(organisation__in=list(organisations)))


class Deadline(models.Model):
    """A day by which something must be done, counted by a clock in the policy when it started."""

    clock = models.CharField(_("clock"), max_length=40, help_text=_("Key in policy/clocks.yaml."))
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    subject = models.CharField(_("kind of thing"), max_length=60)
    subject_id = models.CharField(_("which"), max_length=40)
    subject_name = models.CharField(_("name of the thing"), max_length=200)
    due_on = models.DateField(_("last day"))
    role = models.CharField(_("responsible role"), max_length=30)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name=_("organisation"),
    )
    is_public = models.BooleanField(_("shown to the public"), default=False)
    met_on = models.DateField(_("done"), null=True, blank=True)

    title = Bilingual()
    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "subject", "subject_id"],
                condition=Q(met_on=None),
                name="deadline_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.subject_name}"

    @property
    def role_name(self) -> str:
        return str(ROLES[self.role].name)
