from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loftet.core import clock
from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.listen import actions
from loftet.listen.forms.field import NOTHING, OutcomesForm
from loftet.listen.models import Mode, Wave, fieldwork
from loftet.listen.models.fieldwork import Part
from loftet.listen.rules.field import rates, waiting
from loftet.listen.rules.field.forecast import LEAST_ANSWERS, LEAST_DAYS, Course, Field
from loftet.listen.rules.field.rates import Counts
from loftet.listen.rules.waves import State
from loftet.listen.views import field_shown

FAR = timedelta(days=60)  # how far ahead anything is foretold


@staff
def monitor(request: HttpRequest, code: str) -> HttpResponse:
    """How the field goes: by day, by stratum, and what it would give to wait."""
    wave = get_object_or_404(Wave, code=code)
    parts = fieldwork.parts(wave)
    whole = rates.together([part.counts for part in parts])
    context = {
        "wave": wave,
        "counts": whole,
        "modes": _modes(wave),
        "rates": field_shown.rates(whole, sealed=wave.state not in {State.COUNTED, State.SETTLED}),
        "outcomes": field_shown.outcomes_table(parts, whole),
        "may_note": _may_note(request, wave),
    }
    return render(request, "listen/monitor.html", context | _by_day(wave, parts, whole))


@staff
def note_outcomes(request: HttpRequest, code: str) -> HttpResponse:
    """Letters that came back and the like, a code on each line."""
    wave = get_object_or_404(Wave, code=code)
    form = OutcomesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        noted = tried(
            form,
            lambda: actions.note_outcomes(
                wave=wave,
                typed=values["codes"].splitlines(),
                outcome="" if values["outcome"] == NOTHING else values["outcome"],
                by=person(request),
            ),
        )
        if noted:
            told = ngettext("One code is noted.", "%(count)d codes are noted.", noted)
            messages.success(request, told % {"count": noted})
            return redirect("listen:monitor", code)
    context = {"wave": wave, "form": form, "may_note": _may_note(request, wave)}
    return render(request, "listen/outcomes.html", context)


def _by_day(wave: Wave, parts: list[Part], whole: Counts) -> dict[str, object]:
    """The picture, and while the field is open with a forecast and what waiting would give."""
    answers, sent, today = fieldwork.by_day(wave), fieldwork.sent(wave), clock.today()
    open_now = wave.state == State.IN_FIELD
    last = min(today, wave.closes)
    if not (open_now and wave.allowed.codes and today > wave.opens):
        return {"chart": field_shown.by_day_chart(answers, sent, wave.opens, last)}
    field = Field(_course(wave, answers, list(sent), whole, today))
    if field.why:
        chart = field_shown.by_day_chart(answers, sent, wave.opens, last)
        return {"chart": chart, "why_not": _why_not(field.why)}
    closes = max(today, min(wave.closes, today + FAR))
    choices = waiting.choices(
        today=_place(wave, today),
        closes=_place(wave, closes),
        sent=field.course.sent,
        planned=[_place(wave, day) for day in fieldwork.to_be_sent(wave)],
    )
    strata = [(part.population, part.counts) for part in parts]
    outcomes = [waiting.outcome(field, choice, strata) for choice in choices]
    planned = outcomes[1]
    return {
        "chart": field_shown.by_day_chart(
            answers, sent, wave.opens, closes, (field, planned.choice)
        ),
        "forecast": field_shown.forecast_words(planned.forecast, closes),
        "waiting": field_shown.waiting_table(parts, outcomes, margins=wave.allowed.intervals),
        "further": wave.opens + timedelta(days=outcomes[-1].choice.reminders[-1]),
        "letters_left": whole.able - round(planned.forecast.answers),
    }


def _course(
    wave: Wave, answers: dict[date, int], sent: list[date], whole: Counts, today: date
) -> Course:
    """Whole days only: this one is not over."""
    days = [wave.opens + timedelta(days=n) for n in range((today - wave.opens).days)]
    went = sorted({max(0, _place(wave, day)) for day in sent if day < today})
    return Course(
        answers=tuple(answers.get(day, 0) for day in days),
        sent=tuple(went) or (0,),
        people=whole.able,
    )


def _place(wave: Wave, day: date) -> int:
    return (day - wave.opens).days


def _why_not(why: str) -> str:
    if why == "days":
        return _("A forecast comes when %(days)d whole days have passed.") % {"days": LEAST_DAYS}
    return _("A forecast comes when %(answers)d people have answered.") % {"answers": LEAST_ANSWERS}


def _modes(wave: Wave) -> list[tuple[str, int]]:
    return [
        (str(Mode(mode).label) if mode else _("not told"), count)
        for mode, count in sorted(fieldwork.by_mode(wave).items(), reverse=True)
    ]


def _may_note(request: HttpRequest, wave: Wave) -> bool:
    open_to_it = wave.state in {State.IN_FIELD, State.CLOSED} and wave.allowed.codes
    return open_to_it and may(person(request), Permission.ENTER_ANSWERS)
