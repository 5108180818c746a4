from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from loftet.core import log
from loftet.core.models import Event
from loftet.listen.actions import questionnaires as actions
from loftet.listen.actions.faults import Faulty
from loftet.listen.models import Questionnaire
from loftet.listen.sources import starter
from tests import make
from tests.listen import make as listen
from tests.refusal import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def titled(swedish: str, **changes: Any) -> dict[str, Any]:
    return listen.DOCUMENT | {"title": {"sv": swedish, "en": "Safety"}} | changes


def last() -> Event:
    return Event.objects.latest("number")


def test_a_questionnaire_is_stored_tidy_and_logged_with_its_digest() -> None:
    by = make.coordinator()
    untidy = titled("Trygg", introduction={"sv": "", "en": " "}, thanks={})
    made = actions.add_questionnaire(code="safety", document=untidy, by=by)
    assert made.content == titled("Trygg")
    assert (made.version, made.locked_at) == (1, None)
    assert (last().verb, last().data["digest"]) == ("added", made.digest())
    assert str(made) == "Safety, 1"


def test_the_starter_can_be_stored_and_locked() -> None:
    by = make.coordinator()
    made = actions.add_questionnaire(code="starter", document=starter.document(), by=by)
    actions.lock_questionnaire(made, by)
    assert made.form.question("priorities").most == 3


def test_all_that_is_wrong_is_said_and_nothing_is_stored() -> None:
    wrong = titled("", languages=["sv", "en", "en"])
    with pytest.raises(Faulty) as caught:
        actions.add_questionnaire(code="safety", document=wrong, by=make.coordinator())
    assert caught.value.code == "questionnaire_faulty"
    assert caught.value.lines == [
        "Languages: the language en is there twice.",
        "Title: the text in Swedish is missing.",
    ]
    assert caught.value.message.startswith(caught.value.lines[0])
    assert not Questionnaire.objects.exists()


def test_a_code_is_used_once() -> None:
    by = make.coordinator()
    actions.add_questionnaire(code="safety", document=listen.DOCUMENT, by=by)
    with refused("code_taken"):
        actions.add_questionnaire(code="safety", document=listen.DOCUMENT, by=by)
    with refused("invalid"):
        actions.add_questionnaire(code="not a slug", document=listen.DOCUMENT, by=by)


def test_only_those_who_write_surveys_change_questionnaires() -> None:
    made = listen.questionnaire()
    for role in ("survey_assistant", "reporter", "administrator"):
        stranger = make.person(role)
        with refused("not_allowed"):
            actions.add_questionnaire(code="x", document=listen.DOCUMENT, by=stranger)
        with refused("not_allowed"):
            actions.edit_questionnaire(questionnaire=made, document=titled("Ny"), by=stranger)
        with refused("not_allowed"):
            actions.new_version(of=made, by=stranger)
        with refused("not_allowed"):
            actions.remove_questionnaire(questionnaire=made, by=stranger)


def test_an_edit_is_logged_and_one_that_changes_nothing_is_not() -> None:
    by = make.coordinator()
    made = listen.questionnaire(by=by)
    before = log.head()
    actions.edit_questionnaire(questionnaire=made, document=listen.DOCUMENT, by=by)
    assert log.head() == before
    actions.edit_questionnaire(questionnaire=made, document=titled("Ny"), by=by)
    made.refresh_from_db()
    assert made.content == titled("Ny")
    assert (last().verb, last().data["digest"]) == ("edited", made.digest())


def test_two_who_edit_at_once_do_not_overwrite_each_other() -> None:
    by = make.coordinator()
    made = listen.questionnaire(by=by)
    mine = Questionnaire.objects.get(pk=made.pk)
    read = made.digest()
    actions.edit_questionnaire(questionnaire=made, document=titled("A"), read=read, by=by)
    with refused("questionnaire_changed"):
        actions.edit_questionnaire(questionnaire=mine, document=titled("B"), read=read, by=by)
    assert Questionnaire.objects.get(pk=made.pk).content == titled("A")


def test_what_is_unfinished_can_be_stored_but_not_asked() -> None:
    by = make.coordinator()
    made = listen.questionnaire(titled("Ny", pages=[]), by=by)
    with pytest.raises(Faulty) as caught:
        actions.lock_questionnaire(made, by)
    assert caught.value.lines == ["Questionnaire: there are no questions yet."]
    made.refresh_from_db()
    assert made.locked_at is None


def test_what_people_were_asked_never_changes() -> None:
    by = make.coordinator()
    made = listen.questionnaire(by=by)
    actions.lock_questionnaire(made, by)
    assert (last().verb, last().data["digest"]) == ("locked", made.digest())
    locked_at, head = made.locked_at, log.head()
    actions.lock_questionnaire(made, by)
    assert (made.locked_at, log.head()) == (locked_at, head)
    with refused("questionnaire_locked"):
        actions.edit_questionnaire(questionnaire=made, document=titled("Ny"), by=by)
    with refused("questionnaire_locked"):
        actions.remove_questionnaire(questionnaire=made, by=by)


def test_a_stale_copy_cannot_go_around_the_lock() -> None:
    by = make.coordinator()
    made = listen.questionnaire(by=by)
    stale = Questionnaire.objects.get(pk=made.pk)
    actions.lock_questionnaire(made, by)
    with refused("questionnaire_locked"):
        actions.edit_questionnaire(questionnaire=stale, document=titled("Ny"), by=by)


def test_a_new_version_follows_the_one_that_was_used() -> None:
    by = make.coordinator()
    made = listen.questionnaire(by=by)
    with refused("version_open"):
        actions.new_version(of=made, by=by)
    actions.lock_questionnaire(made, by)
    new = actions.new_version(of=made, by=by)
    assert (new.code, new.version, new.locked_at) == (made.code, 2, None)
    assert new.content == made.content
    assert last().data["after"] == 1
    with refused("version_open"):
        actions.new_version(of=made, by=by)
    assert list(Questionnaire.objects.newest()) == [new]


def test_what_was_never_used_can_be_thrown_away() -> None:
    by = make.coordinator()
    made = listen.questionnaire(by=by)
    actions.remove_questionnaire(questionnaire=made, by=by)
    assert not Questionnaire.objects.exists()
    assert last().verb == "removed"
    wave = listen.planned(by=by)
    assert wave.questionnaire is not None
    with refused("questionnaire_chosen"):
        actions.remove_questionnaire(questionnaire=wave.questionnaire, by=by)
