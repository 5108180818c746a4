"""Paper forms, typed from one address: what the code on the form waits for decides the screen.

The code is posted and carried in the page, never in an address: addresses end up in logs.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.errors import Refused
from loftet.core.roles import Permission
from loftet.listen.actions import envelopes
from loftet.listen.actions import paper as actions
from loftet.listen.actions.paper import Stage
from loftet.listen.forms import paper as screens
from loftet.listen.models import AccessCode, Wave
from loftet.listen.rules import codes
from loftet.listen.rules import paper as rules


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code on the form"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


@staff
def paper(request: HttpRequest, code: str) -> HttpResponse:
    wave = get_object_or_404(Wave.objects.select_related("questionnaire"), code=code)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        found = tried(form, lambda: actions.found(wave=wave, typed=typed, by=person(request)))
        if found is not None:
            return _staged(request, wave, found, codes.shown(codes.normal(typed)))
    return _start(request, wave, form)


def _start(request: HttpRequest, wave: Wave, form: CodeForm) -> HttpResponse:
    by = person(request)
    context = {
        "wave": wave,
        "form": form,
        "standing": actions.standing(wave, by),
        "closed_because": _closed(wave),
        "may_enter": may(by, Permission.ENTER_ANSWERS),
    }
    return render(request, "listen/paper.html", context)


def _closed(wave: Wave) -> str:
    try:
        actions.refuse_unless_typed(wave)
    except Refused as refusal:
        return refusal.message
    return ""


def _staged(request: HttpRequest, wave: Wave, found: AccessCode, shown: str) -> HttpResponse:
    """The screen that fits the form; a post from a screen that no longer fits is told so."""
    found.wave = wave
    stage = actions.stage(found, person(request))
    if request.POST.get("_step") == "duplicate":
        actions.note_duplicate(code=found, by=person(request))
        messages.success(request, _("The form is noted as a duplicate. Set it aside."))
        return redirect("listen:paper", wave.code)
    if stage in {Stage.FIRST, Stage.SECOND}:
        return _type(request, found, shown, stage)
    if stage is Stage.DIFFERENCES:
        return _settle(request, found, shown)
    context = {"wave": wave, "code": shown, "done": stage is Stage.DONE}
    return render(request, "listen/paper_done.html", context)


def _type(request: HttpRequest, found: AccessCode, shown: str, stage: Stage) -> HttpResponse:
    form = envelopes.form_of(found.wave)
    if request.POST.get("_step") != "type":
        return _screen(request, found, shown, stage, screens.sheet(form, {}))
    typed = screens.typed(form, request.POST)
    reading = rules.read(form, typed)
    flags = screens.flagged(form, reading.written)
    if reading.errors or (flags and "_checked" not in request.POST):
        sheet = screens.sheet(form, typed, reading.errors, flags)
        return _screen(
            request, found, shown, stage, sheet, flags=not reading.errors, errors=reading.errors
        )
    now = actions.type_in(code=found, written=reading.written, by=person(request))
    if now is Stage.DIFFERENCES:
        messages.warning(request, _("You read it differently than the first. Look at the paper."))
        return _settle(request, found, shown)
    messages.success(request, _told(now))
    return redirect("listen:paper", found.wave.code)


def _told(stage: Stage) -> str:
    if stage is Stage.DONE:
        return _("Both have typed the same. The form is an answer now.")
    return _("Typed once. Put the form where somebody else takes it for the second time.")


def _screen(
    request: HttpRequest,
    found: AccessCode,
    shown: str,
    stage: Stage,
    sheet: list[screens.Part],
    **more: object,
) -> HttpResponse:
    context = {
        "wave": found.wave,
        "code": shown,
        "second": stage is Stage.SECOND,
        "parts": sheet,
        **more,
    }
    return render(request, "listen/paper_type.html", context)


def _settle(request: HttpRequest, found: AccessCode, shown: str) -> HttpResponse:
    first, second = actions.typings(found)
    differing = rules.differences(envelopes.form_of(found.wave), first, second)
    choices, values = screens.choices(differing, request.POST)
    if request.POST.get("_step") == "settle" and len(values) == len(differing):
        actions.settle(code=found, values=values, by=person(request))
        messages.success(request, _("Settled. The form is an answer now."))
        return redirect("listen:paper", found.wave.code)
    wrong = any(choice.error for choice in choices)
    context = {"wave": found.wave, "code": shown, "choices": choices, "wrong": wrong}
    return render(request, "listen/paper_settle.html", context)
