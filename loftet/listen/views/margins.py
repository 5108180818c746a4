from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.listen import actions
from loftet.listen.actions.margins import variables
from loftet.listen.forms.margins import MarginForm
from loftet.listen.models import Margin, Wave
from loftet.listen.rules import form as forms
from loftet.listen.rules.form import Question
from loftet.listen.rules.waves import State


@staff
def margins(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of everyone, question by question: what weights are fitted to."""
    wave = _found(code)
    given = list(wave.margins.all())
    strata = list(wave.strata.all())
    told = [_told(wave, question, given) for question in variables(wave)]
    context = {
        "wave": wave,
        "used": [one for one in told if one["rows"]],
        "unused": [one for one in told if not one["rows"]],
        "strata": strata,
        "people": sum(stratum.population for stratum in strata),
        "may_write": _may_write(request, wave),
    }
    return render(request, "listen/margins.html", context)


@staff
def margin(request: HttpRequest, code: str, variable: str) -> HttpResponse:
    wave = _found(code)
    question = next((one for one in variables(wave) if one.code == variable), None)
    if question is None:
        raise Http404
    given = list(wave.margins.filter(variable=variable))
    form = MarginForm(
        request.POST or None,
        question=question,
        counts={one.category: one.count for one in given},
        initial={"source": given[0].source if given else ""},
    )
    if request.method == "POST" and form.is_valid() and _kept(request, wave, question, form):
        messages.success(request, _("The numbers are kept."))
        return redirect("listen:margins", code)
    context = {
        "wave": wave,
        "form": form,
        "question": _words(question),
        "may_write": _may_write(request, wave),
    }
    return render(request, "listen/margin.html", context)


def _kept(request: HttpRequest, wave: Wave, question: Question, form: MarginForm) -> bool:
    def act() -> bool:
        actions.set_margin(
            wave=wave,
            variable=question.code,
            counts=form.counts(),
            source=form.cleaned_data["source"],
            by=person(request),
        )
        return True

    return bool(tried(form, act))


def _told(wave: Wave, question: Question, given: list[Margin]) -> dict[str, Any]:
    """One question with its numbers, and how their sum stands beside the population."""
    own = {one.category: one for one in given if one.variable == question.code}
    total = sum(one.count for one in own.values())
    return {
        "code": question.code,
        "label": _words(question),
        "rows": [
            (forms.text(choice.label, get_language() or "sv"), own[choice.code].count)
            for choice in question.choices
            if choice.code in own
        ],
        "total": total,
        "apart": total - wave.population_size if own and wave.population_size else 0,
        "source": next((one.source for one in own.values()), ""),
    }


def _words(question: Question) -> str:
    return forms.text(question.label, get_language() or "sv")


def _found(code: str) -> Wave:
    wave = get_object_or_404(Wave.objects.select_related("questionnaire"), code=code)
    if not wave.allowed.weights:
        raise Http404  # what the design does not allow is not offered
    return wave


def _may_write(request: HttpRequest, wave: Wave) -> bool:
    return wave.state != State.SETTLED and may(person(request), Permission.WRITE_SURVEY)
