"""Frozen results for those who work with them; nothing is computed here and no answer is read."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet import policy
from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.models import Job
from loftet.core.roles import Permission
from loftet.listen.actions import results as actions
from loftet.listen.forms.results import ReasonForm, SeriesForm
from loftet.listen.models import Compilation, Wave
from loftet.listen.outlet import answering, comparing, exports, pictures, squares, telling
from loftet.listen.rules.form import Form, Kind
from loftet.listen.rules.results import series
from loftet.listen.rules.results.items import Item, items

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@staff
def results(request: HttpRequest, code: str) -> HttpResponse:
    """What people want most and how sure that is; before that, the button that computes it."""
    wave = _wave(code)
    kept = wave.compilations.first()
    context = {
        "wave": wave,
        "kept": kept,
        "jobs": Job.objects.about(wave).unfinished(),
        "form": ReasonForm(),
        "may_write": may(person(request), Permission.WRITE_SURVEY),
    }
    if kept is not None:
        form = _form(wave)
        context |= _shared(wave, kept, form) | {"wanted": list(_wanted(kept, form))}
    return render(request, "listen/results.html", context)


@staff
def theme(request: HttpRequest, code: str, page: str) -> HttpResponse:
    wave, kept, form = _kept(code)
    if page not in {one.code for one in form.pages}:
        raise Http404(page)
    asked = form.page(page).questions
    told = (pictures.question(kept.content, one, at) for at, one in enumerate(asked))
    context = _shared(wave, kept, form) | {
        "title": telling.label(form.page(page).title),
        "told": [one for one in told if one],
        "themes": list(_themes(wave, kept, [one.code for one in asked])),
    }
    return render(request, "listen/results_theme.html", context)


@staff
def areas(request: HttpRequest, code: str) -> HttpResponse:
    wave, kept, form = _kept(code)
    if not kept.content["index"]:
        raise Http404
    classes = policy.index_classes().get(kept.content["index"]["version"])
    names = {group.key: str(group.name) for group in classes.groups} if classes else {}
    context = _shared(wave, kept, form) | {
        "rows": comparing.index(kept.content, form, names),
        "classes": classes,
        "names": kept.content["areas"].values(),
    }
    return render(request, "listen/results_areas.html", context)


@staff
def places(request: HttpRequest, code: str) -> HttpResponse:
    wave, kept, form = _kept(code)
    titles = {"unsafe": _("Where people feel unsafe"), "safe": _("Where people feel safe")}
    feeling = "safe" if request.GET.get("feeling") == "safe" else "unsafe"
    asked = [code for code, found in kept.content["places"].items() if found[feeling]]
    drawn = None
    if asked:
        drawn = squares.squares(kept.content["places"][asked[0]][feeling], titles[feeling])
    context = _shared(wave, kept, form) | {"title": titles[feeling], "drawn": drawn}
    return render(request, "listen/results_places.html", context)


@staff
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What has changed, where the design allows to say so; and the years after each other."""
    wave, kept, form = _kept(code)
    found = comparing.changed(kept.content, form) if kept.content["changes"] else (None, None)
    asked = {item.code: item for item in items(form) if item.question.kind is not Kind.PRIORITIES}
    choose = SeriesForm(request.GET or None, answers=_answers(asked.values()))
    chart = None
    if choose.is_valid():
        item, _point, level = choose.cleaned_data["answer"].partition("|")
        title = f"{telling.item_label(asked[item])}: {telling.level_label(asked[item], level)}"
        chart = comparing.over_time(_years(item, level), title, _("Each point is a survey."))
    context = _shared(wave, kept, form) | {
        "changed": found[0],
        "broken": found[1],
        "choose": choose,
        "series": chart,
    }
    return render(request, "listen/results_changes.html", context)


@staff
def method(request: HttpRequest, code: str) -> HttpResponse:
    wave, kept, form = _kept(code)
    context = _shared(wave, kept, form) | {
        "parts": telling.method(kept.content, wave, form),
        "response": answering.by_area(kept.content),
        "absence": list(answering.absence(kept.content, form)),
        "versions": wave.compilations.defer("content").select_related("computed_by"),
    }
    return render(request, "listen/results_method.html", context)


@staff
@require_POST
def compile_results(request: HttpRequest, code: str) -> HttpResponse:
    wave = _wave(code)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        job = tried(
            form, lambda: actions.compile_results(wave=wave, reason=reason, by=person(request))
        )
        if job is not None:
            return redirect("listen:job", job.pk)
    for error in [*form.non_field_errors(), *form.errors.get("reason", [])]:
        messages.error(request, error)
    return redirect("listen:results", code)


@staff
def freeze_results(request: HttpRequest, code: str) -> HttpResponse:
    wave = _wave(code)
    if request.method == "POST":
        actions.freeze_results(wave=wave, by=person(request))
        messages.success(request, _("The results are frozen. Promises can point to them now."))
        return redirect("listen:results", code)
    may_write = may(person(request), Permission.WRITE_SURVEY)
    return render(
        request, "listen/sure/freeze_results.html", {"wave": wave, "may_write": may_write}
    )


@staff
def export(request: HttpRequest, code: str, name: str) -> HttpResponse:
    wave, kept, form = _kept(code)
    start = f"{wave.code}-{kept.number}"
    if name == "excel":
        return _file(exports.workbook(kept, wave, form), f"{start}.xlsx", EXCEL)
    if name == "tabell":
        return _file(exports.as_csv(exports.long(kept, form)), f"{start}.csv", CSV)
    return _file(exports.as_csv(exports.codebook(form)), f"{start}-koder.csv", CSV)


@staff
@require_POST
def take_rows(request: HttpRequest, code: str) -> HttpResponse:
    """Answers one by one, for analysis elsewhere; each time is a line in the log."""
    wave = _wave(code)
    lines = actions.take_rows(wave=wave, by=person(request))
    return _file(exports.as_csv(lines), f"{wave.code}-svar.csv", CSV)


def _wave(code: str) -> Wave:
    return get_object_or_404(Wave.objects.select_related("questionnaire"), code=code)


def _kept(code: str) -> tuple[Wave, Compilation, Form]:
    wave = _wave(code)
    kept = wave.compilations.first()
    if kept is None:
        raise Http404
    kept.wave = wave
    return wave, kept, _form(wave)


def _form(wave: Wave) -> Form:
    if wave.questionnaire is None:
        raise Http404
    return wave.questionnaire.form


def _shared(wave: Wave, kept: Compilation, form: Form) -> dict[str, Any]:
    """What every page of the results shows, and the ways to the others."""
    content = kept.content
    return {
        "wave": wave,
        "kept": kept,
        "overview": telling.overview(content),
        "self_chosen": telling.self_chosen(wave),
        "pages": [
            (page.code, telling.label(page.title))
            for page in form.pages
            if any(pictures.counted(content, question) for question in page.questions)
        ],
        "has_index": bool(content["index"]),
        "has_places": any(any(found.values()) for found in content["places"].values()),
    }


def _wanted(kept: Compilation, form: Form) -> Iterator[dict[str, Any]]:
    for question in form.questions:
        if question.kind is Kind.PRIORITIES:
            labels = {choice.code: telling.label(choice.label) for choice in question.choices}
            found = kept.content["priorities"][question.code]
            yield {
                "chart": pictures.priorities(kept.content, question),
                "table": pictures.places_in_order(kept.content, question),
                "order": telling.order(found, labels),
            }


def _themes(wave: Wave, kept: Compilation, codes: list[str]) -> Iterator[dict[str, Any]]:
    names = {(theme.question, theme.code): theme.name for theme in wave.themes.all()}
    for code in codes:
        found = kept.content["themes"].get(code)
        if found and found["n"]:
            yield {"n": found["n"], "table": answering.themes(found, code, names)}


def _answers(asked: Any) -> list[tuple[str, str]]:
    return [
        (f"{item.code}|{level}", f"{pictures.full(item)}: {telling.level_label(item, level)}")
        for item in asked
        for level in _levels(item)
    ]


def _levels(item: Item) -> tuple[str, ...]:
    return item.levels if item.choice is None else ("yes",)


def _years(item: str, level: str) -> list[series.Placed]:
    """All waves with results, the oldest first."""
    found = Compilation.objects.newest().select_related("wave__comparable_with")
    return series.placed(
        [
            series.Past(
                code=kept.wave.code,
                name=str(kept.wave.opens.year),
                comparable=kept.wave.comparable_with.code if kept.wave.comparable_with else None,
                intervals=kept.wave.allowed.intervals,
                why=kept.wave.broken,
                **{name: told.get(name) for name in ("share", "low", "high")},
            )
            for kept in found.order_by("wave__opens")
            for told in [series.share(kept.content, item, level)]
        ]
    )


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Language"] = get_language() or "sv"
    return response
