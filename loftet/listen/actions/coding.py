"""What people wrote in their own words: masked, read, and coded by two who do not confer.

Only the question `may_quote` in the questionnaire gives leave to quote; nobody here can give it.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from loftet.core import log
from loftet.core.access import require
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.rules import personal
from loftet.core.turn import action
from loftet.listen.actions import envelopes
from loftet.listen.models import Answer, Coding, Passage, Theme, Wave
from loftet.listen.rules import masking, suggesting, waves
from loftet.listen.rules.agreeing import Pair
from loftet.listen.rules.form import Kind, Question

OPENED = {waves.State.COUNTED, waves.State.SETTLED}
LEAVE = "may_quote"  # code of the question that asks for it
GIVEN = "yes"  # and of the answer that gives it


def questions(wave: Wave) -> list[Question]:
    """Those that people answer in their own words."""
    return [q for q in envelopes.form_of(wave).questions if q.kind is Kind.TEXT]


def asks_for_leave(wave: Wave) -> bool:
    return any(question.code == LEAVE for question in envelopes.form_of(wave).questions)


@action
def take_out_texts(*, wave: Wave, by: User) -> int:
    """Make every open answer ready to be read, with numbers and addresses masked."""
    require(by, Permission.CODE_ANSWERS)
    hold(wave, "state")
    _refuse_unopened(wave)
    codes = [question.code for question in questions(wave)]
    there = set(
        Passage.objects.filter(answer__wave=wave).values_list("answer_id", "question").iterator()
    )
    made = [
        _passage(answer, code)
        for answer in wave.answers.order_by("pk").iterator()
        for code in codes
        if (answer.pk, code) not in there and str(answer.content.get(code, "")).strip()
    ]
    Passage.objects.bulk_create(made, batch_size=500)
    if made:
        log.record(by, "took_out_texts", wave, texts=len(made))
    return len(made)


def _passage(answer: Answer, question: str) -> Passage:
    text = str(answer.content[question])
    found = [(span.start, span.end, str(span.kind)) for span in personal.spans(text)]
    return Passage(
        answer=answer,
        question=question,
        masked=masking.masked(text, found),
        may_quote=answer.content.get(LEAVE) == GIVEN,
    )


@action
def approve(*, passage: Passage, hide: Collection[int], mask: str, by: User) -> Passage:
    """Say that nothing points at a person any more, once these words are hidden."""
    require(by, Permission.CODE_ANSWERS)
    hold(passage, "masked", "read_by")
    _refuse_unopened(passage.answer.wave)
    if mask not in masking.BY_HAND:
        raise Refused("no_mask", _("Choose what the words are."), field="mask")
    passage.masked = masking.hidden(passage.masked, hide, masking.BY_HAND[mask])
    passage.read_by = by
    passage.save(update_fields=["masked", "read_by"])
    log.record(by, "approved", passage, hidden=len(hide))
    return passage


# --- The codebook ---------------------------------------------------------------------------------


@action
def add_theme(*, theme: Theme, by: User) -> Theme:
    require(by, Permission.CODE_ANSWERS)
    _refuse_unopened(theme.wave)
    if theme.question not in {question.code for question in questions(theme.wave)}:
        raise Refused("no_text", _("Nobody answers that question in their own words."))
    theme.code = slugify(theme.name_sv)[:40]
    _keep(theme)
    log.record(by, "added", theme, question=theme.question, code=theme.code)
    return theme


@action
def edit_theme(*, theme: Theme, by: User) -> Theme:
    require(by, Permission.CODE_ANSWERS)
    _refuse_unopened(theme.wave)
    _keep(theme)
    log.record(by, "edited", theme, code=theme.code)
    return theme


@action
def remove_theme(*, theme: Theme, by: User) -> None:
    require(by, Permission.CODE_ANSWERS)
    if Coding.objects.filter(themes=theme).exists():
        raise Refused("in_use", _("Texts have been put under this theme; it stays."))
    log.record(by, "removed", theme, question=theme.question, code=theme.code)
    theme.delete()


def _keep(theme: Theme) -> None:
    refuse_personal_data(
        name_sv=theme.name_sv, name_en=theme.name_en, rule=theme.rule, words=theme.words
    )
    same = Theme.objects.filter(wave=theme.wave, question=theme.question, code=theme.code)
    if same.exclude(pk=theme.pk).exists() or not theme.code:
        raise Refused("theme_twice", _("There is a theme with this name."), field="name_sv")
    refuse_invalid(theme)
    theme.save()


# --- Coding ---------------------------------------------------------------------------------------


@action
def code_passage(*, passage: Passage, themes: Iterable[Theme], by: User) -> Coding:
    """One coder's own judgement; it may be changed until the other has coded too."""
    require(by, Permission.CODE_ANSWERS)
    chosen = _of_question(passage, themes)
    _refuse_unreadable(passage)
    coders = set(passage.codings.filter(settles=False).values_list("coder", flat=True))
    if len(coders) >= 2 or passage.codings.filter(settles=True).exists():
        raise Refused("coded_by_two", _("Two have coded this text already."))
    coding, _new = Coding.objects.get_or_create(passage=passage, coder=by, settles=False)
    coding.themes.set(chosen)
    log.record(by, "coded", passage)
    return coding


@action
def settle(*, passage: Passage, themes: Iterable[Theme], by: User) -> Coding:
    """What counts where two coders differ: said by a third, or by one of them once they agree."""
    require(by, Permission.CODE_ANSWERS)
    chosen = _of_question(passage, themes)
    _refuse_unreadable(passage)
    if passage.codings.filter(settles=False).count() < 2:
        raise Refused("not_coded", _("Two people code a text before it is settled."))
    passage.codings.filter(settles=True).delete()
    coding = Coding.objects.create(passage=passage, coder=by, settles=True)
    coding.themes.set(chosen)
    log.record(by, "settled", passage)
    return coding


def pairs(wave: Wave, question: str) -> tuple[list[Pair], set[int]]:
    """What the two coders of each text found, and which of the texts are settled."""
    codings = Coding.objects.filter(passage__answer__wave=wave, passage__question=question)
    found: dict[int, list[frozenset[str]]] = {}
    settled = set()
    for coding in codings.prefetch_related("themes").order_by("passage", "pk"):
        if coding.settles:
            settled.add(coding.passage_id)
        else:
            under = frozenset(theme.code for theme in coding.themes.all())
            found.setdefault(coding.passage_id, []).append(under)
    twice = [Pair(passage, *sets) for passage, sets in found.items() if len(sets) == 2]
    return twice, settled


def suggested(passage: Passage, themes: Iterable[Theme]) -> set[str]:
    return suggesting.suggested(
        passage.masked, {theme.code: theme.words.splitlines() for theme in themes}
    )


def proposals(wave: Wave, question: str, themes: Iterable[Theme]) -> list[suggesting.Beginning]:
    """Beginnings of words that many texts have and no theme does; in unread ones may be names."""
    read = Passage.objects.of(wave, question).exclude(read_by=None)
    texts = read.values_list("masked", flat=True)
    known = [word for theme in themes for word in theme.words.splitlines()]
    return suggesting.beginnings(list(texts), known)


def _of_question(passage: Passage, themes: Iterable[Theme]) -> list[Theme]:
    chosen = list(themes)
    own: dict[str, Any] = {"wave": passage.answer.wave, "question": passage.question}
    if any(getattr(theme, name) != value for theme in chosen for name, value in own.items()):
        raise Refused("foreign_theme", _("A theme belongs to another question."))
    return chosen


def _refuse_unreadable(passage: Passage) -> None:
    hold(passage, "read_by")
    _refuse_unopened(passage.answer.wave)
    if passage.read_by_id is None:
        raise Refused("not_read", _("Somebody looks for names in a text before it is coded."))


def _refuse_unopened(wave: Wave) -> None:
    if wave.state not in OPENED:
        raise Refused("not_opened", _("The answers are sealed until the field has closed."))
