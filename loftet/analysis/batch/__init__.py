"""A method over many areas: in units that any number of workers finish alike, stopped or not."""

from loftet.analysis.batch.events import Columns, Events, Gathered, LeftOut
from loftet.analysis.batch.journal import AnotherRunError
from loftet.analysis.batch.provenance import Report
from loftet.analysis.batch.request import Request
from loftet.analysis.batch.rows import Row
from loftet.analysis.batch.runs import analyse
from loftet.analysis.batch.units import Method, Study, Unit
from loftet.analysis.batch.workers import Workers, hired

__all__ = [
    "AnotherRunError",
    "Columns",
    "Events",
    "Gathered",
    "LeftOut",
    "Method",
    "Report",
    "Request",
    "Row",
    "Study",
    "Unit",
    "Workers",
    "analyse",
    "hired",
]
