"""Limited hours of presence over places and hours of the week, with the reasons for each choice.

The need comes from events and from felt insecurity with a stated weight; the plan keeps to working
time, to what places and areas are due and to the way between places, and is proved the best.
"""

from loftet.analysis.allocation.needs import Need, beats, need
from loftet.analysis.allocation.planning import allocate
from loftet.analysis.allocation.results import (
    Change,
    Plan,
    Relaxation,
    Shift,
    Spread,
    Status,
    Stint,
    Visit,
)
from loftet.analysis.allocation.rules import Crew, Rule, Rules

__all__ = [
    "Change",
    "Crew",
    "Need",
    "Plan",
    "Relaxation",
    "Rule",
    "Rules",
    "Shift",
    "Spread",
    "Status",
    "Stint",
    "Visit",
    "allocate",
    "beats",
    "need",
]
