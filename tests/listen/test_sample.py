import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from scipy.stats import spearmanr

from loftet.core import jobs, vault
from loftet.core.models import Event, Job, User
from loftet.listen import actions
from loftet.listen.actions import envelopes, sample
from loftet.listen.models import AccessCode, Addressee, Draw, Wave
from loftet.listen.rules import codes
from loftet.listen.rules.drawing import Method
from tests import make
from tests.listen import make as make_survey
from tests.refusal import refused

pytestmark = pytest.mark.django_db
HEADER = ["Namn", "Adress", "Postnummer", "Ort", "Område"]
MAPPING = dict(zip(("name", "street", "postcode", "town", "area"), HEADER, strict=True))


def register(people: int = 300) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(people):
        area = ("Centrum", "Sylte", "Velanda")[number % 3]
        writer.writerow([f"Person {number:04}", f"Gatan {number}", "461 30", "Orten", area])
    return text.getvalue().encode()


def drawn(by: User, **values: Any) -> tuple[Wave, Draw]:
    wave = make_survey.planned(by=by)
    sample.bring_frame(wave=wave, content=register(), by=by)
    given: dict[str, Any] = {
        "mapping": MAPPING,
        "planned": {"Centrum": 20, "Sylte": 15, "Velanda": 5},
        "seed": 11,
        "method": Method.SIMPLE,
    } | values
    return wave, sample.draw_sample(wave=wave, by=by, **given)


def everything_written() -> bytes:
    """All that is in the files beside the database."""
    folders = [Path(settings.SEALED), Path(settings.MEDIA_ROOT), Path(settings.KEYS)]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return b"".join(file.read_bytes() for file in files)


def test_a_sample_is_drawn_sealed_and_each_gets_a_code() -> None:
    wave, made = drawn(make.coordinator())
    assert (made.frame_rows, wave.codes.count(), wave.addressees.count()) == (300, 40, 40)
    people = list(sample.recipients(wave))
    assert {codes.wrong(person.code) for person in people} == {None}
    for person in people:
        code = wave.codes.get(digest=envelopes.digest(wave, person.code))
        assert code.stratum is not None
        assert code.stratum.name == person.stratum
    assert people[0].address[-1] == "461 30 Orten"
    assert [(s.name, s.population, s.planned) for s in wave.strata.all()] == [
        ("Centrum", 100, 20),
        ("Sylte", 100, 15),
        ("Velanda", 100, 5),
    ]


def test_nothing_but_sealed_bytes_is_kept_of_the_register(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        wave, _made = drawn(make.coordinator())
    assert not vault.holds(sample.frame_name(wave))
    assert b"Person 0" not in everything_written()
    stored = [bytes(one.sealed) for one in Addressee.objects.all()]
    assert not any(b"Person" in sealed for sealed in stored)
    lines = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert "Person" not in lines
    assert not any(person.code in lines for person in sample.recipients(wave))


def test_the_orders_of_codes_people_and_register_have_nothing_in_common() -> None:
    wave, _made = drawn(make.coordinator(), planned={"Centrum": 100, "Sylte": 0, "Velanda": 0})
    numbered = {person.code: int(person.name[-4:]) for person in sample.recipients(wave)}
    by_digest = {envelopes.digest(wave, code): number for code, number in numbered.items()}
    in_codes = [by_digest[code.digest] for code in AccessCode.objects.order_by("pk")]
    in_people = list(numbered.values())
    for one, other in ((in_codes, in_people), (in_codes, range(100)), (in_people, range(100))):
        assert abs(spearmanr(one, other).statistic) < 0.45


def test_the_draw_can_be_made_again_from_the_same_register_only() -> None:
    wave, _made = drawn(make.coordinator(), method=Method.SYSTEMATIC)
    lines = register().decode().splitlines()
    turned = "\r\n".join([lines[0], *lines[:0:-1]]).encode()
    assert sample.drawn_again(wave, register(), MAPPING)
    assert sample.drawn_again(wave, turned, MAPPING)
    assert not sample.drawn_again(wave, register(299), MAPPING)


def test_a_draw_can_be_undone_before_the_field_and_not_after() -> None:
    by = make.coordinator()
    wave, _made = drawn(by)
    with refused("drawn"):
        sample.bring_frame(wave=wave, content=register(), by=by)
    sample.undo_draw(wave=wave, by=by)
    left = [rows.count() for rows in (wave.codes, wave.addressees, wave.strata)]
    assert left == [0, 0, 0]
    again, _made = drawn(by)
    actions.open_field(wave=again, by=by)
    with refused("in_field"):
        sample.undo_draw(wave=again, by=by)


def test_the_check_tells_areas_and_problems_by_row_and_no_names() -> None:
    by = make.coordinator()
    wave = make_survey.planned(by=by)
    bad = register(30) + b"Person 0001,Gatan 1,461 30,Orten,Sylte\r\n,Gatan,461 30,Orten,Sylte"
    sample.bring_frame(wave=wave, content=bad, by=by)
    with refused("column_missing"):
        sample.ask_check(wave=wave, mapping={"name": "Namn"}, by=by)
    job = sample.ask_check(wave=wave, mapping=MAPPING, by=by)
    jobs.work_once()
    report = Job.objects.get(pk=job.pk).report
    assert report["areas"] == {"Centrum": 10, "Sylte": 10, "Velanda": 10}
    assert report["problems"] == {"double": 1, "empty": 1}
    assert report["told"] == [
        {"row": 32, "code": "double", "field": ""},
        {"row": 33, "code": "empty", "field": "name"},
    ]
    assert "Person" not in json.dumps(report)


def test_what_cannot_be_drawn_is_refused_and_nothing_is_written() -> None:
    by = make.coordinator()
    with refused("too_many"):
        drawn(by, planned={"Centrum": 101})
    with refused("nobody_planned"):
        drawn(by, planned={"Centrum": 0})
    with refused("seed_outside"):
        drawn(by, seed=-1)
    with refused("no_sample"):
        sample.bring_frame(
            wave=make_survey.planned(by=by, design="open"), content=register(), by=by
        )
    with refused("not_allowed"):
        sample.bring_frame(wave=make_survey.planned(), content=register(), by=make.person("signer"))
    assert [AccessCode.objects.count(), Draw.objects.count()] == [0, 0]
