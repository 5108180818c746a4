from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AreaQuerySet(models.QuerySet["Area"]):
    def on(self, day: date) -> AreaQuerySet:
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))


class Area(models.Model):
    """A part of the map with a name, as it was drawn for a time."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        POLICE_AREA = "police_area", _("local police area")
        LOCALITY = "locality", _("locality")
        DISTRICT = "district", _("district")
        SPECIAL = "special", _("special place")

    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(
        _("code"), max_length=40, help_text=_("The same before and after new borders.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    geometry = models.JSONField(
        _("borders"), help_text=_("GeoJSON Polygon or MultiPolygon, in WGS84.")
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="area_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, area: Area) -> PlaceQuerySet:
        return self.filter(area=area)


class Place(models.Model):
    """A point on the map with a name: a square, a school, a car park."""

    class Kind(models.TextChoices):
        SQUARE = "square", _("square or street")
        PARK = "park", _("park or footpath")
        STATION = "station", _("station or stop")
        SCHOOL = "school", _("school")
        CENTRE = "centre", _("shops or restaurants")
        HOUSING = "housing", _("housing")
        PARKING = "parking", _("car park")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    latitude = models.FloatField(_("latitude"), help_text=_("WGS84, degrees"))
    longitude = models.FloatField(_("longitude"), help_text=_("WGS84, degrees"))
    easting = models.FloatField(_("easting"), help_text=_("SWEREF 99 TM, metres"))
    northing = models.FloatField(_("northing"), help_text=_("SWEREF 99 TM, metres"))
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("area"),
        help_text=_("The innermost area that held the point on the day that it was written."),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
