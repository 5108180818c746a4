"""The editor: what it says of a promise, who writes, moves and signs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from loftet.core.models import Cycle, Event, User
from loftet.promise import actions
from loftet.promise.models import Commitment, Pledge, Signature
from loftet.promise.rules import State
from tests import make
from tests.refusal import refused
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
WRITTEN: dict[str, Any] = {
    "code": "20-1",
    "kind": "activity",
    "actor": "municipality",
    "position": "1",
    "text_sv": "Vi går trygghetsronder.",
    "place": "Två områden",
    "starts": "2020-01-01",
    "ends": "2020-12-31",
}


@pytest.fixture
def by() -> User:
    make.municipality()
    return make.coordinator()


@pytest.fixture
def pledge(by: User) -> Pledge:
    return make.pledge(by=by)


def signer(kind: str) -> User:
    return make.person("signer", make.organisation(kind=kind))


def decided(pledge: Pledge, by: User) -> Pledge:
    make.commitment(pledge, "20-9", by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    return actions.move(pledge=pledge, to=State.DECIDED, by=by)


def add(client: Client, **changed: Any) -> Any:
    return client.post("/arbete/loften/2020/lofte/nytt/", WRITTEN | changed)


# --- The editor's advice -------------------------------------------------------------------------


def test_keeping_a_promise_stays_and_says_what_is_missing(by: User, pledge: Pledge) -> None:
    client = as_person(by)
    editor = went_to(add(client))
    assert editor == "/arbete/loften/2020/lofte/20-1/"
    page = read(client, editor)
    assert pledge.commitments.get().text_sv == "Vi går trygghetsronder."
    for missing in (
        "Ange hur många.",
        "Välj minst, högst eller exakt.",
        "Skriv varifrån siffrorna ska komma",
        "Ange vilken enhet som ansvarar",
    ):
        assert missing in page


def test_vague_words_are_advised_against_with_the_reason(by: User, pledge: Pledge) -> None:
    make.commitment(pledge, "20-1", text_sv="Vi ska verka för ett tryggare centrum.", by=by)
    page = read(as_person(by), "/arbete/loften/2020/lofte/20-1/")
    assert "verka för: Det går alltid att säga att man har verkat för något." in page


def test_a_promise_with_all_it_needs_is_said_to_be_so(by: User, pledge: Pledge) -> None:
    make.commitment(pledge, "20-1", by=by)
    page = read(as_person(by), "/arbete/loften/2020/lofte/20-1/")
    assert "Ja. Det står vem, vad, hur mycket" in page


def test_the_editor_says_what_change_the_indicator_could_reveal(by: User, pledge: Pledge) -> None:
    code = make.fewer_reports(pledge, 185, by=by).code
    page = read(as_person(by), f"/arbete/loften/2020/lofte/{code}/")
    assert "Med 185 anmälningar" in page
    assert "slumpen" in page


def test_without_a_baseline_nothing_is_said_of_what_could_be_revealed(
    by: User, pledge: Pledge
) -> None:
    make.commitment(
        pledge, "20-1", kind="change", comparator="decrease", indicator=make.indicator(by=by), by=by
    )
    page = read(as_person(by), "/arbete/loften/2020/lofte/20-1/")
    assert "slumpen" not in page
    assert "Välj utgångsläget" in page


# --- Writing --------------------------------------------------------------------------------------


def test_the_next_code_follows_those_that_there_are(by: User, pledge: Pledge) -> None:
    make.commitment(pledge, "20-1", by=by)
    assert 'value="20-2"' in read(as_person(by), "/arbete/loften/2020/lofte/nytt/")


def test_days_outside_the_period_are_told_at_the_field(by: User, pledge: Pledge) -> None:
    response = add(as_person(by), ends="2021-06-30")
    assert "Dagarna måste ligga inom löftets egen period" in words(response)
    assert not pledge.commitments.exists()


def test_a_text_longer_than_a_promise_is_refused_in_the_form(by: User, pledge: Pledge) -> None:
    assert "id_text_sv_error" in words(add(as_person(by), text_sv="Vi går. " * 100))
    assert not pledge.commitments.exists()


@pytest.mark.parametrize("field", ["text_sv", "because_sv", "counting_rule_sv"])
def test_a_text_that_names_a_person_by_number_is_refused_at_its_field(
    by: User, pledge: Pledge, field: str
) -> None:
    response = add(as_person(by), **{field: "Ring 070-123 45 67."})
    assert "ett telefonnummer" in words(response)
    assert f"id_{field}_error" in words(response)
    assert not pledge.commitments.exists()


def test_a_promise_is_removed_by_those_who_write_it(by: User, pledge: Pledge) -> None:
    make.commitment(pledge, "20-1", by=by)
    path = "/arbete/loften/2020/lofte/20-1/ta-bort/"
    assert as_person(by).get(path).status_code == 405
    assert went_to(as_person(by).post(path)) == "/arbete/loften/2020/"
    assert not pledge.commitments.exists()
    assert Event.objects.last().verb == "removed"  # type: ignore[union-attr]


def test_the_police_cannot_take_over_what_the_municipality_promises(
    by: User, pledge: Pledge
) -> None:
    police, city = make.organisation(kind="police"), make.organisation()
    officer = make.person("municipal_officer", police)
    theirs = make.commitment(pledge, "20-1", responsible=city, by=by)
    data = WRITTEN | {"text_sv": "Något annat.", "responsible": str(police.pk)}
    for asked in (data, data | {"responsible": ""}):
        answer = as_person(officer).post("/arbete/loften/2020/lofte/20-1/", asked)
        assert answer.status_code == 403
    theirs.refresh_from_db()
    assert (theirs.text_sv, theirs.responsible) == ("Trygghetsronder i två områden.", city)


def test_a_pledge_begins_with_its_period(by: User) -> None:
    data = {
        "period": "2022", "starts": "2022-01-01", "ends": "2022-12-31",
        "title_sv": "Löfte 2022", "place": "Hela kommunen",
    }  # fmt: skip
    assert went_to(as_person(by).post("/arbete/loften/nytt/", data)) == "/arbete/loften/2022/"
    assert Cycle.objects.get().period == "2022"


def test_an_address_that_is_taken_is_told_at_its_field(by: User, pledge: Pledge) -> None:
    data = {
        "period": pledge.period, "starts": "2022-01-01", "ends": "2022-12-31",
        "title_sv": "Löfte 2022", "place": "Hela kommunen",
    }  # fmt: skip
    assert "id_period_error" in words(as_person(by).post("/arbete/loften/nytt/", data))
    assert Pledge.objects.get().title_sv == "Medborgarlöfte 2020"


def test_title_and_background_are_edited_while_the_text_is_open(by: User, pledge: Pledge) -> None:
    data = {"title_sv": "Löftet för 2020", "place": "Centrum"}
    answer = as_person(by).post("/arbete/loften/2020/text/", data)
    assert went_to(answer) == "/arbete/loften/2020/"
    pledge.refresh_from_db()
    assert (pledge.title_sv, pledge.place, pledge.state) == ("Löftet för 2020", "Centrum", "draft")


# --- Moving and signing ---------------------------------------------------------------------------


def move(person: User, to: str) -> Any:
    return as_person(person).post(f"/arbete/loften/2020/steg/{to}/")


def test_a_pledge_is_sent_out_and_decided_step_by_step(by: User, pledge: Pledge) -> None:
    make.commitment(pledge, by=by)
    assert move(by, "decided").status_code == 409
    assert went_to(move(by, "out_for_comment")) == "/arbete/loften/2020/"
    assert went_to(move(by, "decided")) == "/arbete/loften/2020/"
    pledge.refresh_from_db()
    assert pledge.state == State.DECIDED


def test_no_step_leads_to_signed_but_the_signatures(by: User, pledge: Pledge) -> None:
    decided(pledge, by)
    assert move(by, "signed").status_code == 409
    assert move(by, "burned").status_code == 404
    assert as_person(by).get("/arbete/loften/2020/steg/draft/").status_code == 405
    pledge.refresh_from_db()
    assert pledge.state == State.DECIDED


def test_what_cannot_be_followed_up_is_not_decided_and_the_page_says_which(
    by: User, pledge: Pledge
) -> None:
    make.commitment(pledge, "20-7", quantity=None, by=by)
    move(by, "out_for_comment")
    response = move(by, "decided")
    assert response.status_code == 409
    assert "20-7" in words(response)


def sign(person: User, party: str) -> Any:
    read = Pledge.objects.get(period="2020").digest()
    data = {"party": party, "title": "Ordförande", "read": read}
    return as_person(person).post("/arbete/loften/2020/underteckna/", data)


def test_nobody_signs_a_text_that_was_changed_while_they_read(by: User, pledge: Pledge) -> None:
    decided(pledge, by)
    data = {"party": "police", "title": "Chef", "read": "what stood there before"}
    page = as_person(signer("police")).post("/arbete/loften/2020/underteckna/", data)
    assert "Texten ändrades medan du läste." in words(page)
    assert not pledge.signatures.exists()


def test_both_parties_sign_and_the_text_is_locked(by: User, pledge: Pledge) -> None:
    decided(pledge, by)
    assert went_to(sign(signer("police"), "police")) == "/arbete/loften/2020/"
    assert went_to(sign(signer("municipality"), "municipality")) == "/arbete/loften/2020/"
    pledge.refresh_from_db()
    assert pledge.state == State.SIGNED
    client = as_person(by)
    assert went_to(client.get("/arbete/loften/2020/lofte/20-9/")) == "/arbete/loften/2020/"
    assert went_to(add(client)) == "/arbete/loften/2020/"
    assert client.post("/arbete/loften/2020/lofte/20-9/ta-bort/").status_code == 409
    edit = client.post("/arbete/loften/2020/text/", {"title_sv": "Annat", "place": "Annan"})
    assert "Texten är låst" in words(edit)
    pledge.refresh_from_db()
    assert (pledge.title_sv, pledge.commitments.count()) == ("Medborgarlöfte 2020", 1)


def test_only_the_party_s_own_signer_signs(by: User, pledge: Pledge) -> None:
    decided(pledge, by)
    assert sign(signer("municipality"), "police").status_code == 403
    assert sign(signer("housing"), "municipality").status_code == 403
    assert sign(by, "municipality").status_code == 403
    assert not Signature.objects.exists()


def test_nobody_signs_twice_or_before_it_is_decided(by: User, pledge: Pledge) -> None:
    police = signer("police")
    assert "Bara ett löfte som är beslutat" in words(sign(police, "police"))
    decided(pledge, by)
    sign(police, "police")
    assert "Parten har redan undertecknat" in words(sign(police, "police"))
    assert Signature.objects.count() == 1


def test_a_prolongation_needs_a_later_day_and_a_decision(by: User, pledge: Pledge) -> None:
    path = "/arbete/loften/2020/forlang/"
    data = {"ends": "2020-06-30", "decision": "KS 2020-11-04"}
    assert "id_ends_error" in words(as_person(by).post(path, data))
    assert went_to(as_person(by).post(path, data | {"ends": "2021-06-30"}))
    pledge.cycle.refresh_from_db()
    assert (pledge.cycle.ends, pledge.cycle.decided_ends) == (date(2021, 6, 30), date(2020, 12, 31))


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reporter", "signer"])
def test_every_post_is_refused_in_the_action_for_those_who_only_read(
    by: User, pledge: Pledge, role: str
) -> None:
    make.commitment(pledge, "20-1", by=by)
    client = as_person(make.person(role))
    before = Event.objects.count()
    posts: dict[str, dict[str, Any]] = {
        "nytt/": {
            "period": "2022", "starts": "2020-01-01", "ends": "2020-12-31",
            "title_sv": "Löfte 2022", "place": "Hela kommunen",
        },
        "2020/text/": {"title_sv": "Annat", "place": "Annan"},
        "2020/steg/out_for_comment/": {},
        "2020/forlang/": {"ends": "2021-06-30", "decision": "KS"},
        "2020/lofte/nytt/": WRITTEN | {"code": "20-2"},
        "2020/lofte/20-1/": WRITTEN,
        "2020/lofte/20-1/ta-bort/": {},
    }  # fmt: skip
    answers = {path: client.post(f"/arbete/loften/{path}", data) for path, data in posts.items()}
    assert {path: a.status_code for path, a in answers.items()} == dict.fromkeys(posts, 403)
    assert Event.objects.count() == before
    assert Commitment.objects.get().text_sv == "Trygghetsronder i två områden."


def test_someone_without_a_role_reads_nothing(by: User, pledge: Pledge) -> None:
    make.commitment(pledge, "20-1", by=by)
    stranger = as_person(make.person())
    paths = [
        "", "nytt/", "2020/", "2020/text/", "2020/underteckna/", "2020/forlang/",
        "2020/lofte/nytt/", "2020/lofte/20-1/",
    ]  # fmt: skip
    answers = [stranger.get(f"/arbete/loften/{path}").status_code for path in paths]
    assert answers == [403] * len(paths)


def test_a_role_that_has_ended_opens_nothing(pledge: Pledge) -> None:
    former = make.person("coordinator", valid_to=date(2019, 12, 31))
    assert as_person(former).get(f"/arbete/loften/{pledge.period}/").status_code == 403


def test_a_post_from_another_site_is_refused(by: User, pledge: Pledge) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(by)
    assert client.post("/arbete/loften/2020/steg/out_for_comment/").status_code == 403
    pledge.refresh_from_db()
    assert pledge.state == State.DRAFT


def test_an_action_with_an_old_copy_does_not_undo_what_another_wrote(
    by: User, pledge: Pledge
) -> None:
    """Two people have the page open; the second to write must not open a signed text again."""
    make.commitment(pledge, by=by)
    old_copy = Pledge.objects.get(pk=pledge.pk)
    old_promise = Commitment.objects.select_related("pledge__cycle").get(pledge=pledge)
    make.signed(pledge, by=by)
    old_copy.title_sv = old_promise.text_sv = "Något annat."
    writes: list[Callable[[], object]] = [
        lambda: actions.edit_pledge(pledge=old_copy, by=by),
        lambda: actions.edit_commitment(commitment=old_promise, by=by),
        lambda: actions.remove_commitment(commitment=old_promise, by=by),
    ]
    for write in writes:
        with refused("locked"):
            write()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.title_sv) == (State.SIGNED, "Medborgarlöfte 2020")
    assert pledge.commitments.get().text_sv == "Trygghetsronder i två områden."
