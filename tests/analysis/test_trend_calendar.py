import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loftet.analysis.calendar import days, panel, weekly, whole

WRONG: Any = "year"
DAYS = st.lists(st.dates(dt.date(2019, 1, 1), dt.date(2027, 12, 31)), min_size=1, max_size=60)


@given(DAYS, st.randoms(use_true_random=False))
def test_weeks_are_those_of_the_iso_calendar_whatever_the_order_of_the_events(
    when: list[dt.date], chance: Any
) -> None:
    """The year 2020 has 53 weeks; 2024-12-30 lies in the first week of 2025."""
    seen = weekly(when, first="2018-12-31", last="2028-01-02")
    iso = [start.astype(dt.date).isocalendar() for start in seen.starts]
    assert all(day == 1 for _, _, day in iso)
    assert seen.counts.sum() == len(when)
    for (year, week, _), count in zip(iso, seen.counts[0], strict=True):
        assert count == sum(day.isocalendar()[:2] == (year, week) for day in when)
    chance.shuffle(when)
    assert (weekly(when, first="2018-12-31", last="2028-01-02").counts == seen.counts).all()


@given(DAYS, st.sampled_from(["week", "month"]))
def test_only_whole_weeks_and_months_between_the_first_and_last_event_are_told(
    when: list[dt.date], unit: Any
) -> None:
    assume(max(when) - min(when) > dt.timedelta(62))
    seen = panel(["A"] * len(when), when, unit=unit)
    end = seen.starts[-1] + int(seen.lengths[-1])
    inside = [seen.starts[0] <= np.datetime64(day) < end for day in when]
    assert np.datetime64(min(when)) <= seen.starts[0]
    assert end <= np.datetime64(max(when)) + 1
    assert (seen.counts.sum(), seen.left_out) == (sum(inside), len(when) - sum(inside))
    assert (np.diff(seen.starts).astype(float) == seen.lengths[:-1]).all()


def test_areas_without_events_are_told_in_the_order_wished() -> None:
    area, day = ["B", "D", "B"], ["2024-02-29", "2024-02-01", "2024-03-31"]
    seen = panel(
        area, day, unit="month", first="2024-02-01", last="2024-03-31", areas=["D", "C", "B"]
    )
    assert seen.counts.tolist() == [[1, 0], [0, 0], [1, 1]]
    assert seen.lengths.tolist() == [29, 31]
    assert seen.areas.tolist() == ["D", "C", "B"]


def test_every_kind_of_day_is_understood_and_the_hour_is_dropped() -> None:
    wanted = [np.datetime64("2025-01-31")]
    for day in (
        dt.date(2025, 1, 31),
        dt.datetime(2025, 1, 31, 23, 59),  # noqa: DTZ001 - local, as it comes from files
        "2025-01-31",
        "2025-01-31 23:59",
        np.datetime64("2025-01-31T23:59", "ns"),
    ):
        assert days("day", [day]).tolist() == [wanted[0].astype(dt.date)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["2025-01-01", None], r"day\[1\] is missing"),
        (np.array(["2025-01-01", "NaT"], dtype="datetime64[D]"), r"day\[1\] is missing"),
        (["soon"], "day must hold days such as 2025-01-31"),
        ([20250101], "day must hold dates, not int64"),
        ([["2025-01-01"]], "day must be one row"),
        ([dt.datetime(2025, 1, 1, tzinfo=dt.UTC)], "times with a zone"),
        (["2025-01-01T00:00Z"], "day must hold days such as"),
    ],
)
def test_days_that_cannot_be_are_refused_by_place(wrong: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        days("day", wrong)


def test_areas_and_ends_that_do_not_fit_are_refused() -> None:
    when = ["2025-01-06", "2025-01-20"]
    with pytest.raises(ValueError, match=r"area\[1\] = 'C' is not among areas"):
        panel(["A", "C"], when, areas=["A", "B"])
    with pytest.raises(ValueError, match="the same one comes twice"):
        panel(["A", "A"], when, areas=["A", "A"])
    with pytest.raises(ValueError, match="area has shape"):
        panel(["A"], when)
    with pytest.raises(ValueError, match="day is empty: tell first"):
        weekly([])
    with pytest.raises(ValueError, match="no whole week lies between first, 2025-01-07"):
        whole("2025-01-07", "2025-01-18")
    with pytest.raises(ValueError, match="unit must be one of week, month"):
        whole("2025-01-07", "2025-03-19", unit=WRONG)
    assert weekly([], first="2025-01-06", last="2025-01-19").counts.tolist() == [[0, 0]]
