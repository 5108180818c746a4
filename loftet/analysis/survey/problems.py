"""The problem index 0-6: shares put into classes, and how firmly they sit there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from loftet.analysis.survey.groups import Codes, Floats
from loftet.analysis.survey.ranking import deviations
from loftet.analysis.survey.results import Estimates

TOP = 6


@dataclass(frozen=True, slots=True)
class ClassLimits:
    """Where each class begins; `version` names the table, for limits are revised.

    Attributes
    ----------
    limits : {question: six shares}
        Ascending. A share has as many points as limits it reaches: at a limit it has passed it.
    groups : {group: questions}
        Their means are the sub-indices; without groups there is the total only. A question in no
        group does not count in the total.
    """

    version: str
    limits: Mapping[str, tuple[float, ...]]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for question, limits in self.limits.items():
            inside = all(0 < limit < 1 for limit in limits)
            if len(limits) != TOP or not inside or sorted(set(limits)) != list(limits):
                raise ValueError(
                    f"limits of {question!r} must be {TOP} ascending shares between 0 and 1, "
                    f"not {limits}"
                )
        for group, questions in self.groups.items():
            unknown = [question for question in questions if question not in self.limits]
            if unknown or not questions:
                raise ValueError(f"groups: {group!r} has no limits for {unknown or 'any question'}")


@dataclass(frozen=True, slots=True)
class Point:
    """One question on the index.

    Attributes
    ----------
    point : int
        0 (hardly a problem) to 6.
    chances : tuple of 7
        The chance of each point, as the answers leave it open.
    interval : (int, int)
        Points of the limits of the share.
    to_next, to_previous : float or None
        How much the share must rise to reach the next class, or fall to lose its own; None at the
        ends.
    """

    question: str
    share: float
    n: int
    point: int
    chances: tuple[float, ...]
    interval: tuple[int, int]
    to_next: float | None
    to_previous: float | None


@dataclass(frozen=True, slots=True)
class MeanPoint:
    """A mean of points with its interval, which answers drawn anew give."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ProblemIndex:
    version: str
    points: Mapping[str, Point]
    groups: Mapping[str, MeanPoint]
    total: MeanPoint
    confidence: float


def problem_index(
    shares: Estimates,
    classes: ClassLimits,
    *,
    rng: np.random.Generator,
    draws: int = 4000,
) -> ProblemIndex:
    """Put the shares who see a problem on the index 0-6.

    The point of a question is the number of class limits that its share reaches; a group is the
    mean of its questions, and the total the mean of the groups (without groups, of the questions).
    Points jump at the limits, so that a whole step can come from one answer: `Point.to_next` and
    `Point.chances` show how firmly a point stands. Chances and the intervals of means come from
    shares drawn anew with the covariances of answers by the same people.

    Parameters
    ----------
    shares : Estimates
        From `Design.shares`, one domain for each question.
    classes : ClassLimits
        The limits, with their version.
    rng : numpy.random.Generator
        For the draws.
    draws : int
        Their number.

    Returns
    -------
    ProblemIndex

    Raises
    ------
    ValueError
        If a question has limits but no share, or could not be estimated.

    Examples
    --------
    >>> from loftet.analysis.survey import Design
    >>> seen = Design([1] * 200).shares({"litter": [1] * 60 + [0] * 140})
    >>> classes = ClassLimits("2019", {"litter": (0.05, 0.1, 0.2, 0.31, 0.4, 0.5)})
    >>> litter = problem_index(seen, classes, rng=np.random.default_rng(1)).points["litter"]
    >>> litter.point, round(litter.to_next, 3), litter.interval
    (3, 0.01, (3, 4))
    """
    spread = deviations(shares.covariance, shares.sample_degrees, draws, rng)
    drawn = np.clip(shares.value + spread, 0, 1)
    scored = {
        question: _score(drawn[:, _known(shares, question)], limits)
        for question, limits in classes.limits.items()
    }
    points = {
        question: _point(shares, question, scored[question], limits)
        for question, limits in classes.limits.items()
    }
    groups = classes.groups or {question: (question,) for question in points}
    values = [np.mean([points[q].point for q in questions]) for questions in groups.values()]
    means = [np.mean([scored[q] for q in questions], axis=0) for questions in groups.values()]
    level = shares.confidence
    each = {
        group: _mean(float(value), mean, level)
        for group, value, mean in zip(groups, values, means, strict=True)
    }
    total = _mean(float(np.mean(values)), np.mean(means, axis=0), level)
    return ProblemIndex(classes.version, points, each if classes.groups else {}, total, level)


def _known(shares: Estimates, question: str) -> int:
    at = shares.index(question)
    if shares.reason[at]:
        raise ValueError(f"shares: {question!r} cannot be estimated; leave it out of the index")
    return at


def _score(shares: Floats, limits: tuple[float, ...]) -> Codes:
    return np.searchsorted(limits, shares, side="right")


def _point(shares: Estimates, question: str, scored: Codes, limits: tuple[float, ...]) -> Point:
    share = shares[question]
    point, low, high = (
        int(limit) for limit in _score(np.array([share.value, *share.interval]), limits)
    )
    return Point(
        question=question,
        share=share.value,
        n=share.n,
        point=point,
        chances=tuple((np.bincount(scored, minlength=TOP + 1) / len(scored)).tolist()),
        interval=(low, high),
        to_next=limits[point] - share.value if point < TOP else None,
        to_previous=share.value - limits[point - 1] if point else None,
    )


def _mean(value: float, drawn: Floats, confidence: float) -> MeanPoint:
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return MeanPoint(value, (min(float(low), value), max(float(high), value)))
