"""What is wrong with a questionnaire, in words: where it is, what it is, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.core.errors import Refused
from loftet.listen.rules.checking import Problem, Where

MESSAGES: dict[str, str | Promise] = {
    # The shape of the document
    "not_fields": gettext_lazy("fields with names were expected here."),
    "not_list": gettext_lazy("a list was expected here."),
    "not_text": gettext_lazy("a text was expected here."),
    "not_texts": gettext_lazy("texts by language were expected here, such as sv and en."),
    "not_number": gettext_lazy("a number was expected here, at most a million millions."),
    "not_count": gettext_lazy("a whole number above zero was expected here."),
    "not_yes_or_no": gettext_lazy("yes or no was expected here."),
    "missing": gettext_lazy("“%(field)s” is missing."),
    "unknown_field": gettext_lazy("“%(field)s” is not a field that we know; take it away."),
    "unknown_kind": gettext_lazy("“%(found)s” is not a kind of question that we know."),
    "many": gettext_lazy("there are %(found)d here, and %(most)d are the most allowed."),
    "many_questions": gettext_lazy("there are more than %(most)d questions. Divide the survey."),
    "long": gettext_lazy("the text has %(length)d characters; %(most)d are the most allowed."),
    "unprintable": gettext_lazy("the text holds a character that is not seen (%(sign)s)."),
    "code": gettext_lazy(
        "the code “%(found)s” must begin with a letter from A to Z and have at most 40 letters, "
        "digits, hyphens and underscores."
    ),
    "choice_code": gettext_lazy(
        "the code “%(found)s” may have at most 40 letters from A to Z, digits, hyphens and "
        "underscores."
    ),
    "language": gettext_lazy("“%(found)s” is not a language tag such as sv, en or sv-x-easy."),
    # Languages
    "no_swedish": gettext_lazy("Swedish (sv) must be among the languages."),
    "language_twice": gettext_lazy("the language %(language)s is there twice."),
    "language_undeclared": gettext_lazy(
        "there is a text in %(language)s, which is not among the languages of the questionnaire."
    ),
    "swedish_missing": gettext_lazy("the text in Swedish is missing."),
    "translation_missing": gettext_lazy(
        "there is no text in %(language)s; the Swedish one will be shown."
    ),
    "text_reference": gettext_lazy(
        "earlier answers cannot be put into a text. Take away what begins with ${."
    ),
    # Codes, pages and questions
    "code_reserved": gettext_lazy("the code “%(code)s” is taken by the system. Choose another."),
    "code_twice": gettext_lazy("the code “%(code)s” is used twice. Choose another."),
    "choice_twice": gettext_lazy("the code “%(code)s” is used twice in the list."),
    "no_questions": gettext_lazy("there are no questions yet."),
    "page_empty": gettext_lazy("the page has neither a question nor an introduction."),
    "unwanted": gettext_lazy("a question of this kind cannot have “%(field)s”; take it away."),
    "message_alone": gettext_lazy("there is a message but no rule that it belongs to."),
    "choices_few": gettext_lazy("give at least two choices."),
    "rows_missing": gettext_lazy("give at least one row."),
    "most_missing": gettext_lazy("say how many may be chosen at most."),
    "most_high": gettext_lazy("at most %(most)d may be chosen, but there are only %(of)d."),
    "longest_high": gettext_lazy("an answer may have at most %(most)d characters."),
    "limits_order": gettext_lazy("the lowest, %(lowest)s, is above the highest, %(highest)s."),
    "answers_large": gettext_lazy(
        "the longest possible answer takes %(room)d bytes, and %(most)d are the most allowed. "
        "Give the free texts a lower limit."
    ),
    # Rules
    "rule_value_wanted": gettext_lazy(
        "at character %(at)d of the rule a value was expected: a ${code}, a number, a text in "
        "quotes."
    ),
    "rule_sign_wanted": gettext_lazy("at character %(at)d of the rule, “%(found)s” is missing."),
    "rule_left_over": gettext_lazy(
        "the rule goes on with “%(found)s” at character %(at)d, where it should have ended."
    ),
    "rule_sign": gettext_lazy(
        "“%(found)s” at character %(at)d cannot stand in a rule. Texts have straight quotes, "
        "answers are written ${code}."
    ),
    "rule_open_string": gettext_lazy(
        "the text that begins at character %(at)d of the rule has no closing quote."
    ),
    "rule_number": gettext_lazy("“%(found)s” at character %(at)d is not a number we can read."),
    "rule_reference": gettext_lazy(
        "“%(found)s” at character %(at)d is not the code of a question; write ${code} or "
        "${grid.row}."
    ),
    "rule_function": gettext_lazy(
        "“%(found)s” at character %(at)d is not a function we know. There are not, selected, "
        "count-selected, string-length, coalesce, true and false."
    ),
    "rule_arguments": gettext_lazy(
        "“%(found)s” at character %(at)d has the wrong number of values in its parentheses."
    ),
    "rule_long": gettext_lazy("the rule is too long. Divide the question or simplify the rule."),
    "rule_deep": gettext_lazy("the rule has too many parentheses inside each other."),
    "rule_itself": gettext_lazy(
        "“.” means the answer itself; a rule for when to ask cannot use it."
    ),
    "rule_names_itself": gettext_lazy("write “.” instead of ${%(code)s} for the answer itself."),
    "rule_unknown": gettext_lazy("the rule asks for ${%(code)s}, which is not in the form."),
    "rule_later": gettext_lazy(
        "the rule asks for ${%(code)s}, which comes later. Move one of the questions."
    ),
    "rule_row": gettext_lazy("the rule asks for ${%(code)s.%(row)s}, which is not a row there."),
    "rule_choice": gettext_lazy(
        "the rule compares ${%(code)s} with “%(choice)s”, which is not one of its choices."
    ),
}  # fmt: skip

PARTS: dict[str, str | Promise] = {
    "title": gettext_lazy("title"),
    "introduction": gettext_lazy("introduction"),
    "thanks": gettext_lazy("words of thanks"),
    "languages": gettext_lazy("languages"),
    "code": gettext_lazy("code"),
    "kind": gettext_lazy("kind"),
    "hint": gettext_lazy("hint"),
    "most": gettext_lazy("at most"),
    "lowest": gettext_lazy("lowest"),
    "highest": gettext_lazy("highest"),
    "longest": gettext_lazy("longest"),
    "relevant": gettext_lazy("when it is asked"),
    "constraint": gettext_lazy("rule for the answer"),
    "constraint_message": gettext_lazy("message"),
}


class Faulty(Refused):
    """A questionnaire or a file with several things wrong; `lines` says each of them."""

    def __init__(self, code: str, lines: Sequence[str], *, field: str | None = None) -> None:
        super().__init__(code, summary(lines), field=field)
        self.lines = list(lines)


def summary(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return lines[0]
    more = _("There are %(count)d faults; this is the first of them.") % {"count": len(lines)}
    return f"{lines[0]} {more}"


def said(problem: Problem, document: Any) -> str:
    """The whole sentence, with where it is."""
    return f"{place(problem.where, document)}: {told(problem)}"


def told(problem: Problem) -> str:
    """What is wrong, for a page that shows it where it is."""
    return str(MESSAGES[problem.code]) % problem.args


def place(where: Where, document: Any) -> str:
    parts = [*_numbered(where, document), *_part(where.field)]
    words = ", ".join(parts) or _("questionnaire")
    return words[0].upper() + words[1:]


def _numbered(where: Where, document: Any) -> Iterator[str]:
    if where.page is None:
        return
    page = document["pages"][where.page]
    yield _("page %(number)d") % {"number": where.page + 1}
    if where.question is None:
        return
    question = page["questions"][where.question]
    code = question.get("code", "") if isinstance(question, Mapping) else ""
    number = {"number": where.question + 1, "code": code}
    yield (
        _("question %(number)d (%(code)s)") % number if code else _("question %(number)d") % number
    )


def _part(field: str) -> Iterator[str]:
    first, _dot, rest = field.partition(".")
    number = rest.partition(".")[0]
    if first in {"choices", "rows"} and number.isdigit():
        words = _("choice %(number)d") if first == "choices" else _("row %(number)d")
        yield words % {"number": int(number) + 1}
    elif first in PARTS:
        yield str(PARTS[first])
