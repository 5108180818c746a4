"""From a register to people with a code each, of whom the answers will know nothing.

The frame lies sealed between the steps and is removed with the draw; what is drawn is sealed too.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from secrets import SystemRandom
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from loftet.core import clock, jobs, log, seals, tables, vault
from loftet.core.access import require
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import Area, Job, User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions.envelopes import digest
from loftet.listen.actions.waves import make_keys
from loftet.listen.models import AccessCode, Addressee, Draw, Stratum, Wave
from loftet.listen.rules import codes, drawing, frame, waves

MOST_SEED = 2**31 - 1
MOST_AREAS = 300
CHECK = "loftet.listen.actions.sample.check_frame"
DRAW = "loftet.listen.actions.sample.draw"


@dataclass(frozen=True)
class Recipient:
    """What a letter needs; sealed in an `Addressee`."""

    name: str
    address: tuple[str, ...]
    code: str
    stratum: str


@action
def bring_frame(*, wave: Wave, content: bytes, by: User) -> list[str]:
    """Seal the register until the draw; the names of its columns."""
    require(by, Permission.WRITE_SURVEY)
    _refuse_drawn(wave)
    table = tables.read(content)
    if any(sign.isdigit() for name in table.header for sign in name):
        raise Refused(
            "no_header",
            _("The first row must name the columns, in words without digits."),
            field="file",
        )
    seals.make(wave.address_key)
    vault.put(wave.address_key, frame_name(wave), content)
    log.record(by, "brought_frame", wave, rows=len(table.rows), sha256=_sha256(content))
    return table.header


@action
def ask_check(*, wave: Wave, mapping: Mapping[str, str], by: User) -> Job:
    """Have every row checked, in the background."""
    require(by, Permission.WRITE_SURVEY)
    lacking = frame.missing(mapping, frame_table(wave).header)
    if lacking:
        raise Refused(
            "column_missing", _("Choose the column for each of the fields."), field=lacking[0]
        )
    return jobs.ask(
        handler=CHECK,
        title=_("Checks the register"),
        subject=wave,
        by=by,
        wave=wave.pk,
        mapping=dict(mapping),
    )


def check_frame(
    *, progress: jobs.Progress, by: User, wave: int, mapping: dict[str, str]
) -> dict[str, Any]:
    """A job: how many may be drawn from each area, and which rows may not."""
    checked = _checked(Wave.objects.get(pk=wave), mapping)
    if len(checked.by_area) > MOST_AREAS:
        raise Refused(
            "many_areas",
            _("The column of areas holds more than %(most)d names: is it another column?")
            % {"most": MOST_AREAS},
        )
    progress.tell(checked.rows, checked.rows)
    return {
        "mapping": mapping,
        "rows": checked.rows,
        "people": len(checked.people),
        "areas": dict(sorted(checked.by_area.items())),
        "problems": dict(checked.by_problem),
        "told": [asdict(problem) for problem in checked.problems[: frame.TOLD_AT_MOST]],
    }


@action
def ask_draw(
    *,
    wave: Wave,
    mapping: Mapping[str, str],
    planned: Mapping[str, int],
    seed: int,
    method: drawing.Method,
    by: User,
) -> Job:
    """Have the sample drawn, in the background."""
    require(by, Permission.WRITE_SURVEY)
    _refuse_drawn(wave)
    return jobs.ask(
        handler=DRAW,
        title=_("Draws the sample"),
        subject=wave,
        by=by,
        wave=wave.pk,
        mapping=dict(mapping),
        planned=dict(planned),
        seed=seed,
        method=str(method),
    )


def draw(*, progress: jobs.Progress, by: User, wave: int, **how: Any) -> dict[str, Any]:
    """A job: draw as it was asked for."""
    found = Wave.objects.get(pk=wave)
    made = draw_sample(wave=found, by=by, **how | {"method": drawing.Method(how["method"])})
    progress.tell(1, 1)
    return {"sample": made.sample_digest}


@action
def draw_sample(
    *,
    wave: Wave,
    mapping: Mapping[str, str],
    planned: Mapping[str, int],
    seed: int,
    method: drawing.Method,
    by: User,
) -> Draw:
    """Draw, give each a code, seal who got which, and remove the frame."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    _refuse_drawn(wave)
    if not 0 <= seed <= MOST_SEED:
        raise Refused(
            "seed_outside", _("The seed is a whole number of at most nine digits."), field="seed"
        )
    checked = _checked(wave, mapping)
    _refuse_plan(planned, checked.by_area)
    drawn = drawing.draw(checked.people, planned, seed=seed, method=method)
    strata = _strata(wave, checked.by_area, planned)
    make_keys(wave)
    _give_codes(wave, drawn, strata)
    made = Draw.objects.create(
        wave=wave,
        method=method,
        seed=seed,
        frame_sha256=frame.digest(checked.people),
        frame_rows=len(checked.people),
        sample_digest=frame.digest(drawn),
        drawn_at=clock.now(),
        drawn_by=by,
    )
    transaction.on_commit(lambda: vault.remove(frame_name(wave)))
    log.record(
        by, "drew_sample", wave,
        seed=seed, method=method, frame=made.frame_sha256, sample=made.sample_digest,
        drawn={area: count for area, count in planned.items() if count},
    )  # fmt: skip
    return made


@action
def undo_draw(*, wave: Wave, by: User) -> None:
    """Before the field: everything that was drawn is removed, as if it had not been."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    if wave.state != waves.State.PLANNED:
        raise Refused("in_field", _("People have been asked; the sample stands."))
    if wave.mailings.exclude(made_on=None).exists():
        raise Refused("letters_made", _("Letters have been made; the sample stands."))
    removed = wave.codes.count()
    for rows in (wave.codes, wave.addressees, wave.strata):
        rows.all().delete()
    Draw.objects.filter(wave=wave).delete()
    transaction.on_commit(lambda: forget_frame(wave))
    log.record(by, "undid_draw", wave, codes=removed)


def forget_frame(wave: Wave) -> None:
    """The register with its key; a new one is made when another register comes."""
    seals.destroy(wave.address_key)
    vault.remove(frame_name(wave))


def drawn_again(wave: Wave, content: bytes, mapping: Mapping[str, str]) -> bool:
    """Whether a frame gives the sample that was recorded."""
    made = Draw.objects.get(wave=wave)
    checked = frame.check(*_parts(tables.read(content)), mapping, known_areas(wave))
    planned = dict(wave.strata.values_list("name", "planned"))
    again = drawing.draw(
        checked.people, planned, seed=made.seed, method=drawing.Method(made.method)
    )
    found = (frame.digest(checked.people), frame.digest(again))
    return found == (made.frame_sha256, made.sample_digest)


def recipients(wave: Wave) -> Iterable[Recipient]:
    """Those drawn, for as long as their key is there; in an order of its own."""
    for addressee in wave.addressees.order_by("pk").iterator(chunk_size=2000):
        plain = seals.unseal(
            wave.address_key, bytes(addressee.sealed), about=f"{wave.pk}:{addressee.pk}"
        )
        values = json.loads(plain)
        yield Recipient(**values | {"address": tuple(values["address"])})


def frame_name(wave: Wave) -> str:
    return f"frame-{wave.pk}"


def frame_brought_at(wave: Wave) -> datetime | None:
    return vault.put_at(frame_name(wave))


def frame_table(wave: Wave) -> tables.Table:
    if not vault.holds(frame_name(wave)):
        raise Refused("no_frame", _("Choose the file with the register first."))
    return tables.read(vault.get(wave.address_key, frame_name(wave)))


def known_areas(wave: Wave) -> dict[str, str]:
    """Districts by name and by code, as they were on the day of the register."""
    kinds = [Area.Kind.DISTRICT, Area.Kind.LOCALITY]
    found = Area.objects.on(wave.frame_on or wave.opens).filter(kind__in=kinds)
    return {written: area.name for area in found for written in (area.name, area.code)}


def _checked(wave: Wave, mapping: Mapping[str, str]) -> frame.Checked:
    return frame.check(*_parts(frame_table(wave)), mapping, known_areas(wave))


def _parts(table: tables.Table) -> tuple[list[str], list[list[str]]]:
    return table.header, table.rows


def _strata(
    wave: Wave, populations: Mapping[str, int], planned: Mapping[str, int]
) -> dict[str, Stratum]:
    found = Area.objects.on(wave.frame_on or wave.opens).filter(
        Q(name__in=populations) | Q(code__in=populations)
    )
    areas = {area.name: area for area in found}
    made = [
        Stratum(
            wave=wave,
            code=areas[name].code if name in areas else name[:40],
            name=name,
            area=areas.get(name),
            population=population,
            planned=planned.get(name, 0),
        )
        for name, population in sorted(populations.items())
    ]
    return {stratum.name: stratum for stratum in Stratum.objects.bulk_create(made)}


def _give_codes(wave: Wave, drawn: list[frame.Person], strata: Mapping[str, Stratum]) -> None:
    """Rows of codes and of people lie in two orders, and neither is that of the register."""
    fresh: set[str] = set()
    while len(fresh) < len(drawn):
        fresh.add(codes.new())
    pairs = list(zip(drawn, fresh, strict=True))
    SystemRandom().shuffle(pairs)
    given = [
        AccessCode(wave=wave, digest=digest(wave, code), stratum=strata[person.area])
        for person, code in pairs
    ]
    AccessCode.objects.bulk_create(sorted(given, key=lambda code: code.digest), batch_size=500)
    people = [_sealed(wave, person, code) for person, code in pairs]
    Addressee.objects.bulk_create(sorted(people, key=lambda one: one.pk), batch_size=500)


def _sealed(wave: Wave, person: frame.Person, code: str) -> Addressee:
    addressee = Addressee(wave=wave)
    values = Recipient(person.name, person.address, code, person.area)
    addressee.sealed = seals.seal(
        wave.address_key, json.dumps(asdict(values)).encode(), about=f"{wave.pk}:{addressee.pk}"
    )
    return addressee


def _refuse_drawn(wave: Wave) -> None:
    if wave.state != waves.State.PLANNED:
        raise Refused("in_field", _("People have been asked; the sample stands."))
    if not wave.allowed.codes:
        raise Refused("no_sample", _("Anyone answers this survey; there is nobody to draw."))
    if Draw.objects.filter(wave=wave).exists():
        raise Refused("drawn", _("The sample is drawn. Undo the draw first."))


def _refuse_plan(planned: Mapping[str, int], populations: Mapping[str, int]) -> None:
    if not any(planned.values()):
        raise Refused("nobody_planned", _("Say how many to draw."), field="total")
    for area, count in planned.items():
        if count > populations.get(area, 0):
            raise Refused(
                "too_many",
                _("%(area)s has %(people)d people; %(count)d cannot be drawn.")
                % {"area": area, "people": populations.get(area, 0), "count": count},
            )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
