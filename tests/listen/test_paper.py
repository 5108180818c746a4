"""Paper forms: typed as written, by two people, sealed, and counted once."""

import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from loftet.core import clock
from loftet.core.models import Event, User
from loftet.listen import actions
from loftet.listen.actions import envelopes
from loftet.listen.actions import paper as typing
from loftet.listen.actions.paper import Stage
from loftet.listen.models import AccessCode, Answer, Envelope, Keying, KeyingTally, Wave
from loftet.listen.rules import paper as rules
from tests import make
from tests.listen import make as make_survey
from tests.listen.paper import DOCUMENT, FORM, TYPED, WRITTEN
from tests.refusal import refused
from tests.visit import as_person, queries, read, words

pytestmark = pytest.mark.django_db


# --- The actions ----------------------------------------------------------------------------------


def typists() -> tuple[User, User]:
    return make.person("survey_assistant"), make.person("survey_assistant")


OTHERS = {"more": "Någon annan."}


def paper_wave(people: int = 1) -> tuple[Wave, list[str]]:
    """A wave with codes for so many forms; two more have answered, for one alone is not opened."""
    wave, given = make_survey.in_field(people=people + 2, document=DOCUMENT)
    for code in given[people:]:
        make_survey.answered(wave, code, OTHERS)
    return wave, given[:people]


def on_paper() -> Any:
    return Answer.objects.exclude(content=OTHERS)


def of(wave: Wave, code: str, by: User) -> AccessCode:
    return typing.found(wave=wave, typed=code, by=by)


def test_when_both_type_the_same_it_is_an_answer_and_the_code_is_used() -> None:
    one, two = typists()
    wave, (code,) = paper_wave()
    assert typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one) is Stage.SECOND
    assert of(wave, code, one).used_on is None
    assert typing.type_in(code=of(wave, code, two), written=WRITTEN, by=two) is Stage.DONE
    used = of(wave, code, one)
    assert used.used_on == clock.today()
    assert Envelope.objects.get(code=used).mode == "paper"
    assert not Keying.objects.exists()
    make_survey.counted(wave)
    kept = on_paper().get()
    assert kept.content == rules.counted(FORM, WRITTEN)
    assert kept.language == "sv"


def test_nobody_types_the_same_form_twice() -> None:
    one, _two = typists()
    wave, (code,) = paper_wave()
    typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one)
    assert typing.stage(of(wave, code, one), one) is Stage.OWN
    with refused("not_yours"):
        typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one)


def test_differences_wait_until_they_are_settled_and_are_counted() -> None:
    one, two = typists()
    wave, (code,) = paper_wave()
    other = WRITTEN | {"age": 74, "out": "?"}
    typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one)
    now = typing.type_in(code=of(wave, code, two), written=other, by=two)
    assert now is Stage.DIFFERENCES
    assert not Envelope.objects.filter(mode="paper").exists()
    actions.close_field(wave=wave, by=make.coordinator())
    with refused("paper_left"):
        actions.count_answers(wave=wave, by=make.coordinator())
    with refused("not_all"):
        typing.settle(code=of(wave, code, one), values={"age": 47}, by=one)
    typing.settle(code=of(wave, code, one), values={"age": 48, "out": "no"}, by=one)
    actions.count_answers(wave=wave, by=make.coordinator())
    content = on_paper().get().content
    assert (content["age"], content["out"], "when" in content) == (48, "no", False)
    tally = KeyingTally.objects.get()
    assert (tally.forms, tally.boxes, tally.differing) == (1, 9, 2)
    assert tally.error_percent == 22.2


def test_an_answer_sent_in_on_the_web_counts_and_the_paper_is_a_duplicate() -> None:
    one, two = typists()
    wave, (code,) = paper_wave()
    typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one)
    make_survey.answered(wave, code, {"out": "no"})
    with refused("code_used"):
        typing.type_in(code=of(wave, code, two), written=WRITTEN, by=two)
    typing.note_duplicate(code=of(wave, code, two), by=two)
    assert not Keying.objects.exists()
    assert KeyingTally.objects.get().duplicates == 1
    make_survey.counted(wave)
    assert [answer.content for answer in on_paper()] == [{"out": "no"}]


def test_a_draft_on_the_web_gives_way_to_the_paper_and_cannot_be_sent_after_it() -> None:
    one, two = typists()
    wave, (code,) = paper_wave()
    begun = of(wave, code, one)
    draft = envelopes.Draft("sv", {"out": "no"})
    envelopes.keep(wave=wave, code=begun, draft=draft, finished=False)
    for by in (one, two):
        typing.type_in(code=of(wave, code, by), written=WRITTEN, by=by)
    with refused("code_used"):
        envelopes.keep(wave=wave, code=begun, draft=draft, finished=True)
    make_survey.counted(wave)
    assert on_paper().get().content["out"] == "yes"


def test_paper_is_typed_after_the_field_closed_but_not_once_answers_are_opened() -> None:
    one, two = typists()
    by = make.coordinator()
    wave, (code, late) = paper_wave(2)
    typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one)
    actions.close_field(wave=wave, by=by)
    wave.refresh_from_db()
    typing.type_in(code=of(wave, code, two), written=WRITTEN, by=two)
    actions.count_answers(wave=wave, by=by)
    with refused("answers_opened"):
        typing.found(wave=wave, typed=late, by=one)


def test_codes_are_checked_as_on_the_web_and_roles_are_asked_for() -> None:
    one, _two = typists()
    wave, (code,) = paper_wave()
    other, (foreign,) = paper_wave()
    assert other != wave
    for typed, why in [("", "code_empty"), ("abc", "code_length"), (foreign, "code_unknown")]:
        with refused(why):
            typing.found(wave=wave, typed=typed, by=one)
    swapped = code[1] + code[0] + code[2:]
    if swapped != code:
        with refused("code_mistyped"):
            typing.found(wave=wave, typed=swapped, by=one)
    assert typing.found(wave=wave, typed=f" {code[:4].lower()}-{code[4:]} ", by=one)
    with refused("not_allowed"):
        typing.found(wave=wave, typed=code, by=make.person("signer"))
    with refused("no_paper"):
        make_survey.in_field(on_paper=False)[0]
        typing.refuse_unless_typed(make_survey.planned(on_paper=False))


def test_who_has_sent_in_a_form_that_lies_half_typed_is_not_reminded() -> None:
    one, _two = typists()
    wave, (code, _other) = paper_wave(2)
    typing.type_in(code=of(wave, code, one), written=WRITTEN, by=one)
    assert wave.codes.unanswered().count() == 1


# --- What a thief finds ---------------------------------------------------------------------------


def test_neither_log_nor_rows_tie_a_code_to_what_was_typed() -> None:
    one, two = typists()
    wave, given = paper_wave(30)
    for number, code in enumerate(given):
        by = one if number % 2 else two
        marked = WRITTEN | {"more": f"marker {number:03} " * (number % 5 + 1)}
        typing.type_in(code=of(wave, code, by), written=marked, by=by)
    stolen = [bytes(row.sealed) for row in Keying.objects.all()]
    assert len({len(sealed) for sealed in stolen}) == 1
    for number, code in enumerate(given):
        by = two if number % 2 else one
        marked = WRITTEN | {"more": f"marker {number:03} " * (number % 5 + 1)}
        assert typing.type_in(code=of(wave, code, by), written=marked, by=by) is Stage.DONE
    lines = Event.objects.filter(verb="typed_paper")
    assert Counter(lines.values_list("by", flat=True)) == {one.pk: 1, two.pk: 1}
    assert [line.data for line in lines] == [{}, {}]
    told = str(list(Event.objects.values_list("data", "subject")))
    assert "accesscode" not in told
    assert not any(code in told for code in given)
    make_survey.counted(wave)
    markers = [int(re.findall(r"\d{3}", a.content["more"])[0]) for a in on_paper()]
    assert sorted(markers) == list(range(30))
    assert markers != sorted(markers)
    assert not Keying.objects.exists()


# --- The pages ------------------------------------------------------------------------------------


def url(wave: Wave) -> str:
    return f"/arbete/fraga/{wave.code}/papper/"


def posts(client: Client, wave: Wave, code: str, **more: Any) -> Any:
    return client.post(url(wave), {"code": code, **more}, follow=True)


def test_a_form_goes_through_both_hands_without_javascript() -> None:
    one, two = typists()
    wave, (code,) = paper_wave()
    first, second = as_person(one), as_person(two)
    assert "Första inskrivningen" in words(posts(first, wave, code)) or "First typing" in words(
        posts(first, wave, code)
    )
    posts(first, wave, code, _step="type", **TYPED)
    assert Keying.objects.count() == 1
    differing = words(posts(second, wave, code, _step="type", **TYPED | {"age": "74"}))
    assert "Ålder" in differing
    assert "Går du ut?" not in differing
    unchosen = words(posts(second, wave, code, _step="settle"))
    assert 'role="alert"' in unchosen
    assert Keying.objects.count() == 2
    posts(second, wave, code, _step="settle", **{"_choice.age": "other", "_other.age": "74"})
    make_survey.counted(wave)
    assert on_paper().get().content["age"] == 74


def test_errors_and_flags_keep_what_was_typed() -> None:
    one, _two = typists()
    wave, (code,) = paper_wave()
    client = as_person(one)
    page = words(posts(client, wave, code, _step="type", **TYPED | {"out": "7"}))
    assert 'value="7"' in page
    assert "Bättre ljus." in page
    assert 'role="alert"' in page
    page = words(posts(client, wave, code, _step="type", **TYPED | {"first": "123"}))
    assert 'name="_checked"' in page
    assert not Keying.objects.exists()
    posts(client, wave, code, _step="type", _checked="1", **TYPED | {"first": "123"})
    assert Keying.objects.count() == 1


def test_a_telephone_number_in_free_text_is_asked_about() -> None:
    one, _two = typists()
    wave, (code,) = paper_wave()
    page = words(
        posts(as_person(one), wave, code, _step="type", **TYPED | {"more": "Ring 070-123 45 67"})
    )
    assert 'name="_checked"' in page
    assert not Keying.objects.exists()


def test_the_page_never_has_the_code_in_its_address_and_refuses_other_roles() -> None:
    wave, (code,) = paper_wave()
    signer = as_person(make.person("signer"))
    assert 'name="code"' not in read(signer, url(wave))
    assert posts(signer, wave, code).status_code == 403
    response = posts(as_person(typists()[0]), wave, code)
    assert response.redirect_chain == []
    assert code not in response.request["PATH_INFO"]


def test_more_forms_ask_the_database_no_more() -> None:
    one, two = typists()
    wave, given = paper_wave(6)
    client = as_person(one)
    typing.type_in(code=of(wave, given[0], one), written=WRITTEN, by=one)
    few = queries(client, url(wave))
    for code in given[1:]:
        for by in (one, two):
            typing.type_in(code=of(wave, code, by), written=WRITTEN, by=by)
    assert queries(client, url(wave)) <= few
