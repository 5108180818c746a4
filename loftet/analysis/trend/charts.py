"""One number a month: which of them say something, and which are the usual swing (XmR chart)."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.trend.alarms import Flags

REACH = 3 / 1.128  # three standard deviations, told from the mean moving range (2.66)
RANGE_REACH = 3.268  # the same for the moving range itself
RUN = 8  # points in a row on one side of the centre
NEAR, NEAR_OF = 3, 4  # points out of so many that lie nearer to a limit than to the centre
LEAST_POINTS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Natural limits of each series (row), and the points that chance does not explain.

    `centre`, `lower`, `upper` and `upper_range` have one number for each series; the others one for
    each point, the first moving range being NaN. `outside`, `near` and `run` are Wheeler's three
    rules, `jump` a moving range above its limit. `signal` is any of the first three.
    """

    centre: Floats
    lower: Floats
    upper: Floats
    moving_range: Floats
    upper_range: Floats
    outside: Flags
    near: Flags
    run: Flags
    jump: Flags

    @property
    def signal(self) -> Flags:
        found: Flags = self.outside | self.near | self.run
        return found


def xmr(values: ArrayLike, *, baseline: int | None = None, least: float | None = None) -> Chart:
    r"""Draw the natural limits of numbers that come one at a time.

    The limits are :math:`\bar x \pm 2.66\,\overline{mR}` with the mean moving range
    :math:`\overline{mR}` of neighbours, that of the moving range :math:`3.268\,\overline{mR}`.
    Neighbours are compared because a shift widens a standard deviation of all points, and so hides
    itself. Signals are a point outside the limits; three of four successive points nearer to the
    same limit than to the centre; eight in a row on one side of it.

    Parameters
    ----------
    values : array of shape (series, points) or (points,)
        Counts, shares or rates, one for each month or week, none missing.
    baseline : int, optional
        How many of the first points the limits are drawn from; all of them unless told.
    least : float, optional
        What the values cannot fall below (0 for counts): the lower limit stops there.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If a value is missing, or the baseline has fewer than 6 points or more than there are.

    References
    ----------
    Wheeler (2000), Understanding Variation, 2nd ed.; NIST/SEMATECH e-Handbook of Statistical
    Methods, 6.3.2.2.

    Examples
    --------
    The flow rates of ten successive batches (NIST):

    >>> chart = xmr([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> [limit.round(4).item() for limit in (chart.lower, chart.centre, chart.upper)]
    [45.8159, 50.81, 55.8041]
    >>> chart.signal.any().item()
    False
    """
    x = _values(values)
    used = _baseline(baseline, x.shape[1])
    moving = np.abs(np.diff(x, axis=1, prepend=np.nan))
    centre = x[:, :used].mean(axis=1)
    typical = moving[:, 1:used].mean(axis=1)
    away = x - centre[:, None]
    reach = REACH * typical[:, None]
    halfway = reach / 2
    near = _runs(away > halfway, NEAR, NEAR_OF) | _runs(away < -halfway, NEAR, NEAR_OF)
    lower = centre - REACH * typical
    return Chart(
        centre,
        lower if least is None else np.maximum(least, lower),
        centre + REACH * typical,
        moving,
        RANGE_REACH * typical,
        np.abs(away) > reach,
        near,
        _runs(away > 0, RUN, RUN) | _runs(away < 0, RUN, RUN),
        moving > RANGE_REACH * typical[:, None],
    )


def _values(values: ArrayLike) -> Floats:
    x = np.atleast_2d(np.asarray(values, dtype=float))
    if x.ndim != 2:
        raise ValueError("values must have a row for each series, a column for each point")
    wrong = ~np.isfinite(x)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"values[{row}, {column}] is missing: find it, or draw the chart of a part without gaps"
        )
    return x


def _baseline(told: int | None, points: int) -> int:
    used = points if told is None else told
    checks.count("baseline", used)
    if not LEAST_POINTS <= used <= points:
        raise ValueError(
            f"baseline must be {LEAST_POINTS} points or more, at most the {points} there are, "
            f"not {used}"
        )
    return used


def _runs(held: Flags, wanted: int, of: int) -> Flags:
    """Points that hold and belong to some `of` in a row of which `wanted` hold."""
    found = np.zeros(held.shape, dtype=bool)
    if held.shape[1] >= of:
        full = sliding_window_view(held, of, axis=1).sum(axis=2) >= wanted
        for place in range(of):
            found[:, place : place + full.shape[1]] |= full
    return found & held
