"""The way in: the code from the letter, or an open link; then the language and what it is about."""

import time
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from loftet.core.errors import Refused
from loftet.core.models import Area, Place
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Wave
from loftet.listen.rules import codes, limits
from loftet.listen.rules.form import Form, Kind
from loftet.listen.rules.waves import State
from loftet.listen.views.answer.frame import shown
from loftet.listen.views.answer.pages import areas_today, onward
from loftet.listen.views.answer.visit import (
    Visit,
    client_address,
    let_in,
    let_out,
    public,
    ticket,
    visiting,
)
from loftet.listen.views.answer.words import OURS, Tongue, tongues, wished

SECONDS_EACH = 8  # to read and answer a question, or a row of a grid
MINUTES = 5  # what the time is rounded up to
HIDDEN = (State.COUNTED, State.SETTLED)


@public
def code(request: HttpRequest) -> HttpResponse:
    """One field, for what stands on the letter."""
    tongue = Tongue(wished(request.POST.get("language") or request.GET.get("sprak", ""), OURS))
    if request.method != "POST":
        return _ask_for_code(request, tongue)
    typed = request.POST.get("code", "")[:100]
    if (free := _waits(request, limits.WRONG_CODES, "code")) is not None:
        said = tongue.words["code_wait"].format_map({"time": free})
        return _ask_for_code(request, tongue, typed, said, 429)
    wrong = codes.wrong(typed)
    found = None if wrong else envelopes.found(typed)
    if found is None:
        if wrong not in {"empty", "length"}:
            _count(request, limits.WRONG_CODES, "code")
        return _ask_for_code(request, tongue, typed, tongue.words[f"code_{wrong or 'unknown'}"])
    return _welcomed(request, tongue, typed, found)


def _welcomed(request: HttpRequest, tongue: Tongue, typed: str, found: AccessCode) -> HttpResponse:
    try:
        envelopes.refuse_unless_open(found.wave)
        if found.used_on is not None:
            raise envelopes.already_used()
    except Refused as refusal:
        said = tongue.refusal(refusal, found.wave)
        return _ask_for_code(request, tongue, typed, said)
    code = envelopes.visited(found.pk) or found
    visit = Visit(ticket(code, codes.normal(typed), tongue.tag), code)
    drafted = envelopes.resumed(code)
    language = drafted.language if drafted and tongue.tag == OURS[0] else tongue.tag
    offered = visit.form.languages
    speaking = visit.speaking(language if language in offered else offered[0])
    return let_in(redirect("answer:start"), speaking.ticket)


def _ask_for_code(
    request: HttpRequest, tongue: Tongue, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    others = [other for other in tongues(OURS) if other != tongue]
    return shown(
        request,
        tongue,
        "code",
        status=status,
        typed=typed,
        error=error,
        others=others,
        left=request.method == "GET" and "kod" in request.GET,
    )


@public
def open_link(request: HttpRequest, wave: str) -> HttpResponse:
    """What the survey is about; where no code is needed, a button that makes one and begins."""
    found = get_object_or_404(
        Wave.objects.select_related("questionnaire").exclude(state__in=HIDDEN),
        code=wave,
        on_web=True,
    )
    if found.questionnaire is None:
        raise Http404
    form = envelopes.form_of(found)
    asked = request.POST.get("language") or request.GET.get("sprak", "")
    tongue = Tongue(wished(asked, form.languages))
    try:
        envelopes.refuse_unless_open(found)
    except Refused as refusal:
        message = tongue.refusal(refusal, found)
        return shown(request, tongue, "stopped", status=409, message=message)
    if request.method == "POST":
        return _begun(request, tongue, found)
    return shown(
        request, tongue, "open", begins=not found.allowed.codes, **_about(found, form, tongue)
    )


def _begun(request: HttpRequest, tongue: Tongue, wave: Wave) -> HttpResponse:
    if (free := _waits(request, limits.BEGUN, "begin")) is not None:
        said = tongue.words["begin_wait"].format_map({"time": free})
        return shown(request, tongue, "stopped", status=429, message=said, back=request.path)
    try:
        typed = envelopes.begin(wave=wave)
    except Refused as refusal:
        said = tongue.refusal(refusal, wave)
        return shown(request, tongue, "stopped", status=409, message=said)
    _count(request, limits.BEGUN, "begin")
    code = envelopes.found(typed)
    if code is None:
        raise Http404
    return let_in(redirect("answer:start"), ticket(code, typed, tongue.tag))


@visiting
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Language, purpose and law, before the first question."""
    envelopes.refuse_unless_open(visit.wave)
    if visit.code.used_on is not None:
        raise envelopes.already_used()
    if request.method == "POST":
        return _started(request, visit)
    code = "" if visit.wave.allowed.codes else codes.shown(visit.ticket.typed)
    return shown(
        request,
        visit.tongue,
        "start",
        token=visit.ticket.token,
        begun=bool(visit.draft.answers),
        code_yours=visit.tongue.words["code_yours"].format_map({"code": code}) if code else "",
        **_about(Wave.objects.get(pk=visit.wave.pk), visit.form, visit.tongue),
    )


def _started(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = request.POST.get("_language", "")
    if asked in visit.form.languages:
        return let_in(redirect("answer:start"), visit.speaking(asked).ticket)
    if "_leave" in request.POST:
        return let_out(redirect("answer:code"))
    return redirect(*onward(visit))


@require_safe
def map_data(request: HttpRequest) -> JsonResponse:
    """Borders and named places for the map, the same for everyone."""
    response = JsonResponse({
        "type": "FeatureCollection",
        "features": [*map(_border, _drawn(areas_today())), *map(_named, Place.objects.all())],
    })  # fmt: skip
    patch_cache_control(response, public=True, max_age=3600)
    return response


def _drawn(areas: list[Area]) -> list[Area]:
    """The parts of town, else the municipality as a whole."""
    parts = [area for area in areas if area.kind in {Area.Kind.LOCALITY, Area.Kind.DISTRICT}]
    return parts or areas


def _border(area: Area) -> dict[str, Any]:
    return {"type": "Feature", "geometry": area.geometry, "properties": {"name": area.name}}


def _named(place: Place) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
    return {
        "type": "Feature",
        "geometry": point,
        "properties": {"name": place.name, "id": place.pk},
    }


def _about(wave: Wave, form: Form, tongue: Tongue) -> dict[str, Any]:
    return {
        "wave": wave,
        "survey": tongue.said(form.title),
        "introduction": tongue.said(form.introduction),
        "purpose": tongue.of_wave(wave, "purpose"),
        "law": tongue.of_wave(wave, "law"),
        "minutes": tongue.words["minutes"].format_map({"minutes": _minutes(form)}),
        "closes": tongue.day(wave.closes),
        "others": [other for other in tongues(form.languages) if other != tongue],
    }


def _minutes(form: Form) -> int:
    items = sum(
        len(question.rows) if question.kind is Kind.GRID else 1 for question in form.questions
    )
    return -(-items * SECONDS_EACH // (60 * MINUTES)) * MINUTES


def _waits(request: HttpRequest, limit: limits.Limit, what: str) -> str | None:
    """The time of day when this client may try again; None if it may now."""
    free = limit.free_at(cache.get(_key(request, what), []), time.time())
    if free is None:
        return None
    return f"{datetime.fromtimestamp(free + 60, timezone.get_current_timezone()):%H:%M}"


def _count(request: HttpRequest, limit: limits.Limit, what: str) -> None:
    now = time.time()
    key = _key(request, what)
    cache.set(key, [*limit.counted(cache.get(key, []), now), now], limit.within)


def _key(request: HttpRequest, what: str) -> str:
    """No address is kept: only a digest of it, which lives as long as the limit counts."""
    return salted_hmac(f"loftet.listen.limits.{what}", client_address(request)).hexdigest()
