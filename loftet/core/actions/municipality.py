from datetime import date
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from loftet.core import clock as clock_here
from loftet.core import log
from loftet.core.access import Actor, require
from loftet.core.actions.year import meet_clock, start_clock
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.models import Municipality
from loftet.core.roles import Permission
from loftet.core.turn import action


class Details(TypedDict, total=False):
    """What can be changed about the municipality; what is left out stays as it is."""

    name: str
    official_name: str
    code: str
    police: str
    website: str
    contact_email: str
    contact_phone: str
    contact_address: str
    accessibility_assessed_on: date | None


@action
def update_municipality(*, by: Actor, **details: Unpack[Details]) -> Municipality:
    require(by, Permission.MANAGE_PLACES)
    municipality = Municipality.here() or Municipality(pk=1)
    for field, value in details.items():
        setattr(municipality, field, value)
    refuse_invalid(municipality)
    municipality.save()
    log.record(by, "updated", municipality, fields=sorted(details))
    if assessed := details.get("accessibility_assessed_on"):
        _restart("accessibility_statement", municipality, assessed, by)
    return municipality


@action
def review_pages(*, on: date | None = None, by: Actor) -> Municipality:
    """Somebody has read the public pages through; the clock starts anew."""
    require(by, Permission.PUBLISH)
    municipality = Municipality.here()
    if municipality is None:
        raise Refused("no_municipality", _("Write the municipality's details first."))
    municipality.pages_reviewed_on = on or clock_here.today()
    municipality.save(update_fields=["pages_reviewed_on"])
    log.record(by, "reviewed", municipality, on=municipality.pages_reviewed_on)
    _restart("pages_reviewed", municipality, municipality.pages_reviewed_on, by)
    return municipality


def _restart(clock: str, municipality: Municipality, on: date, by: Actor) -> None:
    """What was done on this day is due again, counted from it."""
    meet_clock(clock=clock, subject=municipality, on=on, by=by)
    start_clock(clock=clock, subject=municipality, start=on, by=by)
