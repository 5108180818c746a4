"""Did a number change by more than chance explains, and how large a change could it reveal.

What is imported here needs the standard library only: it is asked while a page is made, where SciPy
costs too much. `loftet.analysis.change.trend`, for more years than two, needs NumPy and SciPy and
is imported by its name.
"""

from loftet.analysis.change.counts import RateRatio, e_test, rate_ratio
from loftet.analysis.change.shares import ShareChange, paired_share_change, share_change
from loftet.analysis.change.wished import (
    DetectableChange,
    DetectableShare,
    answers_needed,
    detectable_change,
    detectable_share,
    years_needed,
)

__all__ = [
    "DetectableChange",
    "DetectableShare",
    "RateRatio",
    "ShareChange",
    "answers_needed",
    "detectable_change",
    "detectable_share",
    "e_test",
    "paired_share_change",
    "rate_ratio",
    "share_change",
    "years_needed",
]
