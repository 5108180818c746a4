"""The methods that can be run over many areas, by their names on the command line."""

from loftet.analysis.batch.methods.concentration import CONCENTRATION
from loftet.analysis.batch.methods.forecast import FORECAST
from loftet.analysis.batch.methods.hotspot import HOTSPOT
from loftet.analysis.batch.methods.made_up import compile_all
from loftet.analysis.batch.methods.nearrepeat import NEAR_REPEAT
from loftet.analysis.batch.methods.scan import SCAN, SCAN_WITHIN
from loftet.analysis.batch.methods.trend import TREND
from loftet.analysis.batch.units import Method

__all__ = ["METHODS", "warm"]

METHODS: dict[str, Method] = {
    method.name: method
    for method in (TREND, FORECAST, SCAN, SCAN_WITHIN, NEAR_REPEAT, HOTSPOT, CONCENTRATION)
}


def warm() -> None:
    """Compile and keep all loops, so that no later run waits for them."""
    compile_all(METHODS.values())
