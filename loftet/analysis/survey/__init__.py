"""What a probability sample says about everybody, and how sure it can be.

Ask a `Design`; every answer carries its error. Errors follow from how the sample was drawn, or from
replicates. Checked against R's ``survey``.
"""

from loftet.analysis.survey.contrasts import Difference, change, difference, panel
from loftet.analysis.survey.design import Design
from loftet.analysis.survey.groups import Groups
from loftet.analysis.survey.problems import ClassLimits, ProblemIndex, problem_index
from loftet.analysis.survey.ranking import Ranking, rank
from loftet.analysis.survey.results import Estimate, Estimates, Reason
from loftet.analysis.survey.tables import Table
from loftet.analysis.survey.weighted import Diagnostics, Margin

__all__ = [
    "ClassLimits",
    "Design",
    "Diagnostics",
    "Difference",
    "Estimate",
    "Estimates",
    "Groups",
    "Margin",
    "ProblemIndex",
    "Ranking",
    "Reason",
    "Table",
    "change",
    "difference",
    "panel",
    "problem_index",
    "rank",
]
