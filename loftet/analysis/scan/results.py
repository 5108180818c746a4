"""What a scan finds."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import checks
from loftet.analysis.arrays import Floats

Day = int | date
Rates = Literal["high", "low"]


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """A circle, in space-time scans with a run of days, that holds too many cases (or too few).

    Attributes
    ----------
    members : array of shape (k,)
        Rows of `x` and `y` inside, from the centre outwards.
    observed, expected : int, float
        Cases inside, and how many there would be if all were spread as expected.
    log_likelihood_ratio : float
        By which clusters are ranked.
    p_value : float
        How often chance alone makes a likeliest cluster as likely as this one, anywhere.
    first_day, last_day : int or date or None
        In the form the days came in; columns where cases came as a table; None without time.
    centre, radius : int, float
        The row about which the circle is drawn and the distance to its farthest member, in metres.
    relative_risk : float
        Observed to expected inside over the same outside.
    gumbel_p : float
        The p of a Gumbel law fitted to the replicates: says more than `p_value` where that is as
        small as the number of replicates lets it be. NaN if the replicates are all alike.
    recurrence : float
        In prospective scans, how long it takes chance alone to raise as strong an alarm, in days
        (or periods), if one looks every day. NaN in others.
    """

    members: NDArray[np.int64]
    observed: int
    expected: float
    log_likelihood_ratio: float
    p_value: float
    first_day: Day | None
    last_day: Day | None
    centre: int
    radius: float
    relative_risk: float
    gumbel_p: float
    recurrence: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Clusters that do not touch each other, the likeliest first.

    `total` is the number of cases, `replicates` the number of replicates made, and `null` the
    largest log likelihood ratio of each. Where nothing can be told or nothing stands out `clusters`
    is empty and `why` says so.
    """

    clusters: tuple[Cluster, ...]
    total: int
    replicates: int
    null: Floats
    why: str


def side(rates: Rates) -> float:
    """1 where many cases are sought, -1 where few."""
    checks.choice("rates", rates, ("high", "low"))
    return 1.0 if rates == "high" else -1.0
