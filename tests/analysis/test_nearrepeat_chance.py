"""Knox's test against all permutations, simulated towns, and intervals counted day by day."""

import math
from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from loftet.analysis.nearrepeat import Knox, knox, knox_moments, reach
from loftet.analysis.parallel import Here
from tests.analysis.test_nearrepeat import Made, made, same

Table = NDArray[Any]

# --- All permutations of a few events -----------------------------------------------------------

SIX = Made(np.array([0, 5, 9, 40, 44, 90.0]), np.zeros(6), np.array([1, 1, 2, 9, 11, 30]))
BANDS: dict[str, Any] = {"distances": [0, 6, 50, math.inf], "days": [0, 2, 10, math.inf]}


def counted(events: Made, t: Any) -> Table:
    table = np.zeros((3, 3))
    for i, j in combinations(range(6), 2):
        row = np.searchsorted(BANDS["distances"], abs(events.x[i] - events.x[j]), "right") - 1
        column = np.searchsorted(BANDS["days"], abs(t[i] - t[j]), "right") - 1
        table[row, column] += 1
    return table


ALL = np.array([counted(SIX, t) for t in permutations(SIX.t)])


def test_mean_and_variance_are_those_of_all_720_permutations() -> None:
    moments = knox_moments(SIX.x, SIX.y, SIX.t, **BANDS)
    assert moments.observed.tolist() == counted(SIX, SIX.t).tolist()
    assert moments.expected == pytest.approx(ALL.mean(axis=0), rel=1e-12)
    assert moments.variance == pytest.approx(ALL.var(axis=0), rel=1e-12, abs=1e-12)
    assert moments.z == pytest.approx((moments.observed - ALL.mean(axis=0)) / ALL.std(axis=0))


def test_p_is_the_share_of_all_permutations_with_as_many_pairs() -> None:
    found = SIX.knox(**BANDS, permutations=9999)
    exact = (counted(SIX, SIX.t) <= ALL).mean(axis=0)
    assert (abs(found.p_value - exact) <= 5 * found.monte_carlo_error + 1e-4).all()


def test_adjusted_p_is_the_share_with_any_cell_as_rare() -> None:
    found = SIX.knox(**BANDS, permutations=9999)
    as_many = np.array([(table <= ALL).mean(axis=0) for table in ALL])
    rarest = as_many.min(axis=(1, 2))
    exact = (rarest[:, None, None] <= (counted(SIX, SIX.t) <= ALL).mean(axis=0)).mean(axis=0)
    sure = abs(np.subtract.outer(np.unique(rarest), exact)).min(axis=0) > 0.02
    sure |= exact == 1
    assert sure.any()
    assert (abs(found.p_adjusted - exact) <= 0.03)[sure].all()


def test_p_from_moments_follows_permutations_also_where_few_pairs_are_expected() -> None:
    rng = np.random.default_rng(4)
    centre = rng.uniform(0, 6000, (60, 2))[rng.integers(0, 60, 600)]
    x, y = (centre + rng.normal(0, 150, (600, 2))).T
    edges: dict[str, Any] = {"distances": [0, 30, 100, 300], "days": [0, 1, 4, 15]}
    for seed in range(3):
        t = np.random.default_rng(seed).integers(0, 500, 600)
        found = knox(x, y, t, **edges, permutations=4999, rng=rng)
        moments = knox_moments(x, y, t, **edges)
        assert moments.expected == pytest.approx(found.expected)
        away = abs(moments.p_value - found.p_value)
        assert (away <= 5 * found.monte_carlo_error + 0.01).all()


# --- False alarms and power ---------------------------------------------------------------------

TOWNS = 1000


def town(rng: np.random.Generator, n: int = 150) -> Made:
    """Events that gather in a few places and on weekends, and know nothing of each other."""
    centre = rng.uniform(0, 1000, (4, 2))[rng.integers(0, 4, n)]
    x, y = (centre + rng.normal(0, 200, (n, 2))).T
    week, weekday = rng.integers(0, 26, n), rng.choice(7, n, p=[0.1] * 5 + [0.25] * 2)
    return Made(x, y, week * 7 + weekday)


def false_alarms(towns: int, rng: np.random.Generator) -> tuple[Table, float]:
    """How often chance alone gives p < 0.05 in each cell, and adjusted for the table in any."""
    edges: dict[str, Any] = {"distances": [0, 300, 600], "days": [0, 30, 90]}
    found = [town(rng).knox(**edges, permutations=999, rng=rng) for _ in range(towns)]
    adjusted = [result.p_adjusted.min() < 0.05 for result in found]
    return np.mean([result.p_value < 0.05 for result in found], axis=0), float(np.mean(adjusted))


def test_towns_without_near_repeats_raise_false_alarms_as_often_as_stated() -> None:
    cells, table = false_alarms(TOWNS, np.random.default_rng(11))
    assert (cells >= 0.04).all()
    assert (cells <= 0.06).all()
    assert 0.03 <= table <= 0.06


def power(followed: int, towns: int, rng: np.random.Generator) -> tuple[float, float]:
    """How often repeats of some of 300 events, within 100 m and 7 days, are seen and read right."""
    edges: dict[str, Any] = {"distances": [0, 100, 200, 300], "days": [0, 8, 15, 22]}
    seen = reached = 0
    for _ in range(towns):
        (x, y), t = rng.uniform(0, 5000, (2, 300)), rng.integers(0, 365, 300)
        first, then = slice(followed, 2 * followed), slice(followed)
        x[then], y[then] = x[first] + rng.uniform(-60, 60, followed), y[first]
        t[then] = t[first] + rng.integers(0, 8, followed)
        found = Made(x, y, t).knox(**edges, permutations=499, rng=rng)
        read = reach(found)
        seen += bool(found.p_value[0, 0] < 0.05)
        reached += read.metres == 100 and read.days == 8
    return seen / towns, reached / towns


def test_repeats_that_follow_are_found_and_their_reach_with_them() -> None:
    seen, reached = power(30, 50, np.random.default_rng(12))
    assert seen == 1
    assert reached >= 0.9
    seen, _ = power(6, 50, np.random.default_rng(12))
    assert seen >= 0.9


# --- What is read off ---------------------------------------------------------------------------


def table_of(p: Any, distances: Any, days: Any, whole: bool = True) -> Knox:
    shape = np.shape(p)
    flat, p_adjusted = np.full(shape, 2.0), np.array(p)
    return Knox(
        distances=np.array(distances, float),
        days=np.array(days, float),
        whole=whole,
        observed=10 * flat,
        expected=5 * flat,
        ratio=flat,
        p_value=p_adjusted,
        p_adjusted=p_adjusted,
        monte_carlo_error=0 * flat,
        permutations=999,
        why="",
    )


@pytest.mark.parametrize(
    ("p", "metres", "days", "lines"),
    [
        ([[9, 9, 9], [9, 9, 9], [9, 9, 9]], 0, 0, ["nowhere beyond chance"]),
        ([[0, 9, 9], [9, 9, 9], [9, 9, 9]], 1, 1, ["the same place (less than 1 m), the same day"]),
        (
            [[0, 0, 9], [0, 9, 0], [9, 9, 9]],
            100,
            3,
            [
                "the same place (less than 1 m), the same day or up to 2 days later",
                "at least 1 m and less than 100 m, the same day",
            ],
        ),
        (
            [[9, 9, 9], [9, 0, 0], [0, 9, 9]],
            200,
            8,
            [
                "at least 1 m and less than 100 m, 1 to 7 days later",
                "at least 100 m and less than 200 m, the same day",
            ],
        ),
    ],
)
def test_risk_is_read_as_far_as_it_is_raised_without_a_gap(
    p: Any, metres: float, days: float, lines: list[str]
) -> None:
    read = reach(table_of(p, [0, 1, 100, 200], [0, 1, 3, 8]))
    assert (read.metres, read.days) == (metres, days)
    assert [line.split(":")[0] for line in read.lines] == lines


def test_bands_are_told_in_words() -> None:
    whole = table_of([[1] * 6], [0, math.inf], [0, 2, 3, 10, 11, 20, math.inf])
    assert whole.columns == (
        "the same day or 1 day later".replace("or 1", "or up to 1"),
        "2 days later",
        "3 to 9 days later",
        "10 days later",
        "11 to 19 days later",
        "20 or more days later",
    )
    assert table_of([[1]], [0, 1000], [0, math.inf]).columns == ("any number of days later",)
    parts = table_of([[1] * 2], [2.5, math.inf], [0, 0.5, math.inf])
    assert parts.columns == ("less than 0.5 days later", "at least 0.5 days later")
    assert parts.rows == ("at least 2.5 m",)
    assert table_of([[1]], [0, 150], [0, 1], whole=False).columns == ("less than 1 day later",)


def test_a_level_must_be_a_fraction() -> None:
    with pytest.raises(ValueError, match="level must lie between"):
        reach(table_of([[1]], [0, 1], [0, 1]), level=5)


# --- Earliest and latest times ------------------------------------------------------------------


def shares_by_hand(events: Made, latest: Any, distances: Any, days: Any) -> Table:
    """Each day of one interval with each day of the other, all as likely."""
    table = np.zeros((len(distances) - 1, len(days) - 1))
    for i, j in combinations(range(len(events.x)), 2):
        apart = math.hypot(events.x[i] - events.x[j], events.y[i] - events.y[j])
        one = np.arange(events.t[i], latest[i] + 1)
        lags = abs(np.subtract.outer(one, np.arange(events.t[j], latest[j] + 1)))
        shares = [((soon <= lags) & (lags < late)).mean() for soon, late in pairwise(days)]
        for row, (near, far) in enumerate(pairwise(distances)):
            table[row] += np.array(shares) * (near <= apart < far)
    return table


@given(st.builds(made, st.integers(0, 1000), st.integers(4, 30)), st.integers(0, 99), st.booleans())
@settings(deadline=None, max_examples=30)
def test_a_pair_counts_with_the_chance_that_it_is_in_the_band(
    events: Made, seed: int, open_ended: bool
) -> None:
    latest = events.t + np.random.default_rng(seed).integers(0, 12, len(events.t))
    end = math.inf if open_ended else 40
    distances, days = [0, 1, 200, 30 * end], [0, 1, 3, 8, end]
    found = events.knox(latest=latest, distances=distances, days=days, permutations=19)
    by_hand = shares_by_hand(events, latest, distances, days)
    assert found.observed == pytest.approx(by_hand, abs=1e-6)
    everywhere = shares_by_hand(events, latest, [0, math.inf], days)
    near = shares_by_hand(events, latest, distances, [0, math.inf])
    pairs = math.comb(len(latest), 2)
    assert found.expected == pytest.approx(near * everywhere / pairs, abs=1e-6)


def test_intervals_without_length_are_points_in_time() -> None:
    events = made()
    assert same(events.knox(latest=events.t), events.knox())
    assert events.knox(latest=events.t).whole


def test_intervals_are_dealt_whole() -> None:
    """Long ones stay long: were ends dealt apart, some would end before they begin."""
    events, rng = made(n=24), np.random.default_rng(6)
    latest = events.t + rng.integers(0, 2, 24) * 60
    edges: dict[str, Any] = {"distances": [0, 300], "days": [0, 5]}
    found = events.knox(latest=latest, **edges, permutations=999)
    counts = []
    for _ in range(200):
        turn = rng.permutation(24)
        dealt = Made(events.x, events.y, events.t[turn])
        counts.append(shares_by_hand(dealt, latest[turn], **edges).item())
    p = np.mean(np.array(counts) >= found.observed.item())
    assert found.p_value.item() == pytest.approx(p, abs=0.12)
    assert found.expected.item() == pytest.approx(np.mean(counts), rel=0.05)


def test_intervals_of_hours_go_by_the_minute() -> None:
    x = np.array([0, 0, 900, 900])
    t = np.array(["2024-03-01T22:00", "2024-03-02T00:00", "2024-03-09", "2024-05-01"], "M8[m]")
    latest = t + np.array([119, 0, 0, 0])
    found = Made(x, x, t).knox(latest=latest, distances=[0, 1], days=[0, 0.5 / 24, 1])
    assert not found.whole
    assert found.observed[0] == pytest.approx([29 / 120, 91 / 120], abs=1e-6)
    days = (t - t[0]) / np.timedelta64(1, "D")
    ends = (latest - t[0]) / np.timedelta64(1, "D")
    numbers = Made(x, x, days).knox(latest=ends, distances=[0, 1], days=[0, 0.5 / 24, 1])
    assert numbers.observed == pytest.approx(found.observed, abs=1e-9)


def test_the_order_of_events_with_intervals_does_not_matter() -> None:
    events = made()
    latest = events.t + np.random.default_rng(7).integers(0, 5, 150)
    turn = np.random.default_rng(8).permutation(150)
    turned = events.in_order(turn).knox(latest=latest[turn], executor=Here())
    assert same(turned, events.knox(latest=latest, executor=None))
