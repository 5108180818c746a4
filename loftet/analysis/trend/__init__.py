"""Is this week, month or year unlike what was to be expected? Rows are series, columns periods.

Weeks against the same season of earlier years: `farrington`; against the last weeks: `ears`,
`bayes`; small shifts that last: `cusum`, `glr`. Months: `xmr`, `rolling`, `seasons`. And whether it
is the reporting that changed: `more_reports`. Counts of whole weeks or months come from
`loftet.analysis.calendar`.
"""

from loftet.analysis.trend.alarms import Alarm
from loftet.analysis.trend.charts import Chart, xmr
from loftet.analysis.trend.outbreaks import farrington
from loftet.analysis.trend.recent import bayes, ears
from loftet.analysis.trend.reporters import Reporting, more_reports, per_reporter_day
from loftet.analysis.trend.rules import FLEXIBLE, NOUFAILY, ORIGINAL, Rules
from loftet.analysis.trend.season import Seasons, seasons
from loftet.analysis.trend.sums import Sums, Usual, cusum, glr
from loftet.analysis.trend.years import Rolling, rolling

__all__ = [
    "FLEXIBLE",
    "NOUFAILY",
    "ORIGINAL",
    "Alarm",
    "Chart",
    "Reporting",
    "Rolling",
    "Rules",
    "Seasons",
    "Sums",
    "Usual",
    "bayes",
    "cusum",
    "ears",
    "farrington",
    "glr",
    "more_reports",
    "per_reporter_day",
    "rolling",
    "seasons",
    "xmr",
]
