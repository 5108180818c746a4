"""Did the measure work: methods for one series, groups, places and mixtures, with what they assume.

Each result carries a `Footing`: assumptions, threats and the warnings seen in these very numbers,
as keys that pages turn into sentences.
"""

from loftet.analysis.evaluation.differences import (
    Differences,
    Effect,
    difference_in_differences,
)
from loftet.analysis.evaluation.displacement import (
    Balance,
    Displacement,
    displacement_difference,
)
from loftet.analysis.evaluation.footing import Assumption, Footing, Sign, Threat, Warned
from loftet.analysis.evaluation.places import PlacesBeforeAfter, places_before_after
from loftet.analysis.evaluation.series import InterruptedSeries, interrupted_series
from loftet.analysis.evaluation.synthetic import SyntheticControl, synthetic_control

__all__ = [
    "Assumption",
    "Balance",
    "Differences",
    "Displacement",
    "Effect",
    "Footing",
    "InterruptedSeries",
    "PlacesBeforeAfter",
    "Sign",
    "SyntheticControl",
    "Threat",
    "Warned",
    "difference_in_differences",
    "displacement_difference",
    "interrupted_series",
    "places_before_after",
    "synthetic_control",
]
