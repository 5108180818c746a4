"""The page of the field, and what is noted of letters that came back."""

from datetime import timedelta
from typing import Any

import pytest

from loftet.core import clock
from loftet.core.models import Event, User
from loftet.listen import actions
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Envelope, Wave, fieldwork
from loftet.listen.rules.field.rates import Counts
from tests import make
from tests.listen import make as make_survey
from tests.refusal import refused
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
PAGE = "/arbete/fraga/2021/falt/"
BY_DAY = [0, 0, 9, 8, 7, 6, 5, 4, 3, 3, 2, 1, 1, 1]


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"


@pytest.fixture
def by() -> User:
    return make.coordinator()


def two_weeks_in(by: User, **values: Any) -> Wave:
    """Two strata of sixty each, of whom fifty in all have answered in two weeks."""
    first = clock.today() - timedelta(days=len(BY_DAY))
    last = clock.today() + timedelta(days=21)
    wave = make_survey.planned(by=by, code="2021", opens=first, closes=last, **values)
    strata = [make_survey.stratum(wave, name) for name in ("Norr", "Söder")]
    for each in strata:
        rows = [AccessCode(wave=wave, digest=f"{each.name}{n}", stratum=each) for n in range(60)]
        AccessCode.objects.bulk_create(rows)
    wave.mailings.create(kind="letter", planned_on=first, made_on=first, copies=120)
    actions.open_field(wave=wave, by=by)
    silent = iter(wave.codes.all())
    for day, count in enumerate(BY_DAY):
        chosen = [next(silent).pk for _ in range(count)]
        wave.codes.filter(pk__in=chosen).update(used_on=first + timedelta(days=day))
    return wave


def test_each_stratum_is_told_with_what_became_of_those_drawn(by: User) -> None:
    wave = two_weeks_in(by)
    outcomes = ("returned", "returned", "ineligible", "refused")
    silent = list(wave.codes.filter(used_on=None, stratum__name="Söder"))
    for code, outcome in zip(silent, outcomes, strict=False):
        wave.codes.filter(pk=code.pk).update(outcome=outcome)
    begun = silent[len(outcomes)]
    Envelope.objects.create(code=begun, sealed=b"-", begun_on=clock.today())
    north, south = fieldwork.parts(wave)
    assert north.counts == Counts(60, 50)
    assert south.counts == Counts(60, 0, begun=1, ineligible=1, returned=2, refused=1)
    page = read(as_person(by), f"/en{PAGE}")
    assert "50 of 119 have answered." in page
    assert "42.0%" in page  # 50 of 119
    assert "42.7%" in page  # 50 of 117


def test_whoever_answered_in_the_end_counts_as_answered(by: User) -> None:
    wave, codes = make_survey.in_field(by=by)
    actions.note_outcomes(wave=wave, typed=codes, outcome="refused", by=by)
    make_survey.answered(wave, codes[0], {"age": "old"})
    [part] = fieldwork.parts(wave)
    assert part.counts == Counts(1, 1)


def test_the_forecast_and_what_waiting_gives_are_told_with_their_uncertainty(by: User) -> None:
    two_weeks_in(by)
    page = read(as_person(by), f"/en{PAGE}")
    assert "have answered by 11 February 2021 (95% interval" in page
    for way in ("Stop now", "As planned", "One more week", "One more reminder"):
        assert way in page
    assert "50 (±" in page
    assert ">letter<" in page  # marked in the picture


def test_a_group_that_was_invited_gets_rates_but_no_margin_of_error(by: User) -> None:
    two_weeks_in(by, design="targeted")
    page = read(as_person(by), f"/en{PAGE}")
    assert "One more week" in page
    assert "±" not in page
    assert "margin of error" not in page


def test_an_open_link_gets_neither_rate_nor_forecast(by: User) -> None:
    wave, _codes = make_survey.in_field(by=by, code="2021", design="open")
    for _ in range(2):
        make_survey.answered(wave, envelopes.begin(wave=wave), {"age": "old"})
    page = read(as_person(by), f"/en{PAGE}")
    assert "2 have answered" in page
    for word in ("rate (", "One more week", "forecast", "Stratum", "came back"):
        assert word not in page


@pytest.mark.parametrize(
    ("days", "said"), [(2, "4 whole days have passed"), (6, "20 people have answered")]
)
def test_it_says_when_a_forecast_comes(by: User, days: int, said: str) -> None:
    first = clock.today() - timedelta(days=days)
    wave, codes = make_survey.in_field(by=by, code="2021", opens=first)
    make_survey.answered(wave, codes[0], {"age": "old"})
    assert said in read(as_person(by), f"/en{PAGE}")


def test_a_field_that_nobody_has_answered_has_no_picture(by: User) -> None:
    make_survey.in_field(by=by, code="2021")
    assert "<svg xmlns" not in read(as_person(by), f"/en{PAGE}").split("<main", 1)[1]


def test_letters_that_came_back_are_noted_by_their_codes(by: User) -> None:
    wave, codes = make_survey.in_field(by=by, people=3, code="2021")
    client = as_person(by)
    typed = f"{codes[0].lower()}\n\n{codes[1][:4]} {codes[1][4:]}\n"
    sent = {"outcome": "returned", "codes": typed}
    assert went_to(client.post(f"{PAGE}ater/", sent)) == PAGE
    assert wave.codes.filter(outcome="returned").count() == 2
    assert wave.codes.unanswered().count() == 1
    client.post(f"{PAGE}ater/", {"outcome": "nothing", "codes": codes[0]})
    assert wave.codes.filter(outcome="returned").count() == 1


def test_the_log_tells_how_many_and_never_which(by: User) -> None:
    wave, codes = make_survey.in_field(by=by, people=2)
    actions.note_outcomes(wave=wave, typed=codes, outcome="returned", by=by)
    line = Event.objects.get(verb="noted_outcomes")
    assert line.data["people"] == 2
    assert not any(code in str(line.data) for code in codes)
    assert not any(row.digest[:8] in str(line.data) for row in wave.codes.all())


def test_every_faulty_line_is_named_and_nothing_is_noted(by: User) -> None:
    wave, codes = make_survey.in_field(by=by, people=3, code="2021")
    elsewhere = make_survey.in_field(by=by)[1][0]
    make_survey.answered(wave, codes[1], {"age": "old"})
    typed = f"{codes[0]}\nABC\n{codes[1]}\n{elsewhere}\n"
    page = words(as_person(by).post(f"/en{PAGE}ater/", {"outcome": "returned", "codes": typed}))
    assert "Nothing is noted." in page
    assert "Line 2: “ABC” is not a code" in page
    assert f"Line 3: “{codes[1]}” has answered" in page
    assert f"Line 4: “{elsewhere}” is not a code of this survey" in page
    assert codes[0] in page
    assert not wave.codes.exclude(outcome="").exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"typed": []}, "codes_missing"),
        ({"typed": ["  "]}, "codes_missing"),
        ({"outcome": "moved"}, "outcome_unknown"),
    ],
)
def test_what_cannot_be_noted_is_refused(by: User, given: Any, code: str) -> None:
    wave, codes = make_survey.in_field(by=by)
    with refused(code):
        actions.note_outcomes(**{"wave": wave, "typed": codes, "outcome": "returned", "by": by}
                              | given)  # fmt: skip


def test_nothing_is_noted_before_the_field_or_after_the_answers_are_opened(by: User) -> None:
    wave = make_survey.planned(by=by)
    codes = [make_survey.code(wave) for _ in range(3)]
    with refused("no_field"):
        actions.note_outcomes(wave=wave, typed=codes, outcome="returned", by=by)
    actions.open_field(wave=wave, by=by)
    with refused("not_allowed"):
        actions.note_outcomes(
            wave=wave, typed=codes, outcome="returned", by=make.person("reporter")
        )
    for code in codes:
        make_survey.answered(wave, code, {"age": "old"})
    make_survey.counted(wave, by)
    with refused("no_field"):
        actions.note_outcomes(wave=wave, typed=codes, outcome="returned", by=by)
