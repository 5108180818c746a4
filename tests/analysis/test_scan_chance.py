"""How often the scans cry wolf, and how often they see what is there: by simulation."""

from collections.abc import Callable

import numpy as np
import pytest

from loftet.analysis import scan
from loftet.analysis.parallel import Here

Draw = Callable[[np.random.Generator, float], scan.Scan]

SIDE = 6
X, Y = (part.ravel().astype(float) for part in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
PLANTED = np.hypot(X - 1, Y - 1) <= 1  # five of 36 places
DAYS, LAST = 60, 5


def poisson(rng: np.random.Generator, risk: float) -> scan.Scan:
    """200 cases in 36 areas of unlike size."""
    population = rng.gamma(4, 250, SIDE**2)
    share = population * np.where(PLANTED, risk, 1)
    cases = rng.multinomial(200, share / share.sum())
    return scan.poisson(cases, population, X, Y, replicates=99, at_most=1, rng=rng, executor=Here())


def bernoulli(rng: np.random.Generator, risk: float) -> scan.Scan:
    """About 400 answers at 36 places, a third of them yes."""
    answers = rng.poisson(11, SIDE**2)
    odds = np.where(PLANTED, risk, 1) / 2
    yes = rng.binomial(answers, odds / (1 + odds))
    return scan.bernoulli(
        yes, answers - yes, X, Y, replicates=99, at_most=1, rng=rng, executor=Here()
    )


def permutation(rng: np.random.Generator, risk: float) -> scan.Scan:
    """400 cases at 36 places in 60 days, with busy places and busy days of the week."""
    at_place, on_day = rng.gamma(4, 1, SIDE**2), np.tile([3, 1, 1, 1, 1, 2, 3], 9)[:DAYS]
    rate = np.outer(on_day, at_place)
    rate[-LAST:, PLANTED] *= risk
    cell = rng.choice(rate.size, 400, p=(rate / rate.sum()).ravel())
    return scan.space_time_permutation(
        cell % SIDE**2, cell // SIDE**2, X, Y, prospective=True, radius=2, longest=14,
        until=DAYS - 1, replicates=99, at_most=1, rng=rng, executor=Here(),
    )  # fmt: skip


SCANS: dict[str, Draw] = {
    "poisson": poisson,
    "bernoulli": bernoulli,
    "permutation": permutation,
}


def alarms(draw: Draw, risk: float, times: int, rng: np.random.Generator) -> float:
    """Share of simulated data sets with p at or below 0.05."""
    found = [draw(rng, risk).clusters for _ in range(times)]
    return sum(bool(clusters) and clusters[0].p_value <= 0.05 for clusters in found) / times


@pytest.mark.parametrize("name", SCANS)
def test_without_a_cluster_one_scan_in_twenty_raises_an_alarm(name: str) -> None:
    """With 99 replicates p takes the value 0.05 itself, and nothing between it and 0.06."""
    assert 0.04 <= alarms(SCANS[name], 1, 1500, np.random.default_rng(20)) <= 0.06


@pytest.mark.parametrize("name", SCANS)
def test_a_strong_cluster_is_mostly_seen(name: str) -> None:
    assert alarms(SCANS[name], 6, 100, np.random.default_rng(22)) > 0.8


def test_stopping_early_saves_most_replicates_and_hardly_moves_p() -> None:
    rng = np.random.default_rng(23)
    made, apart = [], []
    for seed in range(60):
        population = rng.gamma(4, 250, SIDE**2)
        data = rng.multinomial(200, population / population.sum()), population, X, Y
        whole, sooner = (
            scan.poisson(
                *data, replicates=999, stop_after=stop_after, at_most=3,
                rng=np.random.default_rng(seed), executor=Here(),
            )
            for stop_after in (None, 20)
        )  # fmt: skip
        assert sooner.null.tolist() == whole.null[: sooner.replicates].tolist()
        first = sooner.clusters[0]
        reached = int((sooner.null >= first.log_likelihood_ratio * (1 - 1e-9)).sum())
        if sooner.replicates < 999:
            assert reached == 20
            assert first.p_value == 20 / sooner.replicates
        else:
            assert first.p_value == whole.clusters[0].p_value
        made.append(sooner.replicates)
        apart.append(first.p_value - whole.clusters[0].p_value)
        assert [c.p_value for c in sooner.clusters] == sorted(c.p_value for c in sooner.clusters)
    assert np.mean(made) < 250
    assert abs(np.mean(apart)) < 0.03


def test_the_p_of_gumbels_law_is_about_that_of_very_many_replicates() -> None:
    """The law is that of a maximum over endlessly many circles: here it is a factor of two off."""
    rng = np.random.default_rng(24)
    population = rng.gamma(4, 250, SIDE**2)
    share = population * np.where(PLANTED, 1.7, 1)
    cases = rng.multinomial(200, share / share.sum())
    few, many = (
        scan.poisson(cases, population, X, Y, replicates=count, rng=rng) for count in (999, 49_999)
    )
    assert 0.001 < many.clusters[0].p_value < 0.01
    assert 0.4 < few.clusters[0].gumbel_p / many.clusters[0].p_value < 2.5
