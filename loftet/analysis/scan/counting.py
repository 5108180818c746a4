"""The loops of the scan: all circles and windows, for the data once and for replicates in lanes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel

LANES = 128  # replicates side by side
FEWEST = 2  # cases in a cluster of many: one case is an event, whatever was expected

# Bounds are whole numbers, rounded down: slopes in 128ths, roots in 512ths, products in 65536ths.
SLOPE, ROOT, PRODUCT = 128, 512, 16
MOST = 2**31 - 1

Cells = NDArray[np.signedinteger]
Order = NDArray[np.unsignedinteger]
Numbers = NDArray[np.int64]


class Circles(NamedTuple):
    """The order in which a circle about each place takes in places as it grows.

    ``order[first[i]:first[i + 1]]`` belongs to place i. A circle may end where `closed`: the next
    place is farther away.
    """

    first: Numbers
    order: Order
    closed: NDArray[np.bool_]


class Law(NamedTuple):
    """What a count is held against: ``weight * scale`` cases are expected of `cases`.

    Weights are expectations without `controls` (Poisson), persons with them (Bernoulli). `sign` is
    1 where many cases are sought, -1 where few.
    """

    cases: float
    controls: float
    scale: float
    sign: float


class Windows(NamedTuple):
    """Runs of at most `longest` periods that begin in the first `starts` of them."""

    starts: int
    longest: int


class Search(NamedTuple):
    """Where and when to look and by which law; weights by period and place."""

    circles: Circles
    weight: Floats
    law: Law
    windows: Windows


class Likeliest(NamedTuple):
    """The likeliest circle about each place: what is in it, how far it reaches, and when.

    It holds the first `steps` places of the order, from period `start` through `stop`.
    """

    ratio: Floats
    observed: Floats
    weight: Floats
    steps: Numbers
    start: Numbers
    stop: Numbers


class _Layer(NamedTuple):
    """Counts and weights of the places in one window."""

    counts: Floats
    weight: Floats
    start: int
    stop: int


class _Bounds(NamedTuple):
    """What a count must exceed for each circle about a place: base + slope * root of the best."""

    weight: Floats
    base: Cells
    slope: Cells


class _Best(NamedTuple):
    """The largest log ratio of each lane so far, and its root."""

    ratio: Floats
    root: Cells


# --- One circle ---------------------------------------------------------------------------------


@kernel
def log_ratio(count: float, weight: float, law: Law) -> float:
    """Log likelihood ratio of one rate inside and another outside to the same everywhere."""
    expected = weight * law.scale
    ratio = _term(count, expected) + _term(law.cases - count, law.cases - expected)
    if law.controls > 0:
        ratio += _term(weight - count, weight - expected)
        rest = law.cases + law.controls - weight
        ratio += _term(rest - law.cases + count, rest - law.cases + expected)
    return ratio


@kernel
def _term(observed: float, expected: float) -> float:
    return float(observed * np.log(observed / expected)) if observed > 0 else 0.0


@kernel
def reach(weight: float, law: Law) -> float:
    """The s for which no log ratio exceeds (deviation / s) squared, deviations of the sign sought.

    It is at most the root of twice the cases.

    A log ratio is a sum of divergences of an observed share p from an expected one q. With p above
    q each is at most k (p - q)^2 / (q (1 - q)), where k is the larger of 1/2 and -q log(q) / (1 -
    q); with p below q the same holds of 1 - q. The line of `_steepness` lies above the latter.
    """
    share = weight * law.scale / law.cases if law.controls == 0 else law.scale
    if law.sign < 0:
        share = 1 - share
    even = max(share * (1 - share), 0.0)
    if law.controls == 0:
        return float(np.sqrt(law.cases * even / _steepness(share)))
    inside, outside = max(weight, 1.0), max(law.cases + law.controls - weight, 1.0)
    return float(np.sqrt(even / (_steepness(share) / inside + _steepness(1 - share) / outside)))


@kernel
def _steepness(q: float) -> float:
    return max(0.5, q + 0.22)


@kernel
def _is_sought(count: float, weight: float, law: Law) -> bool:
    return law.sign * (count - weight * law.scale) > 0 and (law.sign < 0 or count >= FEWEST)


# --- Replicates ---------------------------------------------------------------------------------


@kernel
def largest(search: Search, cells: Cells) -> Floats:
    """The largest log ratio of each lane over all circles and windows.

    A window is one layer of counts; a circle grows by adding places. Counts are small whole
    numbers, many to a register, and so are the bounds; the log ratio is computed only where a
    count is beyond the bound, far enough from the expected one to beat the best of its lane.
    """
    circles, law = search.circles, search.law
    periods, places = search.weight.shape
    layer, weight = np.empty((places, LANES), cells.dtype), np.empty(places)
    most = np.max(circles.first[1:] - circles.first[:-1])
    bounds = _Bounds(np.empty(most), np.empty(most, cells.dtype), np.empty(most, cells.dtype))
    best = _Best(np.zeros(LANES), np.zeros(LANES, cells.dtype))
    for start in range(search.windows.starts):
        layer[:] = 0
        weight[:] = 0
        for period in range(start, min(start + search.windows.longest, periods)):
            _add(layer, cells[period], int(law.sign))
            weight += search.weight[period]
            for place in range(places):
                about = slice(circles.first[place], circles.first[place + 1])
                order = circles.order[about]
                _bound(order, circles.closed[about], weight, law, bounds)
                _grow(order, layer, bounds, law, best)
    return best.ratio


@kernel
def _add(layer: Cells, cells: Cells, sign: int) -> None:
    for place in range(len(layer)):
        for lane in range(LANES):
            layer[place, lane] += sign * cells[place, lane]


@kernel
def _bound(
    order: Order, closed: NDArray[np.bool_], weight: Floats, law: Law, bounds: _Bounds
) -> None:
    """Bounds of all circles about a place; no count is beyond that of a circle left open."""
    held = 0.0
    for step in range(len(order)):
        held += weight[order[step]]
        bounds.weight[step] = held
    highest = 2.0 ** (8 * bounds.base.itemsize - 1) - 1
    for step in range(len(order)):
        expected = law.sign * bounds.weight[step] * law.scale
        base = np.floor(expected - 1e-9 * abs(expected)) if closed[step] else highest
        bounds.base[step] = base
        bounds.slope[step] = min(SLOPE * reach(bounds.weight[step], law), highest)


@kernel
def _grow(order: Order, layer: Cells, bounds: _Bounds, law: Law, best: _Best) -> None:
    counts, root = np.zeros(LANES, layer.dtype), best.root
    for step in range(len(order)):
        added = layer[order[step]]
        base, slope = bounds.base[step], bounds.slope[step]
        beyond = False
        for lane in range(LANES):
            counts[lane] += added[lane]
            needed = np.int32(slope * root[lane]) >> PRODUCT
            beyond |= layer.dtype.type(counts[lane] - needed) > base
        if beyond:
            _improve(counts, step, bounds, law, best)


@kernel
def _improve(counts: Cells, step: int, bounds: _Bounds, law: Law, best: _Best) -> None:
    weight, base, slope = bounds.weight[step], bounds.base[step], bounds.slope[step]
    highest = min(2**15 - 1, MOST / (SLOPE * np.sqrt(2 * law.cases)))  # no product overflows
    for lane in range(LANES):
        count = law.sign * counts[lane]
        needed = np.int32(slope * best.root[lane]) >> PRODUCT
        if counts[lane] - needed > base and _is_sought(count, weight, law):
            ratio = log_ratio(count, weight, law)
            if ratio > best.ratio[lane]:
                best.ratio[lane] = ratio
                best.root[lane] = min(ROOT * np.sqrt(ratio), highest)


# --- The data -----------------------------------------------------------------------------------


@kernel
def likeliest(
    search: Search, counts: Floats, centres: Numbers, taken: NDArray[np.bool_], found: Likeliest
) -> None:
    """Find the likeliest circle about each centre among those that hold no place already taken."""
    periods, places = search.weight.shape
    for place in centres:
        found.ratio[place] = 0
    inside, weight = np.empty(places), np.empty(places)
    for start in range(search.windows.starts):
        inside[:] = 0
        weight[:] = 0
        for stop in range(start, min(start + search.windows.longest, periods)):
            inside += counts[stop]
            weight += search.weight[stop]
            layer = _Layer(inside, weight, start, stop)
            for place in centres:
                _likeliest_about(search, place, layer, taken, found)


@kernel
def _likeliest_about(
    search: Search, place: int, layer: _Layer, taken: NDArray[np.bool_], found: Likeliest
) -> None:
    circles, law = search.circles, search.law
    begin, end = circles.first[place], circles.first[place + 1]
    count, weight = 0.0, 0.0
    for step in range(begin, end):
        other = circles.order[step]
        if taken[other]:
            return
        count += layer.counts[other]
        weight += layer.weight[other]
        if not circles.closed[step] or not _is_sought(count, weight, law):
            continue
        ratio = log_ratio(count, weight, law)
        if ratio > found.ratio[place]:
            found.ratio[place], found.observed[place], found.weight[place] = ratio, count, weight
            found.steps[place] = step + 1 - begin
            found.start[place], found.stop[place] = layer.start, layer.stop


@kernel
def touching(circles: Circles, steps: Numbers, taken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the circle of so many steps about each place holds one that is taken."""
    touches = np.zeros(len(steps), np.bool_)
    for place in range(len(steps)):
        begin = circles.first[place]
        for step in range(begin, begin + steps[place]):
            touches[place] |= taken[circles.order[step]]
    return touches
