"""Pages of questions: saved in both directions, checked, asked about, sent in once."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache

from loftet.core import places, seals
from loftet.listen import actions
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Envelope, Wave
from loftet.listen.sources import starter
from tests import make
from tests.listen import make as survey
from tests.listen.answering import Person
from tests.visit import queries, words

pytestmark = pytest.mark.django_db
PERSONAL = "Ring 070-123 45 67 om lamporna."


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def asked(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form with one page of these and one more, so that there is somewhere to go."""
    pages = [
        {"code": "first", "title": survey.texts("Första"), "questions": list(questions)},
        {
            "code": "last",
            "title": survey.texts("Sista"),
            "questions": [
                {
                    "code": "end",
                    "kind": "single",
                    "label": survey.texts("Klar?"),
                    "choices": survey.choices("yes", "no"),
                }
            ],
        },
    ]
    return {"title": survey.texts("Prov"), "languages": ["sv", "en"], "pages": pages} | more


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "label": survey.texts(f"Fråga {code}"), **more}


def begun(document: dict[str, Any] | None = None) -> tuple[Person, Wave, str]:
    wave, (code,) = survey.in_field(document=document)
    return Person(code), wave, code


def kept(wave: Wave) -> dict[str, Any]:
    return envelopes.draft(wave=wave, code=AccessCode.objects.get(wave=wave)).answers


def test_a_page_is_saved_on_the_way_forward_and_on_the_way_back() -> None:
    person, wave, _code = begun()
    person.posts("borja/")
    assert (person.path, "Sida 1 av 2" in person.page) == ("fraga/you/", True)
    person.posts("fraga/you/", age="old")
    assert person.path == "fraga/work/"
    person.posts("fraga/work/", priorities=["cars", "noise"], _go="back")
    assert person.path == "fraga/you/"
    assert 'value="old" checked' in person.page
    assert kept(wave) == {"age": "old", "priorities": ["cars", "noise"]}


def test_somebody_may_stop_and_come_back_with_the_code() -> None:
    person, _wave, code = begun()
    person.posts("fraga/you/", age="old", _go="save")
    assert "Dina svar är sparade" in person.page
    assert not person.client.cookies["enkat"].value
    assert person.at("fraga/you/").count('name="code"')
    person.enter(code)
    assert "Fortsätt där du var" in person.page
    person.posts("borja/")
    assert person.path == "fraga/work/"


def test_the_whole_way_ends_with_a_receipt_and_the_code_is_used() -> None:
    person, wave, code = begun()
    person.posts("fraga/you/", age="old", evening="safe")
    person.posts("fraga/work/", more="Fler lampor.")
    assert person.path == "granska/"
    for said in ("Gå igenom dina svar", "Old", "Fler lampor.", "Inget svar"):
        assert said in person.page
    person.posts("granska/", _send="1")
    number = re.search(r'<b dir="ltr">([\w-]{14})</b>', person.page)
    used = AccessCode.objects.get()
    assert number
    assert number[1] == envelopes.receipt(used)
    assert used.used_on
    assert Envelope.objects.exclude(finished_on=None).count() == 1
    assert not person.client.cookies["enkat"].value
    assert "redan ett inskickat svar" in words(Person().enter(code))
    assert kept(wave) == {"age": "old", "evening": "safe", "more": "Fler lampor."}


def test_going_back_after_sending_sends_nothing_again() -> None:
    person, wave, code = begun()
    twin = Person(code)
    twin.at("granska/")
    person.posts("fraga/you/", age="old")
    person.at("granska/")
    twin.at("granska/")
    assert person.post("granska/", _send="1")["Location"] == "/enkat/kvitto/"
    assert twin.post("granska/", _send="1")["Location"] == "/enkat/kvitto/"
    late = twin.posts("fraga/you/", age="young")
    assert late.status_code == 409
    assert "redan ett inskickat svar" in twin.page
    assert kept(wave) == {"age": "old"}


def test_nothing_can_be_sent_before_something_is_answered() -> None:
    person, _wave, _code = begun()
    assert "Du har inte svarat på någon fråga än" in person.at("granska/")
    person.posts("granska/", _send="1")
    assert person.path == "granska/"
    assert not AccessCode.objects.exclude(used_on=None)


def test_what_is_wrong_is_listed_with_links_and_what_was_written_stays() -> None:
    age = question("years", "number", lowest=16, highest=110, whole=True, required=True)
    person, wave, _code = begun(asked(age))
    person.posts("fraga/first/", years="fjorton")
    assert '<a href="#f-years">Fråga years – Skriv ett tal med siffror' in person.page
    assert 'value="fjorton"' in person.page
    assert 'aria-invalid="true"' in person.page
    assert person.page.count("<title>Fel: ") == 1
    person.posts("fraga/first/", years="14")
    assert "Talet måste vara minst 16." in person.page
    person.posts("fraga/first/", years="٦٦")  # in Arabic digits
    assert (person.path, kept(wave)) == ("fraga/last/", {"years": 66})


@pytest.mark.parametrize("value", ["9999", "-1", "NaN", "1e9", "<script>"])
def test_answers_out_of_range_sent_by_hand_are_refused(value: str) -> None:
    person, wave, _code = begun(asked(question("years", "number", lowest=0, highest=110)))
    person.posts("fraga/first/", years=value, age="x", unknown="y")
    assert (person.path, kept(wave)) == ("fraga/first/", {})
    assert "<script>" not in person.page.replace('<script type="', "")


def test_what_must_be_answered_stops_nobody_who_goes_back_or_pauses() -> None:
    grid = question("rows", "grid", required=True, choices=survey.choices("a", "b"),
                    rows=survey.choices("one", "two"))  # fmt: skip
    person, wave, _code = begun(asked(grid))
    person.posts("fraga/first/", rows__one="a")
    assert "Svara på varje rad. Rader utan svar: 1." in person.page
    person.posts("fraga/first/", rows__one="a", _go="back")
    assert (person.path, kept(wave)) == ("borja/", {"rows": {"one": "a"}})
    person.at("fraga/last/")
    person.posts("fraga/last/", end="yes")
    assert "De här frågorna måste besvaras först" in person.page
    assert 'name="_send"' not in person.page
    person.posts("granska/", _send="1")
    assert not AccessCode.objects.exclude(used_on=None)


def test_each_row_of_a_grid_is_a_group_of_its_own_for_a_screen_reader() -> None:
    grid = question("rows", "grid", choices=survey.choices("a", "b"),
                    rows=survey.choices("one", "two"))  # fmt: skip
    person, _wave, _code = begun(asked(grid))
    page = person.at("fraga/first/")
    assert len(re.findall(r'<fieldset class="row"> <legend>(?:One|Two)</legend>', page)) == 2


def test_a_question_that_depends_on_the_page_says_so_and_the_server_decides() -> None:
    first = question("exposed", "single", choices=survey.choices("yes", "no"))
    second = question("reported", "single", choices=survey.choices("all", "none"),
                      relevant="${exposed} = 'yes'")  # fmt: skip
    person, wave, _code = begun(asked(first, second))
    page = person.at("fraga/first/")
    assert "Svara bara om frågan passar med ditt svar på: Fråga exposed" in page
    assert '["=", ["answer", "exposed"], "yes"]' in unescape(page)
    person.posts("fraga/first/", exposed="no", reported="all")
    assert kept(wave) == {"exposed": "no"}


def test_an_answer_that_no_longer_belongs_is_swept_away_when_sent() -> None:
    document = asked(question("exposed", "single", choices=survey.choices("yes", "no")))
    document["pages"][1]["relevant"] = "${exposed} = 'yes'"
    person, wave, _code = begun(document)
    person.posts("fraga/first/", exposed="yes")
    person.posts("fraga/last/", end="yes")
    person.at("fraga/first/")
    person.posts("fraga/first/", exposed="no")
    assert person.path == "granska/"
    assert "Sista" not in person.page
    person.posts("granska/", _send="1")
    assert kept(wave) == {"exposed": "no"}


def test_a_text_with_personal_data_is_asked_about_before_it_is_stored() -> None:
    person, wave, _code = begun(asked(question("more", "text"), question("other", "text")))
    person.posts("fraga/first/", more=PERSONAL, other="Lugnt.")
    assert "Det ser ut som telefonnummer" in person.page
    assert PERSONAL in person.page
    assert kept(wave) == {"other": "Lugnt."}
    keep, hide = (re.search(rf'value="({how}-\w+)"', person.page) for how in ("keep", "hide"))
    assert keep
    assert hide
    changed = PERSONAL + " Eller 070-765 43 21."
    person.posts("fraga/first/", more=changed, _personal__more=keep[1])
    assert kept(wave) == {}  # the choice was for the other text
    person.post("fraga/first/", **{"more": PERSONAL, "_personal.more": hide[1]})
    assert kept(wave) == {"more": "Ring [borttaget] om lamporna."}
    person.post("fraga/first/", **{"more": PERSONAL, "_personal.more": keep[1]})
    assert kept(wave) == {"more": PERSONAL}


def test_two_megabytes_of_text_are_refused_and_earlier_answers_stay() -> None:
    person, wave, _code = begun(asked(question("more", "text", longest=500)))
    person.at("fraga/last/")
    person.posts("fraga/last/", end="yes")
    person.at("fraga/first/")
    person.posts("fraga/first/", more="x" * 2_000_000)
    assert "Den får ha högst 500 tecken och har 2000000." in person.page
    response = person.post("fraga/first/", more="å" * 2_000_000)
    assert response.status_code == 413
    assert "allt du har svarat tidigare finns kvar" in words(response)
    assert kept(wave) == {"end": "yes"}


def test_places_are_named_described_or_pointed_out_and_never_exact() -> None:
    square = make.place()
    person, wave, _code = begun(asked(question("where", "place", most=2)))
    person.at("fraga/first/")
    person.posts(
        "fraga/first/",
        **{"_named.where.0": str(square.pk), "where.0.feeling": "unsafe", "where.0.when": "night",
           "where.1.lat": "58.281234", "where.1.lon": "12.291234", "where.1.feeling": "safe"},
    )  # fmt: skip
    named, pointed = kept(wave)["where"]
    assert (named["described"], named["when"]) == ("Drottningtorget", "night")
    for mark in (named, pointed):
        easting, northing = places.to_sweref(mark["lat"], mark["lon"])
        assert abs(easting / 25 - round(easting / 25)) * 25 < 1
        assert abs(northing / 25 - round(northing / 25)) * 25 < 1
    distance = places.to_sweref(58.281234, 12.291234)
    moved = places.to_sweref(pointed["lat"], pointed["lon"])
    assert max(abs(a - b) for a, b in zip(distance, moved, strict=True)) <= 13
    assert envelopes.generalised({"where": [pointed]}) == {"where": [pointed]}

    assert "Platsen är utpekad på kartan." in person.at("fraga/first/")
    person.posts("fraga/first/", **{"_remove.where.0": "1", "where.0.described": "Drottningtorget",
                 "where.1.described": "Tunneln", "where.1.feeling": "safe"})  # fmt: skip
    assert kept(wave)["where"] == [{"described": "Tunneln", "feeling": "safe"}]


def test_a_place_in_another_country_or_without_a_feeling_is_said_again() -> None:
    person, wave, _code = begun(asked(question("where", "place")))
    mark = {"where.0.lat": "48.85", "where.0.lon": "2.35", "where.0.feeling": "safe"}
    person.posts("fraga/first/", **mark)
    assert "Plats 1: läget på kartan går inte att läsa" in person.page
    person.posts("fraga/first/", **{"where.0.described": "Tunneln"})
    assert "Plats 1: välj om den känns trygg eller otrygg" in person.page
    assert 'value="Tunneln"' in person.page
    assert kept(wave) == {}


def test_a_page_may_change_language_and_keeps_what_was_answered() -> None:
    person, wave, code = begun()
    person.posts("fraga/you/", age="old", _language="en")
    assert (person.path, "How old are you?" in person.page) == ("fraga/you/", True)
    assert 'value="old" checked' in person.page
    person.posts("fraga/you/", age="old", _go="save")
    draft = envelopes.draft(wave=wave, code=AccessCode.objects.get())
    assert draft.language == "en"
    assert "Continue where you were" in words(Person().enter(code))


def test_a_page_without_its_token_changes_nothing() -> None:
    person, wave, _code = begun()
    person.page = ""
    response = person.post("fraga/you/", age="old")
    assert response.status_code == 403
    assert not Envelope.objects.exists()
    assert "Inget har ändrats" in words(response)
    assert kept(wave) == {}


def test_when_the_field_closes_in_the_middle_it_is_said(settings: Any) -> None:
    settings.DEMO_DAY = "2026-10-05"
    by = make.coordinator()
    wave, (code,) = survey.in_field(by=by, opens=date(2026, 10, 1), closes=date(2026, 10, 31))
    person = Person(code)
    person.posts("fraga/you/", age="old")
    actions.close_field(wave=wave, by=by)
    assert person.posts("fraga/work/", more="För sent.").status_code == 409
    assert "Undersökningen är stängd" in person.page
    assert kept(wave) == {"age": "old"}


def test_a_destroyed_key_is_an_end_and_not_a_fault() -> None:
    person, wave, _code = begun()
    person.posts("fraga/you/", age="old")
    seals.destroy(wave.answer_key)
    assert person.client.get("/enkat/fraga/work/").status_code == 409


def test_unknown_pages_lead_to_where_one_was() -> None:
    person, _wave, _code = begun()
    person.at("fraga/finns-inte/")
    assert person.path == "fraga/you/"


def test_a_full_page_is_as_light_for_the_database_as_an_empty_one() -> None:
    wave, (code,) = survey.in_field(document=starter.document())
    person = Person(code)
    before = queries(person.client, "/enkat/fraga/order/")
    person.at("fraga/order/")
    person.posts("fraga/order/", disturbances__drunk="large", disturbances__drugs="none")
    assert queries(person.client, "/enkat/fraga/order/") == before
    assert kept(wave)["disturbances"] == {"drunk": "large", "drugs": "none"}


def test_the_whole_page_is_in_the_language_and_direction_of_the_answer() -> None:
    _wave, (code,) = survey.in_field(document=starter.document())
    person = Person()
    person.enter(code, language="ar")
    page = person.at("fraga/order/")
    assert '<html lang="ar" dir="rtl">' in page
    assert "الصفحة 2 من 9" in page
    assert "Nästa" not in page
