from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from loftet.core import clock, log, places
from loftet.core.access import Actor, require
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.models import Area, Place
from loftet.core.roles import Permission
from loftet.core.turn import action


@action
def add_area(
    *,
    name: str,
    code: str,
    kind: str,
    geometry: dict[str, Any],
    valid_from: date,
    valid_to: date | None = None,
    population: int | None = None,
    by: Actor,
) -> Area:
    """A new area, or new borders for one that there is: the old borders then end the day before."""
    require(by, Permission.MANAGE_PLACES)
    refuse_personal_data(name=name)
    places.refuse_borders(geometry)
    area = Area(
        name=name.strip(),
        code=code.strip(),
        kind=kind,
        geometry=geometry,
        population=population,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    before = _ended_by(area)
    refuse_invalid(area)
    area.save(force_insert=True)
    log.record(
        by, "added", area, code=area.code, valid_from=valid_from, replaces=before and before.pk
    )
    return area


@action
def add_place(
    *, name: str, kind: str, latitude: float, longitude: float, on: date | None = None, by: Actor
) -> Place:
    """The area is resolved once, by the borders of that day (today when none is given)."""
    require(by, Permission.MANAGE_PLACES)
    refuse_personal_data(name=name)
    places.refuse_position(latitude, longitude)
    easting, northing = places.to_sweref(latitude, longitude)
    place = Place(
        name=name.strip(),
        kind=kind,
        latitude=latitude,
        longitude=longitude,
        easting=easting,
        northing=northing,
        area=places.area_at(latitude, longitude, on or clock.today()),
    )
    refuse_invalid(place)
    place.save(force_insert=True)
    log.record(by, "added", place, area=place.area_id)
    return place


def _ended_by(area: Area) -> Area | None:
    """The borders that these replace; two borders of one area never hold on the same day."""
    still = Q(valid_to=None) | Q(valid_to__gte=area.valid_from)
    for other in Area.objects.filter(still, code=area.code):
        if other.valid_from < area.valid_from and other.valid_to is None:
            other.valid_to = area.valid_from - timedelta(days=1)
            other.save(update_fields=["valid_to"])
            return other
        if area.valid_to is None or other.valid_from <= area.valid_to:
            raise Refused(
                "area_overlaps",
                _("This area already has borders on some of these days. Choose other days."),
                field="valid_from",
            )
    return None
