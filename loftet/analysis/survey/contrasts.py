"""Is one number larger than another: two domains, two surveys, two rounds with the same people."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey.design import Design
from loftet.analysis.survey.groups import Codes, Floats, Groups
from loftet.analysis.survey.intervals import two_sided
from loftet.analysis.survey.results import Estimate, Estimates, Reason
from loftet.analysis.survey.sample import drawn
from loftet.analysis.survey.scores import Adjustment, Cells, Columns
from loftet.analysis.survey.weighted import Weighted


@dataclass(frozen=True, slots=True)
class Difference:
    """One estimate less another; `reason` tells why when it cannot be had."""

    value: float
    error: float
    interval: tuple[float, float]
    p_value: float
    degrees: float
    confidence: float
    reason: Reason | None = None

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        low, high = self.interval
        return low > 0 or high < 0


def difference(estimates: Estimates, one: Hashable, other: Hashable) -> Difference:
    r"""Compare two domains of one survey: `one` less `other`.

    The error takes in that domains share strata, clusters and margins,
    :math:`\sqrt{v_1 + v_2 - 2 c}`. The interval is recovered from those of the two estimates
    (Zou and Donner 2008): with :math:`a = \hat\theta_1 - l_1`, :math:`b = u_2 - \hat\theta_2` and
    their correlation *r* the lower limit is :math:`d - \sqrt{a^2 + b^2 - 2 r a b}`; so it stays
    right for small shares. The p-value is that of Student's t with the degrees of freedom of the
    sample less one, as in R's ``svyttest``; `Difference.beyond_chance` follows the interval.

    Parameters
    ----------
    estimates : Estimates
        From a question with `by`.
    one, other : label
        Two of its domains.

    Returns
    -------
    Difference

    Raises
    ------
    ValueError
        If there is no such domain.

    References
    ----------
    Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> area = ["north"] * 50 + ["south"] * 50
    >>> unsafe = [1] * 20 + [0] * 30 + [1] * 10 + [0] * 40
    >>> found = difference(Design([1] * 100).share(unsafe, 1, by=area), "north", "south")
    >>> round(found.value, 3), [round(limit, 3) for limit in found.interval]
    (0.2, [0.011, 0.371])
    """
    first, second = estimates[one], estimates[other]
    at, beside = estimates.index(one), estimates.index(other)
    degrees = min(first.degrees + second.degrees + 1, estimates.sample_degrees) - 1
    return _apart(first, second, estimates.correlation(at, beside), degrees)


def change(after: Estimate, before: Estimate) -> Difference:
    """Compare two surveys that were drawn independently of each other: `after` less `before`.

    As `difference` without correlation; the degrees of freedom are those of Welch and
    Satterthwaite. For surveys that have people in common see `panel`.

    Raises
    ------
    ValueError
        If the two estimates have different confidence.
    """
    if after.confidence != before.confidence:
        raise ValueError("after and before must have the same confidence; estimate one again")
    v, u = after.error**2, before.error**2
    spread = v * v / after.degrees + u * u / before.degrees
    degrees = (v + u) ** 2 / spread if spread > 0 else after.degrees + before.degrees
    return _apart(after, before, 0.0, degrees)


def panel(
    first: Design, second: Design, *, persons: tuple[npt.ArrayLike, npt.ArrayLike]
) -> tuple[Design, Groups]:
    """Lay two rounds with people in common on top of each other, to compare them with `difference`.

    The person (or other first-stage unit) becomes the sampled unit of all its rows, so that what
    the same people answered twice is not taken for independent. Weights and what was done to them
    come along. Finite populations are not corrected for, which errs on the safe side. A person
    stays in the stratum of the first round.

    Parameters
    ----------
    first, second : Design
        Without replicates.
    persons : (array, array)
        Who answered, in the rows of each; in clustered samples the first-stage cluster instead.

    Returns
    -------
    (Design, Groups)
        The rows of the first round and then those of the second, and the domains 1 and 2.

    Examples
    --------
    >>> before, after = [1, 0, 1, 1, 0, 1], [1, 0, 0, 1, 0, 0]
    >>> people = ["a", "b", "c", "d", "e", "f"]
    >>> both, wave = panel(Design([1] * 6), Design([1] * 6), persons=(people, people))
    >>> fall = difference(both.mean(before + after, by=wave), 2, 1)
    >>> round(fall.value, 3), round(fall.error, 3)
    (-0.333, 0.211)
    """
    rounds = [first.weighted, second.weighted]
    if any(weighted.replication is not None for weighted in rounds):
        raise ValueError("first and second must be without replicates; draw them from the panel")
    sizes = [len(weighted.weights) for weighted in rounds]
    who = [
        Groups.of(ids, f"persons[{at}]", np.ones(size, dtype=bool))
        for at, (ids, size) in enumerate(zip(persons, sizes, strict=True))
    ]
    units = _shared(who)
    strata = _first_of_each(units, _shared([weighted.sample.strata for weighted in rounds]))
    lonely = rounds[0].sample.stages[0].lonely
    sample = drawn(sum(sizes), strata, units, None, lonely)
    weights = np.concatenate([weighted.weights for weighted in rounds])
    adjustments = (
        *(_padded(adjustment, 0, sizes[1]) for adjustment in rounds[0].adjustments),
        *(_padded(adjustment, sizes[0], 0) for adjustment in rounds[1].adjustments),
    )
    waves = Groups(np.repeat([0, 1], sizes), (1, 2))
    return Design.of(Weighted(weights, sample, adjustments)), waves


def _apart(one: Estimate, other: Estimate, correlation: float, degrees: float) -> Difference:
    reason = one.reason or other.reason
    value = one.value - other.value
    error = _joined(one.error, other.error, correlation)
    down = _joined(one.value - one.interval[0], other.interval[1] - other.value, correlation)
    up = _joined(one.interval[1] - one.value, other.value - other.interval[0], correlation)
    p_value = two_sided(value / error, degrees) if error > 0 else float(value == 0)
    interval = value - down, value + up
    found = Difference(value, error, interval, p_value, degrees, one.confidence, reason)
    return replace(found, p_value=math.nan) if reason else found


def _joined(a: float, b: float, correlation: float) -> float:
    square = a * a + b * b - 2 * correlation * a * b
    return 0.0 if square < 0 else math.sqrt(square)


def _shared(groups: list[Groups]) -> Codes:
    """Number the labels of both rounds together."""
    numbers: dict[Hashable, int] = {}
    codes = []
    for group in groups:
        own = np.array([numbers.setdefault(label, len(numbers)) for label in group.labels])
        codes.append(own[group.codes])
    return np.concatenate(codes)


def _first_of_each(units: Codes, strata: Codes) -> Codes:
    first = np.unique(units, return_index=True)[1]
    return np.asarray(strata[first][units])


def _padded(adjustment: Adjustment, before: int, after: int) -> Adjustment:
    """The same among the rows of both rounds: nothing for those of the other."""

    def pad(values: Floats) -> Floats:
        return np.pad(values, (before, after))

    spread = None if adjustment.spread is None else pad(adjustment.spread)
    basis = _padded_basis(adjustment.basis, before, after)
    return Adjustment(
        basis, pad(adjustment.base), pad(adjustment.final), spread, adjustment.inverse
    )


def _padded_basis(basis: Cells | Columns, before: int, after: int) -> Cells | Columns:
    if isinstance(basis, Cells):
        return Cells(np.pad(basis.codes, (before, after)), basis.points)
    return Columns(np.pad(basis.x, ((before, after), (0, 0))))
