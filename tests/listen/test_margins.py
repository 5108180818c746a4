"""Numbers from a register, typed in or pasted, that weights are fitted to."""

from typing import Any

import pytest
from django.test import Client

from loftet.core.models import User
from loftet.listen import actions
from loftet.listen.models import Wave
from tests import make
from tests.listen import make as make_survey
from tests.refusal import refused
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
PAGE = "/arbete/fraga/2021/befolkning/"


@pytest.fixture
def by() -> User:
    return make.coordinator()


@pytest.fixture
def client(by: User) -> Client:
    return as_person(by)


@pytest.fixture
def wave(by: User) -> Wave:
    return make_survey.planned(by=by, code="2021", population_size=48_000)


def numbers(wave: Wave) -> dict[str, int]:
    return dict(wave.margins.filter(variable="age").values_list("category", "count"))


def test_numbers_are_typed_in_and_compared_with_the_population(client: Client, wave: Wave) -> None:
    sent = {"count-young": "8000", "count-middle": "30000", "count-old": "", "source": "SCB"}
    assert went_to(client.post(f"{PAGE}age/", sent)) == PAGE
    assert numbers(wave) == {"young": 8000, "middle": 30_000}
    page = read(client, f"/en{PAGE}")
    assert "38,000" in page
    assert "The sum differs by −10,000 from the population of 48,000" in page
    assert "SCB" in page


def test_numbers_are_pasted_as_a_spreadsheet_gives_them(client: Client, wave: Wave) -> None:
    pasted = "Young\t8 000\r\nmiddle;30\u00a0000\n\nOLD | 10000\n"
    client.post(f"{PAGE}age/", {"pasted": pasted, "source": "SCB"})
    assert numbers(wave) == {"young": 8000, "middle": 30_000, "old": 10_000}
    assert "The sum differs" not in read(client, f"/en{PAGE}")


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("young 8000", "Line 1: there is only one column."),
        ("young\t1\nancient\t5", "Line 2: the answer is not one of this question."),
        ("young\t8000,5", "Line 1: the number is not a whole number above zero."),
        ("young\t0", "Line 1: the number is not a whole number above zero."),
        ("young\t٣", "Line 1: the number is not a whole number above zero."),
        ("young\t", "Line 1: the number is not a whole number above zero."),
    ],
)
def test_a_faulty_line_is_named(client: Client, wave: Wave, pasted: str, said: str) -> None:
    page = words(client.post(f"/en{PAGE}age/", {"pasted": pasted, "source": "SCB"}))
    assert said in page
    assert numbers(wave) == {}


def test_numbers_without_a_source_are_refused_beside_the_field(client: Client, wave: Wave) -> None:
    page = words(client.post(f"/en{PAGE}age/", {"count-young": "5"}))
    assert "Register and day – Say which register the figures are from." in page
    assert numbers(wave) == {}


def test_an_empty_table_takes_the_numbers_away(client: Client, wave: Wave, by: User) -> None:
    actions.set_margin(wave=wave, variable="age", counts={"young": 5}, source="SCB", by=by)
    client.post(f"{PAGE}age/", {"source": ""})
    assert numbers(wave) == {}


def test_only_questions_with_one_answer_have_numbers(client: Client, wave: Wave) -> None:
    assert client.get(f"{PAGE}priorities/").status_code == 404
    page = read(client, f"/en{PAGE}")
    assert "How old are you?" in page
    assert "Choose at most three" not in page


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"variable": "priorities"}, "variable_unknown"),
        ({"counts": {"ancient": 5}}, "category_unknown"),
        ({"source": " "}, "source_missing"),
    ],
)
def test_what_cannot_be_kept_is_refused(wave: Wave, by: User, given: Any, code: str) -> None:
    usual = {"variable": "age", "counts": {"young": 5}, "source": "SCB"}
    with refused(code):
        actions.set_margin(wave=wave, by=by, **usual | given)


def test_the_strata_are_shown_beside_the_population(client: Client, wave: Wave) -> None:
    make_survey.stratum(wave, "Norr", 20_000)
    page = read(client, f"/en{PAGE}")
    assert "20,000 people. The survey says that the population is 48,000." in page


def test_frozen_results_keep_their_numbers(client: Client, wave: Wave, by: User) -> None:
    Wave.objects.update(state=Wave.State.SETTLED)
    assert "The results are frozen" in read(client, f"/en{PAGE}age/")
    assert "Keep the numbers" not in read(client, f"/en{PAGE}age/")
    page = words(client.post(f"/en{PAGE}age/", {"count-young": "5", "source": "SCB"}))
    assert numbers(wave) == {}
    assert "The results are frozen" in page


def test_who_may_not_write_is_refused(wave: Wave) -> None:
    signer = as_person(make.person("signer"))
    assert "How old are you?" not in read(signer, f"/en{PAGE}")
    sent = {"count-young": "5", "source": "SCB"}
    assert signer.post(f"{PAGE}age/", sent).status_code == 403
