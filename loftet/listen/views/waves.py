from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.models import Job, User
from loftet.core.roles import Permission
from loftet.listen import actions
from loftet.listen.forms.waves import RecordForm, ReopenForm, WaveForm
from loftet.listen.models import Wave, progress


@staff
def waves(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "listen/waves.html",
        {"waves": Wave.objects.with_counts(), "may_write": _may_write(request)},
    )


@staff
def wave(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(code)
    facts = progress.facts(found)
    steps = [_linked(step, found) for step in progress.steps(found, facts)]
    context = {
        "wave": found,
        "facts": facts,
        "steps": steps,
        "next": next((step for step in steps if not step["done"]), None),
        "jobs": Job.objects.about(found).unfinished(),
        "may_write": _may_write(request),
    }
    return render(request, "listen/wave.html", context)


@staff
def add_wave(request: HttpRequest) -> HttpResponse:
    return _write(
        request, WaveForm(request.POST or None), actions.add_wave, "listen/wave_form.html"
    )


@staff
def edit_wave(request: HttpRequest, code: str) -> HttpResponse:
    form = WaveForm(request.POST or None, instance=_found(code))
    return _write(request, form, actions.edit_wave, "listen/wave_form.html")


@staff
def record_wave(request: HttpRequest) -> HttpResponse:
    form = RecordForm(request.POST or None)
    return _write(request, form, actions.record_wave, "listen/record.html")


@staff
def open_field(request: HttpRequest, code: str) -> HttpResponse:
    return _sure(request, code, "open_field", actions.open_field, _("The field is open."))


@staff
def close_field(request: HttpRequest, code: str) -> HttpResponse:
    return _sure(request, code, "close_field", actions.close_field, _("The field is closed."))


@staff
def count_answers(request: HttpRequest, code: str) -> HttpResponse:
    told = _("The answers are opened and mixed, and the key is destroyed.")
    return _sure(request, code, "count_answers", actions.count_answers, told)


@staff
def reopen_field(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(code)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.reopen_field(wave=found, by=person(request), **form.cleaned_data),
        )
        if made:
            messages.success(request, _("The field is open again."))
            return redirect("listen:wave", code)
    return render(request, "listen/reopen.html", {"wave": found, "form": form})


@staff
@require_POST
def remove_wave(request: HttpRequest, code: str) -> HttpResponse:
    actions.remove_wave(wave=_found(code), by=person(request))
    messages.success(request, _("The survey is removed."))
    return redirect("listen:waves")


def _sure(
    request: HttpRequest, code: str, name: str, act: Callable[..., object], told: str
) -> HttpResponse:
    """Say what will happen, and do it when it is confirmed."""
    found = _found(code)
    if request.method == "POST":
        act(wave=found, by=person(request))
        messages.success(request, told)
        return redirect("listen:wave", code)
    context = {"wave": found, "facts": progress.facts(found), "may_write": _may_write(request)}
    return render(request, f"listen/sure/{name}.html", context)


def _write(
    request: HttpRequest,
    form: WaveForm | RecordForm,
    act: Callable[..., Wave],
    template: str,
) -> HttpResponse:
    by: User = person(request)
    if request.method == "POST" and form.is_valid():
        kept = tried(form, lambda: act(wave=form.save(commit=False), by=by))
        if kept:
            messages.success(request, _("The survey is kept."))
            return redirect("listen:wave", kept.code)
    return render(request, template, {"form": form, "wave": form.instance})


def _linked(step: progress.Step, wave: Wave) -> dict[str, object]:
    page = {"questionnaire": "edit_wave"}.get(step.name, step.name)
    return asdict(step) | {"url": reverse(f"listen:{page}", args=[wave.code])}


def _found(code: str) -> Wave:
    return get_object_or_404(Wave.objects.select_related("questionnaire", "cycle"), code=code)


def _may_write(request: HttpRequest) -> bool:
    return may(person(request), Permission.WRITE_SURVEY)
