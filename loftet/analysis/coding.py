"""Do two people who sort free-text answers into categories mean the same by the categories."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import checks

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement beyond chance: 1 is perfect, 0 what coders who do not look would reach.

    `observed` and `expected` are the disagreement seen and that of chance, `units` the number of
    answers compared. `interval` is None where it was not asked for.
    """

    value: float
    interval: tuple[float, float] | None
    observed: float
    expected: float
    units: int
    confidence: float


def cohen_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    weights: Literal["none", "linear", "quadratic"] = "none",
    levels: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> Agreement:
    r"""Agreement of two coders beyond that of their own habits.

    :math:`\kappa = 1 - \sum v_{ij} p_{ij} / \sum v_{ij} p_{i\cdot} p_{\cdot j}`, where p is the
    share of answers that the first coder put in i and the second in j, and v how bad that is: 1 off
    the diagonal, or the distance of ordered levels, or its square. The interval is normal with the
    large-sample error of Fleiss, Cohen and Everitt.

    Parameters
    ----------
    first, second : sequence of length n
        The categories of the two coders for the same answers.
    weights : {"none", "linear", "quadratic"}
        None for categories without order.
    levels : sequence, optional
        All categories in their order. By default those used, sorted.
    confidence : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        If the rows differ in length or have gaps, a category is not among `levels`, or everything
        is in one category.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20, 37-46; Fleiss, Cohen and Everitt
    (1969), Psychological Bulletin 72, 323-327.

    Examples
    --------
    >>> one = ["traffic", "noise", "traffic", "drugs", "noise", "traffic", "drugs", "noise"]
    >>> two = ["traffic", "noise", "traffic", "drugs", "drugs", "traffic", "drugs", "noise"]
    >>> round(cohen_kappa(one, two).value, 3)
    0.814
    """
    checks.fraction("confidence", confidence)
    checks.choice("weights", weights, ("none", "linear", "quadratic"))
    if len(first) != len(second) or not first:
        raise ValueError(
            f"first has {len(first)} answers, second {len(second)}: code the same ones"
        )
    order = _levels([*first, *second], levels)
    size = len(order)
    together = np.zeros((size, size))
    for a, b in zip(first, second, strict=True):
        together[order[a], order[b]] += 1 / len(first)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    bad = {"none": 1.0 * (apart > 0), "linear": apart, "quadratic": apart**2}[weights]
    rows, columns = together.sum(axis=1), together.sum(axis=0)
    observed, expected = float(np.sum(bad * together)), float(rows @ bad @ columns)
    value = 1 - observed / _some(expected)
    habit = (bad @ columns)[:, None] + (rows @ bad)[None, :]
    pull = (1 - bad) - (2 - habit) * (1 - value)
    spread = float(np.sum(together * pull**2)) - (value - (1 - expected) * (1 - value)) ** 2
    error = math.sqrt(max(spread, 0.0) / len(first)) / expected
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * error
    interval = (max(-1.0, value - reach), min(1.0, value + reach))
    return Agreement(value, interval, observed, expected, len(first), confidence)


def krippendorff_alpha(
    codes: Sequence[Sequence[Any]],
    *,
    level: Level = "nominal",
    rng: np.random.Generator | None = None,
    confidence: float = 0.95,
) -> Agreement:
    r"""Agreement of two or more coders, some of whom may have left answers out.

    :math:`\alpha = 1 - D_o / D_e`: the mean squared distance between codes of the same answer, over
    that between any two codes. The distance is 0 or 1 (nominal), counts of codes between two ranks
    (ordinal), the difference (interval) or the difference over the sum (ratio). An answer with a
    single code tells nothing and is dropped. The interval comes from 2,000 redraws of the answers
    (bootstrap) and is given when there is an `rng` to draw with.

    Parameters
    ----------
    codes : sequence of sequences, coders by answers
        Categories (nominal) or numbers; None or NaN where a coder gave no code.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What the codes are.
    rng : numpy.random.Generator, optional
        Source of chance for the interval.
    confidence : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        If there are fewer than two coders, rows differ in length, no answer has two codes, all
        codes are the same, or numbers are needed and something else is given.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania;
    Hayes and Krippendorff (2007), Communication Methods and Measures 1, 77-89.

    Examples
    --------
    >>> one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    >>> two = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    >>> round(krippendorff_alpha([one, two]).value, 3)
    0.095
    """
    checks.fraction("confidence", confidence)
    checks.choice("level", level, ("nominal", "ordinal", "interval", "ratio"))
    used, counts = _by_answer(codes, level)
    distance = _distance(used, counts.sum(axis=0), level)
    pairs = counts.sum(axis=1) - 1
    own = np.einsum("ui,ij,uj->u", counts, distance, counts) / pairs

    def ratio(weight: Floats) -> tuple[float, float]:
        totals = weight @ counts
        n = float(totals.sum())
        return float(weight @ own) / n, float(totals @ distance @ totals) / (n * (n - 1))

    observed, expected = ratio(np.ones(len(counts)))
    value = 1 - observed / _some(expected)
    interval = None if rng is None else _redrawn(counts, own, distance, rng, confidence)
    return Agreement(value, interval, observed, expected, len(counts), confidence)


def _redrawn(
    counts: Floats, own: Floats, distance: Floats, rng: np.random.Generator, confidence: float
) -> tuple[float, float]:
    units = len(counts)
    weights = rng.multinomial(units, np.full(units, 1 / units), size=DRAWS).astype(float)
    totals = weights @ counts
    n = totals.sum(axis=1)
    expected = np.einsum("di,ij,dj->d", totals, distance, totals) / (n - 1)
    # a redraw in which everything has one code is perfect agreement, on nothing
    values = 1 - (weights @ own) / np.where(expected > 0, expected, np.inf)
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _by_answer(codes: Sequence[Sequence[Any]], level: Level) -> tuple[list[Any], Floats]:
    """Codes used, in order, and how often each was given to each answer that has two or more."""
    if len(codes) < 2 or len({len(row) for row in codes}) != 1:
        raise ValueError("codes must have two rows or more, one for each coder, of equal length")
    found = ([code for code in answer if not _missing(code)] for answer in zip(*codes, strict=True))
    answers = [answer for answer in found if len(answer) > 1]
    if not answers:
        raise ValueError("codes: no answer has codes from two coders; let two code the same ones")
    given = [code for answer in answers for code in answer]
    if level != "nominal" and not all(isinstance(code, (int, float, np.number)) for code in given):
        raise ValueError(f"codes must be numbers when level is {level!r}: rank the categories")
    if level == "ratio" and min(given) < 0:
        raise ValueError("codes must be 0 or more when level is 'ratio'; use 'interval'")
    order = _levels(given, None)
    counts = np.zeros((len(answers), len(order)))
    for row, answer in enumerate(answers):
        for code in answer:
            counts[row, order[code]] += 1
    return list(order), counts


def _missing(code: Any) -> bool:
    return code is None or code != code  # noqa: PLR0124 - only NaN differs from itself


def _distance(used: list[Any], totals: Floats, level: Level) -> Floats:
    """Squared distance of each code from each other."""
    if level == "nominal":
        return 1.0 - np.eye(len(used))
    if level == "ordinal":
        ranks = np.cumsum(totals) - totals / 2
        apart: Floats = np.subtract.outer(ranks, ranks)
        return apart * apart
    values = np.asarray(used, dtype=float)
    apart = np.subtract.outer(values, values)
    if level == "ratio":
        sums = np.add.outer(values, values)
        apart = apart / np.where(sums > 0, sums, 1.0)
    return apart * apart


def _levels(used: Sequence[Hashable], levels: Sequence[Hashable] | None) -> dict[Hashable, int]:
    if any(_missing(code) for code in used):
        raise ValueError("first and second must have a code for every answer: leave out the others")
    strange = set(used) - set(levels) if levels is not None else set()
    if strange:
        raise ValueError(f"levels lacks {sorted(map(str, strange))}: name every category used")
    try:
        order = list(levels) if levels is not None else sorted(set(used))  # type: ignore[type-var]
    except TypeError:
        order = sorted(set(used), key=str)
    return {code: place for place, code in enumerate(order)}


def _some(expected: float) -> float:
    if expected <= 0:
        raise ValueError(
            "all codes are the same: agreement beyond chance cannot be estimated; code answers that"
            " differ"
        )
    return expected
