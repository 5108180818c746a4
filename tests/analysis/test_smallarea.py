import csv
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import nbinom

from loftet.analysis.smallarea import fay_herriot, poisson_gamma
from tests.analysis.test_change import reference

WRONG: Any = "bayes"
GAP: Any = math.nan

# --- Fay and Herriot ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["reml", "ml", "fh"])
def test_milk_of_43_areas_agrees_with_r_in_every_area(method: Any) -> None:
    """1e-5: the R package stops its scoring when the variance moves by less than 1e-4."""
    with reference("sae_milk", "milk.csv").open() as file:
        rows = list(csv.DictReader(file))
    expected = json.loads(reference("sae_milk", "expected.json").read_text())[method.upper()]
    major = np.array([int(row["MajorArea"]) for row in rows])
    covariates = np.column_stack([np.ones(43), *(1.0 * (major == k) for k in (2, 3, 4))])
    direct = [float(row["yi"]) for row in rows]
    areas = fay_herriot(direct, [float(r["SD"]) ** 2 for r in rows], covariates, method=method)
    assert areas.between_variance == pytest.approx(expected["sigma2u"], rel=1e-5)
    assert areas.estimate == pytest.approx(expected["eblup"], rel=1e-5)
    assert areas.mse == pytest.approx(expected["mse"], rel=1e-5)
    beta = [row["beta"] for row in expected["coef"]]
    assert areas.coefficients == pytest.approx(beta, rel=1e-5)
    errors = [row["std.error"] for row in expected["coef"]]
    assert areas.coefficient_errors == pytest.approx(errors, rel=1e-5)


AREAS = st.integers(0, 10_000).map(np.random.default_rng)


def some_areas(rng: np.random.Generator, m: int = 12) -> tuple[Any, Any, Any]:
    x = np.column_stack([np.ones(m), rng.normal(size=m)])
    psi = rng.uniform(0.2, 2, m)
    return x @ [1, 2] + rng.normal(size=m) + rng.normal(size=m) * np.sqrt(psi), psi, x


@given(AREAS, st.sampled_from(["reml", "ml", "fh"]), st.floats(0.1, 100))
@settings(deadline=None, max_examples=50)
def test_estimates_lie_between_answer_and_regression_in_any_unit(
    rng: np.random.Generator, method: Any, unit: float
) -> None:
    y, psi, x = some_areas(rng)
    areas = fay_herriot(y, psi, x, method=method)
    line = x @ areas.coefficients
    assert (areas.estimate >= np.minimum(y, line) - 1e-9).all()
    assert (areas.estimate <= np.maximum(y, line) + 1e-9).all()
    scaled = fay_herriot(y * unit, psi * unit**2, x, method=method)
    assert scaled.estimate == pytest.approx(areas.estimate * unit, rel=1e-5, abs=1e-6 * unit)
    assert scaled.mse == pytest.approx(areas.mse * unit**2, rel=1e-4)


@given(AREAS)
@settings(deadline=None, max_examples=25)
def test_the_order_of_the_areas_does_not_matter(rng: np.random.Generator) -> None:
    y, psi, x = some_areas(rng)
    turn = rng.permutation(len(y))
    areas, turned = fay_herriot(y, psi, x), fay_herriot(y[turn], psi[turn], x[turn])
    assert turned.estimate == pytest.approx(areas.estimate[turn], rel=1e-8)


def test_areas_that_follow_the_line_are_drawn_all_the_way_to_it() -> None:
    x = np.column_stack([np.ones(6), np.arange(6)])
    areas = fay_herriot(x @ [1, 2] + [0.1, -0.1, 0.1, -0.1, 0.1, -0.1], np.ones(6), x)
    assert areas.between_variance == 0
    assert areas.estimate == pytest.approx(x @ areas.coefficients)
    assert (areas.mse > 0).all()


def test_the_mean_squared_error_is_that_of_simulated_areas() -> None:
    rng = np.random.default_rng(8)
    psi, x = np.tile([0.3, 1.0, 2.0], 10), np.ones((30, 1))
    missed, told = np.zeros(30), np.zeros(30)
    for _ in range(1000):
        truth = 5 + rng.normal(size=30)
        areas = fay_herriot(truth + rng.normal(size=30) * np.sqrt(psi), psi, x)
        missed += (areas.estimate - truth) ** 2 / 1000
        told += areas.mse / 1000
    for k in range(3):
        assert told[k::3].mean() == pytest.approx(missed[k::3].mean(), rel=0.05)


# --- Poisson and gamma --------------------------------------------------------------------------


def test_the_likelihood_of_the_counts_is_the_largest_there_is() -> None:
    rng = np.random.default_rng(9)
    n = rng.uniform(500, 20_000, 40)
    y = rng.poisson(n * rng.gamma(4, 0.01 / 4, 40))
    rates = poisson_gamma(y, n)

    def unlikely(logs: Any) -> float:
        mean, shape = np.exp(logs)
        return -float(nbinom.logpmf(y, shape, shape / (shape + n * mean)).sum())

    found = minimize(
        unlikely, [math.log(0.01), 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 0}
    )
    assert [rates.mean, rates.shape] == pytest.approx(np.exp(found.x), rel=1e-5)


def test_moments_are_those_of_marshall() -> None:
    y, n = np.array([2.0, 30, 55, 90, 180]), np.array([100.0, 2000, 6000, 8000, 20_000])
    rates = poisson_gamma(y, n, method="moments")
    mean = y.sum() / n.sum()
    between = np.sum(n * (y / n - mean) ** 2) / n.sum() - mean / n.mean()
    weight = between / (between + mean / n)
    assert rates.estimate == pytest.approx(mean + weight * (y / n - mean))
    assert rates.weight == pytest.approx(weight)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(10, 1000)), min_size=3, max_size=15),
    st.sampled_from(["ml", "moments"]),
)
@settings(deadline=None, max_examples=60)
def test_rates_lie_between_their_own_and_that_of_all(
    rows: list[tuple[int, float]], method: Any
) -> None:
    y, n = np.array(rows).T
    if not y.any():
        return
    rates = poisson_gamma(y, n, method=method)
    own = y / n
    assert (rates.estimate >= np.minimum(own, rates.mean) * (1 - 1e-9)).all()
    assert (rates.estimate <= np.maximum(own, rates.mean) * (1 + 1e-9)).all()
    assert (rates.low <= rates.estimate).all()
    assert (rates.estimate <= rates.high).all()
    per_thousand = poisson_gamma(y, n / 1000, method=method)
    assert per_thousand.estimate == pytest.approx(rates.estimate * 1000, rel=1e-6)


def test_areas_that_differ_by_chance_only_get_one_rate() -> None:
    rates = poisson_gamma([10, 11, 9, 10], [100] * 4)
    assert math.isinf(rates.shape)
    assert rates.estimate == pytest.approx([0.1] * 4)


def test_intervals_cover_the_rates_of_simulated_areas() -> None:
    rng = np.random.default_rng(10)
    n = np.tile([200.0, 1000.0, 5000.0], 20)
    covered = 0.0
    for _ in range(100):
        truth = rng.gamma(5, 0.01 / 5, 60)
        rates = poisson_gamma(rng.poisson(n * truth), n)
        covered += float(np.mean((rates.low <= truth) & (truth <= rates.high))) / 100
    assert 0.93 < covered < 0.97


# --- What comes in ------------------------------------------------------------------------------

ONES = [[1.0]] * 3


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: fay_herriot([1, math.nan, 3], [1, 1, 1], ONES), r"direct\[1\] = nan is not a"),
        (lambda: fay_herriot([1, 2, 3], [1, 0, 1], ONES), r"variance\[1\] = 0 is not above 0"),
        (lambda: fay_herriot([1, 2, 3], [1, 1], ONES), "variance has 2 values, the others 3"),
        (lambda: fay_herriot([1, 2, 3], [1, 1, 1], [[1.0]]), "covariates must have 3 rows"),
        (lambda: fay_herriot([1, 2, 3], [1, 1, 1], [1, 1, 1]), "covariates must have 3 rows"),
        (lambda: fay_herriot([1, 2, 3], [1] * 3, [[1.0], [GAP], [1.0]]), "covariates are miss"),
        (lambda: fay_herriot([1, 2, 3], [1] * 3, np.ones((3, 2))), "covariates overlap"),
        (lambda: fay_herriot([1, 2], [1, 1], [[1, 2], [1, 3]]), "2 columns for 2 areas"),
        (lambda: fay_herriot([1, 2, 3], [1] * 3, ONES, method=WRONG), "method must be one of"),
        (lambda: poisson_gamma([1, 2.5, 3], [1] * 3), r"counts\[1\] = 2.5 is not whole"),
        (lambda: poisson_gamma([1, 2, 3], [1, 0, 1]), r"exposure\[1\] = 0 is not above 0"),
        (lambda: poisson_gamma([1, 2], [1, 1]), "at least three"),
        (lambda: poisson_gamma([0, 0, 0], [1] * 3), "counts are all 0"),
        (lambda: poisson_gamma([1, 2, 3], [1] * 3, confidence=95), "confidence must lie"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
