"""How many events there are now, and which area has which share of them: the past, fading."""

from dataclasses import dataclass

import numpy as np

from loftet.analysis.arrays import Floats
from loftet.analysis.forecast import spread

HALF_LIVES = np.array([2.0, 4, 8, 13, 26, 52, 104, 208])  # weeks, for the level of all
MEMORIES = np.array([4.0, 13, 52, 208])  # weeks, for the shares of the areas
ROUNDS = 100


def faded(counts: Floats, half_life: Floats | float, weeks: range) -> Floats:
    """Events before each of `weeks`, one of `half_life` weeks ago counting as half of one now.

    `counts` has a row for each week.
    """
    keep = 0.5 ** (1 / np.asarray(half_life))
    now = np.zeros(np.broadcast_shapes(counts.shape[1:], keep.shape))
    found = np.empty((len(weeks), *now.shape))
    for week in range(weeks.stop):
        if week >= weeks.start:
            found[week - weeks.start] = now
        if week < len(counts):
            now *= keep
            now += counts[week]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Events a week in all areas together, the season taken out, before each of some weeks.

    `unknown` is its relative variance.
    """

    rate: Floats
    unknown: Floats


def level(totals: Floats, season: Floats, weights: Floats, weeks: range) -> Level:
    """The levels of all half-lives, blended; where they differ, the level is less known."""
    rates, events = _levels(totals, season, weeks)
    rate = rates @ weights
    apart = rates / rate[:, None]
    return Level(rate, (apart**2 / events + (apart - 1) ** 2) @ weights)


def half_lives(totals: Floats, season: Floats, weeks: range) -> Floats:
    """How much to believe each half-life: how likely the totals of `weeks` were under it."""
    seen, year = totals[weeks.start : weeks.stop], season[weeks.start : weeks.stop]
    rates, events = _levels(totals, season, weeks)
    likely = []
    for rate, known in zip(rates.T, events.T, strict=True):
        swing = spread.swing(seen, rate * year, 1 / known)
        likely.append(spread.log_likelihood(seen, rate * year, 1 / known + swing))
    belief = np.exp(np.array(likely) - max(likely))
    return np.asarray(belief / belief.sum())


def _levels(totals: Floats, season: Floats, weeks: range) -> tuple[Floats, Floats]:
    """Level by each half-life, and how many events stand behind it.

    One week of the mean so far is kept in, so that no quiet spell brings a level down to nothing.
    """
    events, exposure = (faded(row[:, None], HALF_LIVES, weeks) for row in (totals, season))
    so_far, lived = (_before(row, weeks) for row in (totals, season))
    usual = ((so_far + 0.5) / np.maximum(lived, 1.0))[:, None]
    return (events + usual) / (exposure + 1), events + usual


def _before(row: Floats, weeks: range) -> Floats:
    return np.concatenate([[0.0], row.cumsum()])[weeks.start : weeks.stop]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """How many times the mean of all areas an area has, before each of some weeks.

    `unknown` is the relative variance of that number.
    """

    factor: Floats
    unknown: Floats


def shares(counts: Floats, weights: Floats, weeks: range) -> Shares:
    """What each memory says of an area, drawn towards all areas by the first of the weights.

    With one memory this is the Poisson-gamma estimate: (k + own events) / (k + mean events) has the
    weights k and mean events, and the relative variance 1 / (k + own events).
    """
    factor = np.full((len(weeks), counts.shape[1]), weights[0])
    variance = np.zeros((len(weeks), 1))
    for weight, memory in zip(weights[1:], MEMORIES, strict=True):
        own = faded(counts, memory, weeks)
        mean = own.mean(axis=1, keepdims=True)
        factor += weight * _times_the_mean(own, mean)
        variance += weight / np.maximum(mean, 1 / counts.shape[1])
    return Shares(factor, variance / factor)


def pooling(counts: Floats, weeks: range) -> Floats:
    """How much to believe all areas alike and each memory, by the likelihood of where events fell.

    Each event came from one of them; which one is not known, so that the chances of that and the
    weights are found in turns. The likelihood is flat near its top: more rounds would move weights
    between memories, not forecasts. One event more for each keeps every weight above 0.
    """
    count = counts.shape[1]
    if count == 1:
        return np.concatenate([[1.0], np.zeros(len(MEMORIES))])
    some = np.nonzero(counts[weeks.start : weeks.stop])
    events = counts[weeks.start : weeks.stop][some]
    says = np.ones((len(MEMORIES) + 1, len(events)))
    for row, memory in zip(says[1:], MEMORIES, strict=True):
        own = faded(counts, memory, weeks)
        row[:] = _times_the_mean(own, own.mean(axis=1, keepdims=True))[some]
    weights = np.full(len(says), 1 / len(says))
    for _ in range(ROUNDS):
        came_from = weights[:, None] * says
        came_from *= events / came_from.sum(axis=0)
        weights = came_from.sum(axis=1) + 1
        weights /= weights.sum()
    return weights


def _times_the_mean(own: Floats, mean: Floats) -> Floats:
    return np.asarray(np.divide(own, mean, out=np.ones_like(own), where=mean > 0))
