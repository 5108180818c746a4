from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loftet.core.roles import ROLES


class Municipality(models.Model):
    """The one municipality of this installation, as public pages name it."""

    name = models.CharField(_("name"), max_length=100)
    official_name = models.CharField(_("official name"), max_length=100)
    code = models.CharField(_("municipality code"), max_length=4)
    police = models.CharField(_("local police area"), max_length=100)
    website = models.URLField(_("website"), blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    contact_address = models.CharField(_("address"), max_length=200, blank=True)
    accessibility_assessed_on = models.DateField(
        _("accessibility assessed on"), null=True, blank=True
    )
    pages_reviewed_on = models.DateField(_("pages last reviewed"), null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_municipality")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def here(cls) -> Municipality | None:
        return cls.objects.first()


class Organisation(models.Model):
    """A party or partner: a unit of the municipality, the police, a housing company, a school."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        POLICE = "police", _("police")
        HOUSING = "housing", _("housing company")
        SCHOOL = "school", _("school")
        ASSOCIATION = "association", _("association")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("part of"),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who logs in; inhabitants never need to."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("may log in"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date) -> MembershipQuerySet:
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))

    def not_ended(self, on: date) -> MembershipQuerySet:
        """In force or yet to begin."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on))


class Membership(models.Model):
    """A person's role in an organisation, for a time and perhaps in one area."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(
        _("role"), max_length=30, choices=[(r.key, r.name) for r in ROLES.values()]
    )
    area = models.ForeignKey(
        "core.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "valid_from"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation}"
