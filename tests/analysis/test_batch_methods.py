"""What each method answers within the batch is what it answers alone."""

import pickle
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from loftet.analysis import forecast
from loftet.analysis.batch import Events, Method, Row, Study
from loftet.analysis.batch.methods import METHODS, warm
from loftet.analysis.batch.units import Job, do
from loftet.analysis.calendar import panel
from loftet.analysis.trend import FLEXIBLE, farrington

FIRST = np.datetime64("2021-01-04")
WEEKS = 160
LAST = FIRST + 7 * WEEKS - 1
ASKED = 3  # weeks


def made(*, areas: int = 6, each: int = 80, seed: int = 1, spread: float = 500) -> Events:
    rng = np.random.default_rng(seed)
    area = rng.permutation(np.repeat(np.arange(areas), each))
    total = areas * each
    day = np.sort(rng.integers(7 * WEEKS, size=total))
    return Events(
        tuple(f"{code:04d}" for code in range(areas)),
        ("",),
        area,
        np.zeros(total, dtype=np.int64),
        (FIRST + day).astype("M8[m]"),
        20_000.0 * area + rng.normal(scale=spread, size=total).round(),
        6_500_000.0 + rng.normal(scale=spread, size=total).round(),
    )


def study(
    method: Method, events: Events, weeks: int = ASKED, **parameters: tuple[float, ...]
) -> Study:
    chosen = dict(method.parameters) | parameters
    first, last = (day.astype(object) for day in (FIRST, LAST))
    assert isinstance(first, date)
    return Study(events, first, last, weeks, 99, chosen)


def answers(
    name: str, events: Events, weeks: int = ASKED, **parameters: tuple[float, ...]
) -> list[Row]:
    method = METHODS[name]
    asked = study(method, events, weeks, **parameters)
    jobs = [Job(method, unit, 1) for unit in method.units(asked)]
    return [row for job in jobs for row in answered(job)]


def answered(job: Job) -> list[Row]:
    unit = job.unit
    return do(job.method.answer, job.seed, unit.question(), unit.area, unit.kind)


def more(events: Events, *, area: int, days: Any, x: Any, y: Any) -> Events:
    """The events, and some more in one area."""
    added = len(days)
    times = np.concatenate([events.time, np.asarray(days).astype("M8[m]")])
    order = np.argsort(times, kind="stable")
    return Events(
        events.areas,
        events.kinds,
        np.concatenate([events.area, np.full(added, area)])[order],
        np.concatenate([events.kind, np.zeros(added, dtype=np.int64)])[order],
        times[order],
        np.concatenate([events.x, np.broadcast_to(x, added)])[order],
        np.concatenate([events.y, np.broadcast_to(y, added)])[order],
    )


# --- All methods --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
def test_units_can_travel_and_give_the_same_rows_wherever_they_are_done(name: str) -> None:
    method = METHODS[name]
    units = list(method.units(study(method, made(areas=3))))
    assert len({unit.name for unit in units}) == len(units) > 0
    for unit in units[:2]:
        job = Job(method, unit, 1)
        answer, question = pickle.loads(pickle.dumps((method.answer, unit.question())))  # noqa: S301
        there = do(answer, job.seed, question, unit.area, unit.kind)
        assert there == answered(job)
        assert "nan" not in repr(there)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("many", [1, 2, 40])
def test_events_at_one_point_on_one_day_are_told_of_without_a_crash(name: str, many: int) -> None:
    events = made(areas=1, each=many, spread=0)
    events = replace(events, time=np.full(many, LAST.astype("M8[m]")))
    rows = answers(name, events)
    assert rows
    if METHODS[name].places:
        assert all(row.value is None and row.note for row in rows)


@pytest.mark.parametrize("name", METHODS)
def test_too_short_a_time_is_told_of_without_a_crash(name: str) -> None:
    method = METHODS[name]
    short = replace(study(method, made()), first=(LAST - 6).astype(object))
    units = list(method.units(short))
    for unit in units:
        for row in answered(Job(method, unit, 1)):
            assert row.note or row.value is not None


def test_kinds_are_analysed_apart() -> None:
    events = made(areas=2)
    odd = np.arange(len(events)) % 2
    both = replace(events, kinds=("damage", "theft"), kind=odd)
    damage = answers("trend", events.where(odd == 0))
    assert [row for row in answers("trend", both) if row.kind == "damage"] == [
        row._replace(kind="damage") for row in damage
    ]


def test_all_loops_can_be_compiled_beforehand() -> None:
    warm()


# --- Each method --------------------------------------------------------------------------------


def test_trend_gives_each_area_what_it_would_have_alone() -> None:
    events = made(areas=40, each=300)
    monday = LAST - 6
    events = more(events, area=37, days=[monday] * 15, x=0.0, y=0.0)
    rows = answers("trend", events, years=(2.0,))
    assert len(rows) == 40 * ASKED
    counts = panel(events.area, events.time, first=FIRST, last=LAST).counts[37]
    rules = replace(FLEXIBLE, years=2)
    alone = farrington(counts, rules=rules, weeks=ASKED)
    (of_area,) = [[row for row in rows if row.area == "0037"]]
    assert [row.value for row in of_area] == counts[-ASKED:].tolist()
    assert [row.expected for row in of_area] == pytest.approx(alone.expected[0], rel=1e-9)
    assert [row.high for row in of_area] == alone.upper[0].tolist()
    assert (of_area[-1].note, of_area[-1].last_day) == ("alarm", str(LAST))


def test_trend_takes_as_many_earlier_years_as_there_are() -> None:
    (first, *_others) = answers("trend", made(), years=(5.0,))
    assert first.measure == "events, against 2 earlier years"


def test_forecast_of_a_week_gone_by_knows_only_what_was_before_it() -> None:
    events = made()
    rows = answers("forecast", events, ahead=(2.0,))
    counts = panel(events.area, events.time, first=FIRST, last=LAST).counts
    gone_by, to_come = rows[: 6 * ASKED], rows[6 * ASKED :]
    alone = forecast.predict(counts[:, :-1], horizon=1)
    assert [row.value for row in gone_by[-6:]] == counts[:, -1].tolist()
    assert [row.expected for row in gone_by[-6:]] == pytest.approx(alone.mean[:, 0], rel=1e-9)
    assert [row.high for row in gone_by[-6:]] == alone.high[:, 0].tolist()
    assert [row.value for row in to_come] == [None] * 12
    assert {row.first_day for row in to_come} == {str(LAST + 1), str(LAST + 8)}


def test_scan_finds_a_cluster_in_the_week_in_which_it_was_and_not_before() -> None:
    days = LAST - np.arange(14) % 7
    events = more(made(spread=0), area=4, days=days, x=80_000.0, y=6_500_000.0)
    before, _between, after = answers("scan", events, radius=(5_000.0,))
    assert before.p is not None
    assert before.p > 0.05
    assert (after.area, after.p, after.last_day) == ("0004", 0.01, str(LAST))
    assert after.measure == f"cluster as of {LAST}"
    assert after.value is not None
    assert after.value >= 14


def test_scan_within_an_area_tells_the_circle() -> None:
    days = LAST - np.arange(8)
    events = more(made(areas=1), area=0, days=days, x=3_000.0, y=6_503_000.0)
    (first, *_others) = answers("scan-within", events, 52, radius=(1_000.0,))
    assert (first.area, first.p) == ("0000", 0.01)
    assert "m of 3000 m E 6503000 m N" in first.place


def test_near_repeats_of_one_area_are_not_those_of_another() -> None:
    days = LAST - np.repeat(np.arange(10), 2)
    places = np.repeat(np.arange(10) * 700.0, 2)
    events = more(made(areas=2, spread=3_000), area=1, days=days, x=places, y=6_400_000.0)
    rows = answers("near-repeat", events)
    same = {
        row.area: row
        for row in rows
        if (row.place, row.measure) == ("the same place (less than 1 m)", "pairs, the same day")
    }
    assert (same["0001"].value, same["0001"].p) == (10, 0.01)
    assert "0000" not in same or same["0000"].value == 0


def test_hotspot_names_the_cells_about_which_most_happened() -> None:
    row, column = np.divmod(np.repeat(np.arange(25), 3), 5)
    x, y = 7_000.0 + 250 * column, 6_507_000.0 + 250 * row
    events = made(areas=1, spread=3_000)
    rows = answers("hotspot", more(events, area=0, days=[LAST] * 75, x=x, y=y))
    assert "250 m about 7625 m E 6507625 m N" in {row.place for row in rows}
    assert max(row.value or 0 for row in rows) == 27
    assert all(row.p is not None and row.p < 0.05 for row in rows)


def test_concentration_counts_the_places_where_nothing_happened_of_late() -> None:
    events = made(areas=1, spread=5_000)
    events = more(events, area=0, days=LAST - np.arange(40), x=7_000.0, y=6_510_000.0)
    share, gini = answers("concentration", events, 52)
    places = len(np.unique(np.column_stack([events.x, events.y]) // 250, axis=0))
    assert share.value == pytest.approx(1 / places)
    assert gini.value is not None
    assert gini.p == 0.01
