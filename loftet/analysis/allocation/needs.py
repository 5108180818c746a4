"""Where and when presence is needed: events and felt insecurity, with a stated weight between."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats

Codes = NDArray[np.intp]
Bools = NDArray[np.bool_]
Label = Hashable

WEEK = 168


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """Shares of all need; rows are places, columns the hours of the plan.

    Attributes
    ----------
    values : array of shape (places, hours)
        What the plan goes by: (1 - weight) times `events` plus weight times `felt`; its sum is 1.
    events, felt : array of shape (places, hours)
        Shares of all events and of all felt insecurity.
    weight : float
        The weight of felt insecurity.
    """

    values: Floats
    events: Floats
    felt: Floats
    weight: float


def need(
    events: ArrayLike,
    felt: ArrayLike | None = None,
    *,
    weight: float = 0.0,
    asked_about: ArrayLike | None = None,
) -> Need:
    r"""Weigh what has happened and what is felt into one need for each place and hour.

    :math:`n_{ph} = (1 - w)\, e_{ph} / \sum e + w\, f_{ph} / \sum f`. The weight is a decision, not
    an estimate: it says how much of the presence answers to insecurity rather than to events.

    Parameters
    ----------
    events : array of shape (places, hours)
        Events, or expected events, at each place in each hour of the plan, at most a week.
    felt : array of shape (places,) or (places, hours), optional
        How many feel unsafe at each place; one number for a place is spread evenly over the hours
        that the survey asked about.
    weight : float
        Weight of felt insecurity, from 0 (events only) to 1 (survey only).
    asked_about : array of bool, shape (hours,), optional
        The hours that the survey question was about, "late in the evening"; all when not given.

    Returns
    -------
    Need

    Raises
    ------
    ValueError
        If a number is missing or below 0, shapes differ, or there is nothing to share out.

    Examples
    --------
    >>> evening = need([[4, 0], [0, 4]], [30, 10], weight=0.5, asked_about=[False, True])
    >>> evening.values.tolist()
    [[0.25, 0.375], [0.0, 0.375]]
    """
    happened = table("events", events)
    places, hours = happened.shape
    if not 1 <= hours <= WEEK:
        raise ValueError(f"events has {hours} hours: plan at most a week ({WEEK} hours) at a time")
    weight = share("weight", weight)
    if felt is None and weight > 0:
        raise ValueError(f"weight is {weight:g} but felt is not given: give it, or the weight 0")
    unsafe = np.zeros((places, hours)) if felt is None else _felt(felt, happened.shape, asked_about)
    by_events, by_felt = _shares(happened), _shares(unsafe)
    for name, part, counts in (("events", by_events, weight < 1), ("felt", by_felt, weight > 0)):
        if counts and not part.any():
            raise ValueError(f"{name} is 0 everywhere: it cannot say where presence is needed")
    return Need((1 - weight) * by_events + weight * by_felt, by_events, by_felt, weight)


def _felt(felt: ArrayLike, shape: tuple[int, ...], asked_about: ArrayLike | None) -> Floats:
    if np.ndim(felt) != 1:
        return table("felt", felt, shape=shape)
    row = arrays.numbers("felt", felt, length=shape[0])
    asked = mask("asked_about", asked_about, (shape[1],))
    if not asked.any():
        raise ValueError("asked_about is false everywhere: name the hours that the survey asked of")
    return table("felt", row[:, None] * asked)


def _shares(values: Floats) -> Floats:
    total = values.sum()
    shares: Floats = values / total if total > 0 else values
    return shares


def beats(travel: ArrayLike, *, within: float) -> Codes:
    """Put places into beats in which no two are further apart than `within` minutes.

    Complete linkage: the two groups whose furthest members are nearest are joined, as long as
    nobody in the joined group has further to go than `within`.

    Parameters
    ----------
    travel : array of shape (places, places)
        Minutes from one place to another.
    within : float
        Longest way within a beat, in minutes.

    Returns
    -------
    array of shape (places,)
        The beat of each place, numbered in the order of its first place.

    Raises
    ------
    ValueError
        If the matrix is not square, a time is missing or below 0, or `within` is not above 0.

    References
    ----------
    Everitt, Landau, Leese and Stahl (2011), Cluster Analysis, ch. 4.

    Examples
    --------
    >>> beats([[0, 5, 30], [5, 0, 28], [30, 28, 0]], within=10).tolist()
    [0, 0, 1]
    """
    checks.positive("within", within)
    minutes = travel_times(travel)
    if len(minutes) == 1:
        return np.zeros(1, dtype=np.intp)
    apart = np.maximum(minutes, minutes.T)
    joined = linkage(squareform(apart, checks=False), "complete")
    return codes(fcluster(joined, within, "distance").tolist())[1]


def travel_times(travel: ArrayLike, places: int | None = None) -> Floats:
    minutes = table("travel", travel)
    wanted = len(minutes) if places is None else places
    if minutes.shape != (wanted, wanted):
        raise ValueError(
            f"travel is of shape {minutes.shape}: give one row and one column for each place"
        )
    if np.diagonal(minutes).any():
        raise ValueError("travel has a time from a place to itself: put 0 on the diagonal")
    return minutes


def codes(labels: Sequence[Label]) -> tuple[tuple[Label, ...], Codes]:
    """Labels in the order of their first appearance, and the number of each row's label."""
    names = dict.fromkeys(labels)
    number = {label: k for k, label in enumerate(names)}
    return tuple(names), np.array([number[label] for label in labels], dtype=np.intp)


def sums(groups: Codes, values: ArrayLike, count: int) -> Floats:
    """Sum of the values of each group, 0 where there are none."""
    return np.bincount(groups, values, count).astype(float)


def table(name: str, values: ArrayLike, *, shape: tuple[int, ...] | None = None) -> Floats:
    """Finite numbers from 0 up, one row for each place."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers only, as many in each row") from None
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} must have a row for each place, not the shape {array.shape}")
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} is of shape {array.shape}, the events of {shape}: make them one")
    _refuse(name, ~np.isfinite(array), array, "is not a number: put 0 where nothing is known")
    _refuse(name, array < 0, array, "is below 0: need and time are 0 or more")
    return array


def _refuse(name: str, wrong: Bools, array: Floats, why: str) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        raise ValueError(f"{name}[{row}, {column}] = {array[row, column]:g} {why}")


def mask(name: str, values: ArrayLike | None, shape: tuple[int, ...]) -> Bools:
    """Yes or no for each; yes to all when not given."""
    if values is None:
        return np.ones(shape, dtype=bool)
    array = np.asarray(values)
    if array.dtype != bool or array.shape != shape:
        raise ValueError(
            f"{name} must hold True or False in the shape {shape}, not {array.dtype} {array.shape}"
        )
    return array


def share(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not at {value!r}")
    return float(value)
