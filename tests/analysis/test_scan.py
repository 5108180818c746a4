"""The scans against a search of all zones that knows no shortcut."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from loftet.analysis import scan
from loftet.analysis.arrays import Floats
from loftet.analysis.parallel import Here
from loftet.analysis.scan.counting import LANES, Law, Search, Windows, largest, log_ratio, reach
from loftet.analysis.scan.nulls import Labels, Null, Shuffle, Spread
from loftet.analysis.scan.places import Limits, circles, places

MAPS = st.integers(0, 10_000).map(np.random.default_rng)
few_examples = settings(deadline=None, max_examples=25)

Zone = frozenset[int]
Window = tuple[int, int]


# --- A search that knows no shortcut ------------------------------------------------------------


def all_zones(x: Floats, y: Floats, weight: Floats, share: float, radius: float) -> set[Zone]:
    """Rows within each distance from each point that holds no more than the share."""
    zones = set()
    for east, north in zip(x, y, strict=True):
        distance = np.hypot(x - east, y - north)
        for limit in distance[distance <= radius]:
            rows = np.flatnonzero(distance <= limit + 1e-9)
            if weight[rows].sum() <= share * weight.sum() + 1e-9:
                zones.add(frozenset(rows.tolist()))
    return zones


def all_windows(periods: int, longest: int, *, prospective: bool) -> Iterator[Window]:
    for start in range(periods):
        for stop in range(start, min(start + longest, periods)):
            if not prospective or stop == periods - 1:
                yield start, stop


def poisson_ratio(c: float, e: float, total: float, sign: float = 1) -> float:
    """From the law of the cases inside, given all: binomial, at two shares."""
    if sign * (c - e) <= 1e-9 or (sign > 0 and c < 2):
        return 0.0
    return float(binom.logpmf(c, total, c / total) - binom.logpmf(c, total, min(e / total, 1)))


def bernoulli_ratio(c: float, n: float, total: float, persons: float) -> float:
    if c < 2 or c / n <= total / persons:
        return 0.0
    apart = binom.logpmf(c, n, c / n)
    apart += binom.logpmf(total - c, persons - n, (total - c) / (persons - n))
    alike = binom.logpmf([c, total - c], [n, persons - n], total / persons).sum()
    return float(apart - alike)


class Searched:
    """The largest ratio over all zones and windows, zone by zone; counts by row and period."""

    def __init__(
        self, zones: set[Zone], windows: list[Window], expected: Floats, sign: float = 1
    ) -> None:
        self.zones, self.windows, self.expected, self.sign = zones, windows, expected, sign

    def ratio(self, counts: Floats, zone: Zone, window: Window) -> float:
        inside = np.ix_(sorted(zone), range(window[0], window[1] + 1))
        total = counts.sum()
        scale = total / self.expected.sum()
        return poisson_ratio(
            counts[inside].sum(), self.expected[inside].sum() * scale, total, self.sign
        )

    def best(self, counts: Floats, without: Zone = frozenset()) -> float:
        return max(
            (
                self.ratio(counts, zone, window)
                for zone in self.zones
                if not zone & without
                for window in self.windows
            ),
            default=0.0,
        )


def a_map(rng: np.random.Generator, rows: int = 9) -> tuple[Floats, Floats]:
    """Points on a small grid: some at the same place, many at the same distance."""
    return rng.integers(0, 4, rows).astype(float), rng.integers(0, 3, rows).astype(float)


def check_clusters(found: scan.Scan, searched: Searched, counts: Floats) -> None:
    """Each cluster is the best of all that touch none before it, and no other is left out."""
    taken: Zone = frozenset()
    for cluster in found.clusters:
        zone = frozenset(cluster.members.tolist())
        first, last = cluster.first_day or 0, cluster.last_day or 0
        assert isinstance(first, int)
        assert isinstance(last, int)
        assert cluster.log_likelihood_ratio == pytest.approx(searched.best(counts, taken))
        assert cluster.log_likelihood_ratio == pytest.approx(
            searched.ratio(counts, zone, (first, last))
        )
        assert cluster.observed == counts[sorted(zone), first : last + 1].sum()
        taken |= zone
    if len(found.clusters) < 10:
        assert searched.best(counts, taken) == pytest.approx(0)


# --- Every zone is found ------------------------------------------------------------------------


@given(MAPS, st.sampled_from(["high", "low"]), st.sampled_from([0.2, 0.5]), st.booleans())
@few_examples
def test_poisson_finds_the_best_of_all_circles_and_then_the_best_apart_from_it(
    rng: np.random.Generator, rates: Any, share: float, near: bool
) -> None:
    x, y = a_map(rng)
    expected = rng.uniform(1, 5, 9) * rng.integers(0, 4, 9).clip(max=1)
    counts = rng.poisson(expected).astype(float)
    radius = 1.5 if near else math.inf
    found = scan.poisson(
        counts, expected, x, y, largest_share=share, radius=1.5 if near else None, rates=rates,
        replicates=19, rng=rng,
    ) if expected.any() else None  # fmt: skip
    if found is None or found.why:
        return
    zones = all_zones(x, y, expected, share, radius)
    sign = 1 if rates == "high" else -1
    searched = Searched(zones, [(0, 0)], expected[:, None], sign)
    check_clusters(found, searched, counts[:, None])


@given(MAPS, st.booleans())
@few_examples
def test_space_time_poisson_finds_the_best_of_all_cylinders(
    rng: np.random.Generator, prospective: bool
) -> None:
    x, y = a_map(rng, 7)
    expected = rng.uniform(0.5, 3, (7, 6))
    counts = rng.poisson(expected).astype(float)
    found = scan.space_time_poisson(
        counts, expected, x, y, prospective=prospective, longest=4, replicates=19, rng=rng
    )
    if found.why:
        return
    zones = all_zones(x, y, expected.sum(axis=1), 0.5, math.inf)
    windows = list(all_windows(6, 4, prospective=prospective))
    check_clusters(found, Searched(zones, windows, expected), counts)


@given(MAPS, st.booleans())
@few_examples
def test_space_time_permutation_finds_the_best_of_all_cylinders(
    rng: np.random.Generator, prospective: bool
) -> None:
    x, y = a_map(rng, 6)
    location, day = rng.integers(0, 6, 40), rng.integers(0, 8, 40)
    found = scan.space_time_permutation(
        location, day, x, y, prospective=prospective, radius=2, longest=3, until=7,
        replicates=19, rng=rng,
    )  # fmt: skip
    if found.why:
        return
    counts = np.zeros((6, 8))
    np.add.at(counts, (location, day), 1)
    on_day, at_place = counts.sum(axis=0), counts.sum(axis=1)
    first = int(day.min())
    windows = [w for w in all_windows(8, 3, prospective=prospective) if w[0] >= first]
    zones = all_zones(x, y, at_place, 0.5, 2)
    check_clusters(found, Searched(zones, windows, np.outer(at_place, on_day)), counts)


@given(MAPS)
@few_examples
def test_bernoulli_finds_the_best_of_all_circles(rng: np.random.Generator) -> None:
    x, y = a_map(rng)
    persons = rng.integers(0, 6, 9).astype(float)
    cases = rng.binomial(persons.astype(int), 0.4).astype(float)
    found = scan.bernoulli(cases, persons - cases, x, y, replicates=19, rng=rng)
    if found.why:
        return
    best = max(
        bernoulli_ratio(
            cases[sorted(zone)].sum(), persons[sorted(zone)].sum(), cases.sum(), persons.sum()
        )
        for zone in all_zones(x, y, persons, 0.5, math.inf)
        if persons[sorted(zone)].sum()
    )
    assert found.clusters[0].log_likelihood_ratio == pytest.approx(best)


LAWS = st.builds(
    lambda cases, controls, share, sign: Law(
        float(cases), float(controls), cases / (cases + controls) if controls else share, sign
    ),
    st.integers(2, 3000), st.integers(0, 5000), st.floats(1e-3, 10), st.sampled_from([1.0, -1.0]),
)  # fmt: skip


@given(LAWS, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_no_ratio_exceeds_the_bound_that_spares_its_computation(
    law: Law, weight_share: float, count_share: float
) -> None:
    """The loops skip every count nearer to the expected one than this."""
    most = law.cases + law.controls if law.controls else law.cases / law.scale
    weight = weight_share * most
    if law.controls:
        weight = float(round(weight))
    expected = weight * law.scale
    lowest = max(0.0, weight - law.controls) if law.controls else 0.0
    highest = min(law.cases, weight) if law.controls else law.cases
    count = float(round(lowest + count_share * (highest - lowest)))
    if not 0 < expected < law.cases or law.sign * (count - expected) <= 0:
        return
    deviation = (count - expected) ** 2
    scaled = log_ratio(count, weight, law) * reach(weight, law) ** 2
    assert scaled <= deviation * (1 + 1e-9) + 1e-9


# --- Replicates ---------------------------------------------------------------------------------


def largest_of(null: Null, searched: Searched, seed: int) -> list[float]:
    """The same replicates as the scan's, searched without shortcut.

    They come by place, in the order of the coordinates, which is that of the rows here.
    """
    cells = null.draw(np.random.default_rng(seed), LANES).astype(float)
    return [searched.best(cells[:, :, lane].T) for lane in range(LANES)]


def test_every_replicate_gets_the_largest_ratio_of_all_zones() -> None:
    rng = np.random.default_rng(11)
    x, y = np.arange(8.0) ** 2, np.zeros(8)
    expected = rng.uniform(1, 4, (8, 1))
    counts = np.array([[2.0], [9], [1], [2], [1], [4], [3], [2]])
    found = scan.poisson(
        counts[:, 0], expected[:, 0], x, y, replicates=LANES, rng=np.random.default_rng(5)
    )
    seed = int(np.random.default_rng(5).integers(2**63, size=1)[0])
    searched = Searched(all_zones(x, y, expected[:, 0], 0.5, math.inf), [(0, 0)], expected)
    null = Spread(int(counts.sum()), expected.T / expected.sum())
    assert found.null == pytest.approx(largest_of(null, searched, seed))


@pytest.mark.parametrize("total", [25, 20_000, 3_000_000])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_counts_far_from_what_is_expected_pass_the_bounds_whatever_their_size(
    total: int, sign: float
) -> None:
    """Small and large counts are numbers of another kind, and ratios go up to hundred thousands."""
    x, y = np.arange(8.0) ** 2, np.zeros(8)
    expected, skewed = (
        np.array([[1.0, 2, 3, 1, 2, 3, 4, 2]]),
        np.array([[4.0, 4, 1, 9, 1, 2, 3, 1]]),
    )
    around = circles(places(x, y, "euclidean"), expected[0], Limits(0.5, None), Here())
    law = Law(float(total), 0.0, total / expected.sum(), sign)
    null = Spread(total, skewed / skewed.sum())
    found = largest(
        Search(around, expected, law, Windows(1, 1)), null.draw(np.random.default_rng(1), LANES)
    )
    searched = Searched(all_zones(x, y, expected[0], 0.5, math.inf), [(0, 0)], expected.T, sign)
    assert found == pytest.approx(np.array(largest_of(null, searched, 1)))


def test_every_labelling_gets_the_largest_ratio_of_all_circles() -> None:
    x, y = np.arange(7.0) ** 2, np.zeros(7)
    cases, persons = np.array([1.0, 4, 0, 2, 1, 0, 2]), np.array([4.0, 6, 3, 5, 2, 0, 9])
    found = scan.bernoulli(
        cases, persons - cases, x, y, replicates=LANES, rng=np.random.default_rng(5)
    )
    seed = int(np.random.default_rng(5).integers(2**63, size=1)[0])
    cells = Labels(10, persons.astype(int)).draw(np.random.default_rng(seed), LANES)[0]
    zones = [sorted(zone) for zone in all_zones(x, y, persons, 0.5, math.inf)]
    best = [
        max(
            bernoulli_ratio(float(cells[zone, lane].sum()), persons[zone].sum(), 10, 29)
            for zone in zones
            if persons[zone].any()
        )
        for lane in range(LANES)
    ]
    assert found.null == pytest.approx(np.array(best))


def test_every_permutation_gets_the_largest_ratio_of_all_cylinders() -> None:
    rng = np.random.default_rng(12)
    x, y = np.arange(6.0) ** 2, np.zeros(6)
    location, day = rng.integers(0, 6, 60), np.append(rng.integers(0, 9, 59), 8)
    day[0] = 0
    found = scan.space_time_permutation(
        location, day, x, y, prospective=False, radius=9, longest=3, replicates=LANES,
        rng=np.random.default_rng(5),
    )  # fmt: skip
    seed = int(np.random.default_rng(5).integers(2**63, size=1)[0])
    on_day, at_place = np.bincount(day), np.bincount(location).astype(float)
    searched = Searched(
        all_zones(x, y, at_place, 0.5, 9),
        list(all_windows(9, 3, prospective=False)),
        np.outer(at_place, on_day).astype(float),
    )
    null = Shuffle(np.sort(location), np.repeat(np.arange(9), on_day), (9, 6), 60)
    assert found.null == pytest.approx(largest_of(null, searched, seed))


def test_dealt_days_keep_both_margins_and_fall_as_a_shuffle_lets_them() -> None:
    place = np.repeat([0, 1, 2], [50, 30, 20])
    days = np.repeat([0, 1], [10, 15])
    null = Shuffle(place, days, (2, 3), 100)
    cells = np.concatenate(
        [null.draw(np.random.default_rng(seed), LANES) for seed in range(300)], axis=2
    ).astype(float)
    assert (cells.sum(axis=1) == np.array([[10], [15]])).all()
    n, k, on_day = 100, np.array([50, 30, 20]), np.array([[10], [15]])
    mean = on_day * k / n
    variance = mean * (1 - k / n) * (n - on_day) / (n - 1)
    assert cells.mean(axis=2) == pytest.approx(mean, rel=0.01)
    assert cells.var(axis=2) == pytest.approx(variance, rel=0.04)


def test_labels_go_to_persons_without_return() -> None:
    null = Labels(30, np.array([40, 5, 15]))
    cells = np.concatenate(
        [null.draw(np.random.default_rng(seed), LANES) for seed in range(200)], axis=2
    ).astype(float)
    assert (cells.sum(axis=1) == 30).all()
    assert cells.max(axis=2).tolist() <= [[30, 5, 15]]
    assert cells.mean(axis=2) == pytest.approx(np.array([[20, 2.5, 7.5]]), rel=0.01)
