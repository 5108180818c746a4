from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.listen import actions
from loftet.listen.actions.faults import said
from loftet.listen.forms.questionnaires import (
    KINDS,
    BringForm,
    NewPageForm,
    NewQuestionForm,
    PageForm,
    QuestionForm,
)
from loftet.listen.models import Questionnaire
from loftet.listen.rules import checking, editing
from loftet.listen.rules import form as forms
from loftet.listen.rules.form import Choice, Form, Kind, Page, Question
from loftet.listen.sources import form_file, read_document, starter, write_xlsform
from loftet.listen.sources.xlsform.languages import NAMES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff
def questionnaires(request: HttpRequest) -> HttpResponse:
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _brought(request, form))
        if made:
            messages.success(request, _("The questionnaire is kept."))
            return redirect("listen:questionnaire", made.code, made.version)
    context = {
        "questionnaires": Questionnaire.objects.newest(),
        "form": form,
        "may_write": _may_write(request),
    }
    return render(request, "listen/questionnaires.html", context)


@staff
def questionnaire(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The whole form with what is wrong with it, and how it reads in each language."""
    found = get_object_or_404(Questionnaire, code=code, version=version)
    whole = found.form
    asked_for = request.GET.get("sprak", "sv")
    language = asked_for if asked_for in whole.languages else "sv"
    context = {
        "questionnaire": found,
        "title": forms.text(whole.title, get_language() or "sv"),
        "pages": [_page_shown(page, language) for page in whole.pages],
        "shown": language,
        "direction": forms.direction(language),
        "languages": [(tag, NAMES.get(tag, tag)) for tag in whole.languages],
        "problems": [said(problem, found.content) for problem in checking.problems(found.content)],
        "versions": Questionnaire.objects.filter(code=code).defer("content"),
        "new_question": NewQuestionForm(),
        "may_write": _may_write(request) and found.locked_at is None,
        "may_renew": _may_write(request),
    }
    return render(request, "listen/questionnaire.html", context)


@staff
def edit_page(request: HttpRequest, code: str, version: int, page: str) -> HttpResponse:
    found, whole, now = _page(code, version, page)
    form = PageForm(request.POST or None, form=whole, page=now)
    if request.method == "POST" and form.is_valid():
        changed = editing.replace_page(whole, page, form.made())
        if tried(form, lambda: _keep(request, found, changed)):
            return _back(request, found, form.made().code)
    context = {"form": form, "questionnaire": found, "heading": _("A page")}
    return render(request, "listen/questionnaire_part.html", context)


@staff
def edit_question(request: HttpRequest, code: str, version: int, question: str) -> HttpResponse:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    whole = found.form
    now = next((one for one in whole.questions if one.code == question), None)
    if now is None:
        raise Http404
    form = QuestionForm(request.POST or None, form=whole, question=now)
    if request.method == "POST" and form.is_valid():
        changed = editing.replace_question(whole, question, form.made())
        if tried(form, lambda: _keep(request, found, changed)):
            return _back(request, found, editing.page_of(changed, form.made().code).code)
    context = {"form": form, "questionnaire": found, "heading": KINDS[now.kind]}
    return render(request, "listen/questionnaire_part.html", context)


@staff
def add_question(request: HttpRequest, code: str, version: int, page: str) -> HttpResponse:
    found, whole, _now = _page(code, version, page)
    form = NewQuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        new = _empty(Kind(values["kind"]), values["code"], values["label"])
        if tried(form, lambda: _keep(request, found, editing.add_question(whole, page, new))):
            return redirect("listen:edit_question", code, version, new.code)
    context = {"form": form, "questionnaire": found, "heading": _("One more question")}
    return render(request, "listen/questionnaire_part.html", context)


@staff
def add_page(request: HttpRequest, code: str, version: int) -> HttpResponse:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    form = NewPageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = Page(form.cleaned_data["code"], {"sv": form.cleaned_data["title"]})
        if tried(form, lambda: _keep(request, found, editing.add_page(found.form, new))):
            return redirect("listen:edit_page", code, version, new.code)
    context = {"form": form, "questionnaire": found, "heading": _("One more page")}
    return render(request, "listen/questionnaire_part.html", context)


@staff
@require_POST
def move_page(request: HttpRequest, code: str, version: int, page: str, to: str) -> HttpResponse:
    found, whole, now = _page(code, version, page)
    place = whole.pages.index(now)
    return _moved(
        request,
        found,
        to,
        lambda step: editing.move_page(whole, page, place + step),
        lambda: editing.remove_page(whole, page),
    )


@staff
@require_POST
def move_question(
    request: HttpRequest, code: str, version: int, question: str, to: str
) -> HttpResponse:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    whole = found.form
    if question not in {one.code for one in whole.questions}:
        raise Http404
    page = editing.page_of(whole, question)
    place = [one.code for one in page.questions].index(question)
    return _moved(
        request,
        found,
        to,
        lambda step: editing.move_question(whole, question, page.code, place + step),
        lambda: editing.remove_question(whole, question),
    )


@staff
@require_POST
def renew(request: HttpRequest, code: str, version: int) -> HttpResponse:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    made = actions.new_version(of=found, by=person(request))
    messages.success(request, _("Here is a new version to change."))
    return redirect("listen:questionnaire", made.code, made.version)


@staff
@require_POST
def remove(request: HttpRequest, code: str, version: int) -> HttpResponse:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    actions.remove_questionnaire(questionnaire=found, by=person(request))
    messages.success(request, _("The questionnaire is removed."))
    return redirect("listen:questionnaires")


@staff
def export(request: HttpRequest, code: str, version: int, kind: str) -> HttpResponse:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    if kind not in {"json", "xlsx"}:
        raise Http404
    if kind == "json":
        content, media_type = form_file.written(found.content), "application/json"
    else:
        content, media_type = write_xlsform(found.content, code=code), XLSX
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{code}-{version}.{kind}"'
    return response


def _brought(request: HttpRequest, form: BringForm) -> Questionnaire:
    file, code = form.cleaned_data["file"], form.cleaned_data["code"]
    document = read_document(file.read(), file.name) if file else starter.document()
    return actions.add_questionnaire(code=code, document=document, by=person(request))


def _keep(request: HttpRequest, found: Questionnaire, changed: Form) -> Questionnaire:
    """Store the changed form, unless somebody else has changed it since it was read."""
    return actions.edit_questionnaire(
        questionnaire=found,
        document=forms.written(changed),
        read=found.digest(),
        by=person(request),
    )


def _moved(
    request: HttpRequest,
    found: Questionnaire,
    to: str,
    move: Callable[[int], Form],
    remove: Callable[[], Form],
) -> HttpResponse:
    steps = {"upp": -1, "ner": 1}
    if to not in steps and to != "bort":
        raise Http404
    _keep(request, found, move(steps[to]) if to in steps else remove())
    return redirect("listen:questionnaire", found.code, found.version)


def _page(code: str, version: int, page: str) -> tuple[Questionnaire, Form, Page]:
    found = get_object_or_404(Questionnaire, code=code, version=version)
    whole = found.form
    now = next((one for one in whole.pages if one.code == page), None)
    if now is None:
        raise Http404
    return found, whole, now


def _empty(kind: Kind, code: str, label: str) -> Question:
    """A new question with as much as its kind cannot do without."""
    choices = (Choice("yes", {"sv": "Ja", "en": "Yes"}), Choice("no", {"sv": "Nej", "en": "No"}))
    rows = (Choice("first", {"sv": "Första raden"}),)
    counts = checking.COUNTS[kind]
    return Question(
        code,
        kind,
        {"sv": label},
        choices=choices if "choices" in counts else (),
        rows=rows if "rows" in counts else (),
        most=1 if kind is Kind.PRIORITIES else None,
    )


def _back(request: HttpRequest, found: Questionnaire, page: str) -> HttpResponse:
    messages.success(request, _("Kept."))
    response = redirect("listen:questionnaire", found.code, found.version)
    response["Location"] += f"#{page}"
    return response


def _page_shown(page: Page, language: str) -> dict[str, Any]:
    return {
        "code": page.code,
        "title": forms.text(page.title, language),
        "introduction": forms.text(page.introduction, language) if page.introduction else "",
        "relevant": page.relevant,
        "questions": [_question_shown(question, language) for question in page.questions],
    }


def _question_shown(question: Question, language: str) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": KINDS[question.kind],
        "label": forms.text(question.label, language),
        "hint": forms.text(question.hint, language) if question.hint else "",
        "choices": [forms.text(choice.label, language) for choice in question.choices],
        "rows": [forms.text(row.label, language) for row in question.rows],
        "relevant": question.relevant,
        "required": question.required,
    }


def _may_write(request: HttpRequest) -> bool:
    return may(person(request), Permission.WRITE_SURVEY)
