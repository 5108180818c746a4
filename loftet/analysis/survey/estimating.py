"""Means, shares, totals and ratios with their errors, in all domains at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from loftet.analysis.survey import intervals
from loftet.analysis.survey.groups import Flags, Floats, Groups, Labels, one_group
from loftet.analysis.survey.intervals import Method
from loftet.analysis.survey.results import Estimates, Reason
from loftet.analysis.survey.scores import Columns, Scores, Term
from loftet.analysis.survey.weighted import Weighted, or_one


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """What stands behind each estimate of a result."""

    labels: Labels
    n: Floats
    degrees: Floats
    spare: Floats  # the size that unequal weights leave
    unsampled: Floats  # the part of the population that a simple random sample would leave out
    sample_degrees: int


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The rows of one question: which count, and the domain that each belongs to."""

    weighted: Weighted
    groups: Groups
    valid: Flags

    @property
    def weights(self) -> Floats:
        return np.where(self.valid, self.weighted.weights, 0.0)

    def support(self) -> Support:
        weighted, groups, weights = self.weighted, self.groups, self.weights
        counted = np.asarray(weights != 0)
        n, size = groups.sum(counted.astype(np.float64)), groups.sum(weights)
        units = weighted.sample.units(groups, counted)
        return Support(
            groups.labels,
            n,
            np.minimum(units - 1, weighted.degrees),
            size**2 / or_one(groups.sum(weights**2)),
            _unsampled(weighted, n, size),
            weighted.degrees,
        )


def ratio(
    answers: Answers, y: Floats, x: Floats, confidence: float, method: Method | None = None
) -> Estimates:
    """Estimate the total of y over that of x; with x = 1 a mean, and with a method a share."""
    groups, weights = answers.groups, answers.weights
    y, x = (np.where(answers.valid, values, 0.0) for values in (y, x))
    above, below = (Scores(groups.codes, weights * values, len(groups)) for values in (y, x))
    bottom = or_one(groups.sum(below.values))
    value = groups.sum(above.values) / bottom
    rest = (y - value[groups.codes] * x) / bottom[groups.codes]
    scores = Scores(groups.codes, weights * rest, len(groups))
    covariance = answers.weighted.ratio_covariance(scores, above, below)
    support = answers.support()
    spread = groups.sum(weights * rest**2) * groups.sum(weights) * support.unsampled
    void = groups.sum(below.values) == 0
    return finish(support, value, covariance, spread, confidence, method=method, void=void)


def total(answers: Answers, y: Floats, confidence: float) -> Estimates:
    """Estimate totals; a simple random sample to compare with has the size of all answers."""
    groups, weighted, weights = answers.groups, answers.weighted, answers.weights
    y = np.where(answers.valid, y, 0.0)
    value = groups.sum(weights * y)
    covariance = weighted.covariance(Scores(groups.codes, weights * y, len(groups)))
    support = answers.support()
    size, n = weighted.weights.sum(), float(np.count_nonzero(weighted.counted))
    unsampled = _unsampled(weighted, np.array([n]), np.array([size]))
    spread = (size * groups.sum(weights * y**2) - value**2) * unsampled
    spread *= (support.n - 1) / max(n - 1, 1)  # undoes what finish divides by
    return finish(support, value, covariance, spread, confidence)


def distribution(answers: Answers, levels: Groups, confidence: float, method: Method) -> Estimates:
    """Estimate the share of each level, with the covariances that parts of a whole have."""
    weights, count = answers.weights, len(levels)
    value = levels.sum(weights) / weights.sum()
    ones = Columns(np.ones((len(weights), 1)))
    above = Scores(levels.codes, weights, count)
    whole = Term(ones, weights, np.ones((1, count)))
    below = Scores(levels.codes, np.zeros_like(weights), count, (whole,))
    mean = Term(ones, -weights / weights.sum(), value[None, :])
    scores = Scores(levels.codes, weights / weights.sum(), count, (mean,))
    covariance = answers.weighted.ratio_covariance(scores, above, below)
    support = _together([answers.support()] * count, levels.labels)
    spread = value * (1 - value) * support.unsampled
    return finish(support, value, covariance, spread, confidence, method=method)


def shares(
    weighted: Weighted, columns: Mapping[str, Floats], confidence: float, method: Method
) -> Estimates:
    """Estimate the share of each column, with the covariances of answers by the same people."""
    y = np.stack(list(columns.values()), axis=1)
    valid = ~np.isnan(y)
    y = np.where(valid, y, 0.0)
    rows, count = y.shape
    codes, nothing, identity = np.zeros(rows, dtype=np.intp), np.zeros(rows), np.eye(count)

    def scored(x: Floats) -> Scores:
        return Scores(codes, nothing, count, (Term(Columns(x), weighted.weights, identity),))

    bottom = weighted.weights @ valid
    value = (weighted.weights @ y) / or_one(bottom)
    rest = np.where(valid, y - value, 0.0) / or_one(bottom)
    covariance = weighted.ratio_covariance(scored(rest), scored(y), scored(valid.astype(float)))
    everyone = one_group(rows)
    each = [Answers(weighted, everyone, column).support() for column in valid.T]
    support = _together(each, tuple(columns))
    spread = value * (1 - value) * support.unsampled
    return finish(support, value, covariance, spread, confidence, method=method)


def finish(
    support: Support,
    value: Floats,
    covariance: Floats,
    spread: Floats,
    confidence: float,
    *,
    method: Method | None = None,
    void: Flags | None = None,
) -> Estimates:
    """Put intervals, design effects and reasons to the estimates.

    `spread` over one less than the number of answers is the variance in a simple random sample.
    """
    reasons = _reasons(support, np.zeros(len(value), dtype=bool) if void is None else void)
    unseen = np.array([reason is not None for reason in reasons])
    unknown = unseen & np.array([reason is not Reason.ONE_UNIT for reason in reasons])
    error = np.where(unseen, np.nan, np.sqrt(np.maximum(np.diagonal(covariance), 0.0)))
    value = np.where(unknown, np.nan, value)
    support = replace(support, degrees=np.where(unseen, np.nan, support.degrees))
    simple = spread / np.maximum(support.n - 1, 1)
    effect = np.divide(error**2, simple, out=np.full(len(value), np.nan), where=simple > 0)
    return Estimates(
        domains=support.labels,
        value=value,
        error=error,
        interval=_interval(support, value, error, confidence, method),
        n=support.n.astype(np.intp),
        design_effect=effect,
        degrees=support.degrees,
        confidence=confidence,
        reason=reasons,
        covariance=covariance,
        sample_degrees=support.sample_degrees,
    )


def _interval(
    support: Support, value: Floats, error: Floats, confidence: float, method: Method | None
) -> tuple[Floats, Floats]:
    if method is None:
        return intervals.student(value, error, support.degrees, confidence)
    return intervals.share(
        method,
        value,
        error,
        degrees=support.degrees,
        n=support.n,
        spare=support.spare,
        confidence=confidence,
    )


def _reasons(support: Support, void: Flags) -> tuple[Reason | None, ...]:
    """Why each estimate cannot be made; the first reason that holds."""
    empty, alone = support.n == 0, support.degrees < 1
    chosen = np.select([empty, void, alone], [1, 2, 3], 0)
    kinds = (None, Reason.EMPTY, Reason.NO_DENOMINATOR, Reason.ONE_UNIT)
    return tuple(kinds[at] for at in chosen)


def _unsampled(weighted: Weighted, n: Floats, size: Floats) -> Floats:
    population = weighted.sample.population
    if population is None:
        return np.ones_like(n)
    people = size * population / weighted.weights.sum()
    part = 1 - n / or_one(people)
    return np.where(part > 1e-12, part, 0.0)  # nothing, but for rounding, when all were drawn


def _together(parts: Sequence[Support], labels: Labels) -> Support:
    def joined(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts])

    return Support(
        labels=labels,
        n=joined("n"),
        degrees=joined("degrees"),
        spare=joined("spare"),
        unsampled=joined("unsampled"),
        sample_degrees=parts[0].sample_degrees,
    )
