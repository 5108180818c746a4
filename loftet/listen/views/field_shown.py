"""The field in words, pictures and tables; what it comes to is reckoned in `rules.field`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate

from django.utils.translation import gettext as _

from loftet.listen.models import Mailing
from loftet.listen.models.fieldwork import Part
from loftet.listen.rules.field.forecast import Field, Forecast
from loftet.listen.rules.field.rates import Counts
from loftet.listen.rules.field.waiting import Choice, Outcome, Way
from loftet.listen.rules.precision import Plan
from loftet.ui import charts, formats
from loftet.ui.charts import Chart, Point, Series, Table

MOST_DAYS = 120  # in the picture


def by_day_chart(
    answers: Counter[date],
    sent: Mapping[date, str],
    opens: date,
    last: date,
    ahead: tuple[Field, Choice] | None = None,
) -> Chart | None:
    """Answers in all by each day; the days to come as a forecast of the choice has them."""
    if last < opens or not answers:
        return None
    first = max(opens, last - timedelta(days=MOST_DAYS))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    known = [day for day in days if ahead is None or (day - opens).days < ahead[0].course.days]
    totals = _totals(answers, known)
    series = [_series(_("so far"), days, totals.values())]
    if ahead is not None and len(known) < len(days):
        field, choice = ahead
        foretold = [
            _point(day, field.by((day - opens).days, reminders=choice.reminders))
            for day in days[len(known) :]
        ]
        series.append(_series(_("forecast"), days, [totals[known[-1]], *foretold]))
    return charts.line(
        "by-day",
        title=_("Answers in all, day by day"),
        description=_("The upright lines are the days when letters went out.") if sent else "",
        points=series[0].points if len(series) == 1 else (),
        series=series if len(series) > 1 else (),
        unit=_("answers"),
        fmt=_rounded,
        marks={short(day): _sent(kind) for day, kind in sent.items() if first <= day <= last},
    )


def outcomes_table(parts: Sequence[Part], whole: Counts) -> Table:
    """What has become of those drawn, stratum by stratum."""
    head = (
        _("Stratum"), _("Drawn"), _("Ineligible"), _("Came back"), _("Refused"), _("Begun"),
        _("Answered"), _("RR1 (net)"),
    )  # fmt: skip
    rows = [(part.name or _("No stratum"), part.counts) for part in parts]
    written = [(name, *_numbers(counts)) for name, counts in [*rows, (_("In all"), whole)]]
    return Table(_("What has become of those drawn"), head, tuple(written))


def waiting_table(parts: Sequence[Part], outcomes: Sequence[Outcome], *, margins: bool) -> Table:
    """For each way to go on: answers, and the margin of error that they give."""
    names = {
        Way.NOW: _("Stop now"),
        Way.PLANNED: _("As planned"),
        Way.WEEK: _("One more week"),
        Way.REMINDER: _("One more reminder"),
    }
    head = (_("Stratum"), *(names[outcome.choice.way] for outcome in outcomes))
    rows = [
        (part.name or _("No stratum"), *(_plan(o.parts[place], margins) for o in outcomes))
        for place, part in enumerate(parts)
    ]
    whole = (_("In all"), *(_whole(outcome, margins) for outcome in outcomes))
    return Table(_("What waiting would give"), head, (*rows, whole))


def rates(counts: Counts, *, sealed: bool) -> list[tuple[str, str, str]]:
    """Each rate with its name, its value and what it is.

    How many began is no longer known when the envelopes are gone.
    """
    told = [
        (
            _("Gross response rate"),
            counts.gross,
            _("Answers of all drawn."),
        ),
        (
            _("Net response rate (AAPOR RR1)"),
            counts.net,
            _(
                "Answers of those drawn who belong to the population. Those who are silent and"
                " those whose letter came back are counted as asked. This is the rate to report."
            ),
        ),
        (
            _("Response rate of those reached (AAPOR RR5)"),
            counts.reached,
            _(
                "As if nobody whose letter came back belonged to the population. The true rate lies"
                " between this and the one above."
            ),
        ),
        (
            _("Cooperation rate (AAPOR COOP1)"),
            counts.cooperation if sealed else None,
            _("Answers of those who sent in, began or said no."),
        ),
    ]
    return [
        (name, formats.share(value, 1), what) for name, value, what in told if value is not None
    ]


def forecast_words(forecast: Forecast, on: date) -> str:
    return _(
        "If it goes on as it has and is reminded as planned, about %(answers)s have answered by"
        " %(day)s (95%% interval %(interval)s)."
    ) % {
        "answers": _rounded(forecast.answers),
        "day": formats.date_long(on),
        "interval": formats.interval(round(forecast.low), round(forecast.high)),
    }


def short(day: date) -> str:
    return formats.date_short(day)[5:]


def _sent(kind: str) -> str:
    words = {
        Mailing.Kind.LETTER: _("letter"),
        Mailing.Kind.CARD: _("card"),
        Mailing.Kind.FORM: _("form"),
    }
    return words[Mailing.Kind(kind)]


def _totals(answers: Counter[date], days: Sequence[date]) -> dict[date, Point]:
    before = sum(count for day, count in answers.items() if day < days[0])
    totals = list(accumulate((answers[day] for day in days), initial=before))[1:]
    return {day: Point(short(day), total) for day, total in zip(days, totals, strict=True)}


def _series(name: str, days: Sequence[date], points: Iterable[Point]) -> Series:
    by_label = {point.label: point for point in points}
    labels = [short(day) for day in days]
    return Series(name, tuple(by_label.get(label, Point(label, None)) for label in labels))


def _point(day: date, told: Forecast) -> Point:
    return Point(short(day), told.answers, low=told.low, high=told.high)


def _numbers(counts: Counts) -> list[str]:
    columns = (
        counts.drawn, counts.ineligible, counts.returned, counts.refused, counts.begun,
        counts.answered,
    )  # fmt: skip
    rate = formats.DASH if counts.net is None else formats.share(counts.net)
    return [*(formats.number(column) for column in columns), rate]


def _whole(outcome: Outcome, margins: bool) -> str:
    return _answers(outcome.forecast.answers, outcome.whole.points, margins)


def _plan(plan: Plan, margins: bool) -> str:
    return _answers(plan.answers, plan.points, margins)


def _answers(answers: float, points: float | None, margins: bool) -> str:
    if not margins or points is None:
        return _rounded(answers)
    return f"{_rounded(answers)} (±{formats.number(points, 1)})"


def _rounded(value: float) -> str:
    return formats.number(value, 0)
