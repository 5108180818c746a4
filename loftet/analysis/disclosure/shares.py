"""How coarsely a share of few must be rounded so that it does not tell who."""

from dataclasses import dataclass

import numpy as np

from loftet.analysis import checks

STEPS = (1, 2, 5, 10, 20, 25, 50)  # per cent; each divides 100


@dataclass(frozen=True, slots=True)
class RoundedShare:
    """A share as it may be shown: `share` rounded to `step`, both as fractions."""

    share: float
    step: float


def round_share(k: int, n: int, *, least: int = 3) -> RoundedShare | None:
    """Round a share so coarsely that the figure fits at least `least` different counts.

    Of 30 people 23 % is seven of them, exactly; 20 %, to the nearest fifth, is from three to eight.
    The step is the finest of 1, 2, 5, 10, 20, 25 and 50 per cent for which *every* figure that n
    people could give, 0 and 100 % too, stands for at least `least` counts. It depends on n only,
    never on k, so that the step itself tells nothing.

    Parameters
    ----------
    k, n : int
        Those with the property, and all.
    least : int
        How many different counts each figure must fit.

    Returns
    -------
    RoundedShare or None
        None where n is too small for any step: then show no share.

    Raises
    ------
    ValueError
        If a number is negative or not whole, n is 0, k exceeds n or `least` is below 1.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 5, on rounding.

    Examples
    --------
    >>> round_share(7, 30)
    RoundedShare(share=0.2, step=0.2)
    >>> round_share(70, 300)
    RoundedShare(share=0.24, step=0.02)
    """
    checks.share("share", (k, n))
    checks.count("least", least)
    checks.positive("least", least)
    counts = np.arange(n + 1)
    for step in STEPS:
        figures = (200 * counts + n * step) // (2 * n * step)
        if np.bincount(figures)[np.unique(figures)].min() >= least:
            return RoundedShare(int(figures[k]) * step / 100, step / 100)
    return None
