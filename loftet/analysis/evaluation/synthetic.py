"""Synthetic control: one place with the measure against a mixture of places without it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize, nnls
from scipy.special import ndtri

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.evaluation.footing import Assumption, Footing, Sign, Threat, above

TRIED = 256  # mixes of predictors that are tried before the best few are improved
IMPROVED = 3
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticControl:
    """How the treated place went compared with its mixture.

    `weights` are the shares of all places in the mixture (0 for the treated), `predictor_weights`
    how much each predictor counted (empty without predictors). `gap` is the outcome minus that of
    the mixture in every period, `effect` its mean after the start. `misfit_before` and
    `misfit_after` are mean squared gaps; `ratios` the second over the first with every place
    treated in turn, `rank` the place of the treated among them, and `p_value` rank over number.
    """

    effect: float
    weights: Floats
    predictor_weights: Floats
    synthetic: Floats
    gap: Floats
    misfit_before: float
    misfit_after: float
    placebo_gaps: Floats
    ratios: Floats
    rank: int
    p_value: float
    footing: Footing


def synthetic_control(
    outcomes: ArrayLike,
    *,
    treated: int,
    start: int,
    predictors: ArrayLike | None = None,
) -> SyntheticControl:
    r"""Mimic a place by a mixture of others before the measure, and follow both after it.

    The weights :math:`w \ge 0`, :math:`\sum w = 1` of the other places minimise :math:`\sum_k v_k
    (x_{1k} - \sum_j w_j x_{jk})^2` over the predictors, each on the scale of its standard
    deviation, and the v are those whose mixture misses the outcomes before the start least.
    Without predictors, w minimises that miss itself. The search for v is deterministic: 256 evenly
    spread v are tried and the best three improved by Nelder and Mead. Each other place is then
    treated in turn (the truly treated among its donors); the rank of the ratio of the misfits tells
    how unusual the treated place is. The p-value cannot be below one over the number of places.

    Parameters
    ----------
    outcomes : array of shape (places, periods)
        One number for each, such as a rate per 1,000.
    treated : int
        Row of the treated place.
    start : int
        Column of the first period with the measure.
    predictors : array of shape (places, p), optional
        What the mixture should share with the treated, known before the start; at most 12.

    Returns
    -------
    SyntheticControl

    Raises
    ------
    ValueError
        If a value is missing, `treated` or `start` is outside, or there are fewer than three
        places or three periods before.

    References
    ----------
    Abadie, Diamond and Hainmueller (2010), JASA 105, 493-505; Abadie (2021), Journal of Economic
    Literature 59, 391-425.

    Examples
    --------
    >>> outcomes = [[5, 6, 7, 5, 4], [4, 5, 6, 7, 8], [6, 7, 8, 9, 10], [9, 8, 9, 8, 9]]
    >>> found = synthetic_control(outcomes, treated=0, start=3)
    >>> round(found.effect, 2), found.rank, found.p_value
    (-4.0, 1, 0.25)
    """
    y = _table("outcomes", outcomes)
    x = None if predictors is None else _scaled(_table("predictors", predictors), len(y))
    _check_places(y, treated, start)
    found = [_mixture(y, x, place, start) for place in range(len(y))]
    gaps = np.array([y[place] - weights @ y for place, (weights, _) in enumerate(found)])
    before, after = np.mean(gaps[:, :start] ** 2, axis=1), np.mean(gaps[:, start:] ** 2, axis=1)
    ratios = after / np.maximum(before, 1e-12 * float(np.mean(y**2)))
    rank = 1 + int(np.sum(np.delete(ratios, treated) >= ratios[treated]))
    weights, predictor_weights = found[treated]
    return SyntheticControl(
        effect=float(gaps[treated, start:].mean()),
        weights=weights,
        predictor_weights=predictor_weights,
        synthetic=weights @ y,
        gap=gaps[treated],
        misfit_before=float(before[treated]),
        misfit_after=float(after[treated]),
        placebo_gaps=np.delete(gaps, treated, axis=0),
        ratios=ratios,
        rank=rank,
        p_value=rank / len(y),
        footing=_footing(y[treated, :start], float(before[treated]), weights),
    )


def _mixture(y: Floats, x: Floats | None, place: int, start: int) -> tuple[Floats, Floats]:
    """Weights of the places and of the predictors."""
    missed = np.delete(y[:, :start] - y[place, :start], place, axis=0).T
    if x is None:
        return np.insert(_closest(missed), place, 0.0), np.empty(0)
    apart = np.delete(x - x[place], place, axis=0).T

    def mix(logs: Floats) -> tuple[Floats, Floats]:
        v = np.exp(logs - logs.max())
        v /= v.sum()
        return _closest(np.sqrt(v)[:, None] * apart), v

    def misfit(logs: Floats) -> float:
        gap = missed @ mix(logs)[0]
        return float(gap @ gap) / start

    starts = _spread(TRIED, x.shape[1])
    order = np.argsort([misfit(logs) for logs in starts], kind="stable")[:IMPROVED]
    limits = {"maxfev": 2000, "xatol": 1e-3, "fatol": 1e-5 * misfit(starts[order[0]])}
    ends = [minimize(misfit, starts[k], method="Nelder-Mead", options=limits) for k in order]
    weights, v = mix(min(ends, key=lambda end: float(end.fun)).x)
    return np.insert(weights, place, 0.0), v


def _closest(apart: Floats) -> Floats:
    """Weights on the simplex that bring ``apart @ w`` nearest to 0.

    Adding the row that asks for the sum 1, and scaling to it afterwards, gives the same weights:
    for any mixture u the best multiple costs q / (1 + q) where q is the miss of u.
    """
    scale = float(np.abs(apart).max()) or 1.0
    rows = np.vstack([apart / scale, np.ones(apart.shape[1])])
    weights: Floats = nnls(rows, np.append(np.zeros(len(apart)), 1.0))[0]
    weights /= weights.sum()
    return weights


def _spread(n: int, dimensions: int) -> Floats:
    """Even spread of log weights: Halton's points on the normal scale, equal weights first."""
    points = np.empty((n, dimensions))
    for column, base in enumerate(PRIMES[:dimensions]):
        left, digit, value = np.arange(1, n + 1), 1.0 / base, np.zeros(n)
        while left.any():
            value += digit * (left % base)
            left, digit = left // base, digit / base
        points[:, column] = 2.5 * ndtri(value)
    points[0] = 0.0
    return points


def _footing(before: Floats, misfit: float, weights: Floats) -> Footing:
    swing = float(np.var(before)) or 1e-300
    return Footing(
        assumes=(
            Assumption.MIXTURE_MIMICS,
            Assumption.NO_EARLY_EFFECT,
            Assumption.COMPARISON_UNTOUCHED,
        ),
        broken_by=(
            Threat.SOMETHING_ELSE_AT_THE_SAME_TIME,
            Threat.COMPARISON_HIT_BY_ITS_OWN_EVENT,
            Threat.COMPARISON_CHOSEN_AFTERWARDS,
            Threat.MOVED_ELSEWHERE,
            Threat.COUNTING_CHANGED,
        ),
        warnings=(
            *above(Sign.POOR_FIT_BEFORE, (misfit / swing) ** 0.5, 0.5),
            *above(Sign.LEANS_ON_ONE, float(weights.max()), 0.7),
            *above(Sign.RANK_CANNOT_CONVINCE, 1 / len(weights), 0.05),
        ),
    )


def _scaled(x: Floats, places: int) -> Floats:
    if len(x) != places:
        raise ValueError(
            f"predictors has {len(x)} rows, outcomes {places}: give one for each place"
        )
    if x.shape[1] > len(PRIMES):
        raise ValueError(f"predictors has {x.shape[1]} columns: choose at most {len(PRIMES)}")
    spread: Floats = x.std(axis=0)
    if not spread.all():
        raise ValueError("predictors has a column that is the same everywhere: drop it")
    scaled: Floats = x / spread
    return scaled


def _table(name: str, values: ArrayLike) -> Floats:
    table = np.asarray(values, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"{name} must be a table with a row for each place, not {table.shape}")
    if not np.isfinite(table).all():
        row, column = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(f"{name}[{row}, {column}] is not a number: find it, or drop the place")
    return table


def _check_places(y: Floats, treated: int, start: int) -> None:
    places, periods = y.shape
    checks.count("treated", treated)
    checks.count("start", start)
    if places < 3:
        raise ValueError(f"outcomes has {places} places: at least three are needed")
    if treated >= places:
        raise ValueError(f"treated must be a row of outcomes, 0 to {places - 1}, not {treated}")
    if not 3 <= start < periods:
        raise ValueError(f"start must leave three periods before and one after, not {start}")
