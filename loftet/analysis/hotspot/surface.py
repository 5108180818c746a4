"""Kernel density: how many events there are per square kilometre around each point of a map."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.grid import Extent
from loftet.analysis.kernels import kernel

REACH = 5  # standard deviations at which the kernel is cut off: 6e-7 lies beyond
FINEST = 0.5  # least bandwidth in cells that a lattice can show
LEVEL = 1e-3  # how far an even spread may be from even after the correction of edges
ROUNDS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Events per square kilometre at the centres of a lattice, rows from south to north.

    `x` (columns) and `y` (rows) are the centres in metres, `bandwidth` the standard deviation of
    the kernel. `inside` events are in the map, `outside` were left out because they lie beyond it.
    Where the mask says that nothing can happen, the density is 0.
    """

    per_km2: Floats
    x: Floats
    y: Floats
    bandwidth: float
    inside: int
    outside: int
    corrected: bool


def density(
    x: ArrayLike,
    y: ArrayLike,
    *,
    bandwidth: float,
    extent: Extent,
    shape: tuple[int, int] = (256, 256),
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    edges: bool = True,
) -> Density:
    r"""Spread each event over its surroundings and add up.

    Events are shared between the four nearest centres of the lattice and spread by a Gaussian K,
    first along the rows, then along the columns, cut off at five standard deviations. Near the
    border part of it would leak out. With ``edges`` the kernel between the places u and v is
    :math:`d(u) K(u - v) d(v)` instead, with d found by filtering the mask again and again such that
    everything stays inside (the map sums to the number of events) and an even spread stays even.
    Dividing once by the share that stays inside gives only one of the two.

    Parameters
    ----------
    x, y : array of shape (n,)
        Places in metres (SWEREF 99 TM).
    bandwidth : float
        Standard deviation of the kernel in metres, at least half a cell; `rule_of_thumb` gives a
        first guess. It decides what the map looks like: show it.
    extent : (float, float, float, float)
        West, south, east and north of the map in metres.
    shape : (int, int)
        Rows and columns of the lattice.
    weights : array of shape (n,), optional
        What each event counts, 0 or more; 1 unless given.
    mask : array of bool of shape `shape`, optional
        Where events can happen (land, the municipality), rows from the south.
    edges : bool
        Whether to correct for what leaks out.

    Returns
    -------
    Density

    Raises
    ------
    ValueError
        If a coordinate is missing, the extent or the lattice is empty, the bandwidth is too small
        for the lattice, or the mask does not fit.

    References
    ----------
    Silverman (1986), Density Estimation, on binning. Jones (1993), Statistics and Computing 3,
    135-146, on edges; Sinkhorn and Knopp (1967), Pacific Journal of Mathematics 21, 343-348, and
    Milanfar (2013), SIAM Journal on Imaging Sciences 6, 263-284, on d.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.uniform(0, 4000, (2, 500))
    >>> found = density(x, y, bandwidth=400, extent=(0, 0, 4000, 4000), shape=(80, 80))
    >>> round(float(found.per_km2.mean()), 2)  # 500 events on 16 square kilometres
    31.25
    """
    places = arrays.points(x, y)
    checks.positive("bandwidth", bandwidth)
    west, south, east, north = arrays.numbers("extent", extent, length=4).tolist()
    if west >= east or south >= north:
        raise ValueError(f"extent must be west, south, east, north; {extent} is turned over")
    rows, columns = shape
    checks.count("shape[0]", rows)
    checks.count("shape[1]", columns)
    if rows < 1 or columns < 1:
        raise ValueError(f"shape must be rows and columns above 0, not {shape}")
    width, height = (east - west) / columns, (north - south) / rows
    if bandwidth < FINEST * max(width, height):
        raise ValueError(
            f"bandwidth = {bandwidth:g} m is less than half a cell of {max(width, height):g} m:"
            " take a finer lattice"
        )
    open_ = _mask(mask, (rows, columns))
    each = np.ones(len(places[0])) if weights is None else _weights(weights, len(places[0]))
    binned = np.zeros((rows, columns))
    inside = int(_bin(places, each, (west, south, 1 / width, 1 / height), open_, binned))
    lines = _line(height, bandwidth), _line(width, bandwidth)
    scale = open_.astype(float)
    if edges:
        scale = _balanced(scale, lines)
        np.divide(binned, _spread(scale, *lines), out=binned, where=binned > 0)
    per_cell = _spread(binned, *lines) * scale
    return Density(
        per_cell / (width * height / 1e6),
        west + width * (np.arange(columns) + 0.5),
        south + height * (np.arange(rows) + 0.5),
        float(bandwidth),
        inside,
        len(places[0]) - inside,
        edges,
    )


def rule_of_thumb(x: ArrayLike, y: ArrayLike) -> float:
    r"""Scott's bandwidth for one hump: :math:`s\,n^{-1/6}`, s the mean spread along the axes.

    A town has many humps: take this as the largest bandwidth that could make sense, and half of it
    or less for places within a town. Whoever compares years uses one bandwidth for all.

    Parameters
    ----------
    x, y : array of shape (n,)
        Places in metres.

    Returns
    -------
    float
        Metres.

    Raises
    ------
    ValueError
        If a coordinate is missing, or all events lie in one place.

    References
    ----------
    Scott (1992), Multivariate Density Estimation, eq. 6.42.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> round(rule_of_thumb(*rng.normal(0, 1000, (2, 64))) / 100)  # about 1000 / 64**(1/6)
    5
    """
    east, north = arrays.points(x, y)
    spread = math.sqrt((east.var(ddof=1) + north.var(ddof=1)) / 2) if len(east) > 1 else 0.0
    if spread == 0:
        raise ValueError("x and y are a single place: no bandwidth follows from it, choose one")
    return float(spread * len(east) ** (-1 / 6))


def _mask(mask: ArrayLike | None, shape: tuple[int, int]) -> NDArray[np.bool_]:
    if mask is None:
        return np.ones(shape, dtype=bool)
    found = np.asarray(mask)
    if found.dtype != np.bool_ or found.shape != shape:
        raise ValueError(f"mask must say true or false for each of {shape[0]} x {shape[1]} cells")
    return found


def _weights(values: ArrayLike, length: int) -> Floats:
    found = arrays.numbers("weights", values, length=length)
    if (found < 0).any():
        raise ValueError(
            f"weights[{int(np.argmax(found < 0))}] is below 0: an event counts 0 or more"
        )
    return found


def _line(size: float, bandwidth: float) -> Floats:
    """The kernel along one axis, in cells, summing to one."""
    reach = math.ceil(REACH * bandwidth / size)
    apart = np.arange(-reach, reach + 1) * size / bandwidth
    line = np.where(np.abs(apart) <= REACH, np.exp(-(apart**2) / 2), 0.0)
    found: Floats = line / line.sum()
    return found


def _spread(values: Floats, up: Floats, across: Floats) -> Floats:
    along_rows = np.ascontiguousarray(_along(values, up).T)
    return np.ascontiguousarray(_along(along_rows, across).T)


def _balanced(inside: Floats, lines: tuple[Floats, Floats]) -> Floats:
    """Scale d, with which d times the filtered d is one wherever the map is open."""
    scale = inside
    for _ in range(ROUNDS):
        spread = _spread(scale, *lines)
        if np.abs(scale * spread - inside).max() < LEVEL:
            break
        scale = np.sqrt(np.divide(scale, spread, out=np.zeros_like(scale), where=inside > 0))
    return scale


@kernel
def _along(values: Floats, line: Floats) -> Floats:
    """Weighted sums of whole rows, so that the innermost loop runs over neighbours in memory."""
    rows, reach = len(values), len(line) // 2
    found = np.zeros_like(values)
    for row in range(rows):
        for other in range(max(row - reach, 0), min(row + reach + 1, rows)):
            weight = line[other - row + reach]
            for column in range(values.shape[1]):
                found[row, column] += weight * values[other, column]
    return found


@kernel
def _bin(
    places: tuple[Floats, Floats],
    weights: Floats,
    lattice: tuple[float, float, float, float],
    open_: NDArray[np.bool_],
    binned: Floats,
) -> int:
    """Share each event between the four nearest centres; return how many lie on the open map."""
    east, north = places
    west, south, per_column, per_row = lattice
    rows, columns = binned.shape
    inside = 0
    for event in range(len(east)):
        x, y = (east[event] - west) * per_column, (north[event] - south) * per_row
        if not (0 <= x <= columns and 0 <= y <= rows):
            continue
        if not open_[min(int(y), rows - 1), min(int(x), columns - 1)]:
            continue
        inside += 1
        # Beyond the outermost centres the outermost cell takes it all.
        across, up = min(max(x - 0.5, 0.0), columns - 1.0), min(max(y - 0.5, 0.0), rows - 1.0)
        column, row = int(across), int(up)
        right, above = across - column, up - row
        next_column, next_row = min(column + 1, columns - 1), min(row + 1, rows - 1)
        lower, upper = weights[event] * (1 - above), weights[event] * above
        binned[row, column] += lower * (1 - right)
        binned[row, next_column] += lower * right
        binned[next_row, column] += upper * (1 - right)
        binned[next_row, next_column] += upper * right
    return inside
