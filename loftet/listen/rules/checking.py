"""Everything that must hold for a questionnaire before it is stored, and before it is used."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from loftet.listen.rules import expressions, form, shape
from loftet.listen.rules.expressions import Call, ExpressionError, Literal, Node, Reference
from loftet.listen.rules.form import Choice, Form, Kind, Question, Texts
from loftet.listen.rules.problems import Grade, Problem, Where, stops, unready

__all__ = ["COUNTS", "Grade", "Problem", "Where", "problems", "stops", "unready"]

# Taken: fields of the page, columns that results have beside the answers, a word of XForms.
RESERVED = {"csrfmiddlewaretoken", "stratum", "mode", "language", "weight", "meta"}
LARGEST_ROOM = 400_000
LONGEST_ANSWER = 10_000

# Which fields count for which kind; what does not count must not be there.
COUNTS: dict[Kind, frozenset[str]] = {
    Kind.SINGLE: frozenset({"choices", "constraint"}),
    Kind.SCALE: frozenset({"choices", "constraint"}),
    Kind.SEVERAL: frozenset({"choices", "most", "constraint"}),
    Kind.PRIORITIES: frozenset({"choices", "most", "constraint"}),
    Kind.GRID: frozenset({"choices", "rows"}),
    Kind.NUMBER: frozenset({"lowest", "highest", "whole", "constraint"}),
    Kind.TEXT: frozenset({"longest", "constraint"}),
    Kind.PLACE: frozenset({"most", "longest"}),
}
PARTICULAR = frozenset().union(*COUNTS.values())


def problems(document: Any) -> list[Problem]:
    """What is wrong, unfinished or could be better; nothing more is said of one without shape."""
    if found := shape.problems(document):
        return found
    whole = form.read(document)
    return [
        *_languages(whole),
        *_translations(whole),
        *_codes(whole),
        *_pages(whole),
        *_questions(whole),
        *_rules(whole),
        *_size(whole),
    ]


def _questions(whole: Form) -> Iterator[Problem]:
    for where, question in _places(whole):
        yield from _fields(where, question)
        yield from _choices(where, question)
        yield from _limits(where, question)


def _places(whole: Form) -> Iterator[tuple[Where, Question]]:
    for number, page in enumerate(whole.pages):
        for place, question in enumerate(page.questions):
            yield Where(number, place), question


# --- Languages ------------------------------------------------------------------------------------


def _languages(whole: Form) -> Iterator[Problem]:
    where = Where(field="languages")
    if "sv" not in whole.languages:
        yield Problem(where, "no_swedish")
    for language, times in Counter(whole.languages).items():
        if times > 1:
            yield Problem(where, "language_twice", {"language": language})


def _translations(whole: Form) -> Iterator[Problem]:
    for where, texts, needed in _all_texts(whole):
        given = {language for language, text in texts.items() if text.strip()}
        if not given and not needed:
            continue
        if any("${" in text for text in texts.values()):
            yield Problem(where, "text_reference")
        for language in texts.keys() - set(whole.languages):
            yield Problem(where, "language_undeclared", {"language": language})
        for language in whole.languages:
            if language not in given:
                grade = Grade.WRONG if language == "sv" else Grade.ADVICE
                code = "swedish_missing" if language == "sv" else "translation_missing"
                yield Problem(where, code, {"language": language}, grade)


def _all_texts(whole: Form) -> Iterator[tuple[Where, Texts, bool]]:
    """Every text with its place, and whether it must be there."""
    yield Where(field="title"), whole.title, True
    yield Where(field="introduction"), whole.introduction, False
    yield Where(field="thanks"), whole.thanks, False
    for number, page in enumerate(whole.pages):
        yield Where(number, field="title"), page.title, True
        yield Where(number, field="introduction"), page.introduction, False
    for where, question in _places(whole):
        yield where.at("label"), question.label, True
        yield where.at("hint"), question.hint, False
        yield where.at("constraint_message"), question.constraint_message, False
        for name, choices in (("choices", question.choices), ("rows", question.rows)):
            for number, choice in enumerate(choices):
                yield where.at(name).at(number).at("label"), choice.label, True


# --- Codes ----------------------------------------------------------------------------------------


def _codes(whole: Form) -> Iterator[Problem]:
    """Unique however they are written: other programs make no difference of large and small."""
    used: set[str] = set()
    pages = ((Where(number), page.code) for number, page in enumerate(whole.pages))
    questions = ((where, question.code) for where, question in _places(whole))
    for where, code in [*pages, *questions]:
        if code in RESERVED:
            yield Problem(where.at("code"), "code_reserved", {"code": code})
        if code.casefold() in used:
            yield Problem(where.at("code"), "code_twice", {"code": code})
        used.add(code.casefold())


def _twice(where: Where, choices: Sequence[Choice]) -> Iterator[Problem]:
    for code, times in Counter(choice.code for choice in choices).items():
        if times > 1:
            yield Problem(where, "choice_twice", {"code": code})


# --- Pages and questions --------------------------------------------------------------------------


def _pages(whole: Form) -> Iterator[Problem]:
    if not any(page.questions for page in whole.pages):
        yield Problem(Where(field="pages"), "no_questions", {}, Grade.UNFINISHED)
    for number, page in enumerate(whole.pages):
        if not page.questions and not any(page.introduction.values()):
            yield Problem(Where(number), "page_empty", {}, Grade.UNFINISHED)


def _fields(where: Where, question: Question) -> Iterator[Problem]:
    for name in sorted(PARTICULAR - COUNTS[question.kind]):
        if form.present(getattr(question, name)):
            yield Problem(where.at(name), "unwanted", {"field": name, "kind": str(question.kind)})
    if question.constraint_message and not question.constraint:
        yield Problem(where.at("constraint_message"), "message_alone")


def _choices(where: Where, question: Question) -> Iterator[Problem]:
    wanted = COUNTS[question.kind]
    if "choices" in wanted and len(question.choices) < 2:
        yield Problem(where.at("choices"), "choices_few")
    if "rows" in wanted and not question.rows:
        yield Problem(where.at("rows"), "rows_missing")
    yield from _twice(where.at("choices"), question.choices)
    yield from _twice(where.at("rows"), question.rows)


def _limits(where: Where, question: Question) -> Iterator[Problem]:
    if question.kind is Kind.PRIORITIES and question.most is None:
        yield Problem(where.at("most"), "most_missing")
    at_most = form.MARKS_AT_MOST if question.kind is Kind.PLACE else len(question.choices)
    if question.most is not None and question.most > at_most:
        yield Problem(where.at("most"), "most_high", {"most": question.most, "of": at_most})
    if question.longest is not None and question.longest > LONGEST_ANSWER:
        yield Problem(where.at("longest"), "longest_high", {"most": LONGEST_ANSWER})
    lowest, highest = question.lowest, question.highest
    if lowest is not None and highest is not None and lowest > highest:
        yield Problem(where.at("lowest"), "limits_order", {"lowest": lowest, "highest": highest})


def _size(whole: Form) -> Iterator[Problem]:
    if (room := form.room(whole)) > LARGEST_ROOM:
        yield Problem(Where(), "answers_large", {"room": room, "most": LARGEST_ROOM})


# --- Rules ----------------------------------------------------------------------------------------


def _rules(whole: Form) -> Iterator[Problem]:
    everything = {question.code: question for question in whole.questions}
    earlier: dict[str, Question] = {}
    for number, page in enumerate(whole.pages):
        known = _Known(everything, earlier)
        yield from known.rule(Where(number, field="relevant"), page.relevant)
        for place, question in enumerate(page.questions):
            where = Where(number, place)
            yield from known.rule(where.at("relevant"), question.relevant)
            yield from known.rule(where.at("constraint"), question.constraint, own=question)
            earlier[question.code] = question


class _Known:
    """The questions a rule may ask about: those before it."""

    def __init__(self, everything: Mapping[str, Question], earlier: Mapping[str, Question]) -> None:
        self.everything = everything
        self.earlier = earlier

    def rule(self, where: Where, rule: str, own: Question | None = None) -> Iterator[Problem]:
        if not rule:
            return
        try:
            node = expressions.parse(rule)
        except ExpressionError as error:
            told: dict[str, str | int | float] = {"at": error.at, "found": error.found}
            yield Problem(where, f"rule_{error.code}", told)
            return
        if own is None and expressions.uses_itself(node):
            yield Problem(where, "rule_itself")
        for reference in expressions.references(node):
            yield from self._reference(where, reference, own)
        yield from self._comparisons(where, node, own)

    def _reference(
        self, where: Where, reference: Reference, own: Question | None
    ) -> Iterator[Problem]:
        code, row = reference.code, reference.row
        if own is not None and code == own.code:
            yield Problem(where, "rule_names_itself", {"code": code})
        elif code not in self.everything:
            yield Problem(where, "rule_unknown", {"code": code})
        elif code not in self.earlier:
            yield Problem(where, "rule_later", {"code": code})
        elif row and row not in {choice.code for choice in self.earlier[code].rows}:
            yield Problem(where, "rule_row", {"code": code, "row": row})

    def _comparisons(self, where: Where, node: Node, own: Question | None) -> Iterator[Problem]:
        """A choice that the question does not have can never be chosen: most likely a slip."""
        if not isinstance(node, Call):
            return
        for argument in node.arguments:
            yield from self._comparisons(where, argument, own)
        if node.name in {"=", "!=", "selected"}:
            turned = [] if node.name == "selected" else [node.arguments[::-1]]
            for asked, value in [node.arguments, *turned]:
                question = self._asked(asked, own)
                if question and question.choices and isinstance(value, Literal):
                    yield from _unknown_choice(where, question, value)

    def _asked(self, node: Node, own: Question | None) -> Question | None:
        if isinstance(node, Reference):
            return self.earlier.get(node.code)
        return own if node == Call("this") else None


def _unknown_choice(where: Where, question: Question, value: Literal) -> Iterable[Problem]:
    chosen = expressions.text(value.value)
    if chosen and chosen not in {choice.code for choice in question.choices}:
        args = {"code": question.code, "choice": chosen}
        yield Problem(where, "rule_choice", args, Grade.ADVICE)
