"""One page of questions at a time; each is saved when it is left, in whichever direction."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString

from loftet.core import clock
from loftet.core.models import Area, Place
from loftet.listen.actions import envelopes
from loftet.listen.actions.envelopes import Draft
from loftet.listen.rules import answers as rules
from loftet.listen.rules.form import Kind, Page, Question
from loftet.listen.views.answer import posting, sheets
from loftet.listen.views.answer.frame import shown
from loftet.listen.views.answer.posting import Turned
from loftet.listen.views.answer.sheets import Fault, Filled
from loftet.listen.views.answer.visit import Visit, let_in, visiting
from loftet.listen.views.answer.words import tongues, wished


@dataclass(frozen=True)
class Leaf:
    """The page that is asked for, in somebody's form."""

    visit: Visit
    page: Page

    @property
    def answers(self) -> dict[str, Any]:
        return self.visit.draft.answers


@visiting
def page(request: HttpRequest, visit: Visit, page: str) -> HttpResponse:
    envelopes.refuse_unless_open(visit.wave)
    if visit.code.used_on is not None:
        raise envelopes.already_used()
    asked = {found.page.code for found in rules.visible(visit.form, visit.draft.answers)}
    if page not in asked:
        return redirect(*onward(visit))
    leaf = Leaf(visit, visit.form.page(page))
    if request.method == "POST":
        return _turned(request, leaf)
    return _leaf(request, leaf, rules.filled(leaf.page, leaf.answers))


def onward(visit: Visit) -> tuple[str, ...]:
    """Where to go on: the page after the last one with an answer."""
    asked = rules.visible(visit.form, visit.draft.answers)
    answered = [
        place
        for place, found in enumerate(asked)
        if any(question.code in visit.draft.answers for question in found.questions)
    ]
    following = answered[-1] + 1 if answered else 0
    if following < len(asked):
        return "answer:page", asked[following].page.code
    return ("answer:review",)


def _turned(request: HttpRequest, leaf: Leaf) -> HttpResponse:
    visit = leaf.visit
    posted = posting.with_places(leaf.page, sheets.as_posted(request.POST))
    turned = posting.turned(visit.form, leaf.page, posted, leaf.answers, visit.tongue)
    draft = Draft(_language(request, visit), turned.answers)
    envelopes.keep(wave=visit.wave, code=visit.code, draft=draft, finished=False)
    onwards = request.POST.get("_go", "next") == "next" and "_language" not in request.POST
    faults = turned.faults if onwards else turned.stops
    if faults:
        return _leaf(request, leaf, posted, faults)
    return _left(request, leaf, turned, draft.language)


def _left(request: HttpRequest, leaf: Leaf, turned: Turned, language: str) -> HttpResponse:
    visit, here = leaf.visit, leaf.page.code
    if "_language" in request.POST:
        return let_in(redirect("answer:page", here), visit.speaking(language).ticket)
    match request.POST.get("_go"):
        case "save":
            return redirect("answer:saved")
        case "back":
            before = rules.preceding(visit.form, here, turned.answers)
            return redirect("answer:page", before) if before else redirect("answer:start")
        case _:
            after = rules.following(visit.form, here, turned.answers)
            return redirect("answer:page", after) if after else redirect("answer:review")


def _language(request: HttpRequest, visit: Visit) -> str:
    return wished(request.POST.get("_language", ""), [visit.ticket.language, *visit.form.languages])


def _leaf(
    request: HttpRequest, leaf: Leaf, filled: Filled, faults: dict[str, Fault] | None = None
) -> HttpResponse:
    visit, faults = leaf.visit, faults or {}
    tongue = visit.tongue
    questions = rules.shown(visit.form, leaf.page, leaf.answers)
    asked = [found.question for found in questions]
    place = rules.progress(visit.form, leaf.page.code, leaf.answers)
    progress = tongue.words["progress"].format_map({"number": place.number, "of": place.of})
    return shown(
        request,
        tongue,
        "page",
        title=tongue.said(leaf.page.title),
        introduction=tongue.said(leaf.page.introduction),
        survey=tongue.said(visit.form.title),
        place=place,
        progress=progress,
        questions=_questions(leaf, questions, filled, faults),
        summary=_summary(asked, faults, visit),
        rules=_rules(questions, visit),
        has_map=any(question.kind is Kind.PLACE for question in asked),
        others=[other for other in tongues(visit.form.languages) if other != tongue],
        token=visit.ticket.token,
    )


def _questions(
    leaf: Leaf, questions: list[rules.Shown], filled: Filled, faults: dict[str, Fault]
) -> list[SafeString]:
    made = sheets.sheets(leaf.visit.wave, leaf.visit.form, leaf.visit.tongue)
    texts = []
    for found in questions:
        fault = faults.get(found.question.code)
        if found.question.kind is Kind.PLACE:
            texts.append(made.place(found, filled, fault, groups=_places()))
        else:
            texts.append(made.question(found, filled, fault))
    return texts


def _places() -> list[tuple[str, list[Place]]]:
    """Named places by the area that they lie in."""
    groups: dict[str, list[Place]] = {}
    for place in Place.objects.select_related("area").order_by("area__name", "name"):
        groups.setdefault(place.area.name if place.area else "", []).append(place)
    return list(groups.items())


def _summary(asked: list[Question], faults: dict[str, Fault], visit: Visit) -> list[dict[str, str]]:
    return [
        {
            "field": f"f-personal-{question.code}-hide"
            if faults[question.code].asks
            else sheets.first_field(question),
            "label": visit.tongue.said(question.label),
            "message": faults[question.code].message,
        }
        for question in asked
        if question.code in faults
    ]


def _rules(questions: list[rules.Shown], visit: Visit) -> str:
    """What `answer.js` needs in order to show, hide and check as the server will."""
    told = {
        found.question.code: {
            "kind": str(found.question.kind),
            "rule": found.rule,
            "constraint": found.constraint,
            "message": str(visit.tongue.said(found.question.constraint_message))
            or visit.tongue.words["error_constraint"],
        }
        for found in questions
    }
    if not any(rule["rule"] or rule["constraint"] for rule in told.values()):
        return ""
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def areas_today() -> list[Area]:
    return list(Area.objects.on(clock.today()))
