"""How many cases each region would have if everybody like its inhabitants fared alike."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import calendar
from loftet.analysis.arrays import Floats


def expected_from_strata(cases: ArrayLike, population: ArrayLike) -> Floats:
    r"""Expected cases by indirect standardisation.

    Each stratum, such as an age of one sex, has one rate everywhere and always: its cases over its
    population, :math:`r_s = \sum_i c_{is} / \sum_i n_{is}`. Then :math:`e_i = \sum_s r_s n_{is}`,
    and these add up to the number of cases.

    Parameters
    ----------
    cases : array of shape (..., strata)
        Cases, or as one row only the sums of the strata.
    population : array of shape (..., strata)
        Population, or person-time, of each region (and period) in each stratum.

    Returns
    -------
    array of shape (...)
        Expected cases of each region (and period), for `poisson` or `space_time_poisson`.

    Raises
    ------
    ValueError
        If a value is missing or negative, the strata differ in number, or a stratum has cases but
        no population.

    Examples
    --------
    Two regions with few and many young people:

    >>> expected_from_strata([30, 10], [[100, 900], [200, 300]]).round(2).tolist()
    [17.5, 22.5]
    """
    ill, people = _whole("cases", cases), _whole("population", population)
    if ill.shape[-1] != people.shape[-1]:
        raise ValueError(
            f"population has {people.shape[-1]} strata, cases {ill.shape[-1]}: give both alike"
        )
    of_stratum = ill.reshape(-1, ill.shape[-1]).sum(axis=0)
    in_stratum = people.reshape(-1, people.shape[-1]).sum(axis=0)
    without = (of_stratum > 0) & (in_stratum == 0)
    if without.any():
        stratum = int(np.argmax(without))
        raise ValueError(f"stratum {stratum} has cases but no population: merge it with another")
    rate = np.divide(of_stratum, in_stratum, out=np.zeros(len(of_stratum)), where=in_stratum > 0)
    expected: Floats = people @ rate
    return expected


def person_days(population: ArrayLike, counted: ArrayLike, edges: ArrayLike) -> Floats:
    """Person-days in each period, from a population that was counted on a few days.

    Between counts it changes in a straight line; before the first and after the last it stands
    still.

    Parameters
    ----------
    population : array of shape (m, counts, ...)
        The population of each region at each count, by stratum if wished.
    counted : array of shape (counts,)
        The days on which it was counted, in order.
    edges : array of shape (periods + 1,)
        The first day of each period, and the day after the last.

    Returns
    -------
    array of shape (m, periods, ...)

    Raises
    ------
    ValueError
        If a value is missing or negative, or days are not in order.

    Examples
    --------
    >>> days = person_days([[100, 200]], ["2020-01-01", "2021-01-01"],
    ...                    ["2020-01-01", "2021-01-01", "2022-01-01"])
    >>> days.tolist()
    [[54900.0, 73000.0]]
    """
    people = _whole("population", population)
    knots, bounds = _in_order("counted", counted), _in_order("edges", edges)
    if people.ndim < 2 or people.shape[1] != len(knots):
        raise ValueError(
            f"population must have a column for each of the {len(knots)} counts, "
            f"not shape {people.shape}"
        )
    if len(bounds) < 2:
        raise ValueError("edges must hold at least two days: one period")
    return np.moveaxis(np.tensordot(_hats(knots, bounds), people, axes=(1, 1)), 0, 1)


def _hats(knots: Floats, bounds: Floats) -> Floats:
    """Days that each count weighs in each period: areas under its hat function."""
    points = np.union1d(knots, bounds)
    height = np.array([np.interp(points, knots, row) for row in np.eye(len(knots))])
    steps = np.diff(points) * (height[:, 1:] + height[:, :-1]) / 2
    area = np.concatenate([np.zeros((len(knots), 1)), np.cumsum(steps, axis=1)], axis=1)
    return np.diff(area[:, np.searchsorted(points, bounds)], axis=1).T


def _in_order(name: str, values: ArrayLike) -> Floats:
    days = calendar.days(name, values).astype(np.int64)
    wrong = np.diff(days) <= 0
    if wrong.any():
        raise ValueError(f"{name}[{int(np.argmax(wrong)) + 1}] is not after the one before it")
    return days.astype(float)


def _whole(name: str, values: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(values, dtype=float)
    wrong = ~(np.isfinite(table) & (table >= 0))
    if wrong.any():
        place = "".join(f"[{index}]" for index in np.argwhere(wrong)[0].tolist())
        raise ValueError(f"{name}{place} must be a number, 0 or more")
    if not table.ndim or not table.size:
        raise ValueError(f"{name} is empty: give a value for each stratum")
    return table
