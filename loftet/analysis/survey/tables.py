"""Two answers crossed, and whether they have to do with each other."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from loftet.analysis.survey.groups import Floats, Labels
from loftet.analysis.survey.results import Estimates


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Shares of all, rows x columns, with the test of independence of Rao and Scott.

    Attributes
    ----------
    share, error : array, rows x columns
        Of all who answered both.
    interval : (array, array)
        Limits of each share.
    n : int
        Answers behind the table.
    pearson : float
        Pearson's statistic of the estimated table, as if n answers had been drawn simply.
    statistic, degrees, p_value : float, (float, float), float
        Pearson's over the mean design effect of the contrasts, which is F-distributed with these
        degrees of freedom (the second-order correction).
    """

    rows: Labels
    columns: Labels
    share: Floats
    error: Floats
    interval: tuple[Floats, Floats]
    n: int
    pearson: float
    statistic: float
    degrees: tuple[float, float]
    p_value: float


def table(cells: Estimates, rows: Labels, columns: Labels) -> Table:
    """Arrange the shares of the crossed levels and test independence."""
    if min(len(rows), len(columns)) < 2:
        raise ValueError("rows and columns must each have two levels or more to be crossed")
    shape = len(rows), len(columns)
    n = int(cells.n[0])
    share = cells.value.reshape(shape)
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    pearson = float(n * ((share - expected) ** 2 / expected).sum())
    effects = _effects(cells, shape, n)
    trace = float(np.trace(effects))
    numerator = trace**2 / float(np.trace(effects @ effects))
    degrees = numerator, numerator * cells.sample_degrees
    statistic = pearson / trace
    low, high = (limit.reshape(shape) for limit in cells.interval)
    return Table(
        rows=rows,
        columns=columns,
        share=share,
        error=cells.error.reshape(shape),
        interval=(low, high),
        n=n,
        pearson=pearson,
        statistic=statistic,
        degrees=degrees,
        p_value=float(special.fdtrc(*degrees, statistic)),
    )


def _effects(cells: Estimates, shape: tuple[int, int], n: int) -> Floats:
    """Generalised design effects of the contrasts that independence makes 0."""
    inverse = np.diag(np.divide(1, cells.value, out=np.zeros(len(cells)), where=cells.value > 0))
    contrasts = np.kron(*(np.eye(count)[:, 1:] - 1 / count for count in shape))
    simple = contrasts.T @ inverse @ contrasts / n
    real = contrasts.T @ inverse @ cells.covariance @ inverse @ contrasts
    return np.asarray(np.linalg.lstsq(simple, real, rcond=None)[0])
