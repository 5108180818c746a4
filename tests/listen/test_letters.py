from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from loftet.core import jobs, seals, vault
from loftet.core.models import Event, Job, User
from loftet.listen import actions
from loftet.listen.actions import letters, sample
from loftet.listen.models import Mailing, Wave
from tests import make
from tests.listen import make as make_survey
from tests.listen.test_sample import drawn
from tests.refusal import refused

pytestmark = pytest.mark.django_db


def asked(by: User, **values: Any) -> tuple[Wave, Mailing]:
    make.municipality()
    wave, _draw = drawn(by, planned={"Centrum": 5}, **values)
    actions.open_field(wave=wave, by=by)
    mailing = letters.plan_mailing(wave=wave, kind="letter", planned_on=wave.opens, by=by)
    return wave, mailing


def printed(mailing: Mailing, by: User) -> list[str]:
    """The text of every page that was made."""
    pages = []
    for name in letters.parts(mailing):
        content = letters.take_out(mailing=mailing, name=name, by=by)
        pages += [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return pages


def made(mailing: Mailing, by: User) -> Job:
    job = letters.ask_letters(mailing=mailing, by=by)
    jobs.work_once()
    job.refresh_from_db()
    return job


def test_each_gets_a_letter_with_name_address_and_code() -> None:
    by = make.coordinator()
    wave, mailing = asked(by)
    assert made(mailing, by).report == {"copies": 5, "files": 1}
    pages = printed(mailing, by)
    assert len(pages) == 5
    for person, page in zip(sample.recipients(wave), pages, strict=True):
        assert person.name in page
        assert f"{person.code[:4]} {person.code[4:]}" in page
        assert "461 30 Orten" in page
    mailing.refresh_from_db()
    assert mailing.copies == 5


def test_reminders_go_to_those_who_have_neither_answered_nor_said_no() -> None:
    by = make.coordinator()
    wave, _letter = asked(by)
    people = list(sample.recipients(wave))
    make_survey.answered(wave, people[0].code, {"age": "old"})
    refusing = wave.codes.unanswered().order_by("pk").first()
    assert refusing is not None
    refusing.outcome = "refused"
    refusing.save()
    assert people[0].name not in {one.name for one in letters.to_ask(wave)}
    assert len(list(letters.to_ask(wave))) == 3


def test_a_reminder_with_a_form_carries_the_code_on_every_page() -> None:
    by = make.coordinator()
    wave, _letter = asked(by)
    form = letters.plan_mailing(wave=wave, kind="form", planned_on=wave.closes, by=by)
    made(form, by)
    pages = [page for page in printed(form, by) if page.strip()]
    assert len(pages) == 10
    assert all(
        any(f"{p.code[:4]} {p.code[4:]}" in page for p in sample.recipients(wave)) for page in pages
    )
    assert "Hur gammal är du?" in pages[1]


def test_the_pdf_is_tagged_and_for_the_archive() -> None:
    by = make.coordinator()
    _wave, mailing = asked(by)
    made(mailing, by)
    content = letters.take_out(mailing=mailing, name=letters.parts(mailing)[0], by=by)
    reader = PdfReader(BytesIO(content))
    marks: Any = reader.root_object["/MarkInfo"]
    assert marks["/Marked"]
    assert reader.xmp_metadata is not None
    told = reader.xmp_metadata.rdf_root.toxml()
    assert ("pdfuaid:part>1" in told, "pdfaid:part>2" in told) == (True, True)
    assert Event.objects.filter(verb="took_out").count() == 1


def test_letters_lie_sealed_and_go_with_the_addresses(
    django_capture_on_commit_callbacks: Any,
) -> None:
    by = make.coordinator()
    wave, mailing = asked(by)
    made(mailing, by)
    with django_capture_on_commit_callbacks(execute=True):
        assert letters.remove_addresses(wave=wave, by=by) == 5
    assert letters.parts(mailing) == []
    assert not vault.holds(sample.frame_name(wave))
    assert not seals.exists(wave.address_key)
    assert not wave.addressees.exists()
    line = Event.objects.get(verb="removed_addresses")
    assert line.data["people"] == 5
    assert len(line.data["destroyed_key"]) == 64
    with refused("no_addresses"):
        letters.remove_addresses(wave=wave, by=by)


def test_what_is_sent_is_refused_when_it_cannot_be() -> None:
    by = make.coordinator()
    wave, mailing = asked(by)
    with refused("day_outside"):
        letters.plan_mailing(
            wave=wave, kind="card", planned_on=wave.closes.replace(year=2099), by=by
        )
    with refused("no_letters"):
        letters.take_out(mailing=mailing, name="mailing-1-001", by=by)
    with refused("not_allowed"):
        letters.ask_letters(mailing=mailing, by=make.person("signer"))
    made(mailing, by)
    mailing.refresh_from_db()
    with refused("made"):
        letters.drop_mailing(mailing=mailing, by=by)
    actions.close_field(wave=wave, by=by)
    with refused("wave_closed"):
        letters.ask_letters(mailing=mailing, by=by)


def test_when_nobody_is_left_no_letter_is_made() -> None:
    by = make.coordinator()
    wave, mailing = asked(by)
    for person in list(sample.recipients(wave)):
        make_survey.answered(wave, person.code, {"age": "old"})
    assert made(mailing, by).state == "refused"
    assert letters.parts(mailing) == []
