"""What can be asked of weighted answers."""

from collections.abc import Hashable, Mapping
from typing import Any, Literal, TypedDict, Unpack, get_args, overload

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey import estimating, groups, quantiles
from loftet.analysis.survey.estimating import Answers
from loftet.analysis.survey.groups import Flags, Floats, Groups, fraction, numbers, one_group
from loftet.analysis.survey.intervals import Method
from loftet.analysis.survey.results import Estimate, Estimates
from loftet.analysis.survey.tables import Table
from loftet.analysis.survey.tables import table as crossed
from loftet.analysis.survey.weighted import Diagnostics, Weighted

By = npt.ArrayLike | Groups
Numbers = npt.ArrayLike
Missing = Literal["refuse", "omit"]


class Options(TypedDict, total=False):
    """What every question takes."""

    missing: Missing
    confidence: float


class ShareOptions(Options, total=False):
    method: Method


class Questions:
    """Means, shares, totals, ratios and quantiles, in all or by domain."""

    weighted: Weighted

    @property
    def weights(self) -> Floats:
        return self.weighted.weights

    @property
    def degrees(self) -> int:
        """Degrees of freedom: first-stage units less strata."""
        return self.weighted.degrees

    @overload
    def mean(self, y: Numbers, by: None = None, **options: Unpack[Options]) -> Estimate: ...
    @overload
    def mean(self, y: Numbers, by: By, **options: Unpack[Options]) -> Estimates: ...
    def mean(
        self,
        y: Numbers,
        by: By | None = None,
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
    ) -> Estimate | Estimates:
        r"""Estimate a mean, :math:`\sum w y / \sum w`, with Student's interval.

        Parameters
        ----------
        y : array
            One number per row; NaN is no answer.
        by : array or Groups, optional
            The domain of each row.
        missing : {"refuse", "omit"}
            Whether rows without an answer stop the work, or are left out; then the estimate is that
            of those who answered.
        confidence : float
            Coverage of the interval.

        Returns
        -------
        Estimate, or with `by` Estimates
        """
        values = numbers(y, "y", len(self.weights))
        answers = self._answers({"y": np.isnan(values)}, by, missing)
        ones = np.ones_like(values)
        found = estimating.ratio(answers, values, ones, fraction("confidence", confidence))
        return _shaped(found, by)

    @overload
    def total(self, y: Numbers, by: None = None, **options: Unpack[Options]) -> Estimate: ...
    @overload
    def total(self, y: Numbers, by: By, **options: Unpack[Options]) -> Estimates: ...
    def total(
        self,
        y: Numbers,
        by: By | None = None,
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
    ) -> Estimate | Estimates:
        r"""Estimate a total, :math:`\sum w y`; parameters as for `mean`.

        A missing answer that is omitted counts as 0, which makes the total too low.
        """
        values = numbers(y, "y", len(self.weights))
        answers = self._answers({"y": np.isnan(values)}, by, missing)
        return _shaped(estimating.total(answers, values, fraction("confidence", confidence)), by)

    @overload
    def ratio(
        self, y: Numbers, x: Numbers, by: None = None, **options: Unpack[Options]
    ) -> Estimate: ...
    @overload
    def ratio(self, y: Numbers, x: Numbers, by: By, **options: Unpack[Options]) -> Estimates: ...
    def ratio(
        self,
        y: Numbers,
        x: Numbers,
        by: By | None = None,
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
    ) -> Estimate | Estimates:
        r"""Estimate a ratio of totals, :math:`\sum w y / \sum w x`."""
        above, below = numbers(y, "y", len(self.weights)), numbers(x, "x", len(self.weights))
        absent = {"y": np.isnan(above), "x": np.isnan(below)}
        answers = self._answers(absent, by, missing)
        return _shaped(
            estimating.ratio(answers, above, below, fraction("confidence", confidence)), by
        )

    @overload
    def share(
        self, y: By, level: Hashable, by: None = None, **options: Unpack[ShareOptions]
    ) -> Estimate: ...
    @overload
    def share(
        self, y: By, level: Hashable, by: By, **options: Unpack[ShareOptions]
    ) -> Estimates: ...
    def share(
        self,
        y: By,
        level: Hashable,
        by: By | None = None,
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
        method: Method = "logit",
    ) -> Estimate | Estimates:
        r"""Estimate the share that answered `level`.

        The interval is symmetric on the scale of log odds, with Student's t, as in R's
        ``svyciprop``. Where nobody or everybody gave the answer there is no error to go by: then it
        is Wilson's with the effective size :math:`n^* = (\sum w)^2 / \sum w^2`. It keeps within 0
        and 1.

        Parameters
        ----------
        y : array
            One answer per row; NaN or None is no answer.
        level : word, number or bool
            The answer whose share is asked for.
        by, missing, confidence
            As for `mean`.
        method : {"logit", "wilson", "beta"}
            The interval: the one above; Wilson's throughout, with the effective size
            :math:`p (1 - p) / \mathrm{se}^2`; or that of Korn and Graubard (Clopper and Pearson
            with the same size), which covers more often than it says where few gave the answer.

        References
        ----------
        Dean and Pagano (2015), Survey Methodology 41, 1-28; Korn and Graubard (1998), Survey
        Methodology 24, 193-201.
        """
        array = _answers_to_one(y, level, len(self.weights))
        answers = self._answers({"y": groups.missing(array)}, by, missing)
        hits, ones = (array == level).astype(np.float64), np.ones(len(array))
        confidence = fraction("confidence", confidence)
        return _shaped(estimating.ratio(answers, hits, ones, confidence, method), by)

    @overload
    def quantile(
        self, y: Numbers, q: float, by: None = None, **options: Unpack[Options]
    ) -> Estimate: ...
    @overload
    def quantile(self, y: Numbers, q: float, by: By, **options: Unpack[Options]) -> Estimates: ...
    def quantile(
        self,
        y: Numbers,
        q: float,
        by: By | None = None,
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
    ) -> Estimate | Estimates:
        """Estimate the lowest answer that at least the share `q` do not exceed.

        The interval is Woodruff's: the limits of the share at or below the quantile, read back on
        the scale of y. The error is its half width over Student's t. The design effect is that of
        the share.

        References
        ----------
        Woodruff (1952), Journal of the American Statistical Association 47, 635-646.
        """
        values = numbers(y, "y", len(self.weights))
        answers = self._answers({"y": np.isnan(values)}, by, missing)
        q, confidence = fraction("q", q), fraction("confidence", confidence)
        return _shaped(quantiles.quantile(answers, values, q, confidence), by)

    def distribution(
        self,
        y: By,
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
        method: Method = "logit",
    ) -> Estimates:
        """Estimate the share of every level of an answer; the levels are the domains."""
        answers = self._answers({"y": _absent(y, self.weights)}, None, missing)
        if not answers.weights.any():
            raise ValueError("y: nobody answered")
        levels = Groups.of(y, "y", answers.weights > 0)
        return estimating.distribution(answers, levels, fraction("confidence", confidence), method)

    def table(
        self, rows: By, columns: By, *, missing: Missing = "refuse", confidence: float = 0.95
    ) -> Table:
        """Cross two answers and test whether they are independent (Rao and Scott, second order).

        References
        ----------
        Rao and Scott (1984), Annals of Statistics 12, 46-60; Thomas and Rao (1987), Journal of the
        American Statistical Association 82, 630-636.

        Examples
        --------
        >>> from loftet.analysis.survey import Design
        >>> sex, unsafe = ["f", "m"] * 50, ["yes", "no", "no", "no"] * 25
        >>> found = Design([1] * 100).table(sex, unsafe)
        >>> found.share.tolist(), found.p_value < 0.001
        ([[0.25, 0.25], [0.5, 0.0]], True)
        """
        absent = {"rows": _absent(rows, self.weights), "columns": _absent(columns, self.weights)}
        answers = self._answers(absent, None, missing)
        counted = answers.weights > 0
        across, down = Groups.of(rows, "rows", counted), Groups.of(columns, "columns", counted)
        confidence = fraction("confidence", confidence)
        cells = estimating.distribution(answers, across.crossed(down), confidence, "logit")
        return crossed(cells, across.labels, down.labels)

    def shares(
        self,
        columns: Mapping[str, npt.ArrayLike],
        *,
        missing: Missing = "refuse",
        confidence: float = 0.95,
        method: Method = "logit",
    ) -> Estimates:
        """Estimate the shares of several yes-or-no answers by the same people, for `rank`.

        Parameters
        ----------
        columns : {name: array}
            True or 1 for yes, False or 0 for no, NaN for no answer; the names become the domains.
        missing, confidence, method
            As for `share`.
        """
        if not columns:
            raise ValueError("columns must hold at least one {name: answers}")
        rows = len(self.weights)
        given = {name: numbers(column, name, rows) for name, column in columns.items()}
        if not all((np.isin(y, (0, 1)) | np.isnan(y)).all() for y in given.values()):
            raise ValueError("columns must hold True, False or NaN only; for levels use share")
        self._answers({name: np.isnan(y) for name, y in given.items()}, None, missing)
        confidence = fraction("confidence", confidence)
        return estimating.shares(self.weighted, given, confidence, method)

    def diagnostics(self) -> Diagnostics:
        """How uneven the weights are, and how near the margins they come."""
        return self.weighted.diagnostics()

    def _answers(self, absent: Mapping[str, Flags], by: By | None, missing: Missing) -> Answers:
        if missing not in get_args(Missing):
            raise ValueError(f'missing must be "refuse" or "omit", not {missing!r}')
        rows, counted = len(self.weights), self.weighted.counted
        valid = np.ones(rows, dtype=bool)
        for name, lacks in absent.items():
            if missing == "refuse" and (lacks & counted).any():
                raise ValueError(
                    f"{name} lacks an answer in {np.count_nonzero(lacks & counted)} rows; to "
                    'estimate among those who answered, say missing="omit"'
                )
            valid &= ~lacks
        domains = one_group(rows) if by is None else Groups.of(by, "by", counted)
        return Answers(self.weighted, domains, valid)


def _shaped(found: Estimates, by: By | None) -> Estimate | Estimates:
    return found[found.domains[0]] if by is None else found


def _absent(y: By, weights: Floats) -> Flags:
    if isinstance(y, Groups):
        return np.zeros(len(weights), dtype=bool)
    return groups.missing(np.asarray(y))


def _answers_to_one(y: By, level: Hashable, rows: int) -> npt.NDArray[Any]:
    """The answers, of a kind that can be compared with the level."""
    if isinstance(y, Groups):
        y = np.array(y.labels, dtype=object)[y.codes]
    array = np.asarray(y)
    if array.shape != (rows,):
        raise ValueError(f"y must be one answer for each of {rows} rows, not {array.shape}")
    if array.dtype.kind != "O" and isinstance(level, str) != (array.dtype.kind in "US"):
        raise ValueError(f"level is {level!r}, but y holds {array.dtype}: no row can be equal")
    return array
