"""How many letters give how sure an answer, before a krona is spent.

For a share `p` from a simple random sample of `n` answers out of `N` people, the margin of error is
``1.96 * sqrt(p (1 - p) / n * (1 - n / N))``; it is largest at a half.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Plan:
    """What one stratum gets: letters, the answers to expect and their margin (as a share)."""

    population: int
    letters: int
    answers: float
    margin: float | None

    @property
    def points(self) -> float | None:
        """The margin in percentage points."""
        return None if self.margin is None else 100 * self.margin


def margin(answers: float, population: int, share: float = 0.5) -> float | None:
    """Margin of error with 95 % confidence; None where nobody answers."""
    if answers <= 0:
        return None
    answers = min(answers, population)
    return Z * math.sqrt(share * (1 - share) / answers * (1 - answers / population))


def letters_for(wanted: float, population: int, response: float, share: float = 0.5) -> int:
    """Letters for a wanted margin; everyone, if that is not enough."""
    endless = share * (1 - share) * (Z / wanted) ** 2
    answers = endless / (1 + endless / population)
    return min(population, math.ceil(answers / response))


def equal(total: int, populations: Mapping[str, int]) -> dict[str, int]:
    """The same from each, but never more than there are; what is left goes to the others."""
    return _shared(total, populations, dict.fromkeys(populations, 1.0))


def proportional(total: int, populations: Mapping[str, int]) -> dict[str, int]:
    return _shared(total, populations, {area: float(n) for area, n in populations.items()})


def plan(population: int, letters: int, response: float) -> Plan:
    answers = letters * response
    return Plan(population, letters, answers, margin(answers, population))


def together(plans: Mapping[str, Plan]) -> Plan:
    """The whole municipality from its strata, each weighted by how many live there."""
    population = sum(plan.population for plan in plans.values())
    known = [p for p in plans.values() if p.margin is not None]
    complete = known and sum(p.population for p in known) == population
    variance = sum(((p.margin or 0.0) * p.population / population) ** 2 for p in known)
    return Plan(
        population,
        sum(p.letters for p in plans.values()),
        sum(p.answers for p in plans.values()),
        math.sqrt(variance) if complete else None,
    )


def _shared(
    total: int, populations: Mapping[str, int], weights: Mapping[str, float]
) -> dict[str, int]:
    """By weight, no stratum above its size; whole numbers by largest remainder."""
    total = min(total, sum(populations.values()))
    given: dict[str, float] = {}
    open_ones = dict(weights)
    while open_ones:
        left = total - sum(given.values())
        scale = left / sum(open_ones.values())
        full = [area for area in open_ones if open_ones[area] * scale >= populations[area]]
        if not full:
            given |= {area: weight * scale for area, weight in open_ones.items()}
            break
        for area in full:
            given[area] = float(populations[area])
            del open_ones[area]
    whole = {area: int(given[area]) for area in populations}
    by_rest = sorted(populations, key=lambda area: (whole[area] - given[area], area))
    for area in by_rest[: total - sum(whole.values())]:
        whole[area] += 1
    return whole
