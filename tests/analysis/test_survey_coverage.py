"""Do 95 % intervals cover 95 %? Thousands of surveys from a made-up town, drawn as towns draw."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from loftet.analysis.survey import Design, Estimate, Estimates, rank

SURVEYS = 2000
PER_AREA = 300


@dataclass(frozen=True)
class Town:
    """Four areas of unlike size, where the young answer less and are less safe."""

    rows: dict[str, npt.NDArray[Any]]

    @classmethod
    def built(cls, rng: np.random.Generator, people: int = 24_000) -> "Town":
        area = rng.choice(4, people, p=[0.45, 0.3, 0.17, 0.08])
        age = rng.choice(3, people, p=[0.3, 0.45, 0.25])
        sex = rng.integers(0, 2, people)
        victim = rng.poisson(0.25 + 0.1 * area)
        rows = {
            "area": area,
            "age": age,
            "sex": sex,
            "worry": np.exp(rng.normal(1 + 0.15 * area + 0.1 * age, 0.6)),
            "unsafe": rng.random(people) < 0.12 + 0.06 * area + 0.05 * (age == 0) + 0.08 * sex,
            "rare": rng.random(people) < 0.02 * (1 + 0.3 * (age - 1)),
            "crimes": victim,
            "reported": rng.binomial(victim, 0.35 + 0.1 * (age == 2)),
            "willing": 0.35 + 0.12 * age + 0.08 * sex,
        }
        return cls(rows)

    def truth(self) -> dict[str, float]:
        rows = self.rows
        return {
            "mean": rows["worry"].mean(),
            "share": rows["unsafe"].mean(),
            "share of 2 %": rows["rare"].mean(),
            "domain share": rows["unsafe"][rows["area"] == 3].mean(),
            "domain across strata": rows["unsafe"][rows["age"] == 0].mean(),
            "ratio of counts": rows["reported"].sum() / rows["crimes"].sum(),
            "total": rows["crimes"].sum(),
            "median": np.quantile(rows["worry"], 0.5, method="inverted_cdf"),
        }

    def survey(self, rng: np.random.Generator) -> tuple[Design, dict[str, npt.NDArray[Any]]]:
        """Stratified by area, weighted for response by area and age, raked to sex and age."""
        sizes = np.bincount(self.rows["area"])
        drawn = [
            rng.choice(np.flatnonzero(self.rows["area"] == area), PER_AREA, replace=False)
            for area in range(4)
        ]
        rows = {name: column[np.concatenate(drawn)] for name, column in self.rows.items()}
        answered = rng.random(len(rows["area"])) < rows["willing"]
        design = Design(
            (sizes / PER_AREA)[rows["area"]],
            strata=rows["area"],
            population=dict(enumerate(sizes.tolist())),
        ).respond(answered, rows["age"] * 4 + rows["area"])
        margins = [
            (rows[name], dict(enumerate(np.bincount(self.rows[name]).tolist())))
            for name in ("sex", "age")
        ]
        return design.rake(margins), rows


def estimates(design: Design, rows: dict[str, npt.NDArray[Any]]) -> Iterator[tuple[str, Estimate]]:
    yield "mean", design.mean(rows["worry"])
    yield "share", design.share(rows["unsafe"], True)
    yield "share of 2 %", design.share(rows["rare"], True)
    yield "domain share", design.share(rows["unsafe"], True, by=rows["area"])[3]
    yield "domain across strata", design.share(rows["unsafe"], True, by=rows["age"])[0]
    yield "ratio of counts", design.ratio(rows["reported"], rows["crimes"])
    yield "total", design.total(rows["crimes"])
    yield "median", design.quantile(rows["worry"], 0.5)


def coverage(surveys: int, rng: np.random.Generator) -> dict[str, float]:
    town = Town.built(rng)
    truth = town.truth()
    covered = dict.fromkeys(truth, 0)
    for _ in range(surveys):
        for name, found in estimates(*town.survey(rng)):
            low, high = found.interval
            covered[name] += low <= truth[name] <= high
    return {name: count / surveys for name, count in covered.items()}


def test_intervals_cover_what_they_say() -> None:
    start = perf_counter()
    found = coverage(SURVEYS, np.random.default_rng(2022))
    assert all(0.93 <= share <= 0.97 for share in found.values()), found
    assert perf_counter() - start < 60  # about 12 s on a quiet machine


@pytest.mark.parametrize("kind", ["jackknife", "bootstrap"])
def test_replicates_of_a_weighted_survey_give_about_the_error_of_the_formulas(kind: Any) -> None:
    rng = np.random.default_rng(1)
    town = Town.built(rng)
    area = np.repeat(np.arange(4), 100)
    rows = np.concatenate([np.flatnonzero(town.rows["area"] == a)[:100] for a in range(4)])
    sample = {name: column[rows] for name, column in town.rows.items()}
    answered = rng.random(400) < sample["willing"]
    totals = dict(enumerate(np.bincount(town.rows["sex"]).tolist()))
    plain = Design(np.bincount(town.rows["area"])[area] / 100, strata=area)
    designs = [
        start.respond(answered, sample["area"]).rake([(sample["sex"], totals)])
        for start in (plain, plain.replicates(kind, count=400, rng=rng))
    ]
    formula, replicates = (design.mean(sample["worry"]) for design in designs)
    assert replicates.value == pytest.approx(formula.value)
    assert replicates.error == pytest.approx(formula.error, rel=0.12)


def test_rank_intervals_hold_together_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([0.40, 0.38, 0.30, 0.29, 0.28, 0.15])
    ranks = np.argsort(np.argsort(-truth)) + 1
    held = 0
    for _ in range(300):
        mood = rng.normal(size=400)[:, None] * 0.7
        seen = mood + rng.normal(size=(400, 6)) < np.sqrt(1.49) * _normal_quantiles(truth)
        found = rank(_shares(seen), top=3, rng=rng, draws=1000)
        best, worst = found.interval
        at = [int(str(name)) for name in found.names]
        held += bool(((best <= ranks[at]) & (ranks[at] <= worst)).all())
    assert held / 300 >= 0.93


def _normal_quantiles(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:

    return np.array([NormalDist().inv_cdf(share) for share in p])


def _shares(seen: npt.NDArray[np.bool_]) -> Estimates:
    return Design(np.ones(len(seen))).shares({str(at): y for at, y in enumerate(seen.T)})
