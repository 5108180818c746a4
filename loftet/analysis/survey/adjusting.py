"""Weights made anew: for those who did not answer, and to known totals of the population."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey import calibration, replication
from loftet.analysis.survey.calibration import Crossing, Goal, Solution
from loftet.analysis.survey.groups import Floats, Groups, numbers
from loftet.analysis.survey.replication import Jackknife, Replication, Written
from loftet.analysis.survey.scores import Adjustment, Basis, Cells, Columns, Scores, Term
from loftet.analysis.survey.weighted import Aim, Weighted, or_one

Kind = Literal["jackknife", "bootstrap", "brr"]
Totals = Mapping[Any, float]

MOST = 2**31  # bytes of replicate weights written out


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A margin: the level of each row, and what each level adds up to in the population."""

    name: str
    groups: Groups
    totals: Floats


def rake(
    weighted: Weighted, margins: Sequence[tuple[npt.ArrayLike | Groups, Totals]], goal: Goal
) -> Weighted:
    known = _known(weighted, margins)
    crossing = Crossing.of([margin.groups for margin in known])
    points = crossing.indicators()
    totals = [margin.totals for margin in known]

    def solve(weights: Floats) -> Solution:
        cells = np.bincount(crossing.cells, weights, len(points)).astype(np.float64, copy=False)
        if goal.bounds is None:
            return calibration.rake(cells, crossing, totals, goal)
        return calibration.calibrate(cells, points, np.concatenate(totals), goal)

    def factors(weights: Floats) -> Floats:
        return solve(weights).factors[crossing.cells]

    found = solve(weighted.weights)
    done = _reweighted(weighted, found.factors[crossing.cells], factors)
    aim = _aim_at(known, found.rounds)
    return _remembered(weighted, done, Cells(crossing.cells, points), aim)


def calibrate(
    weighted: Weighted,
    covariates: npt.ArrayLike,
    totals: npt.ArrayLike,
    goal: Goal,
) -> Weighted:
    counted, rows = weighted.counted, len(weighted.weights)
    x = np.asarray(covariates, dtype=np.float64)
    known = np.asarray(totals, dtype=np.float64)
    if x.ndim != 2 or x.shape != (rows, known.size):
        raise ValueError(
            f"covariates must have {rows} rows and a column for each of {known.size} totals, "
            f"not {x.shape}"
        )
    if not (np.isfinite(x[counted]).all() and np.isfinite(known).all()):
        raise ValueError("covariates and totals must be finite; fill in what is missing")
    x = np.where(counted[:, None], x, 0.0)

    def solve(weights: Floats) -> Solution:
        return calibration.calibrate(weights, x, known, goal)

    found = solve(weighted.weights)
    nothing = np.zeros(rows)
    term = Term(Columns(x), np.ones(rows), np.eye(known.size))
    parts = (Scores(np.zeros(rows, dtype=np.intp), nothing, known.size, (term,)),)
    names = tuple(f"totals[{at}]" for at in range(known.size))
    aim = Aim(names, known, parts, found.rounds)
    done = _reweighted(weighted, found.factors, lambda weights: solve(weights).factors)
    return _remembered(weighted, done, Columns(x), aim)


def respond(
    weighted: Weighted, responded: npt.ArrayLike, classes: npt.ArrayLike | Groups | None
) -> Weighted:
    rows = len(weighted.weights)
    answered = numbers(responded, "responded", rows)
    if not np.isin(answered, (0, 1)).all():
        raise ValueError("responded must be True or False in each row")
    labels = np.zeros(rows, dtype=np.intp) if classes is None else classes
    groups = Groups.of(labels, "classes", weighted.counted)

    def factors(weights: Floats) -> Floats:
        sent, back = groups.sum(weights), groups.sum(weights * answered)
        silent = (back == 0) & (sent > 0)
        if silent.any():
            label = groups.labels[int(np.argmax(silent))]
            raise ValueError(f"classes: nobody in {label!r} answered; merge it with another class")
        return answered * (sent / or_one(back))[groups.codes]

    done = _reweighted(weighted, factors(weighted.weights), factors)
    if weighted.replication is not None:
        return done
    adjustment = Adjustment.of(
        Cells(groups.codes, np.eye(len(groups))),
        weighted.weights * answered,
        done.weights,
        weighted.weights,
    )
    return replace(done, adjustments=(*weighted.adjustments, adjustment))


def trim(weighted: Weighted, lower: float, upper: float, strict: bool) -> Weighted:
    if not 0 <= lower < upper:
        raise ValueError(f"lower must be 0 or more and less than upper, not {lower} and {upper}")
    mean = float(weighted.weights[weighted.counted].mean())
    if strict and not lower <= mean <= upper:
        raise ValueError(f"lower and upper must lie on either side of the mean weight {mean:g}")

    def factors(weights: Floats) -> Floats:
        return _trimmed(weights, lower, upper, strict) / or_one(weights)

    return _reweighted(weighted, factors(weighted.weights), factors)


def replicates(
    weighted: Weighted, kind: Kind, count: int | None, rng: np.random.Generator | None
) -> Weighted:
    if kind not in get_args(Kind):
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}, not {kind!r}")
    if weighted.adjustments or weighted.replication is not None:
        raise ValueError(
            "replicates must be drawn before the weights are adjusted, so that each is adjusted "
            "like the whole: Design(...).replicates(...).rake(...)"
        )
    stage = weighted.sample.stages[0]
    if stage.lonely in {"centre", "average"} and stage.alone.any():
        raise ValueError('replicates need lonely="certainty" where a stratum has one unit only')
    return replace(weighted, replication=_replication(weighted, kind, count, rng))


def _replication(
    weighted: Weighted, kind: Kind, count: int | None, rng: np.random.Generator | None
) -> Replication:
    stage = weighted.sample.stages[0]
    if kind == "jackknife":
        return Jackknife(stage)
    if kind == "brr":
        return replication.balanced(stage)
    if rng is None or count is None or count < 2:
        raise ValueError('kind="bootstrap" needs count, 2 or more, and rng, a numpy Generator')
    return replication.bootstrap(stage, count, rng)


def _reweighted(weighted: Weighted, factors: Floats, anew: Callable[[Floats], Floats]) -> Weighted:
    """Change the weights, and those of each replicate in the same way."""
    weights = weighted.weights * factors
    if weighted.replication is None:
        return replace(weighted, weights=weights)
    scales = weighted.replication.scales
    if len(scales) * len(weights) * 8 > MOST:
        raise ValueError(
            f"replicates: {len(scales)} of {len(weights)} rows are too many to adjust each; draw "
            'fewer with kind="bootstrap"'
        )
    written = np.empty((len(scales), len(weights)))
    for row, factor in zip(written, weighted.replication.factors(), strict=True):
        before = weighted.weights * factor
        row[:] = before * anew(before) / or_one(weights)
    return replace(weighted, weights=weights, replication=Written(written, scales))


def _remembered(before: Weighted, after: Weighted, basis: Basis, aim: Aim) -> Weighted:
    """Keep what errors must remember; replicates remember by themselves."""
    if before.replication is not None:
        return replace(after, aim=aim)
    adjustment = Adjustment.of(basis, before.weights, after.weights)
    return replace(after, adjustments=(*before.adjustments, adjustment), aim=aim)


def _known(
    weighted: Weighted, margins: Sequence[tuple[npt.ArrayLike | Groups, Totals]]
) -> list[Known]:
    if not margins:
        raise ValueError("margins must hold at least one (groups, {level: total})")
    known = []
    for at, (labels, totals) in enumerate(margins):
        name = f"margins[{at}]"
        groups = Groups.of(labels, name, weighted.counted)
        known.append(Known(name, groups, _margin_totals(name, groups, totals, weighted)))
    _refuse_contradiction([margin.totals for margin in known])
    return known


def _aim_at(known: Sequence[Known], rounds: int) -> Aim:
    names = [f"{margin.name} {label}" for margin in known for label in margin.groups.labels]
    ones = np.ones(len(known[0].groups.codes))
    parts = tuple(Scores(margin.groups.codes, ones, len(margin.groups)) for margin in known)
    return Aim(tuple(names), np.concatenate([margin.totals for margin in known]), parts, rounds)


def _margin_totals(name: str, groups: Groups, known: Totals, weighted: Weighted) -> Floats:
    reached = groups.sum(weighted.weights)
    for label, weight in zip(groups.labels, reached, strict=True):
        if label not in known:
            raise ValueError(f"{name} lacks a total for {label!r}, which {_some(weight)} answered")
        if weight == 0 and known[label] > 0:
            raise ValueError(f"{name}: nobody in {label!r} answered; merge it with another level")
    lacking: list[Hashable] = [label for label in known if label not in set(groups.labels)]
    if any(known[label] for label in lacking):
        raise ValueError(f"{name}: nobody in {lacking[0]!r} answered; merge it with another level")
    totals = np.array([known[label] for label in groups.labels], dtype=np.float64)
    if not (np.isfinite(totals) & (totals > 0)).all():
        at = int(np.argmin(np.isfinite(totals) & (totals > 0)))
        raise ValueError(f"{name} must give a total above 0 for {groups.labels[at]!r}")
    return totals


def _some(weight: float) -> str:
    return f"persons of weight {weight:g}" if weight else "nobody"


def _refuse_contradiction(totals: Sequence[Floats]) -> None:
    sums = [float(total.sum()) for total in totals]
    for at, other in enumerate(sums):
        if abs(other - sums[0]) > 1e-6 * sums[0]:
            raise ValueError(
                f"margins contradict each other: margins[0] adds up to {sums[0]:g} and "
                f"margins[{at}] to {other:g}; scale one to the other"
            )


def _trimmed(weights: Floats, lower: float, upper: float, strict: bool) -> Floats:
    """Cut, and share what was cut off equally among the others."""
    counted = weights != 0
    cut = np.where(counted, np.clip(weights, lower, upper), 0.0)
    inside = counted & (cut == weights)
    if not strict:
        spare = float((weights - cut).sum()) / max(int(np.count_nonzero(inside)), 1)
        return np.where(inside, cut + spare, cut)
    below, above = lower - weights.max(), upper - weights[counted].min()
    for _ in range(100):
        shift = (below + above) / 2
        cut = np.where(counted, np.clip(weights + shift, lower, upper), 0.0)
        below, above = (shift, above) if cut.sum() < weights.sum() else (below, shift)
    return np.asarray(cut)
