"""How large a change must be for the exact comparison of two counts to reveal it."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

from loftet.analysis.change import split

NORMAL = NormalDist()


class Design:
    """The counts before that may come, and beside each the count after where the verdict turns."""

    def __init__(self, count: float, exposure: tuple[float, float], tail: float) -> None:
        width = 7 * math.sqrt(count) + 10
        first, last = max(0, math.floor(count - width)), math.ceil(count + width)
        odds = exposure[0] / exposure[1]
        self.expected = count * odds
        self.weights = poisson_chances(count, first, last)
        self.falls = _crossings(first, last, odds, tail)
        self.rises = [y + 1 for y in _crossings(first + 1, last + 1, odds, 1 - tail)]

    def fall(self, power: float, step: float) -> float | None:
        def shown(change: float) -> float:
            return self.shows_fall((1 - change) ** 2)

        if shown(1.0) < power:
            return None
        enough = step if step < 1 and shown(step) >= power else 1.0
        return 1 - (1 - _where(shown, power, enough)) ** 2

    def rise(self, power: float, step: float) -> float:
        def shown(change: float) -> float:
            return self.shows_rise((1 + change) ** 2)

        while shown(step) < power:
            step *= 2
        return (1 + _where(shown, power, step)) ** 2 - 1

    def shows_fall(self, ratio: float) -> float:
        return self._below(self.falls, ratio)

    def shows_rise(self, ratio: float) -> float:
        return 1 - self._below(self.rises, ratio)

    def _below(self, edges: Sequence[int], ratio: float) -> float:
        """Chance that the count after lies below the edge that belongs to the count before."""
        mean = self.expected * ratio
        k = max(0, math.floor(mean - 8 * math.sqrt(mean) - 10))
        chance = poisson_chances(mean, k, k)[0]
        below = total = 0.0
        for edge, weight in zip(edges, self.weights, strict=True):
            while k < edge:
                below += chance
                k += 1
                chance *= mean / k
            total += weight * below
        return total


def poisson_chances(mean: float, first: int, last: int) -> list[float]:
    chance = math.exp((first * math.log(mean) if first else 0.0) - mean - math.lgamma(first + 1))
    chances = [chance]
    for k in range(first + 1, last + 1):
        chance *= mean / k
        chances.append(chance)
    return chances


def _crossings(first: int, last: int, odds: float, threshold: float) -> list[int]:
    """For each b, the smallest y at which P(Y <= y | y + b events in all) exceeds the threshold.

    Follows the border between yes and no step by step: each step changes the tail by one
    probability, so that the whole border costs little more than its first point.
    """
    share, rest = odds / (1 + odds), 1 / (1 + odds)
    y = _first_crossing(first, odds, threshold)
    tail = math.exp(split.log_tail(first, y + 1, -math.log(odds))) if first else 1.0
    chance = math.exp(split.log_chance(y, y + first, math.log(odds)))
    crossings = [y]
    for b in range(first, last):
        tail -= share * chance
        chance *= rest * (y + b + 1) / (b + 1)
        while tail <= threshold:
            tail += share * chance * (b + 1) / (y + 1)
            chance *= share * (y + b + 2) / (y + 1)
            y += 1
        crossings.append(y)
    return crossings


def _first_crossing(b: int, odds: float, threshold: float) -> int:
    if b == 0:
        return 0
    low, high = 0, math.ceil(2 * b * odds) + 1
    limit = math.log(threshold)
    while split.log_tail(b, high + 1, -math.log(odds)) <= limit:
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        if split.log_tail(b, middle + 1, -math.log(odds)) > limit:
            high = middle
        else:
            low = middle + 1
    return low


def _where(rising: Callable[[float], float], target: float, high: float) -> float:
    """Where a rising chance reaches its target: false position (Illinois) on the normal scale."""
    low, at_low, at_high = 0.0, _gap(rising(0.0), target), _gap(rising(high), target)
    for _ in range(100):
        middle = high - at_high * (high - low) / (at_high - at_low)
        at_middle = _gap(rising(middle), target)
        if abs(at_middle) < 1e-7:
            return middle
        if at_middle < 0:
            low, at_low, at_high = middle, at_middle, at_high / 2
        else:
            high, at_high, at_low = middle, at_middle, at_low / 2
    return high


def _gap(chance: float, target: float) -> float:
    return NORMAL.inv_cdf(min(max(chance, 1e-15), 1 - 1e-15)) - NORMAL.inv_cdf(target)
