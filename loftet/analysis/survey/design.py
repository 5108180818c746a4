"""The door to survey estimation: a sample, and weights made anew."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey import adjusting
from loftet.analysis.survey.adjusting import Kind, Totals
from loftet.analysis.survey.calibration import Bounds, Distance, Goal
from loftet.analysis.survey.questions import By, Questions
from loftet.analysis.survey.sample import Clusters, Lonely, Population, Strata, drawn
from loftet.analysis.survey.weighted import Weighted, checked_weights


class Design(Questions):
    r"""A probability sample: who stands for how many, and how they were drawn.

    The error of an estimate is that of its linearised score. For the mean of a domain *d* that is
    :math:`z_i = w_i 1_{i \in d} (y_i - \bar y_d) / \sum_d w`, and the variance

    .. math:: \sum_h (1 - f_h) \frac{n_h}{n_h - 1} \sum_{j=1}^{n_h} (z_{hj} - \bar z_h)^2

    over strata *h* and the sums :math:`z_{hj}` of first-stage units *j*, plus :math:`f_h` times the
    same within each unit at later stages. All rows of the sample take part, those of other domains
    with the score 0. After `rake`, `calibrate` and `respond` the scores are residuals, see there.

    Parameters
    ----------
    weights : array
        How many of the population each row stands for, 0 or more. Rows of weight 0 (sampled, but
        without an answer) still tell how the sample was drawn.
    strata : array, optional
        The stratum of each row.
    clusters : array or tuple of arrays, optional
        The sampled unit of each row (household, school, block), one array for each stage. The same
        name in two strata means two units.
    population : number, {stratum: number}, array or tuple of these, optional
        Units that could be drawn, in each stratum or in all; as an array, the size of the stratum
        of each row. Gives the finite population correction; left out, nothing is corrected. A tuple
        holds one for each stage.
    lonely : {"refuse", "certainty", "centre", "average"}
        What a stratum with one sampled unit adds to the variance, when not all of it was drawn:
        nothing can be computed (refuse, the default), nothing is added (certainty), the square of
        its distance from the mean of all units (centre), or what the other strata add on average
        (average).

    Raises
    ------
    ValueError
        If an argument does not describe a sample; the message names it and what to do.

    References
    ----------
    Sarndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, sections 5.5-5.7;
    Binder (1983), International Statistical Review 51, 279-292; Lumley (2010), Complex Surveys.

    Examples
    --------
    Two localities, four answers from each; 400 live in the first and 1,200 in the second.

    >>> place = ["north"] * 4 + ["south"] * 4
    >>> size = {"north": 400, "south": 1200}
    >>> sample = Design([100] * 4 + [300] * 4, strata=place, population=size)
    >>> unsafe = [1, 0, 1, 0, 0, 0, 1, 0]
    >>> share = sample.share(unsafe, 1)
    >>> round(share.value, 4), round(share.error, 4), share.n
    (0.3125, 0.2005, 8)
    >>> [round(limit, 2) for limit in share.interval]
    [0.04, 0.82]
    >>> sample.share(unsafe, 1, by=place).domains
    ('north', 'south')
    """

    def __init__(
        self,
        weights: npt.ArrayLike,
        *,
        strata: Strata = None,
        clusters: Clusters = None,
        population: Population = None,
        lonely: Lonely = "refuse",
    ) -> None:
        values = checked_weights(weights)
        sample = drawn(len(values), strata, clusters, population, lonely)
        self.weighted = Weighted(values, sample)

    @classmethod
    def of(cls, weighted: Weighted) -> "Design":
        """Wrap weights that were made anew."""
        design = cls.__new__(cls)
        design.weighted = weighted
        return design

    def respond(self, responded: npt.ArrayLike, classes: By | None = None) -> "Design":
        """Let those who answered stand for all of their class; the others get the weight 0.

        Within a class each is taken to be as likely to answer, independently. The errors count both
        the draw and the answering: what a class has in common is spread over all who were sampled,
        only the rest over those who answered (Sarndal, Swensson and Wretman 1992, section 15.6).
        The finite population correction applies to the first part only.

        Parameters
        ----------
        responded : array of bool
            Whether each sampled row answered.
        classes : array or Groups, optional
            Response classes, such as area by age, known for everybody sampled.
        """
        return Design.of(adjusting.respond(self.weighted, responded, classes))

    def rake(
        self,
        margins: Sequence[tuple[By, Totals]],
        *,
        bounds: Bounds = None,
        tolerance: float = 1e-9,
        rounds: int = 2000,
    ) -> "Design":
        """Fit the weights to several margins of the population.

        The work is done on the cells of the cross-classification, so that it costs the same however
        many answered. Later errors use the residuals from the regression on all margins together,
        weighted by the weights **before** raking, times the weights after: those of the generalised
        regression estimator, which raking equals in large samples. R's ``rake`` (and svy) regress
        without weights; where the weights before are equal the two are the same.

        Parameters
        ----------
        margins : [(groups, {level: total}), ...]
            The level of each row, and how many of the population there are in each.
        bounds : (float, float), optional
            The least and the largest factor on a weight; the exponential distance is then minimised
            within them.
        tolerance : float
            How far from each margin the last round may start, relative to it.
        rounds : int
            Rounds after which it is said that the margins cannot be met.

        References
        ----------
        Deville, Sarndal and Sautory (1993), Journal of the American Statistical Association 88,
        1013-1020.

        Examples
        --------
        >>> sample = Design([10.0] * 6)
        >>> sex = ["f", "f", "f", "m", "m", "m"]
        >>> age = ["old", "old", "young", "old", "young", "young"]
        >>> raked = sample.rake([(sex, {"f": 40, "m": 20}), (age, {"old": 30, "young": 30})])
        >>> raked.weights.round(2).tolist()
        [12.19, 12.19, 15.62, 5.62, 7.19, 7.19]
        >>> raked.diagnostics().gap < 1e-9
        True
        """
        return Design.of(
            adjusting.rake(self.weighted, margins, Goal("raking", bounds, tolerance, rounds))
        )

    def poststratify(self, groups: By, totals: Totals) -> "Design":
        """Fit the weights to one margin."""
        return self.rake([(groups, totals)])

    def calibrate(
        self,
        covariates: npt.ArrayLike,
        totals: npt.ArrayLike,
        *,
        distance: Distance = "linear",
        bounds: Bounds = None,
        rounds: int = 100,
    ) -> "Design":
        r"""Fit the weights to known totals of covariates (generalised regression).

        New weights :math:`w F(x_i' u)` with u such that :math:`\sum w F(x_i' u) x_i` are the
        totals; F is :math:`1 + u` (linear), :math:`e^u` (raking), both cut at the bounds, or a
        logistic curve between them. Errors use the residuals described at `rake`, whatever the
        distance.

        Parameters
        ----------
        covariates : array, rows x q
            Include a column of ones where the size of the population is known.
        totals : array of q
            Their totals in the population.
        distance : {"linear", "raking", "logit"}
            Linear weights without bounds can become negative.
        bounds : (float, float), optional
            The least and the largest factor on a weight.
        rounds : int
            Newton steps after which it is said that the totals cannot be met.

        References
        ----------
        Deville and Sarndal (1992), Journal of the American Statistical Association 87, 376-382.
        """
        goal = Goal(distance, bounds, 1e-9, rounds)
        return Design.of(adjusting.calibrate(self.weighted, covariates, totals, goal))

    def trim(self, lower: float, upper: float, *, strict: bool = True) -> "Design":
        """Cut weights at limits and share what was cut off equally among the others.

        With ``strict=False`` that may push some of them outside, as in R's ``trimWeights``. Margins
        hold no longer: `diagnostics` tells how far off they are. Errors take the limits as given.
        """
        return Design.of(adjusting.trim(self.weighted, lower, upper, strict))

    def replicates(
        self, kind: Kind, *, count: int | None = None, rng: np.random.Generator | None = None
    ) -> "Design":
        """Take errors from replicates instead of formulas; adjust the weights after, not before.

        The spread is taken about the mean of the replicates. `respond`, `rake`, `calibrate` and
        `trim` are then done in each replicate.

        Parameters
        ----------
        kind : {"jackknife", "bootstrap", "brr"}
            Each first-stage unit left out in turn (JK1, with strata JKn); units drawn anew within
            strata (Rao and Wu), n - 1 out of n; or balanced half samples, for two units in each
            stratum.
        count : int, optional
            Number of bootstrap replicates; 200 is usual, 1,000 steadier.
        rng : numpy.random.Generator, optional
            For the bootstrap.

        References
        ----------
        Rao and Wu (1988), Journal of the American Statistical Association 83, 231-241; Wolter
        (2007), Introduction to Variance Estimation, chapters 3 and 4.
        """
        return Design.of(adjusting.replicates(self.weighted, kind, count, rng))
