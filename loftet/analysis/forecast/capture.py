"""How much of what happened lay where it was expected: PAI, PEI, PEI* and RRI."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """Scores of a forecast that flags the same share of the area each week.

    Attributes
    ----------
    shares : array of shape (k,)
        Shares of the whole area that were flagged.
    hit_rate : array of shape (k,)
        Share of all events that lay in the flagged area.
    pai : array of shape (k,)
        Prediction accuracy index, hit rate over share: how many times denser events were there.
    pei : array of shape (k,)
        Prediction efficiency index, the density over the greatest that any area had in the week.
    pei_star : array of shape (k,)
        PEI*, the events over the most that as large an area could have held in the week.
    rri : array of shape (k,)
        Recapture rate index, hit rate over the one expected: below 1, the flagged area fell back
        towards the rest.
    caught : array of shape (weeks, k)
        Events in the flagged area, week by week.
    """

    shares: Floats
    hit_rate: Floats
    pai: Floats
    pei: Floats
    pei_star: Floats
    rri: Floats
    caught: Floats


def capture(
    expected: ArrayLike,
    seen: ArrayLike,
    *,
    shares: Sequence[float] = (0.01,),
    sizes: ArrayLike | None = None,
) -> Capture:
    r"""Score where events were expected against where they were seen.

    In each week the areas with the most expected events per size are flagged until they make up the
    share a/A of the whole; the area in which the share is reached counts in proportion, and areas
    that are expected alike are flagged in proportion too (what breaking ties by lot would give on
    average). With n of N events inside, n' the most that such an area could have held, d the
    greatest density of any area, and all summed over weeks: PAI :math:`= (n/N)/(a/A)`, PEI
    :math:`= (n/a)/d`, PEI* :math:`= n/n'` and RRI :math:`= (n/N)/(\hat n/\hat N)`.

    Parameters
    ----------
    expected : array of shape (areas, weeks) or (areas,)
        Expected events, or past counts as the simplest of forecasts.
    seen : array of the same shape
        What came.
    shares : sequence of float
        Shares of the whole area to flag, between 0 and 1.
    sizes : array of shape (areas,), optional
        Sizes of the areas in any unit; all alike if not given.

    Returns
    -------
    Capture
        NaN where there was nothing to catch.

    Raises
    ------
    ValueError
        If the tables differ in shape, a number is missing or negative, or a share is not between 0
        and 1.

    Notes
    -----
    The challenge of the National Institute of Justice, and R's ``ptools``, call n/n' the PEI.
    White, Hunt and Green keep that name for the index whose best area may be of another size, and
    call n/n' PEI*, which a patrol that is to cover a given area could reach.

    References
    ----------
    Chainey, Tompson and Uhlig (2008), Security Journal 21, 4-28; Levine (2008), Security Journal
    21, 295-302; White, Hunt and Green (2023), Security Journal.

    Examples
    --------
    Five areas; a fifth of the whole is the one that is expected highest, 40 % the first two:

    >>> found = capture([6, 3, 2, 1, 0], [4, 5, 0, 1, 0], shares=[0.2, 0.4])
    >>> found.hit_rate.tolist(), found.pai.round(2).tolist(), found.pei_star.round(2).tolist()
    ([0.4, 0.9], [2.0, 2.25], [0.8, 1.0])
    """
    guess, came = _tables(expected, seen)
    areas = len(guess)
    size = np.ones(areas) if sizes is None else arrays.positive("sizes", sizes, length=areas)
    for place, share in enumerate(shares):
        checks.fraction(f"shares[{place}]", share)
    flagged = np.asarray(shares, dtype=float)
    room = flagged * size.sum()
    weeks = range(guess.shape[1])
    caught, hoped = (
        np.array([_inside(guess[:, t], values[:, t], size, room) for t in weeks])
        for values in (came, guess)
    )
    most = np.array([_inside(came[:, t], came[:, t], size, room) for t in weeks])
    densest = float((came / size[:, None]).max(axis=0).sum())
    hit_rate = _ratio(caught.sum(axis=0), came.sum())
    return Capture(
        shares=flagged,
        hit_rate=hit_rate,
        pai=hit_rate / flagged,
        pei=_ratio(caught.sum(axis=0) / room, densest),
        pei_star=_ratio(caught.sum(axis=0), most.sum(axis=0)),
        rri=_ratio(hit_rate, _ratio(hoped.sum(axis=0), guess.sum())),
        caught=caught,
    )


def _inside(order_by: Floats, events: Floats, size: Floats, room: Floats) -> Floats:
    """Events in the areas that come first, as far as there is room."""
    density = order_by / size
    order = np.argsort(-density, kind="stable")
    filled, held = np.cumsum(size[order]), np.cumsum(events[order])
    last = np.r_[np.flatnonzero(np.diff(density[order])), len(order) - 1]
    return np.asarray(np.interp(room, np.r_[0.0, filled[last]], np.r_[0.0, held[last]]))


def _ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    top, bottom = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0))


def _tables(expected: ArrayLike, seen: ArrayLike) -> tuple[Floats, Floats]:
    tables = []
    for name, values in (("expected", expected), ("seen", seen)):
        table = np.asarray(values, dtype=float)
        table = table[:, None] if table.ndim == 1 else table
        if table.ndim != 2 or not table.size:
            raise ValueError(f"{name} must have a row for each area, not shape {table.shape}")
        if not (np.isfinite(table) & (table >= 0)).all():
            raise ValueError(f"{name} must hold numbers from 0 up: find the missing ones")
        tables.append(table)
    if tables[0].shape != tables[1].shape:
        raise ValueError(
            f"expected has shape {tables[0].shape}, seen {tables[1].shape}: give the same areas"
            " and weeks"
        )
    return tables[0], tables[1]
