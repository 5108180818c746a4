"""What each row adds to an estimate, kept sparse: domains do not overlap.

The score of row i is a row vector, one entry per estimate: its value in the column of its own
domain, plus terms ``value_i * x_i @ slopes`` that calibration brings, with x constant within
cells or given in full. A million rows and fifty domains need no table of fifty million numbers.
"""

from dataclasses import dataclass, replace

import numpy as np

from loftet.analysis.survey.groups import Codes, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Covariates x, a row of q numbers, that are the same for all rows of a cell."""

    codes: Codes
    points: Floats

    def cross(self, values: Floats, codes: Codes, count: int) -> Floats:
        """Sum ``values * x`` within each code: count rows of q numbers."""
        cells = len(self.points)
        sums = np.bincount(codes * cells + self.codes, values, count * cells)
        return sums.reshape(count, cells) @ self.points

    def gram(self, other: "Basis", values: Floats) -> Floats:
        """Sum ``values * x' other.x``."""
        cells = len(self.points)
        if other is self:
            sums = np.bincount(self.codes, values, cells)[:, None] * self.points
        else:
            sums = other.cross(values, self.codes, cells)
        return self.points.T @ sums


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Covariates given in full, rows x q; the questions are those of `Cells`."""

    x: Floats

    def cross(self, values: Floats, codes: Codes, count: int) -> Floats:
        columns = [np.bincount(codes, values * column, count) for column in self.x.T]
        return np.stack(columns, axis=1)

    def gram(self, other: "Basis", values: Floats) -> Floats:
        if isinstance(other, Columns):
            return self.x.T @ (values[:, None] * other.x)
        return other.gram(self, values).T


Basis = Cells | Columns


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    basis: Basis
    values: Floats
    slopes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    codes: Codes
    values: Floats
    count: int
    terms: tuple[Term, ...] = ()

    def sums(self, groups: Codes, count: int) -> Floats:
        """Sum the scores within each group: count rows, one column per estimate."""
        sums = np.bincount(groups * self.count + self.codes, self.values, count * self.count)
        total: Floats = sums.reshape(count, self.count).astype(np.float64, copy=False)
        for term in self.terms:
            total = total + term.basis.cross(term.values, groups, count) @ term.slopes
        return total

    def total(self, factor: Floats) -> Floats:
        """Sum all scores, each row times its factor."""
        total: Floats = np.bincount(self.codes, self.values * factor, self.count).astype(float)
        for term in self.terms:
            sums = term.basis.cross(term.values * factor, np.zeros_like(self.codes), 1)
            total = total + (sums @ term.slopes)[0]
        return total

    def squares(self, factor: Floats) -> Floats:
        """Sum ``factor * score' score`` over all rows, without writing the scores out."""
        alone = np.bincount(self.codes, factor * self.values**2, self.count)
        total: Floats = np.diag(alone).astype(np.float64, copy=False)
        for at, term in enumerate(self.terms):
            values = factor * term.values
            moments = term.basis.cross(values * self.values, self.codes, self.count)
            for other in self.terms[:at]:
                gram = other.basis.gram(term.basis, values * other.values)
                moments = moments + other.slopes.T @ gram
            once = moments @ term.slopes
            gram = term.basis.gram(term.basis, values * term.values)
            total = total + once + once.T + term.slopes.T @ gram @ term.slopes
        return total

    def plus(self, basis: Basis, values: Floats, slopes: Floats) -> "Scores":
        return replace(self, terms=(*self.terms, Term(basis, values, slopes)))


@dataclass(frozen=True, slots=True, eq=False)
class Adjustment:
    """A change of weights that later errors must remember.

    The estimate of a total has, after calibration, the score ``final * e`` where e is the residual
    of the variable in its regression on the covariates x with the weights before (`base`): the
    residual of the generalised regression estimator (Deville and Sarndal 1992), whatever the
    distance. When the margins are themselves taken from the sample (weighting for response), what
    the regression explains is spread again over the whole sample, with the weights `spread`.
    """

    basis: Basis
    base: Floats
    final: Floats
    spread: Floats | None
    inverse: Floats  # of the sum of squares of the covariates

    @classmethod
    def of(
        cls, basis: Basis, base: Floats, final: Floats, spread: Floats | None = None
    ) -> "Adjustment":
        gram = basis.gram(basis, base)
        unit = np.sqrt(np.diagonal(gram)) + np.finfo(float).tiny
        inverse = np.linalg.pinv(gram / unit / unit[:, None], rcond=1e-12, hermitian=True)
        return cls(basis, base, final, spread, inverse / unit / unit[:, None])

    def slopes(self, scores: Scores) -> Floats:
        """Regress the scores on the covariates."""
        zeros = np.zeros_like(self.base)
        shrink = np.divide(self.base, self.final, out=zeros, where=self.final != 0)
        moments = self.basis.cross(scores.values * shrink, scores.codes, scores.count).T
        for term in scores.terms:
            moments = moments + self.basis.gram(term.basis, term.values * shrink) @ term.slopes
        return np.asarray(self.inverse @ moments)

    def residual(self, scores: Scores, fractions: Floats) -> tuple[Scores, Floats | float]:
        """The scores after regression, and the variance that they do not show.

        The finite population correction takes the part `fractions` from the variance, also from
        that of who answers; but a whole population drawn would still answer by chance. What a row
        adds by answering with the chance p is ``(1 - p) (final e)^2`` times that part.
        """
        slopes = self.slopes(scores)
        rest = scores.plus(self.basis, -self.final, slopes)
        if self.spread is None:
            return rest, 0.0
        chance = np.divide(
            self.base, self.final, out=np.ones_like(self.base), where=self.final != 0
        )
        unseen = rest.squares(fractions * (1 - chance)) if fractions.any() else 0.0
        return rest.plus(self.basis, self.spread, slopes), unseen
