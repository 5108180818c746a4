"""What an estimate is: a number that never comes without its uncertainty."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from loftet.analysis.survey.groups import Codes, Floats, Labels


class Reason(StrEnum):
    """Why something cannot be estimated, with the cure."""

    EMPTY = "by: nobody in this domain answered; merge it with another or leave it out"
    ONE_UNIT = "by: all answers come from one sampled unit, which shows no spread; merge the domain"
    NO_DENOMINATOR = "x: the total below the line is 0 here; merge the domain with another"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number estimated from a sample.

    Attributes
    ----------
    value, error : float
        The estimate and its standard error, in the unit of the answers; NaN where `reason` is set.
    interval : (float, float)
        Limits at `confidence`.
    n : int
        Answers behind it.
    design_effect : float
        Its variance over that of a simple random sample of the same size.
    degrees : float
        Degrees of freedom of the error: first-stage units less strata, at most the units that the
        domain has less one.
    reason : Reason or None
        Why it cannot be estimated.
    """

    value: float
    error: float
    interval: tuple[float, float]
    n: int
    design_effect: float
    degrees: float
    confidence: float
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """The same for several domains: every attribute is an array in the order of `domains`.

    ``estimates[label]`` is the `Estimate` of one domain. `covariance` holds what contrasts and
    rankings need: domains share strata, clusters and margins, so that they are not independent.
    `sample_degrees` are the degrees of freedom of the whole sample.
    """

    domains: Labels
    value: Floats
    error: Floats
    interval: tuple[Floats, Floats]
    n: Codes
    design_effect: Floats
    degrees: Floats
    confidence: float
    reason: tuple[Reason | None, ...]
    covariance: Floats
    sample_degrees: int

    def __len__(self) -> int:
        return len(self.domains)

    def __getitem__(self, domain: Hashable) -> Estimate:
        return self._at(self.index(domain))

    def __iter__(self) -> Iterator[Estimate]:
        return map(self._at, range(len(self)))

    def index(self, domain: Hashable) -> int:
        """Where a domain stands."""
        try:
            return self.domains.index(domain)
        except ValueError:
            raise ValueError(f"no domain {domain!r} among {list(self.domains[:20])}") from None

    def correlation(self, one: int, other: int) -> float:
        spread = float(self.error[one] * self.error[other])
        return float(np.clip(self.covariance[one, other] / spread, -1, 1)) if spread > 0 else 0.0

    def _at(self, at: int) -> Estimate:
        low, high = self.interval
        return Estimate(
            float(self.value[at]),
            float(self.error[at]),
            (float(low[at]), float(high[at])),
            int(self.n[at]),
            float(self.design_effect[at]),
            float(self.degrees[at]),
            self.confidence,
            self.reason[at],
        )
