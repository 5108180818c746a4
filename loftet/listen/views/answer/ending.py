"""The way out: check the answers, send them in, a receipt; or a pause, with a way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from loftet.core.errors import Refused
from loftet.listen.actions import envelopes
from loftet.listen.actions.envelopes import Draft
from loftet.listen.rules import answers as rules
from loftet.listen.rules import codes
from loftet.listen.rules.form import Choice, Kind, Question
from loftet.listen.sources import starter
from loftet.listen.views.answer.frame import shown
from loftet.listen.views.answer.visit import Visit, let_out, visiting
from loftet.listen.views.answer.words import Tongue


@visiting
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything that was answered, before it is sent."""
    if visit.code.used_on is not None:
        return redirect("answer:receipt")
    envelopes.refuse_unless_open(visit.wave)
    kept = rules.swept(visit.form, visit.draft.answers)
    faults = rules.faults(visit.form, kept)
    if request.method == "POST":
        return _sent(request, visit, Draft(visit.ticket.language, kept), ready=kept and not faults)
    return shown(
        request,
        visit.tongue,
        "review",
        survey=visit.tongue.said(visit.form.title),
        token=visit.ticket.token,
        pages=[
            {
                "code": asked.page.code,
                "title": visit.tongue.said(asked.page.title),
                "answers": [_answer(question, kept, visit.tongue) for question in asked.questions],
            }
            for asked in rules.visible(visit.form, kept)
        ],
        faults=[
            {
                "page": asked.page.code,
                "label": visit.tongue.said(question.label),
                "message": starter.said(faults[question.code], visit.tongue.tag),
            }
            for asked in rules.visible(visit.form, kept)
            for question in asked.questions
            if question.code in faults
        ],
        nothing=not kept,
    )


def _sent(request: HttpRequest, visit: Visit, draft: Draft, *, ready: object) -> HttpResponse:
    if "_back" in request.POST:
        pages = rules.visible(visit.form, draft.answers)
        return redirect("answer:page", pages[-1].page.code) if pages else redirect("answer:start")
    if "_save" in request.POST:
        return redirect("answer:saved")
    if not ready:
        return redirect("answer:review")
    try:
        envelopes.keep(wave=visit.wave, code=visit.code, draft=draft, finished=True)
    except Refused as refusal:
        if refusal.code != "code_used":
            raise
    return redirect("answer:receipt")


@visiting
def receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    """That it arrived, what happens next; and the cookie goes."""
    if visit.code.used_on is None:
        return redirect("answer:review")
    page = shown(
        request,
        visit.tongue,
        "receipt",
        survey=visit.tongue.said(visit.form.title),
        number=envelopes.receipt(visit.code),
        thanks=visit.tongue.said(visit.form.thanks),
        afterwards=visit.tongue.words["afterwards_text"].format_map(
            {"day": visit.tongue.day(visit.wave.closes)}
        ),
    )
    return let_out(page)


@visiting
def saved(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A pause: nobody who takes over this device sees the answers; the code leads back."""
    code = "" if visit.wave.allowed.codes else codes.shown(visit.ticket.typed)
    said = visit.tongue.words["code_shown"].format_map({"code": code}) if code else ""
    survey = visit.tongue.said(visit.form.title)
    return let_out(shown(request, visit.tongue, "saved", survey=survey, code=said))


def _answer(question: Question, answers: rules.Answers, tongue: Tongue) -> dict[str, Any]:
    answer = answers.get(question.code)
    lines = [] if answer is None else _lines(question, answer, tongue)
    return {"label": tongue.said(question.label), "lines": lines}


def _lines(question: Question, answer: Any, tongue: Tongue) -> list[SafeString]:
    labels = {choice.code: tongue.said(choice.label) for choice in question.choices}
    match question.kind:
        case Kind.SINGLE | Kind.SCALE:
            return [labels[answer]]
        case Kind.SEVERAL | Kind.PRIORITIES:
            return [labels[code] for code in answer]
        case Kind.GRID:
            return [_row(row, labels[answer[row.code]], tongue) for row in question.rows
                    if row.code in answer]  # fmt: skip
        case Kind.PLACE:
            return [_mark(mark, tongue) for mark in answer]
        case Kind.NUMBER:
            point = str(answer) if tongue.tag == "en" else str(answer).replace(".", ",")
            return [format_html("{}", point)]
        case _:
            return [format_html('<span dir="auto">{}</span>', answer)]


def _row(row: Choice, label: SafeString, tongue: Tongue) -> SafeString:
    return format_html("{}: <b>{}</b>", tongue.said(row.label), label)


def _mark(mark: dict[str, Any], tongue: Tongue) -> SafeString:
    words = tongue.words
    parts = [
        mark.get("described") or words["mark_pointed"],
        words[f"mark_{mark['feeling']}"],
        words[f"mark_when_{mark['when']}"] if "when" in mark else "",
        mark.get("why", ""),
    ]
    return format_html('<span dir="auto">{}</span>', " – ".join(part for part in parts if part))
