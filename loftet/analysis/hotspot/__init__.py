"""Where on the map: density, hot and cold spots, rates, and what came and went.

The p-values of whole-number maps are exact and need no seed. Coordinates are SWEREF 99 TM metres.
"""

from loftet.analysis.hotspot.association import Moran, moran
from loftet.analysis.hotspot.denominators import LocalRates, rates
from loftet.analysis.hotspot.local import getis_ord, local_moran
from loftet.analysis.hotspot.periods import Periods, State, compare
from loftet.analysis.hotspot.results import LocalStatistic
from loftet.analysis.hotspot.surface import Density, density, rule_of_thumb

__all__ = [
    "Density",
    "LocalRates",
    "LocalStatistic",
    "Moran",
    "Periods",
    "State",
    "compare",
    "density",
    "getis_ord",
    "local_moran",
    "moran",
    "rates",
    "rule_of_thumb",
]
