"""Knox's test against published tables, other programs, and counting pair by pair."""

import csv
import json
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import poisson

from loftet.analysis.nearrepeat import Knox, knox, knox_moments, reach
from loftet.analysis.parallel import Here
from tests.analysis.test_change import reference

WRONG: Any = "beeline"
Numbers = NDArray[Any]


@dataclass(frozen=True)
class Made:
    """Events made for a test."""

    x: Numbers
    y: Numbers
    t: Numbers

    def in_order(self, order: Any) -> "Made":
        return Made(self.x[order], self.y[order], self.t[order])

    def knox(self, **asked: Any) -> Knox:
        given: dict[str, Any] = {
            "distances": [0, 1, 100, 250],
            "days": [0, 1, 8, 30],
            "permutations": 199,
            "rng": np.random.default_rng(5),
            "executor": Here(),
        }
        return knox(self.x, self.y, self.t, **(given | asked))


def made(seed: int = 1, n: int = 150) -> Made:
    """Events on whole metres and days, some in the same place, with near repeats among them."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 1200, (2, n)).astype(float)
    t = rng.integers(0, 200, n)
    half = n // 4
    x[:half] = x[half : 2 * half] + rng.integers(0, 30, half)
    y[:half], t[:half] = y[half : 2 * half], t[half : 2 * half] + rng.integers(0, 4, half)
    x[-5:], y[-5:] = x[0], y[0]
    return Made(x, y, t)


def same(one: Knox, other: Knox) -> bool:
    """Whether two results are the same to the last bit."""
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=True)
        for field in fields(one)
        if field.name != "why"
    )


def by_hand(
    events: Made, distances: Sequence[float], days: Sequence[float], metric: str = "euclidean"
) -> list[list[int]]:
    """Each pair looked at, one after the other."""
    table = [[0] * (len(days) - 1) for _ in distances[1:]]
    for i in range(len(events.x)):
        for j in range(i):
            dx, dy = abs(events.x[i] - events.x[j]), abs(events.y[i] - events.y[j])
            apart = dx + dy if metric == "manhattan" else math.hypot(dx, dy)
            lag = abs(events.t[i] - events.t[j])
            for row, (near, far) in enumerate(pairwise(distances)):
                for column, (soon, late) in enumerate(pairwise(days)):
                    table[row][column] += near <= apart < far and soon <= lag < late
    return table


# --- Published and other programs' answers ------------------------------------------------------


def arson() -> Made:
    with reference("knox_chicago_arson", "chicago_arson.csv").open() as file:
        rows = list(csv.DictReader(file))
    x, y = (np.array([float(row[name]) for row in rows]) for name in "XY")
    return Made(x, y, np.array([row["date"] for row in rows], dtype="datetime64[D]"))


def test_the_published_table_of_chicago_arson_is_counted_as_its_bands_really_are() -> None:
    """What it calls 0 to 1 days is the same day. One pair 399.96 m apart it counts as over 400."""
    found = arson().knox(
        distances=[0, 0.01, 200, 399.96, 600, math.inf],
        days=[0, 1, 2, 3, math.inf],
        metric="manhattan",
    )
    assert found.observed.tolist() == [
        [0, 2, 0, 8],
        [9, 1, 1, 45],
        [4, 0, 0, 140],
        [6, 0, 0, 234],
        [393, 710, 770, 133_658],
    ]
    assert found.columns[:3] == ("the same day", "1 day later", "2 days later")


@pytest.mark.parametrize("name", ["a", "nrc_equiv", "eucl"])
def test_chicago_arson_agrees_with_the_r_package_nearrepeat(name: str) -> None:
    """Observed exactly; its mean and p come from 2,999 permutations: within 5 of their errors."""
    expected = json.loads(reference("knox_chicago_arson", "expected_NearRepeat.json").read_text())[
        name
    ]
    found = arson().knox(
        distances=[float(edge) for edge in expected["sds"]],
        days=[float(edge) for edge in expected["tds"]],
        metric=expected["method"],
        permutations=2999,
    )
    observed, p = np.array(expected["observed"]), np.array(expected["p"])
    assert found.observed.tolist() == observed.tolist()
    some = observed > 0
    mean = observed[some] / np.array(expected["ratio_mean"])[some]
    assert (abs(mean - found.expected[some]) < 5 * np.sqrt(found.expected[some] / 2999)).all()
    both = (p + found.p_value) / 2
    assert (abs(p - found.p_value) <= 5 * np.sqrt(2 * both * (1 - both) / 2999) + 1 / 3000).all()


def test_arson_is_repeated_nearby_on_the_same_day_and_not_on_the_next() -> None:
    found = reach(
        arson().knox(
            distances=[0, 1, 200, 400, 600, math.inf],
            days=[0, 1, 2, 3, math.inf],
            metric="manhattan",
            permutations=999,
        )
    )
    assert (found.metres, found.days) == (600, 2)
    assert [line.split(":")[0] for line in found.lines] == [
        "the same place (less than 1 m), 1 day later",
        "at least 1 m and less than 200 m, the same day",
        "at least 200 m and less than 400 m, the same day",
        "at least 400 m and less than 600 m, the same day",
    ]


def test_burkitt_has_13_pairs_within_20_km_and_5_days_and_10_expected() -> None:
    """Published with "up to 20" and "up to 5", which half-open bands say with 21 and 6."""
    with reference("knox_burkitt", "burkitt.csv").open() as file:
        rows = list(csv.DictReader(file))
    expected = json.loads(reference("knox_burkitt", "expected.json").read_text())
    x, y, t = (np.array([float(row[name]) for row in rows]) for name in "XYT")
    distances, days = [0, math.nextafter(20, 21), math.inf], [0, 6, math.inf]
    found = Made(x, y, t).knox(distances=distances, days=days, permutations=9999)
    assert found.observed.tolist() == expected["observed"]
    assert found.expected == pytest.approx(np.array(expected["expected"]), rel=1e-12)
    assert poisson.sf(13, found.expected[0, 0]) == pytest.approx(expected["p_poisson"], rel=1e-9)
    moments = knox_moments(x, y, t, distances=distances, days=days)
    assert moments.p_value[0, 0] == pytest.approx(found.p_value[0, 0], abs=0.02)


# --- Counted by hand ----------------------------------------------------------------------------

EDGES = st.lists(st.sampled_from([0, 1, 5, 20, 60, 61, 300, math.inf]), min_size=2, unique=True)


SOME = st.builds(made, st.integers(0, 1000), st.integers(4, 40))


@given(SOME, EDGES.map(sorted), EDGES.map(sorted), st.sampled_from(["euclidean", "manhattan"]))
@settings(deadline=None, max_examples=80)
def test_pairs_are_those_counted_by_hand(
    events: Made, distances: Any, days: Any, metric: str
) -> None:
    step = 1 if len(days) % 2 else 0.25
    events = Made(events.x / 8, events.y / 8, events.t * step)
    found = events.knox(distances=distances, days=days, metric=metric, permutations=19)
    assert found.observed.tolist() == by_hand(events, distances, days, metric)


def test_sums_are_right_where_very_many_events_share_a_place() -> None:
    """600 events have 179,700 pairs: more than the narrow sums hold."""
    rng = np.random.default_rng(2)
    t = rng.integers(0, 50, 600)
    events = Made(np.append(np.zeros(600), 900.0), np.zeros(601), np.append(t, 3))
    lags = abs(t[:, None] - t)[np.triu_indices(600, 1)]
    found = events.knox(distances=[0, 1, 1000], days=[0, 1, 20, 100], permutations=19)
    assert found.observed[0].tolist() == np.histogram(lags, [0, 1, 20, 100])[0].tolist()


def test_expected_is_the_mean_of_the_permutations() -> None:
    events, rng = made(), np.random.default_rng(8)
    asked = {"days": [0, 1, 8, 30, math.inf], "distances": [50, 100, 200, math.inf]}
    expected = events.knox(**asked).expected
    mean = np.zeros(expected.shape)
    for _ in range(400):
        dealt = Made(events.x, events.y, rng.permutation(events.t))
        mean += dealt.knox(**asked, permutations=19).observed / 400
    assert (abs(mean - expected) < 5 * np.sqrt(expected / 400)).all()


# --- What must not matter -----------------------------------------------------------------------


def test_the_order_of_the_events_does_not_matter() -> None:
    events = made()
    for order in (np.argsort(events.t), np.arange(150)[::-1], np.random.default_rng(3)):
        turn = order.permutation(150) if isinstance(order, np.random.Generator) else order
        assert same(events.in_order(turn).knox(), events.knox())


def test_a_shift_changes_nothing_and_a_quarter_turn_no_count() -> None:
    events = made()
    shifted = Made(events.x + 650_000, events.y + 6_400_000, events.t + 20_000)
    assert same(shifted.knox(), events.knox())
    turned = Made(-events.y, events.x, events.t).knox()
    assert turned.observed.tolist() == events.knox().observed.tolist()
    assert turned.p_value == pytest.approx(events.knox().p_value, abs=0.15)


def test_bands_that_are_merged_add_up() -> None:
    fine = made().knox()
    rough = made().knox(distances=[0, 250], days=[0, 30])
    assert rough.observed.item() == fine.observed.sum()
    assert rough.expected.item() == pytest.approx(fine.expected.sum())


def test_the_number_and_kind_of_workers_do_not_matter() -> None:
    events, alone = made(), made().knox(permutations=299)
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as threads:
            assert same(events.knox(permutations=299, executor=threads), alone)
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes:
        assert same(events.knox(permutations=299, executor=processes), alone)
    assert same(events.knox(permutations=299, executor=None), alone)


def test_dates_numbers_of_days_and_midnights_are_the_same() -> None:
    events = made()
    numbers = events.knox()
    dates = [date.fromordinal(int(day) + 730_000) for day in events.t]
    local = [datetime.combine(day, datetime.min.time()) for day in dates]
    for t in (events.t * 1.0, dates, local, np.array(dates, "datetime64[ns]")):
        assert same(Made(events.x, events.y, np.array(t)).knox(), numbers)


def test_hours_count_where_they_are_given() -> None:
    x = np.array([0, 0, 0, 0])
    t = np.array(["2024-03-01T22", "2024-03-02T03", "2024-03-03T03", "2024-07-01T00"], "M8[h]")
    found = Made(x, x, t).knox(distances=[0, 1], days=[0, 1, 2])
    assert found.columns == ("less than 1 day later", "at least 1 day and less than 2 days later")
    assert found.observed.tolist() == [[1, 2]]
    by_date = Made(x, x, t.astype("M8[D]")).knox(distances=[0, 1], days=[0, 1, 2])
    assert by_date.observed.tolist() == [[0, 2]]


# --- What cannot be told, and what makes no sense -----------------------------------------------


@pytest.mark.parametrize(
    ("events", "asked", "why"),
    [
        (made(n=3), {}, "3 events are too few for 3 bands"),
        (made(n=5), {"days": range(9)}, "5 events are too few for 8 bands"),
        (made(n=1), {}, "1 events are too few"),
        (made(), {"distances": [5000, 6000]}, "as near as"),
        (made(), {"days": [5000, 6000]}, "as close in time"),
        (made(), {"distances": [0, 5000]}, "one band of distance"),
        (made(), {"days": [0, 5000]}, "one band of time"),
        (Made(np.ones(30), np.ones(30), np.arange(30)), {}, "one band of distance"),
        (Made(np.arange(30) * 20, np.ones(30), np.ones(30)), {}, "one band of time"),
        (made(), {"days": [0, 5000], "latest": made().t + 2}, "one band of time"),
    ],
)
def test_what_cannot_be_told_is_said(events: Made, asked: dict[str, Any], why: str) -> None:
    found = events.knox(**asked)
    assert why in found.why
    assert np.isnan(found.p_value).all()
    assert np.isnan(found.p_adjusted).all()
    assert why in reach(found).lines[0]
    if "latest" not in asked:
        moments = knox_moments(
            events.x, events.y, events.t, distances=found.distances, days=found.days
        )
        assert moments.why == found.why
        assert np.isnan(moments.p_value).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"distances": [0, 200, 200]},
            r"distances must rise: distances\[2\] = 200 comes after 200",
        ),
        ({"days": [0, 7, 3]}, r"days must rise: days\[2\] = 3"),
        ({"distances": [(0, 200), (150, 400)]}, "not pairs: bands made of edges"),
        ({"distances": [200]}, "at least two edges"),
        ({"days": [-1, 3]}, "0 or more"),
        ({"days": [0, math.nan]}, "known"),
        ({"distances": [0, math.inf, math.inf]}, "known"),
        ({"distances": "far"}, "numbers only"),
        ({"metric": WRONG}, "metric must be one of euclidean, manhattan"),
        ({"permutations": 9}, "permutations must be at least 19"),
        ({"latest": made().t - 1}, r"latest\[0\] is before t\[0\]"),
        ({"latest": np.array(["2024-01-01"] * 150, "M8[D]")}, "latest must be given as t is"),
        ({"latest": made().t[:-1]}, "latest has 149 values, the others 150"),
    ],
)
def test_questions_without_sense_are_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made().knox(**asked)


@pytest.mark.parametrize(
    ("t", "message"),
    [
        ([1, math.nan, 3], r"t\[1\] = nan is not a number"),
        ([1, None, 3], r"t\[1\] = nan is not a number"),
        ([date(2024, 1, 1), None, date(2024, 1, 2)], r"t\[1\] is missing"),
        (np.array(["2024-01-01", "NaT", "2024-01-01"], "M8[D]"), r"t\[1\] is missing"),
        (np.array(["2024-01-01"] * 2, "M8[D]"), "t has shape"),
        ([datetime(2024, 1, 1, tzinfo=UTC)] * 3, "times with a zone"),
        ([1, 2], "t has 2 values, the others 3"),
        (["monday", "tuesday", "friday"], "t must hold numbers only"),
    ],
)
def test_times_that_are_missing_or_unclear_are_refused(t: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Made(np.arange(3), np.zeros(3), t).knox()


def test_places_that_are_missing_or_none_are_refused() -> None:
    with pytest.raises(ValueError, match=r"x\[1\] = nan is not a number"):
        Made(np.array([0, math.nan, 1]), np.zeros(3), np.arange(3)).knox()
    with pytest.raises(ValueError, match="x is empty"):
        Made(np.array([]), np.array([]), np.array([])).knox()
