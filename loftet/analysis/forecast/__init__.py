"""Next week's counts of reports in places, with how sure they are. Never about persons.

Read `NOT_FOR` before using it: every result carries it.
"""

from loftet.analysis.forecast.calibration import Classes, Coverage
from loftet.analysis.forecast.capture import Capture, capture
from loftet.analysis.forecast.cautions import NOT_FOR, Caution
from loftet.analysis.forecast.evaluation import Evaluation, Gain, evaluate
from loftet.analysis.forecast.model import Forecast, Settings, fit, predict

__all__ = [
    "NOT_FOR",
    "Capture",
    "Caution",
    "Classes",
    "Coverage",
    "Evaluation",
    "Forecast",
    "Gain",
    "Settings",
    "capture",
    "evaluate",
    "fit",
    "predict",
]
