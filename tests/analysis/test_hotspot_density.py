import math
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gaussian_kde

from loftet.analysis.hotspot import density, rule_of_thumb

EXTENT = (0.0, 0.0, 4000.0, 3000.0)
SHAPE = (150, 200)
CELL_KM2 = 0.02**2
GAP: Any = math.nan


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def within(count: int, seed: int = 1) -> tuple[Any, Any]:
    rng = seeded(seed)
    return rng.uniform(0, 4000, count), rng.uniform(0, 3000, count)


def direct(x: Any, y: Any, found: Any, bandwidth: float) -> Any:
    """The sum of Gaussians at each centre, without bins or cuts, per square kilometre."""
    across = np.exp(-((found.x - x[:, None]) ** 2) / (2 * bandwidth**2))
    up = np.exp(-((found.y - y[:, None]) ** 2) / (2 * bandwidth**2))
    return np.einsum("er,ec->rc", up, across) / (2 * math.pi * bandwidth**2) * 1e6


def test_the_map_is_the_sum_of_a_hump_for_each_event() -> None:
    x, y = within(40)
    found = density(x, y, bandwidth=300, extent=EXTENT, shape=SHAPE, edges=False)
    expected = direct(x, y, found, 300)
    assert found.per_km2 == pytest.approx(expected, abs=0.003 * expected.max())


def test_scipy_draws_the_same_map() -> None:
    x, y = seeded(2).normal([2000, 1500], [250, 250], (300, 2)).T
    scale = float(np.sqrt(np.var(x, ddof=1)))
    y = 1500 + (y - y.mean()) * scale / np.std(y, ddof=1)
    x = x - np.cov(x, y)[0, 1] / np.var(y, ddof=1) * (y - y.mean())  # scipy's humps are round then
    y = 1500 + (y - y.mean()) * np.std(x, ddof=1) / np.std(y, ddof=1)
    kde = gaussian_kde(np.array([x, y]), bw_method=200 / np.std(x, ddof=1))
    found = density(x, y, bandwidth=200, extent=EXTENT, shape=SHAPE)
    east, north = np.meshgrid(found.x, found.y)
    expected = 300e6 * kde(np.array([east.ravel(), north.ravel()])).reshape(SHAPE)
    assert found.per_km2 == pytest.approx(expected, abs=0.003 * expected.max())


@pytest.mark.skipif(not find_spec("KDEpy"), reason="KDEpy is not installed")
@pytest.mark.filterwarnings("ignore")
def test_kdepy_draws_the_same_map() -> None:
    x, y = seeded(3).normal([2000, 1500], [300, 200], (500, 2)).T
    found = density(x, y, bandwidth=150, extent=EXTENT, shape=SHAPE)
    east, north = np.meshgrid(found.x, found.y, indexing="ij")
    lattice = np.column_stack([east.ravel(), north.ravel()])
    kde = import_module("KDEpy").FFTKDE(kernel="gaussian", bw=150).fit(np.column_stack([x, y]))
    expected = 500e6 * kde.evaluate(lattice).reshape(200, 150).T
    # KDEpy cuts its kernel off nearer than five standard deviations.
    assert found.per_km2 == pytest.approx(expected, abs=0.01 * expected.max())


@given(
    st.integers(0, 500), st.integers(0, 1000), st.floats(15, 3000), st.sampled_from([True, False])
)
@settings(deadline=None, max_examples=40)
def test_nothing_leaks_out_of_the_map(
    count: int, seed: int, bandwidth: float, masked: bool
) -> None:
    x, y = within(count, seed)
    mask = seeded(seed).random(SHAPE) < 0.7 if masked else None
    found = density(x, y, bandwidth=bandwidth, extent=EXTENT, shape=SHAPE, mask=mask)
    assert found.inside + found.outside == count
    assert found.per_km2.sum() * CELL_KM2 == pytest.approx(found.inside)
    if mask is None:
        assert found.outside == 0
    else:
        assert not found.per_km2[~mask].any()


def test_evenly_spread_events_are_as_dense_in_the_corner_as_in_the_middle() -> None:
    x, y = np.meshgrid(np.arange(5, 4000, 10), np.arange(5, 3000, 10))
    places = x.ravel(), y.ravel()
    found = density(*places, bandwidth=300, extent=EXTENT, shape=SHAPE)
    assert found.per_km2 == pytest.approx(10_000, rel=0.002)
    leaking = density(*places, bandwidth=300, extent=EXTENT, shape=SHAPE, edges=False)
    assert leaking.per_km2[75, 100] == pytest.approx(10_000, rel=1e-4)
    assert leaking.per_km2[0, 0] == pytest.approx(2500, rel=0.1)
    lake = (found.x - 2000) ** 2 + (found.y[:, None] - 1500) ** 2 < 700**2
    around = density(*places, bandwidth=300, extent=EXTENT, shape=SHAPE, mask=~lake)
    assert around.per_km2[~lake] == pytest.approx(10_000, rel=0.05)


def test_an_event_that_counts_twice_is_two_events() -> None:
    x, y = within(30)
    weights = np.arange(30) % 3
    options: dict[str, Any] = {"bandwidth": 250, "extent": EXTENT, "shape": SHAPE}
    weighted = density(x, y, weights=weights, **options)
    repeated = density(np.repeat(x, weights), np.repeat(y, weights), **options)
    assert weighted.per_km2 == pytest.approx(repeated.per_km2)


def test_events_beyond_the_map_are_told() -> None:
    found = density([10, 5000, 10], [10, 10, -1], bandwidth=300, extent=EXTENT, shape=SHAPE)
    assert (found.inside, found.outside, found.bandwidth) == (1, 2, 300)
    assert found.per_km2.sum() * CELL_KM2 == pytest.approx(1)
    assert density([], [], bandwidth=300, extent=EXTENT).per_km2.max() == 0


def test_identical_points_make_one_hump() -> None:
    found = density([2010] * 50, [1510] * 50, bandwidth=200, extent=EXTENT, shape=SHAPE)
    top = np.unravel_index(np.argmax(found.per_km2), SHAPE)
    assert (found.y[top[0]], found.x[top[1]]) == (1510, 2010)
    assert found.per_km2.max() == pytest.approx(50 / (2 * math.pi * 0.2**2), rel=1e-4)


def test_the_rule_of_thumb_is_scotts() -> None:
    x, y = within(500)
    expected = math.sqrt((np.var(x, ddof=1) + np.var(y, ddof=1)) / 2) * 500 ** (-1 / 6)
    assert rule_of_thumb(x, y) == pytest.approx(expected)


def ask(**changed: Any) -> object:
    options: dict[str, Any] = {
        "x": [1, 2], "y": [3, 4], "bandwidth": 300, "extent": EXTENT, "shape": SHAPE
    }  # fmt: skip
    return density(**(options | changed))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: ask(x=[1, GAP]), r"x\[1\] = nan is not a number"),
        (lambda: ask(x=[1]), "y has 2 values, the others 1"),
        (lambda: ask(bandwidth=0), "bandwidth must be above 0"),
        (lambda: ask(bandwidth=5), "bandwidth = 5 m is less than half a cell of 20 m"),
        (lambda: ask(extent=(0, 0, 0, 1)), "extent must be west, south, east, north"),
        (lambda: ask(shape=(0, 5)), "shape must be rows and columns above 0"),
        (lambda: ask(mask=np.ones((2, 2), bool)), "mask must say true or false"),
        (lambda: ask(weights=[1, -1]), r"weights\[1\] is below 0"),
        (lambda: ask(weights=[1]), "weights has 1 values, the others 2"),
        (lambda: rule_of_thumb([5, 5], [1, 1]), "x and y are a single place"),
        (lambda: rule_of_thumb([], []), "x and y are a single place"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(wrong: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        wrong()
