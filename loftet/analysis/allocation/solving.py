"""Solve a program and prove how good the solution is.

Of the many visits that could be made few ever will be. The linear relaxation prices them all; a
small program over those with the best prices gives a plan; and a column whose price is worse than
what separates that plan from the relaxation cannot be in any better plan, so that the proof needs
only the others. Where places stay within their beats and teams within a crew are alike, no plan
has a twin under another name, and the relaxation is close.
"""

import math
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from loftet.analysis.allocation.needs import Bools
from loftet.analysis.allocation.program import Program
from loftet.analysis.arrays import Floats

SMALL = 4000  # columns up to which all of them at once are as quick
FEW = 3000  # columns to begin with where there are more
WHOLE = 1e-6
INFEASIBLE = 2  # in SciPy's statuses


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Values of the columns, their cost, and a bound that no solution can go below.

    `columns` is None when none was found; then `infeasible` says whether there is none.
    """

    columns: Floats | None
    cost: float
    bound: float
    infeasible: bool

    @property
    def gap(self) -> float:
        """What a better solution could at most gain, as a share of this one's cost."""
        missing = max(0.0, self.cost - self.bound)
        return missing / abs(self.cost) if missing > HAIR else 0.0


HAIR = 1e-9
IMPOSSIBLE = Solution(None, math.inf, math.inf, infeasible=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Arrays:
    cost: Floats
    matrix: Any
    lower: Floats
    upper: Floats
    most: Floats
    whole: Bools


def solve(program: Program, *, gap: float, until: float) -> Solution:
    """Solve within `gap` (a share), or as well as can be until a moment of the monotonic clock."""
    lower, upper = program.limits()
    arrays = _Arrays(
        program.cost(), program.matrix(), lower, upper, program.upper(), program.whole()
    )
    relaxed = _relaxation(arrays, until)
    if relaxed.status == INFEASIBLE:
        return IMPOSSIBLE
    if relaxed.status != 0:
        everything = np.ones(program.width, dtype=bool)
        return _integer(arrays, everything, gap, until - monotonic())
    if _is_whole(relaxed.x[arrays.whole]):
        return Solution(_rounded(relaxed.x, arrays.whole), relaxed.fun, relaxed.fun, False)
    price = np.maximum(relaxed.lower.marginals, 0.0)
    return _by_price(arrays, price, relaxed.fun, gap, until)


def _by_price(arrays: _Arrays, price: Floats, relaxed: float, gap: float, until: float) -> Solution:
    best = Solution(None, math.inf, relaxed, infeasible=False)
    dearest = math.inf if len(price) <= SMALL else float(np.sort(price)[FEW])
    while True:
        keep = price <= dearest
        complete = bool(keep.all())
        left = until - monotonic()
        found = _integer(arrays, keep, gap, left if complete else left / 2)
        best = _better(best, found, math.inf if complete else relaxed + dearest)
        if complete and found.infeasible:
            return IMPOSSIBLE
        if complete or best.gap <= gap or monotonic() >= until:
            return best
        dearest = _next(price, dearest, best.cost - relaxed)


def _next(price: Floats, before: float, missing: float) -> float:
    """Price up to which a column could be in a better solution; no small steps at the end."""
    within = price <= missing
    if missing <= before or within.mean() > 0.8:
        return math.inf
    return missing


def _better(best: Solution, found: Solution, without: float) -> Solution:
    """Keep the better solution, and the bound: that over these columns or that over the others."""
    bound = max(best.bound, min(found.bound, without))
    kept = found if found.cost < best.cost else best
    return Solution(kept.columns, kept.cost, bound, infeasible=False)


def _relaxation(arrays: _Arrays, until: float) -> Any:
    at_most, at_least = np.isfinite(arrays.upper), np.isfinite(arrays.lower)
    rows = arrays.matrix.tocsr()
    return linprog(
        arrays.cost,
        A_ub=sparse.vstack([rows[at_most], -rows[at_least]]),
        b_ub=np.concatenate([arrays.upper[at_most], -arrays.lower[at_least]]),
        bounds=np.column_stack([np.zeros(len(arrays.most)), arrays.most]),
        method="highs",
        options={"time_limit": max(0.1, until - monotonic())},
    )


def _integer(arrays: _Arrays, keep: Bools, gap: float, seconds: float) -> Solution:
    found = milp(
        arrays.cost[keep],
        integrality=arrays.whole[keep].astype(int),
        bounds=Bounds(0, arrays.most[keep]),
        constraints=LinearConstraint(arrays.matrix[:, keep], arrays.lower, arrays.upper),
        options={"mip_rel_gap": gap, "time_limit": max(0.1, seconds)},
    )
    if found.status == INFEASIBLE:
        return IMPOSSIBLE
    bound = -math.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    if found.x is None:
        return Solution(None, math.inf, bound, infeasible=False)
    columns = np.zeros(len(keep))
    columns[keep] = _rounded(found.x, arrays.whole[keep])
    return Solution(columns, float(arrays.cost @ columns), bound, infeasible=False)


def _is_whole(values: Floats) -> bool:
    return bool((np.abs(values - np.round(values)) < WHOLE).all())


def _rounded(values: Floats, whole: Bools) -> Floats:
    return np.where(whole, np.round(values), values)
