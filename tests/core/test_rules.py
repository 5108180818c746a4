from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loftet.core.rules import days, filetypes, wheel
from loftet.core.rules.days import Unit
from loftet.core.rules.wheel import Step

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
YEARS = range(2020, 2027)
# Easter Sundays as published; the moving feasts are counted from them.
EASTER = [
    "2020-04-12",
    "2021-04-04",
    "2022-04-17",
    "2023-04-09",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
]
MIDSUMMER_EVE = [
    "2020-06-19",
    "2021-06-25",
    "2022-06-24",
    "2023-06-23",
    "2024-06-21",
    "2025-06-20",
    "2026-06-19",
]
ONE_YEAR = (date(2020, 1, 1), date(2020, 12, 31))
TWO_YEARS = (date(2021, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize("year", YEARS)
def test_fixed_holidays_and_the_three_eves_are_free(year: int) -> None:
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
    assert not any(days.is_working_day(date(year, month, day)) for month, day in fixed)


@pytest.mark.parametrize("easter", [date.fromisoformat(day) for day in EASTER])
def test_moving_holidays_are_free_and_maundy_thursday_is_not(easter: date) -> None:
    for after in (-2, 0, 1, 39):
        assert not days.is_working_day(easter + timedelta(days=after))
    assert days.is_working_day(easter - timedelta(days=3))
    assert days.is_working_day(easter + timedelta(days=2))


@pytest.mark.parametrize("eve", [date.fromisoformat(day) for day in MIDSUMMER_EVE])
def test_midsummer_eve_is_free(eve: date) -> None:
    assert eve.weekday() == 4
    assert not days.is_working_day(eve)


def test_working_days_step_over_christmas() -> None:
    assert days.add_working_days(date(2020, 12, 22), 1) == date(2020, 12, 23)
    assert days.add_working_days(date(2020, 12, 23), 1) == date(2020, 12, 28)
    assert days.add_working_days(date(2020, 12, 30), 2) == date(2021, 1, 5)


def test_no_working_days_from_a_free_day_is_the_next_working_day() -> None:
    assert days.add_working_days(date(2021, 1, 1), 0) == date(2021, 1, 4)


def test_a_negative_number_of_working_days_is_no_question() -> None:
    with pytest.raises(ValueError, match="count"):
        days.add_working_days(date(2021, 1, 4), -1)


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_working_days_agree(start: date, count: int) -> None:
    end = days.add_working_days(start, count)
    assert days.is_working_day(end)
    if days.is_working_day(start) or count:
        assert days.working_days_between(start, end) == count


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2020-01-31", 1, Unit.MONTHS, "2020-03-02"),  # 29 February is a Saturday
        ("2021-08-31", 6, Unit.MONTHS, "2022-02-28"),
        ("2024-02-29", 1, Unit.YEARS, "2025-02-28"),
        ("2022-06-30", 2, Unit.YEARS, "2024-07-01"),
        ("2020-12-31", 2, Unit.MONTHS, "2021-03-01"),
        ("2021-06-21", 4, Unit.DAYS, "2021-06-28"),  # Midsummer Eve moves to Monday
        ("2021-06-07", 2, Unit.WEEKS, "2021-06-21"),
        ("2021-06-23", 2, Unit.WORKING_DAYS, "2021-06-28"),
    ],
)
def test_a_clock_runs_out_on_a_working_day(start: str, amount: int, unit: Unit, end: str) -> None:
    assert days.due(date.fromisoformat(start), amount, unit) == date.fromisoformat(end)


@given(DAYS, st.integers(1, 40), st.sampled_from(Unit))
def test_no_clock_ever_runs_out_on_a_free_day(start: date, amount: int, unit: Unit) -> None:
    end = days.due(start, amount, unit)
    assert end > start
    assert days.is_working_day(end)


def test_a_fixed_day_is_the_next_one_and_moves_off_a_free_day() -> None:
    assert days.next_on(date(2020, 1, 1), 1, 31) == date(2020, 1, 31)
    assert days.next_on(date(2020, 2, 1), 1, 31) == date(2021, 2, 1)
    assert days.next_on(date(2020, 6, 30), 6, 30) == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("on", "step"),
    [
        ("2019-03-01", Step.ASK),
        ("2019-10-20", Step.SEE),
        ("2019-12-01", Step.PROMISE),
        ("2020-01-01", Step.FOLLOW_UP),
        ("2020-01-21", Step.TELL),
        ("2020-02-29", Step.TELL),
        ("2020-03-01", Step.DO),
        ("2020-06-15", Step.FOLLOW_UP),
        ("2020-07-15", Step.DO),
        ("2020-08-15", Step.DO),
        ("2020-09-28", Step.ASK),
        ("2020-10-16", Step.SEE),
        ("2020-12-31", Step.PROMISE),
        ("2021-01-10", Step.FOLLOW_UP),
        ("2021-01-21", Step.TELL),
        ("2023-07-01", Step.TELL),
    ],
)
def test_the_year_of_a_one_year_pledge(on: str, step: Step) -> None:
    assert wheel.step_of_year(date.fromisoformat(on), *ONE_YEAR) == step


def test_the_first_autumn_of_a_two_year_pledge_writes_no_new_pledge() -> None:
    assert wheel.step_of_year(date(2021, 9, 15), *TWO_YEARS) == Step.ASK
    assert wheel.step_of_year(date(2021, 12, 1), *TWO_YEARS) == Step.DO
    assert wheel.step_of_year(date(2022, 12, 1), *TWO_YEARS) == Step.PROMISE


def test_a_two_year_pledge_is_followed_up_and_told_of_at_mid_term() -> None:
    assert wheel.step_of_year(date(2022, 1, 10), *TWO_YEARS) == Step.FOLLOW_UP
    assert wheel.step_of_year(date(2022, 2, 10), *TWO_YEARS) == Step.TELL
    assert wheel.first_year_ends(*TWO_YEARS) == date(2022, 1, 1)
    assert wheel.first_year_ends(*ONE_YEAR) is None


def test_a_pledge_that_begins_in_july_turns_from_july() -> None:
    july = (date(2020, 7, 1), date(2021, 6, 30))
    assert wheel.step_of_year(date(2020, 9, 1), *july) == Step.DO
    assert wheel.step_of_year(date(2020, 12, 10), *july) == Step.FOLLOW_UP
    assert wheel.step_of_year(date(2021, 6, 1), *july) == Step.PROMISE


@given(DAYS, st.dates(date(2018, 1, 1), date(2024, 12, 31)), st.integers(30, 1100))
def test_every_day_has_a_step(on: date, starts: date, length: int) -> None:
    assert wheel.step_of_year(on, starts, starts + timedelta(days=length)) in Step


def test_words_of_the_wheel_are_those_of_the_house() -> None:
    assert list(Step) == ["ask", "see", "promise", "do", "follow_up", "tell"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        ("Klart på måndag.\n".encode(), "text/plain"),
        ("\ufeffplats;antal\n".encode(), "text/plain"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("Malmö".encode("latin-1"), None),
        (b"a\x00b", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04 not a zip", None),
        (b"GIF89a\x01\x00\xff", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: str | None) -> None:
    assert filetypes.sniff(content) == kind


def test_a_name_may_say_csv_of_text_but_not_pdf() -> None:
    assert filetypes.agrees("Antal.CSV", "text/plain")
    assert not filetypes.agrees("antal.pdf", "text/plain")
    assert not filetypes.agrees("antal", "text/plain")
