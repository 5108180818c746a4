"""The staff's pages of a survey, from the plan to the opened answers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from loftet.core import clock, jobs
from loftet.core.models import Event, Job, User
from loftet.listen import actions
from loftet.listen.models import Wave
from loftet.listen.rules.waves import TAKEN
from tests import make
from tests.listen import make as make_survey
from tests.refusal import refused
from tests.visit import as_person, queries, read, went_to, words

pytestmark = pytest.mark.django_db
HERE = "/arbete/fraga/"


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"


@pytest.fixture
def by() -> User:
    return make.coordinator()


@pytest.fixture
def client(by: User) -> Client:
    return as_person(by)


def plan(**values: Any) -> dict[str, Any]:
    """What somebody types who plans a survey."""
    return {
        "code": "2021",
        "title_sv": "Trygghetsenkät 2021",
        "questionnaire": make_survey.questionnaire().pk,
        "opens": "2021-02-01",
        "closes": "2021-03-31",
        "on_web": "on",
        "design": "probability",
        "population_sv": "Alla mellan 16 och 85 år",
        "purpose_sv": "För att välja vad vi ska arbeta med.",
        "law_sv": "Uppgift av allmänt intresse.",
        "contact": "Kontaktcenter",
    } | values


def earlier(**values: Any) -> dict[str, Any]:
    """What somebody types who enters a survey made elsewhere."""
    return {
        "code": "2018",
        "title_sv": "Webbenkät 2018",
        "opens": "2018-09-01",
        "closes": "2018-11-30",
        "design": "open",
        "population_sv": "Invånare",
        "answered": "447",
        "source": "https://polisen.se/",
    } | values


def test_a_plan_is_made_and_its_page_says_what_comes_next(client: Client) -> None:
    assert went_to(client.post(f"{HERE}ny/", plan())) == f"{HERE}2021/"
    page = read(client, f"/en{HERE}2021/")
    assert "Trygghetsenkät 2021" in page
    assert "Sample and codes</a> <b>– now" in page
    assert "Remove the plan" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "ny"}, "A page here has that address"),
        ({"closes": "2021-01-31"}, "closes"),
        ({"design": ""}, "required"),
        ({"purpose_sv": "Ring Eva på 070-123 45 67."}, "purpose_sv"),
        ({"opens": "soon"}, "valid date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, wrong: dict[str, str], said: str
) -> None:
    page = words(client.post(f"/en{HERE}ny/", plan(**wrong)))
    assert "Something needs to be put right" in page
    assert said in page
    assert "Alla mellan 16 och 85 år" in page
    assert not Wave.objects.exists()


def test_an_address_that_is_taken_by_a_page_is_refused_everywhere(by: User) -> None:
    for code in TAKEN:
        with refused("address_taken"):
            make_survey.planned(code=code, by=by)


def test_only_waves_that_may_be_compared_are(client: Client, by: User) -> None:
    before = make_survey.planned(
        by=by, code="2019", design="census", opens=date(2019, 9, 1), closes=date(2019, 10, 1)
    )
    page = words(client.post(f"/en{HERE}ny/", plan(design="open", comparable_with=str(before.pk))))
    assert "Only waves of everyone or of a random sample can be compared" in page
    client.post(f"{HERE}ny/", plan(comparable_with=str(before.pk)))
    assert Wave.objects.get(code="2021").comparable_with == before
    with refused("compared"):
        actions.remove_wave(wave=before, by=by)


def test_in_the_field_only_texts_and_the_last_day_change(client: Client, by: User) -> None:
    wave, _codes = make_survey.in_field(by=by, code="2021", opens=date(2021, 1, 1))
    same = plan(
        questionnaire=wave.questionnaire_id,
        opens="2021-01-01",
        closes="2021-12-31",
        on_paper="on",
        contact="Växeln",
    )
    page = words(client.post(f"/en{HERE}2021/uppgifter/", same | {"design": "open"}))
    assert "This cannot change once people have been asked" in page
    assert went_to(client.post(f"{HERE}2021/uppgifter/", same)) == f"{HERE}2021/"
    assert Wave.objects.get().contact == "Växeln"


def test_a_survey_made_elsewhere_is_entered_by_its_totals(client: Client) -> None:
    assert went_to(client.post(f"{HERE}annan/", earlier())) == f"{HERE}2018/"
    assert "447 answered." in read(client, f"/en{HERE}2018/")
    assert "made elsewhere" in read(client, f"/en{HERE}")
    assert went_to(client.post(f"{HERE}2018/ta-bort/")) == HERE
    assert not Wave.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": ""}, "required"),
        ({"answered": ""}, "required"),
        ({"sent": "400"}, "More cannot have answered than were asked"),
    ],
)
def test_totals_that_cannot_be_are_refused(client: Client, wrong: Any, said: str) -> None:
    assert said in words(client.post(f"/en{HERE}annan/", earlier(**wrong)))
    assert not Wave.objects.exists()


def test_the_field_does_not_open_without_what_it_needs(client: Client, by: User) -> None:
    wave = make_survey.planned(by=by, code="2021")
    assert "Answers are received from" in read(client, f"/en{HERE}2021/oppna/")
    response = client.post(f"/en{HERE}2021/oppna/")
    assert response.status_code == 409
    assert "Draw the sample first" in words(response)
    Wave.objects.update(questionnaire=None)
    assert "Choose a questionnaire first" in words(client.post(f"/en{HERE}2021/oppna/"))
    wave.refresh_from_db()
    assert wave.state == Wave.State.PLANNED


def test_from_open_to_opened_answers(client: Client, by: User) -> None:
    wave = make_survey.planned(by=by, code="2021")
    codes = [make_survey.code(wave) for _ in range(3)]
    assert went_to(client.post(f"{HERE}2021/oppna/")) == f"{HERE}2021/"
    wave.refresh_from_db()
    for code in codes:
        make_survey.answered(wave, code, {"age": "old"})
    assert "3 have answered." in read(client, f"/en{HERE}2021/stang/")
    client.post(f"{HERE}2021/stang/")
    page = words(client.post(f"/en{HERE}2021/forlang/", {"closes": "2021-01-20"}))
    assert "Choose today or a later day" in page
    client.post(f"{HERE}2021/forlang/", {"closes": "2021-01-30"})
    wave.refresh_from_db()
    assert (wave.state, wave.closes) == (Wave.State.IN_FIELD, date(2021, 1, 30))
    assert client.post(f"{HERE}2021/rakna/").status_code == 409
    client.post(f"{HERE}2021/stang/")
    assert "it cannot be undone" in read(client, f"/en{HERE}2021/rakna/")
    client.post(f"{HERE}2021/rakna/")
    wave.refresh_from_db()
    assert wave.state == Wave.State.COUNTED
    assert "3 answers." in read(client, f"/en{HERE}2021/")


def test_addresses_left_are_told_of_before_the_answers_are_opened(client: Client, by: User) -> None:
    wave, _codes = make_survey.in_field(by=by, code="2021")
    wave.addressees.create(sealed=b"-")
    client.post(f"{HERE}2021/stang/")
    page = read(client, f"/en{HERE}2021/rakna/")
    assert "Remove the addresses first" in page
    assert "destroy the key" not in page
    assert client.post(f"{HERE}2021/rakna/").status_code == 409


def test_a_plan_with_a_sample_is_not_removed(client: Client, by: User) -> None:
    make_survey.code(make_survey.planned(by=by, code="2021"))
    assert "Remove the plan" not in read(client, f"/en{HERE}2021/")
    assert client.post(f"{HERE}2021/ta-bort/").status_code == 409
    assert Wave.objects.exists()


def test_an_open_link_is_not_offered_what_it_cannot_say(client: Client, by: User) -> None:
    make_survey.in_field(by=by, code="2021", design="open")
    page = read(client, f"/en{HERE}2021/")
    for step in ("Sample and codes", "Letters", "Remove the addresses", "The population"):
        assert step not in page
    assert client.get(f"{HERE}2021/befolkning/").status_code == 404


def test_who_may_not_write_reads_without_buttons_and_is_refused(by: User) -> None:
    signer = as_person(make.person("signer"))
    make_survey.planned(by=by, code="2021")
    assert "Edit what it says" not in read(signer, f"/en{HERE}2021/")
    assert "Plan a survey" not in read(signer, f"/en{HERE}")
    for path in ("oppna/", "stang/", "rakna/", "ta-bort/"):
        assert signer.post(f"{HERE}2021/{path}").status_code == 403
    assert signer.post(f"{HERE}ny/", plan(code="2022")).status_code == 403
    assert Client().get(f"{HERE}2021/").status_code == 302


PAGES = ["", "ny/", "annan/", "formular/", "{w}/", "{w}/uppgifter/", "{w}/oppna/", "{w}/stang/",
         "{w}/forlang/", "{w}/rakna/", "{w}/falt/", "{w}/falt/ater/", "{w}/befolkning/",
         "{w}/befolkning/age/", "{w}/urval/", "{w}/utskick/", "{w}/utskick/ta-bort/"]  # fmt: skip


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("state", ["planned", "in_field", "closed", "counted"])
def test_every_page_is_there_in_every_state(client: Client, by: User, state: str,
                                            language: str) -> None:  # fmt: skip
    wave = make_survey.planned(by=by, code="2021", opens=date(2021, 1, 1))
    drawn = make_survey.stratum(wave)
    codes = [make_survey.code(wave, drawn) for _ in range(3)]
    if state != "planned":
        actions.open_field(wave=wave, by=by)
        for code in codes:
            make_survey.answered(wave, code, {"age": "old"})
    if state in {"closed", "counted"}:
        actions.close_field(wave=wave, by=by)
    if state == "counted":
        actions.count_answers(wave=wave, by=by)
    for path in PAGES:
        read(client, language + HERE + path.format(w="2021"))


@pytest.mark.parametrize("path", ["", "2021/", "2021/falt/", "2021/utskick/", "2021/befolkning/"])
def test_more_waves_and_more_people_ask_no_more(client: Client, by: User, path: str) -> None:
    wave, codes = make_survey.in_field(by=by, people=3, code="2021", opens=date(2021, 1, 1))
    make_survey.answered(wave, codes[0], {"age": "old"})
    few = queries(client, HERE + path)
    for number in range(3):
        other = make_survey.in_field(by=by, people=3, code=f"other-{number}")[0]
        make_survey.stratum(other, "Norr")
        another = make_survey.stratum(wave, f"Område {number}")
        make_survey.answered(wave, make_survey.code(wave, another), {"age": "old"})
        wave.mailings.create(kind="card", planned_on=wave.opens + timedelta(days=number))
    assert queries(client, HERE + path) <= few


def test_what_waits_is_at_the_desk(client: Client, by: User, settings: Any) -> None:
    closes = date(2021, 3, 31)
    wave = make_survey.planned(by=by, code="2021", opens=date(2021, 2, 15), closes=closes)
    codes = [make_survey.code(wave) for _ in range(3)]

    def at_desk(day: str) -> str:
        settings.DEMO_DAY = day
        return read(client, "/en/arbete/").split("<h2>Now</h2>")[0]

    assert "Nothing waits for you" in at_desk("2021-01-21")
    assert "Open the field: Citizen survey" in at_desk("2021-02-10")
    wave.mailings.create(kind="letter", planned_on="2021-02-09")
    assert "Make the letters: Citizen survey" in at_desk("2021-02-10")
    wave.mailings.update(made_on="2021-02-10")
    settings.DEMO_DAY = "2021-02-15"
    actions.open_field(wave=wave, by=by)
    for code in codes:
        make_survey.answered(wave, code, {"age": "old"})
    assert "Citizen survey" not in at_desk("2021-03-01")
    assert "Look whether to close on 31 March 2021" in at_desk("2021-03-25")
    assert "Close the field: Citizen survey" in at_desk("2021-04-01")
    actions.close_field(wave=wave, by=by)
    wave.addressees.create(sealed=b"-")
    assert "Remove the addresses: Citizen survey" in at_desk("2021-04-01")
    wave.addressees.all().delete()
    assert "Open the answers: Citizen survey" in at_desk("2021-04-01")
    actions.count_answers(wave=wave, by=by)
    assert "Citizen survey" not in at_desk("2021-04-02")


def test_it_waits_at_nobody_elses_desk(by: User) -> None:
    make_survey.planned(by=by, code="2021", opens=clock.today())
    assert "Öppna" not in read(as_person(make.person("signer")), "/arbete/")


def asked(by: User, wave: Wave) -> Job:
    return jobs.ask(handler="tests.core.nothing", title="Räknar", subject=wave, by=by, some=1)


def test_long_work_shows_how_far_it_is_until_it_is_over(client: Client, by: User) -> None:
    wave = make_survey.planned(by=by, code="2021")
    job = asked(by, wave)
    Job.objects.update(state="running", done=30, total=120)
    response = client.get(f"/en{HERE}arbete/{job.pk}/")
    assert "30 of 120" in words(response)
    assert response["Refresh"] == "2"
    assert "30/120" in read(client, f"/en{HERE}2021/")
    Job.objects.update(state="refused", report={"message": "Raden 7 är fel."})
    response = client.get(f"/en{HERE}arbete/{job.pk}/")
    assert "Raden 7 är fel." in words(response)
    assert "Refresh" not in response
    assert client.get(f"{HERE}arbete/{job.pk + 1}/").status_code == 404


def test_long_work_is_stopped_by_those_who_take_part(client: Client, by: User) -> None:
    job = asked(by, make_survey.planned(by=by, code="2021"))
    outsider = as_person(make.person("administrator"))
    assert outsider.post(f"{HERE}arbete/{job.pk}/stopp/").status_code == 403
    client.post(f"{HERE}arbete/{job.pk}/stopp/")
    assert Job.objects.get().state == "stopped"
    assert client.post(f"{HERE}arbete/{job.pk}/stopp/").status_code == 409
    assert Event.objects.filter(verb="stopped").count() == 1
