"""The demonstration's surveys: real totals of earlier years, and a whole one that is made up.

It takes a while, so it is a job: the pages are up meanwhile.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from loftet.core import jobs
from loftet.core.models import Area, Cycle, Job, Municipality, Place, User
from loftet.core.turn import action
from loftet.demo.inhabitants import District, Inhabitant, answers, register
from loftet.listen import actions
from loftet.listen.actions import envelopes, letters, results, sample
from loftet.listen.models import Questionnaire, Wave
from loftet.listen.rules import precision
from loftet.listen.rules.drawing import Method
from loftet.listen.sources import starter

FACTS = Path(__file__).parent / "trollhattan" / "survey.yaml"
HEADER = ("Namn", "Gatuadress", "Postnummer", "Postort", "Område")
MAPPING = dict(zip(("name", "street", "postcode", "town", "area"), HEADER, strict=True))
SOURCE = "Påhittat register"
DAYS = timedelta(days=1)


@action
def begin(*, by: User) -> Job:
    """Enter what is known of earlier years, and ask for the made-up survey."""
    facts = _facts()
    for known in facts["elsewhere"]:
        wave = Wave(**_elsewhere() | known)
        actions.record_wave(wave=wave, by=by)
    questionnaire = actions.add_questionnaire(code="trygghet", document=starter.document(), by=by)
    open_now = Wave(
        **facts["made_up"]
        | {"frame_on": None, "broken_sv": "", "broken_en": ""}
        | facts["open_now"]
    )
    open_now.design, open_now.questionnaire = Wave.Design.OPEN, questionnaire
    actions.add_wave(wave=open_now, by=by)
    actions.open_field(wave=open_now, by=by)
    return jobs.ask(
        handler="loftet.demo.survey.make_up",
        title="Hittar på en enkät",
        subject=Municipality.here() or questionnaire,
        by=by,
    )


def make_up(*, progress: jobs.Progress, by: User) -> dict[str, Any]:
    """A job: the autumn survey of 2020, from register to results; begun anew if it was cut off."""
    facts = _facts()
    earlier = Wave.objects.filter(code=facts["made_up"]["code"]).first()
    if earlier and earlier.state != Wave.State.PLANNED:
        return {}
    if earlier:
        sample.undo_draw(wave=earlier, by=by)
        actions.remove_wave(wave=earlier, by=by)
    random = Random(facts["seed"])  # noqa: S311 - made-up people
    people = register(_districts(facts), random)
    wave = _planned(facts, people, by)
    _answered(wave, people, facts, random, by)
    results.compute(progress=progress, by=by, wave=wave.pk, reason="")
    results.freeze_results(wave=wave, by=by)
    return {"answers": wave.answers.count()}


def _planned(facts: dict[str, Any], people: list[Inhabitant], by: User) -> Wave:
    values = facts["made_up"]
    with on(values["frame_on"]):
        wave = Wave(
            design=Wave.Design.PROBABILITY,
            questionnaire=Questionnaire.objects.get(code="trygghet"),
            cycle=Cycle.objects.filter(period="2021").first(),
            population_size=len(people),
            on_paper=True,
            **values,
        )
        actions.add_wave(wave=wave, by=by)
        for variable in ("age", "gender"):
            counts = Counter(getattr(person, variable) for person in people)
            actions.set_margin(wave=wave, variable=variable, counts=counts, source=SOURCE, by=by)
        sample.bring_frame(wave=wave, content=_csv(people), by=by)
        populations = Counter(person.district.name for person in people)
        sample.draw_sample(
            wave=wave,
            mapping=MAPPING,
            planned=precision.equal(facts["letters"], populations),
            seed=facts["seed"],
            method=Method.SIMPLE,
            by=by,
        )
        for kind, after in letters.USUAL:
            letters.plan_mailing(wave=wave, kind=kind, planned_on=wave.opens + after, by=by)
    return wave


def _answered(
    wave: Wave, people: list[Inhabitant], facts: dict[str, Any], random: Random, by: User
) -> None:
    """Seven weeks in the field: many answer in the first days and after each reminder."""
    document = starter.document()
    known = {(person.name, person.street): person for person in people}
    codes = {code.digest: code for code in wave.codes.all()}
    by_day: dict[date, list[tuple[str, Inhabitant]]] = defaultdict(list)
    for drawn in sorted(sample.recipients(wave), key=lambda one: one.address):
        person = known[drawn.name, drawn.address[0]]
        if random.random() < person.likelihood:
            by_day[_day(wave, random)].append((drawn.code, person))
    with on(wave.opens):
        actions.open_field(wave=wave, by=by)
    for mailing in wave.mailings.all():
        with on(mailing.planned_on):
            letters.letters_made(mailing=mailing, copies=facts["letters"], by=by)
    for day, some in sorted(by_day.items()):
        with on(day), transaction.atomic():
            for code, person in some:
                draft = envelopes.Draft("sv", answers(person, document, random))
                found = codes[envelopes.digest(wave, code)]
                envelopes.keep(wave=wave, code=found, draft=draft, finished=True)
    with on(wave.closes + DAYS):
        actions.close_field(wave=wave, by=by)
        letters.remove_addresses(wave=wave, by=by)
        actions.count_answers(wave=wave, by=by)


def _day(wave: Wave, random: Random) -> date:
    sent = random.choice([0, 0, 0, 14, 14, 28])
    return min(wave.opens + timedelta(days=sent + int(random.expovariate(1 / 5))), wave.closes)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Let the clock stand on another day for a while."""
    kept, settings.DEMO_DAY = settings.DEMO_DAY, day.isoformat()
    try:
        yield
    finally:
        settings.DEMO_DAY = kept


def _csv(people: list[Inhabitant]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(
        (one.name, one.street, "461 00", "Påhittstad", one.district.name) for one in people
    )
    return text.getvalue().encode()


def _districts(facts: dict[str, Any]) -> list[District]:
    names = dict(Area.objects.filter(code__in=facts["districts"]).values_list("code", "name"))
    spots: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for place in Place.objects.exclude(area=None).select_related("area"):
        if place.area:
            spots[place.area.code].append((place.latitude, place.longitude))
    return [
        District(names[code], people, trouble, tuple(spots[code]))
        for code, (people, trouble) in facts["districts"].items()
    ]


def _elsewhere() -> dict[str, str]:
    return {
        "population_sv": "Invånare i kommunen",
        "population_en": "Inhabitants of the municipality",
        "purpose_sv": "Underlag för medborgarlöftet.",
        "law_sv": "Gjordes av polis och kommun utanför det här systemet.",
        "contact": "Kontaktcenter",
    }


def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(FACTS.read_text())
    return facts
