"""The real year of Trollhättan, told through the actions as people would have done it."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely
import yaml
from django.db import transaction

from loftet.core import actions, clock
from loftet.core.models import Municipality, Organisation, User
from loftet.core.roles import SYSTEM
from loftet.demo import survey
from loftet.followup.sources.pledge_file import import_pledge_file
from loftet.promise.models import Pledge
from loftet.publish.actions import publish
from loftet.publish.models import Edition

FACTS = Path(__file__).parent / "trollhattan"
SINCE = date(2015, 1, 1)  # the first year of the pledge here
PASSWORD = "trygg-i-trollhattan"  # noqa: S105 - of a demonstration on one's own machine, and printed


@dataclass(frozen=True)
class Login:
    email: str
    name: str
    role: str
    organisation: str


LOGINS = (
    Login("samordnare@exempel.se", "Sam Samordnare", "coordinator", "Trollhättans Stad"),
    Login(
        "kommunpolis@exempel.se", "Kim Kommunpolis", "municipal_officer", "Polisen Östra Fyrbodal"
    ),
    Login("ordforande@exempel.se", "Otto Ordförande", "signer", "Trollhättans Stad"),
    Login("polischef@exempel.se", "Petra Polischef", "signer", "Polisen Östra Fyrbodal"),
    Login("rapportor@exempel.se", "Robin Rapportör", "reporter", "Trollhättans Stad"),
    Login("administrator@exempel.se", "Adrian Administratör", "administrator", "Trollhättans Stad"),
)


def is_loaded() -> bool:
    return User.objects.filter(email=LOGINS[0].email).exists()


@transaction.atomic
def load() -> None:
    facts = yaml.safe_load((FACTS / "place.yaml").read_text())
    municipality = _municipality(facts["municipality"])
    for organisation in facts["organisations"]:
        actions.add_organisation(**organisation, by=SYSTEM)
    people = {login.role: _person(login) for login in LOGINS}
    _areas(facts, municipality)
    coordinator = people["coordinator"]
    for period in ("2020", "2021"):
        import_pledge_file(FACTS / f"pledge-{period}.yaml", by=coordinator)
        publish(pledge=Pledge.objects.get(period=period), kind=Edition.Kind.PLEDGE, by=coordinator)
    publish(pledge=Pledge.objects.get(period="2020"), kind=Edition.Kind.FOLLOWUP, by=coordinator)
    actions.review_pages(on=clock.today(), by=coordinator)
    survey.begin(by=coordinator)


def _municipality(facts: dict[str, Any]) -> Municipality:
    named = ("name", "official_name", "code", "police", "website", "contact_address")
    return actions.update_municipality(
        by=SYSTEM,
        accessibility_assessed_on=clock.today(),
        **{name: facts[name] for name in named},
    )


def _person(login: Login) -> User:
    person = actions.add_person(email=login.email, name=login.name, password=PASSWORD, by=SYSTEM)
    actions.grant_role(
        person=person,
        role=login.role,
        organisation=Organisation.objects.get(name=login.organisation),
        valid_from=SINCE,
        by=SYSTEM,
    )
    return person


def _areas(facts: dict[str, Any], municipality: Municipality) -> None:
    """Districts drawn half-way between their centres; places take the district that they lie in."""
    west, south, east, north = facts["municipality"]["extent"]
    whole = shapely.box(west, south, east, north)
    actions.add_area(
        name=municipality.name,
        code=municipality.code,
        kind="municipality",
        geometry=json.loads(shapely.to_geojson(whole)),
        population=facts["municipality"]["population"],
        valid_from=SINCE,
        by=SYSTEM,
    )
    centres = shapely.MultiPoint([(d["longitude"], d["latitude"]) for d in facts["districts"]])
    cells = shapely.voronoi_polygons(centres, extend_to=whole, ordered=True)
    for district, cell in zip(facts["districts"], cells.geoms, strict=True):
        actions.add_area(
            name=district["name"],
            code=district["code"],
            kind="district",
            geometry=json.loads(shapely.to_geojson(cell.intersection(whole))),
            valid_from=SINCE,
            by=SYSTEM,
        )
    for place in facts["places"]:
        actions.add_place(**place, by=SYSTEM)
