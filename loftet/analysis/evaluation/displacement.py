"""Weighted displacement difference: did crime fall, or did it move next door."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

from loftet.analysis import checks
from loftet.analysis.evaluation.footing import Assumption, Footing, Sign, Threat, below

NORMAL = NormalDist()


class Pair(NamedTuple):
    """Two counts of one place."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Events more (or, below 0, fewer) than the comparison made one expect."""

    value: float
    error: float
    interval: tuple[float, float]
    z: float
    p_value: float
    confidence: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        low, high = self.interval
        return low > 0 or high < 0


@dataclass(frozen=True, slots=True)
class Displacement:
    """The change where the measure was, next door (None when not given) and both together."""

    local: Balance
    nearby: Balance | None
    total: Balance
    footing: Footing


def displacement_difference(
    *,
    treated: tuple[int, int],
    control: tuple[int, int],
    near_treated: tuple[int, int] | None = None,
    near_control: tuple[int, int] | None = None,
    lengths: tuple[float, float] = (1.0, 1.0),
    confidence: float = 0.95,
) -> Displacement:
    r"""Compare the change of counts at the treated place, and around it, with a comparison place.

    Local effect :math:`(T_1 - T_0) - (C_1 - C_0)`, displacement the same for the surroundings, and
    their sum. Each count has its own Poisson variance, so that the variance of the sum is the sum
    of all counts. With periods of unlike lengths the counts before are brought to the length of the
    period after, and their variances by its square.

    Parameters
    ----------
    treated, control : (int, int)
        Counts **before and after** at the place with the measure and at one alike without it. The
        control should have about as many events, since differences are compared and not ratios.
    near_treated, near_control : (int, int), optional
        Counts around the treated place, where crime may have moved, and around the control.
    lengths : (float, float)
        Lengths of the periods before and after, in any common unit.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    Displacement

    Raises
    ------
    ValueError
        If a count is negative or not whole, a length is not positive, only one of the two
        surroundings is given, or all counts are 0.

    References
    ----------
    Wheeler and Ratcliffe (2018), Crime Science 7:11.

    Examples
    --------
    >>> found = displacement_difference(
    ...     treated=(207, 110), control=(308, 318), near_treated=(178, 157), near_control=(150, 140)
    ... )
    >>> found.total.value, round(found.total.error, 2), round(found.total.z, 2)
    (-118.0, 39.6, -2.98)
    """
    given = {"treated": treated, "control": control}
    if (near_treated is None) != (near_control is None):
        raise ValueError("near_treated and near_control belong together: give both, or neither")
    if near_treated is not None and near_control is not None:
        given |= {"near_treated": near_treated, "near_control": near_control}
    pairs = {name: _pair(name, pair) for name, pair in given.items()}
    for place, length in enumerate(lengths):
        checks.positive(f"lengths[{place}]", length)
    checks.fraction("confidence", confidence)
    scale = lengths[1] / lengths[0]
    local = [pairs["treated"], pairs["control"]]
    near = [pairs[name] for name in ("near_treated", "near_control") if name in pairs]
    return Displacement(
        _balance(local, scale, confidence),
        _balance(near, scale, confidence) if near else None,
        _balance(local + near, scale, confidence),
        _footing(local),
    )


def _balance(pairs: list[Pair], scale: float, confidence: float) -> Balance:
    """Treated and control in turns: the treated add, the controls take away."""
    value = sum(
        (pair.after - scale * pair.before) * (1 if place % 2 == 0 else -1)
        for place, pair in enumerate(pairs)
    )
    variance = sum(pair.after + scale**2 * pair.before for pair in pairs)
    if variance == 0:
        raise ValueError("treated and control are all 0: nothing happened that could change")
    error = math.sqrt(variance)
    reach = NORMAL.inv_cdf((1 + confidence) / 2) * error
    z = value / error
    p_value = math.erfc(abs(z) / math.sqrt(2))
    return Balance(value, error, (value - reach, value + reach), z, p_value, confidence)


def _pair(name: str, pair: tuple[int, int]) -> Pair:
    for place, count in enumerate(pair):
        checks.count(f"{name}[{place}]", count)
    return Pair(*pair)


def _footing(local: list[Pair]) -> Footing:
    return Footing(
        assumes=(
            Assumption.PARALLEL_PATHS,
            Assumption.COUNTS_ARE_POISSON,
            Assumption.COMPARISON_UNTOUCHED,
        ),
        broken_by=(
            Threat.STARTED_AFTER_A_PEAK,
            Threat.COMPARISON_CHOSEN_AFTERWARDS,
            Threat.COMPARISON_HIT_BY_ITS_OWN_EVENT,
            Threat.SOMETHING_ELSE_AT_THE_SAME_TIME,
        ),
        warnings=below(Sign.SMALL_COUNTS, min(min(pair) for pair in local), 5),
    )
