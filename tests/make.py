"""Objects for tests, made the way that people make them: through the actions."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from loftet.core import actions
from loftet.core.models import (
    Area,
    Attachment,
    Cycle,
    Deadline,
    Municipality,
    Organisation,
    Place,
    User,
)
from loftet.core.roles import SYSTEM
from loftet.followup import actions as followup_actions
from loftet.followup.models import Result
from loftet.map import actions as map_actions
from loftet.map.models import Indicator, Reading
from loftet.promise import actions as promise_actions
from loftet.promise.models import Commitment, Pledge
from loftet.publish import actions as publish_actions
from loftet.publish.models import Edition

LONG_AGO = date(2015, 1, 1)
_numbers = count(1)


def organisation(
    name: str = "", kind: str = "municipality", parent: Organisation | None = None
) -> Organisation:
    return actions.add_organisation(
        name=name or f"Organisation {next(_numbers)}", kind=kind, parent=parent, by=SYSTEM
    )


def person(
    role: str | None = None,
    at: Organisation | None = None,
    *,
    name: str = "",
    password: str | None = None,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
) -> User:
    number = next(_numbers)
    made = actions.add_person(
        email=f"person{number}@example.org",
        name=name or f"Person {number}",
        password=password,
        by=SYSTEM,
    )
    if role:
        actions.grant_role(
            person=made,
            role=role,
            organisation=at or organisation(),
            valid_from=valid_from,
            valid_to=valid_to,
            by=SYSTEM,
        )
    return made


def coordinator() -> User:
    return person("coordinator")


def administrator() -> User:
    return person("administrator")


def municipality(name: str = "Trollhättan") -> Municipality:
    return actions.update_municipality(
        name=name,
        official_name=f"{name}s Stad",
        code="1488",
        police="Lokalpolisområde Östra Fyrbodal",
        by=SYSTEM,
    )


def square(west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    """A GeoJSON square, in degrees."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def area(
    code: str = "",
    *,
    kind: str = "district",
    geometry: dict[str, Any] | None = None,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
) -> Area:
    code = code or f"area-{next(_numbers)}"
    return actions.add_area(
        name=code.title(),
        code=code,
        kind=kind,
        geometry=geometry or square(12.2, 58.2),
        valid_from=valid_from,
        valid_to=valid_to,
        by=SYSTEM,
    )


def place(
    name: str = "Drottningtorget", *, latitude: float = 58.284, longitude: float = 12.289
) -> Place:
    return actions.add_place(
        name=name, kind="square", latitude=latitude, longitude=longitude, by=SYSTEM
    )


def cycle(
    period: str = "2020",
    starts: date = date(2020, 1, 1),
    ends: date = date(2020, 12, 31),
    by: User | None = None,
) -> Cycle:
    return actions.open_cycle(period=period, starts=starts, ends=ends, by=by or coordinator())


def attachment(
    name: str = "protokoll.txt", content: bytes = b"Klart.", by: User | None = None
) -> Attachment:
    return actions.attach(file=BytesIO(content), name=name, by=by or coordinator())


# --- The later phases ---------------------------------------------------------------------------


def indicator(
    code: str = "", *, kind: str = "count", wanted: str = "down", by: User, **fields: Any
) -> Indicator:
    new = Indicator(
        code=code or f"indicator-{next(_numbers)}",
        kind=kind,
        wanted=wanted,
        name_sv="Anmälda brott",
        name_en="Reported offences",
        unit_sv="anmälningar",
        unit_en="reports",
        definition_sv="Antal anmälda brott under året.",
        source="Polisen",
    )
    for name, value in fields.items():
        setattr(new, name, value)
    return map_actions.add_indicator(indicator=new, by=by)


def reading(of: Indicator, year: int, value: float | str | tuple[int, int], *, by: User) -> Reading:
    figures: dict[str, Any] = (
        {"numerator": value[0], "denominator": value[1]}
        if isinstance(value, tuple)
        else {"value": Decimal(str(value))}
    )
    return map_actions.add_reading(
        indicator=of,
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        source="Polisen",
        extracted_on=date(year + 1, 1, 15),
        by=by,
        **figures,
    )


def pledge(year: int = 2020, *, by: User, period: str = "") -> Pledge:
    new = Pledge(
        period=period or str(year),
        title_sv=f"Medborgarlöfte {year}",
        title_en=f"Citizen pledge {year}",
        place="Hela kommunen",
    )
    return promise_actions.add_pledge(
        pledge=new, starts=date(year, 1, 1), ends=date(year, 12, 31), by=by
    )


def commitment(of: Pledge, code: str = "", *, by: User, **fields: Any) -> Commitment:
    """A promise of two rounds with all that can be followed up, unless told otherwise."""
    whole = {
        "kind": "activity",
        "actor": "municipality",
        "text_sv": "Trygghetsronder i två områden.",
        "text_en": "Safety rounds in two areas.",
        "comparator": "at_least",
        "quantity": Decimal(2),
        "unit_sv": "ronder",
        "unit_en": "rounds",
        "place": "Två områden",
        "source": "Kommunen",
        "counting_rule_sv": "En rond räknas när protokollet är skrivet.",
        "counting_rule_en": "A round counts when its protocol is written.",
        "starts": of.cycle.starts,
        "ends": of.cycle.ends,
    } | fields
    if "responsible" not in whole:
        whole["responsible"] = organisation()
    new = Commitment(pledge=of, code=code or f"c{next(_numbers)}", **whole)
    return promise_actions.add_commitment(commitment=new, by=by)


def fewer_reports(of: Pledge, before: float, after: float | None = None, *, by: User) -> Commitment:
    """A promise that an indicator falls, with its baseline and perhaps the year's own reading."""
    followed = indicator(by=by)
    year = of.cycle.starts.year
    baseline = reading(followed, year - 1, before, by=by)
    if after is not None:
        reading(followed, year, after, by=by)
    return commitment(
        of,
        kind="change",
        comparator="decrease",
        quantity=None,
        indicator=followed,
        baseline=baseline,
        text_sv="Färre anmälda brott.",
        text_en="Fewer reported offences.",
        by=by,
    )


def signed(of: Pledge, *, by: User) -> Pledge:
    signers = [("police", "", "Polischef", None), ("municipality", "", "Ordförande", None)]
    return promise_actions.record_signatures(pledge=of, signers=signers, by=by)


def result(of: Commitment, *, by: User, **fields: Any) -> Result:
    told = {"source": "Kommunen", "as_of": date(2021, 1, 15)} | fields
    return followup_actions.report(result=Result(commitment=of, **told), by=by)


def edition(of: Pledge, kind: str = "followup", reason: str = "", *, by: User) -> Edition:
    return publish_actions.publish(pledge=of, kind=kind, reason_sv=reason, by=by)


def deadline(clock: str, subject: Cycle, *, by: User) -> Deadline:
    return actions.set_deadline(clock=clock, subject=subject, start=subject.ends, by=by)
