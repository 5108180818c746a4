from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from loftet.ui import formats

NBSP = "\u00a0"


def both(make: Callable[[], str]) -> tuple[str, str]:
    made = []
    for language in ("sv", "en"):
        with override(language):
            made.append(make())
    return made[0], made[1]


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (0, None, "0", "0"),
        (162, None, "162", "162"),
        (1417, None, "1417", "1,417"),
        (9999, None, "9999", "9,999"),
        (10_000, None, f"10{NBSP}000", "10,000"),
        (1_234_567.5, None, f"1{NBSP}234{NBSP}567,5", "1,234,567.5"),
        (16.2, None, "16,2", "16.2"),
        (Decimal("16.00"), None, "16", "16"),
        (Decimal("16.20"), None, "16,2", "16.2"),
        (Decimal("1E+3"), None, "1000", "1,000"),
        (16, 1, "16,0", "16.0"),
        (0.125, 2, "0,13", "0.13"),
        (2.5, 0, "3", "3"),
        (0.1 + 0.2, None, "0,3", "0.3"),
        (-4.25, 1, "−4,3", "−4.3"),
        (-0.04, 1, "0,0", "0.0"),
        (999.96, 1, "1000,0", "1,000.0"),
        (float("inf"), 2, "∞", "∞"),
        (float("-inf"), None, "−∞", "−∞"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(
    value: float | Decimal, decimals: int | None, swedish: str, english: str
) -> None:
    assert both(lambda: formats.number(value, decimals)) == (swedish, english)


def test_a_missing_number_is_never_written_as_one() -> None:
    with pytest.raises(ValueError, match="value is not a number"):
        formats.number(float("nan"))


@given(st.integers(-(10**18), 10**18))
def test_a_whole_number_can_be_read_back(value: int) -> None:
    for text in both(lambda: formats.number(value)):
        assert int(text.replace("−", "-").replace(NBSP, "").replace(",", "")) == value


def test_swedish_is_spoken_where_no_language_is_set() -> None:
    with override(None):
        assert formats.number(0.5) == "0,5"


def test_a_form_field_holds_a_number_without_thousands_marks() -> None:
    assert both(lambda: formats.plain(Decimal("12345.60"))) == ("12345,6", "12345.6")


def test_per_cent_stands_off_in_swedish_only() -> None:
    assert both(lambda: formats.percent(Decimal("16.2"))) == (f"16,2{NBSP}%", "16.2%")
    assert both(lambda: formats.percent(16, 1)) == (f"16,0{NBSP}%", "16.0%")
    assert both(lambda: formats.share(0.275)) == (f"28{NBSP}%", "28%")


@pytest.mark.parametrize(
    ("low", "high", "decimals", "swedish", "english"),
    [
        (0.7048, 1.0872, 2, "0,70–1,09", "0.70–1.09"),
        (0.9164, float("inf"), 2, "0,92–∞", "0.92–∞"),
        (-0.4, 0.8, 1, "−0,4 till 0,8", "−0.4 to 0.8"),
    ],
)
def test_an_interval_has_a_dash_or_where_a_minus_stands_a_word(
    low: float, high: float, decimals: int, swedish: str, english: str
) -> None:
    assert both(lambda: formats.interval(low, high, decimals)) == (swedish, english)


@pytest.mark.parametrize(
    ("count", "swedish", "english"),
    [(0, "noll", "zero"), (1, "en", "one"), (2, "två", "two"), (4, "fyra", "four"),
     (12, "tolv", "twelve"), (13, "13", "13"), (1200, "1200", "1,200")],
)  # fmt: skip
def test_small_counts_are_words(count: int, swedish: str, english: str) -> None:
    assert both(lambda: formats.count_word(count)) == (swedish, english)


def test_one_thing_takes_its_gender_in_swedish() -> None:
    assert both(lambda: formats.count_word(1, one="ett")) == ("ett", "one")


@pytest.mark.parametrize(
    ("items", "swedish", "english"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a och b", "a and b"),
        (["a", "b", "c"], "a, b och c", "a, b and c"),
    ],
)
def test_lists_end_with_a_word(items: list[str], swedish: str, english: str) -> None:
    assert both(lambda: formats.list_words(items)) == (swedish, english)


def test_dates_have_a_long_and_a_short_form() -> None:
    day = date(2021, 1, 21)
    assert both(lambda: formats.date_long(day)) == ("21 januari 2021", "21 January 2021")
    assert both(lambda: formats.date_short(day)) == ("2021-01-21", "2021-01-21")
    assert both(lambda: formats.month(day)) == ("januari 2021", "January 2021")


def test_a_point_in_time_is_dated_by_the_clock_in_stockholm() -> None:
    late = datetime(2020, 12, 31, 23, 30, tzinfo=UTC)
    with override("sv"):
        assert formats.date_short(late) == "2021-01-01"
        assert formats.date_long(late) == "1 januari 2021"


@pytest.mark.parametrize(
    ("starts", "ends", "swedish", "english"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), "2020", "2020"),
        (date(2020, 1, 1), date(2021, 12, 31), "2020–2021", "2020–2021"),
        (date(2020, 1, 1), date(2020, 6, 30), "januari–juni 2020", "January–June 2020"),
        (date(2020, 2, 1), date(2020, 2, 29), "februari 2020", "February 2020"),
        (date(2020, 7, 1), date(2021, 6, 30), "juli 2020–juni 2021", "July 2020–June 2021"),
        (date(2021, 6, 30), date(2021, 6, 30), "30 juni 2021", "30 June 2021"),
        (
            date(2021, 1, 21),
            date(2021, 6, 30),
            "21 januari 2021 till 30 juni 2021",
            "21 January 2021 to 30 June 2021",
        ),
    ],
)
def test_periods_are_said_as_people_say_them(
    starts: date, ends: date, swedish: str, english: str
) -> None:
    assert both(lambda: formats.period(starts, ends)) == (swedish, english)


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends"):
        formats.period(date(2021, 1, 2), date(2021, 1, 1))
