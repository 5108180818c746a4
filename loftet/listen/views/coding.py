"""Open answers: read and masked by one, put under themes by two, settled, and perhaps quoted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core.access import may, require
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.listen.actions import coding as actions
from loftet.listen.forms.coding import MaskForm, ThemeForm, ThemesForm
from loftet.listen.models import Coding, Passage, Theme, Wave
from loftet.listen.rules import agreeing, form, masking
from loftet.listen.rules.paper import SIGNS

A_PAGE = 50


@dataclass(frozen=True)
class Offered:
    """A theme on the screen: suggested is not chosen."""

    theme: Theme
    sign: str
    suggested: bool
    chosen: bool
    first: bool = False
    second: bool = False


@staff
def coding(request: HttpRequest, code: str) -> HttpResponse:
    wave = _wave(code)
    counts = Passage.objects.filter(answer__wave=wave).counts()
    asked = [(q.code, _label(q), counts.get(q.code, (0, 0, 0))) for q in actions.questions(wave)]
    context = _context(request, wave) | {"questions": asked, "opened": _opened(wave)}
    return render(request, "listen/coding.html", context)


@staff
@require_POST
def take_out_texts(request: HttpRequest, code: str) -> HttpResponse:
    made = actions.take_out_texts(wave=_wave(code), by=person(request))
    messages.success(request, _("%(count)d texts can be read now.") % {"count": made})
    return redirect("listen:coding", code)


@staff
def question(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """Where one question stands: what is left to read, code and settle, and how well two agree."""
    wave = _wave(code)
    texts = Passage.objects.of(wave, question)
    pairs, settled = actions.pairs(wave, question)
    themes = _themes(wave, question)
    names = {theme.code: theme.name for theme in themes}
    agreed = agreeing.agreement(pairs, list(names)) if pairs else []
    context = _context(request, wave, question) | {
        "texts": texts.count(),
        "unread": texts.unread().count(),
        "to_code": texts.to_code(person(request)).count(),
        "twice": len(pairs),
        "differing": sum(not p.same and p.passage not in settled for p in pairs),
        "quotable": texts.quotable().count(),
        "themes": themes,
        "agreement": [(names[found.theme], found) for found in agreed],
    }
    return render(request, "listen/coding_question.html", context)


# --- Reading --------------------------------------------------------------------------------------


@staff
def read_next(request: HttpRequest, code: str, question: str) -> HttpResponse:
    waits = Passage.objects.of(_wave(code), question).unread().order_by("pk").first()
    if waits is None:
        messages.success(request, _("Every text is read."))
        return redirect("listen:coding_question", code, question)
    return redirect("listen:read_text", code, question, waits.pk)


@staff
def read(request: HttpRequest, code: str, question: str, pk: int) -> HttpResponse:
    require(person(request), Permission.CODE_ANSWERS)
    wave, passage = _wave(code), _passage(code, question, pk)
    pieces = masking.pieces(passage.masked)
    words = sum(piece.number is not None for piece in pieces)
    posted = MaskForm(request.POST or None, words=words)
    if request.method == "POST" and posted.is_valid():
        done = tried(
            posted,
            lambda: actions.approve(passage=passage, by=person(request), **posted.cleaned_data),
        )
        if done:
            return redirect("listen:read_texts", code, question)
    left = Passage.objects.of(wave, question).unread().count()
    context = _context(request, wave, question) | {
        "passage": passage,
        "pieces": pieces,
        "form": posted,
        "left": left,
    }
    return render(request, "listen/coding_read.html", context)


# --- The codebook ---------------------------------------------------------------------------------


@staff
def codebook(request: HttpRequest, code: str, question: str) -> HttpResponse:
    wave = _wave(code)
    start = {"words": request.GET["ord"], "name_sv": ""} if "ord" in request.GET else None
    form = ThemeForm(request.POST or None, initial=start)
    form.instance.wave, form.instance.question = wave, question
    if request.method == "POST" and form.is_valid():
        theme = form.save(commit=False)
        if tried(form, lambda: actions.add_theme(theme=theme, by=person(request))):
            messages.success(request, _("The theme is in the codebook."))
            return redirect("listen:codebook", code, question)
    themes = _themes(wave, question)
    context = _context(request, wave, question) | {
        "form": form,
        "themes": themes,
        "proposals": actions.proposals(wave, question, themes) if _may(request) else [],
    }
    return render(request, "listen/coding_book.html", context)


@staff
def theme(request: HttpRequest, code: str, question: str, pk: int) -> HttpResponse:
    wave = _wave(code)
    found = get_object_or_404(Theme, wave=wave, question=question, pk=pk)
    form = ThemeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        kept = form.save(commit=False)
        if tried(form, lambda: actions.edit_theme(theme=kept, by=person(request))):
            messages.success(request, _("The theme is kept."))
            return redirect("listen:codebook", code, question)
    context = _context(request, wave, question) | {"form": form, "theme": found}
    return render(request, "listen/coding_theme.html", context)


@staff
@require_POST
def remove_theme(request: HttpRequest, code: str, question: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Theme, wave__code=code, question=question, pk=pk)
    actions.remove_theme(theme=found, by=person(request))
    messages.success(request, _("The theme is removed."))
    return redirect("listen:codebook", code, question)


# --- Coding ---------------------------------------------------------------------------------------


@staff
def code_next(request: HttpRequest, code: str, question: str) -> HttpResponse:
    waits = Passage.objects.of(_wave(code), question).to_code(person(request)).first()
    if waits is None:
        messages.success(request, _("There is nothing more for you to code here."))
        return redirect("listen:coding_question", code, question)
    return redirect("listen:code_text", code, question, waits.pk)


@staff
def code(request: HttpRequest, code: str, question: str, pk: int) -> HttpResponse:
    by = person(request)
    require(by, Permission.CODE_ANSWERS)
    wave, passage = _wave(code), _passage(code, question, pk)
    themes = _themes(wave, question)
    form = ThemesForm(request.POST if request.method == "POST" else None, themes=themes)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["themes"]
        if tried(form, lambda: actions.code_passage(passage=passage, themes=chosen, by=by)):
            return redirect("listen:code_texts", code, question)
    own = Coding.objects.filter(passage=passage, coder=by, settles=False).first()
    before = Coding.objects.filter(
        passage__answer__wave=wave, passage__question=question, coder=by, settles=False
    ).exclude(passage=passage)
    context = _context(request, wave, question) | {
        "passage": passage,
        "form": form,
        "offered": _offered(themes, passage, own.themes.all() if own else ()),
        "left": Passage.objects.of(wave, question).to_code(by).count(),
        "before": before.order_by("-pk").first(),
    }
    return render(request, "listen/coding_code.html", context)


@staff
def settle_next(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """One text at a time that two put under different themes."""
    require(person(request), Permission.CODE_ANSWERS)
    wave = _wave(code)
    if request.method == "POST":
        return _settle(request, wave, question)
    pairs, settled = actions.pairs(wave, question)
    waiting = [pair for pair in pairs if not pair.same and pair.passage not in settled]
    if not waiting:
        messages.success(request, _("Nothing is left to settle."))
        return redirect("listen:coding_question", code, question)
    pair = waiting[0]
    passage = _passage(code, question, pair.passage)
    offered = [
        Offered(
            theme,
            "",
            suggested=False,
            chosen=theme.code in pair.first & pair.second,
            first=theme.code in pair.first,
            second=theme.code in pair.second,
        )
        for theme in _themes(wave, question)
    ]
    context = _context(request, wave, question) | {
        "passage": passage,
        "offered": offered,
        "left": len(waiting),
    }
    return render(request, "listen/coding_settle.html", context)


def _settle(request: HttpRequest, wave: Wave, question: str) -> HttpResponse:
    number = request.POST.get("passage", "")
    passage = _passage(wave.code, question, int(number) if number.isdecimal() else 0)
    form = ThemesForm(request.POST, themes=_themes(wave, question))
    if form.is_valid():
        actions.settle(passage=passage, themes=form.cleaned_data["themes"], by=person(request))
    return redirect("listen:settle_texts", wave.code, question)


@staff
def quotes(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """Only what its writer gave leave to quote, and somebody has read."""
    wave = _wave(code)
    texts = Passage.objects.of(wave, question).quotable().order_by("pk")
    under = request.GET.get("tema", "")
    if under:
        texts = texts.filter(codings__themes__code=under).distinct()
    context = _context(request, wave, question) | {
        "page": Paginator(texts, A_PAGE).get_page(request.GET.get("page")),
        "themes": _themes(wave, question),
        "under": under,
        "asks": actions.asks_for_leave(wave),
    }
    return render(request, "listen/coding_quotes.html", context)


# --- Shared ---------------------------------------------------------------------------------------


def _wave(code: str) -> Wave:
    return get_object_or_404(Wave.objects.select_related("questionnaire"), code=code)


def _passage(code: str, question: str, pk: int) -> Passage:
    rows = Passage.objects.select_related("answer__wave")
    return get_object_or_404(rows, answer__wave__code=code, question=question, pk=pk)


def _themes(wave: Wave, question: str) -> list[Theme]:
    return list(wave.themes.filter(question=question))


def _offered(themes: Iterable[Theme], passage: Passage, chosen: Collection[Theme]) -> list[Offered]:
    suggested = actions.suggested(passage, themes)
    signs = dict(enumerate(SIGNS))
    return [
        Offered(theme, signs.get(at, ""), theme.code in suggested, theme in chosen)
        for at, theme in enumerate(themes)
    ]


def _context(request: HttpRequest, wave: Wave, question: str = "") -> dict[str, object]:
    context: dict[str, object] = {"wave": wave, "may_code": _may(request)}
    if question:
        found = {asked.code: asked for asked in actions.questions(wave)}.get(question)
        if found is None:
            raise Http404
        context |= {"question": question, "label": _label(found)}
    return context


def _label(asked: form.Question) -> str:
    return form.text(asked.label, get_language() or "sv")


def _opened(wave: Wave) -> bool:
    return wave.state in actions.OPENED


def _may(request: HttpRequest) -> bool:
    return may(person(request), Permission.CODE_ANSWERS)
