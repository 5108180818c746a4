"""Difference in differences: groups that got the measure and groups that did not, over time."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.evaluation.footing import Assumption, Footing, Sign, Threat, above, below

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference in the unit of the outcome, with its standard error."""

    value: float
    error: float
    interval: tuple[float, float]
    p_value: float
    confidence: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        low, high = self.interval
        return low > 0 or high < 0


@dataclass(frozen=True, slots=True)
class Differences:
    """How much more the treated changed than the others.

    `before` is how much faster per period the treated moved already before the measure; None where
    there are fewer than three periods to see it in.
    """

    effect: Effect
    before: Effect | None
    groups: int
    treated_groups: int
    footing: Footing


def difference_in_differences(
    outcome: ArrayLike,
    *,
    unit: ArrayLike,
    period: ArrayLike,
    treated: ArrayLike,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Differences:
    r"""Compare the change of treated units with that of the others in the same periods.

    :math:`y_{it} = \alpha_i + \gamma_t + \delta\,treated_{it} + \epsilon_{it}` by least squares.
    Errors are clustered (CR1): residuals of a cluster may depend on each other in any way. The
    small-sample factor is :math:`\frac{G}{G-1}\frac{N-1}{N-K}` with G clusters, N rows and K
    counting the effect and the periods but not the units, which are nested in the clusters; the
    interval uses the t distribution with G - 1 degrees of freedom.

    If units start at different times and the effect differs between them or grows, :math:`\delta`
    is an average with weights that can be negative; then compare start by start.

    Parameters
    ----------
    outcome : array of shape (n,)
        One number for each unit and period, such as a rate per 1,000 or a share.
    unit, period : array of shape (n,)
        Names of the units and numbers of the periods, in which order they stand in time.
    treated : array of shape (n,)
        True where the unit had the measure in that period.
    clusters : array of shape (n,), optional
        What is independent of each other; each unit by default.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    Differences

    Raises
    ------
    ValueError
        If a value is missing, a unit and period come twice, nobody or everybody is treated, or
        there are fewer than two clusters.

    References
    ----------
    Angrist and Pischke (2009), Mostly Harmless Econometrics, ch. 5 and 8; Conley and Taber (2011),
    Review of Economics and Statistics 93, 113-125, on few treated groups; Goodman-Bacon (2021),
    Journal of Econometrics 225, 254-277, on different starts.

    Examples
    --------
    >>> found = difference_in_differences(
    ...     [10, 7, 12, 9, 11, 11, 9, 10],
    ...     unit=[1, 1, 2, 2, 3, 3, 4, 4],
    ...     period=[1, 2] * 4,
    ...     treated=[0, 1, 0, 1, 0, 0, 0, 0],
    ... )
    >>> round(found.effect.value, 6)
    -3.5
    """
    y = arrays.numbers("outcome", outcome)
    who, when = _codes("unit", unit, len(y)), _codes("period", period, len(y))
    times = np.unique(arrays.numbers("period", period, length=len(y)))
    had = _treated(treated, who, len(y))
    panel = _Panel(who, when, who if clusters is None else _codes("clusters", clusters, len(y)))
    checks.fraction("confidence", confidence)
    panel.check()
    chosen = np.isin(who, np.unique(who[had > 0]))
    early = when < when[had > 0].min()
    before = None
    if len(np.unique(when[early])) >= 3:
        faster = (chosen * times[when])[early]
        before = _effect(y[early], faster, panel.only(early), confidence)
    effect = _effect(y, had, panel, confidence)
    groups, few = (len(np.unique(panel.group[rows])) for rows in (slice(None), chosen))
    return Differences(effect, before, groups, few, _footing(before, groups, few))


class _Panel(NamedTuple):
    """Unit, period and cluster of each row, numbered from 0."""

    who: Codes
    when: Codes
    group: Codes

    def only(self, rows: NDArray[np.bool_]) -> "_Panel":
        return _Panel(*(np.unique(codes[rows], return_inverse=True)[1] for codes in self))

    def within(self, values: Floats) -> Floats:
        """Take away the means of units and periods in turns until neither is left."""
        left: Floats = values - values.mean()
        scale = float(np.abs(left).max()) or 1.0
        for _ in range(10_000):
            left = left - (np.bincount(self.who, left) / np.bincount(self.who))[self.who]
            means = np.bincount(self.when, left) / np.bincount(self.when)
            left = left - means[self.when]
            if np.abs(means).max() < 1e-13 * scale:
                break
        return left

    def unknowns(self) -> int:
        """Count the effect and the periods, and the units where clusters cut through them."""
        units = int(self.who.max()) + 1
        nested = len(np.unique(np.column_stack([self.who, self.group]), axis=0)) == units
        return 2 + int(self.when.max()) + (0 if nested else units)

    def check(self) -> None:
        pairs = np.unique(np.column_stack([self.who, self.when]), axis=0)
        if len(pairs) < len(self.who):
            raise ValueError("unit and period come together twice: add up or average such rows")
        if len(np.unique(self.group)) < 2:
            raise ValueError("clusters must be at least two: one has nothing to vary against")


def _effect(y: Floats, x: Floats, panel: _Panel, confidence: float) -> Effect:
    y, x = panel.within(y), panel.within(x)
    square = float(x @ x)
    if square < 1e-9:
        raise ValueError("treated never changes within a unit: give periods before and after")
    value = float(x @ y) / square
    scores = np.bincount(panel.group, x * (y - value * x))
    clusters, rows = len(scores), len(y)
    factor = clusters / (clusters - 1) * (rows - 1) / max(rows - panel.unknowns(), 1)
    error = math.sqrt(factor * float(scores @ scores)) / square
    reach = error * float(stdtrit(clusters - 1, (1 + confidence) / 2))
    p_value = 2 * float(stdtr(clusters - 1, -abs(value / error))) if error else 0.0
    return Effect(value, error, (value - reach, value + reach), p_value, confidence)


def _footing(before: Effect | None, groups: int, treated: int) -> Footing:
    doubt = 1 - before.p_value if before else 0.0
    return Footing(
        assumes=(
            Assumption.PARALLEL_PATHS,
            Assumption.NO_EARLY_EFFECT,
            Assumption.COMPARISON_UNTOUCHED,
            Assumption.GROUPS_ARE_INDEPENDENT,
        ),
        broken_by=(
            Threat.SOMETHING_ELSE_AT_THE_SAME_TIME,
            Threat.STARTED_AFTER_A_PEAK,
            Threat.MOVED_ELSEWHERE,
            Threat.GROUPS_CHANGED_WHO_IS_IN_THEM,
            Threat.COMPARISON_CHOSEN_AFTERWARDS,
        ),
        warnings=(
            *below(Sign.FEW_GROUPS, groups, 20),
            *below(Sign.FEW_TREATED_GROUPS, min(treated, groups - treated), 5),
            *above(Sign.APART_BEFORE, doubt, 0.9),
        ),
    )


def _codes(name: str, values: ArrayLike, length: int) -> Codes:
    row = np.asarray(values)
    if row.shape != (length,):
        raise ValueError(f"{name} has shape {row.shape}, the others ({length},): give one for each")
    if row.dtype.kind == "f" and not np.isfinite(row).all():
        raise ValueError(f"{name} is not a number in some row: name it, or leave the row out")
    codes: Codes = np.unique(row, return_inverse=True)[1]
    return codes


def _treated(values: ArrayLike, who: Codes, length: int) -> Floats:
    had = arrays.numbers("treated", values, length=length)
    if not np.isin(had, (0, 1)).all():
        raise ValueError("treated must be true or false (1 or 0) in every row")
    if len(np.unique(who[had > 0])) in {0, who.max() + 1}:
        raise ValueError("treated must name some units and leave others to compare with")
    return had
