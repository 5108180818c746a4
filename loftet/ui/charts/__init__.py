"""Charts made on the server: a picture with classes only, its words, and its numbers as a table.

Texts arrive translated; `name` gives the ids and must differ between the charts of a page.
"""

from loftet.ui.charts.over_time import line
from loftet.ui.charts.side_by_side import bars, intervals
from loftet.ui.charts.values import Bar, Chart, Interval, Point, Series, Table
from loftet.ui.charts.wheel import Step, Wheel, year_wheel

__all__ = [
    "Bar",
    "Chart",
    "Interval",
    "Point",
    "Series",
    "Step",
    "Table",
    "Wheel",
    "bars",
    "intervals",
    "line",
    "year_wheel",
]
