import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.core.errors import Refused
from loftet.listen.actions.faults import MESSAGES, Faulty, said
from loftet.listen.rules import checking, editing, form
from loftet.listen.rules.checking import Grade, Where
from loftet.listen.rules.form import Choice, Kind, Page, Question
from loftet.listen.sources import form_file, starter
from tests.listen.forms import documents
from tests.listen.make import DOCUMENT
from tests.refusal import refused


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def changed(**changes: Any) -> dict[str, Any]:
    """The test's own questionnaire with something put at a place: a__0__b is in document.a[0].b."""
    document = copy.deepcopy(DOCUMENT)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        inside: Any = document
        for step in steps:
            inside = inside[step]
        if value is None:
            del inside[last]
        else:
            inside[last] = value
    return document


def found(document: Any) -> list[tuple[Where, str]]:
    return [(problem.where, problem.code) for problem in checking.problems(document)]


FIRST = "pages__0__questions__0"
SECOND = "pages__0__questions__1"
PRIORITIES = "pages__1__questions__0"
TEXT = "pages__1__questions__1"


def test_a_sound_questionnaire_has_no_problems() -> None:
    assert found(DOCUMENT) == []


@settings(max_examples=40, deadline=None)
@given(documents())
def test_what_is_drawn_for_tests_is_sound_and_reads_back_the_same(document: dict[str, Any]) -> None:
    problems = checking.problems(document)
    assert checking.stops(problems) == []
    assert {problem.grade for problem in problems} <= {Grade.ADVICE, Grade.UNFINISHED}
    assert form.written(form.read(document)) == document
    assert form_file.read(form_file.written(document)) == document


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "not_fields"),
        ({}, "missing"),
        (changed(pages={}), "not_list"),
        (changed(title="Trygghet"), "not_texts"),
        (changed(title__sv=5), "not_text"),
        (changed(title__sv="x" * 2001), "long"),
        (changed(title__sv="a\x00"), "unprintable"),
        (changed(title__sv="a\ud800"), "unprintable"),
        (changed(extra=1), "unknown_field"),
        (changed(languages=["sv", "English"]), "language"),
        (changed(pages=[DOCUMENT["pages"][0]] * 61), "many"),
        (changed(**{f"{FIRST}__kind": "song"}), "unknown_kind"),
        (changed(**{f"{FIRST}__kind": []}), "unknown_kind"),
        (changed(**{f"{FIRST}__code": "1a"}), "code"),
        (changed(**{f"{FIRST}__code": "a.b"}), "code"),
        (changed(**{f"{FIRST}__code": "a" * 41}), "code"),
        (changed(**{f"{FIRST}__choices__0__code": "a b"}), "choice_code"),
        (changed(**{f"{FIRST}__choices__0": "a"}), "not_fields"),
        (changed(**{f"{FIRST}__required": "yes"}), "not_yes_or_no"),
        (changed(**{f"{PRIORITIES}__most": True}), "not_count"),
        (changed(**{f"{PRIORITIES}__most": 0}), "not_count"),
        (changed(**{f"{PRIORITIES}__most": 2.0}), "not_count"),
        (changed(**{f"{TEXT}__lowest": float("nan")}), "not_number"),
        (changed(**{f"{TEXT}__lowest": 1e13}), "not_number"),
        (changed(pages__0__questions=[DOCUMENT["pages"][0]["questions"][0]] * 301), "many"),
    ],
)
def test_what_has_not_the_shape_is_said(document: Any, code: str) -> None:
    assert {each for _, each in found(document)} == {code} | ({"missing"} & {code})
    problem = checking.problems(document)[0]
    assert said(problem, document)


def test_the_number_of_questions_has_a_limit_over_all_pages() -> None:
    many = [dict(page, questions=page["questions"] * 80) for page in DOCUMENT["pages"]]
    assert [code for _, code in found(changed(pages=many))] == ["many_questions"]


NUMBER = {"code": "n", "kind": "number", "label": {"sv": "n", "en": "n"}}
GRID = {
    "code": "g", "kind": "grid", "label": {"sv": "g", "en": "g"},
    "choices": DOCUMENT["pages"][0]["questions"][0]["choices"],
    "rows": [{"code": "r", "label": {"sv": "r", "en": "r"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "where", "code"),
    [
        (changed(languages=["en"], title__sv=None), Where(field="languages"), "no_swedish"),
        (changed(languages=["sv", "en", "sv"]), Where(field="languages"), "language_twice"),
        (changed(title__ar="x"), Where(field="title"), "language_undeclared"),
        (changed(title__sv=" "), Where(field="title"), "swedish_missing"),
        (changed(title__sv="Hej ${age}"), Where(field="title"), "text_reference"),
        (changed(**{f"{FIRST}__choices__1__label": {"en": "x"}}),
         Where(0, 0, "choices.1.label"), "swedish_missing"),
        (changed(**{f"{FIRST}__hint": {"en": "x"}}), Where(0, 0, "hint"), "swedish_missing"),
        (changed(**{f"{FIRST}__code": "stratum"}), Where(0, 0, "code"), "code_reserved"),
        (changed(**{f"{FIRST}__code": "Work"}), Where(0, 0, "code"), "code_twice"),
        (changed(pages__1__code="you"), Where(1, None, "code"), "code_twice"),
        (changed(**{f"{FIRST}__choices__1__code": "old"}), Where(0, 0, "choices"), "choice_twice"),
        (changed(**{f"{FIRST}__choices": []}), Where(0, 0, "choices"), "choices_few"),
        (changed(**{FIRST: GRID | {"rows": []}}), Where(0, 0, "rows"), "rows_missing"),
        (changed(**{f"{FIRST}__most": 2}), Where(0, 0, "most"), "unwanted"),
        (changed(**{f"{FIRST}__lowest": 0}), Where(0, 0, "lowest"), "unwanted"),
        (changed(**{f"{TEXT}__choices": GRID["choices"]}), Where(1, 1, "choices"), "unwanted"),
        (changed(**{f"{FIRST}__constraint_message": {"sv": "x", "en": "x"}}),
         Where(0, 0, "constraint_message"), "message_alone"),
        (changed(**{f"{PRIORITIES}__most": None}), Where(1, 0, "most"), "most_missing"),
        (changed(**{f"{PRIORITIES}__most": 6}), Where(1, 0, "most"), "most_high"),
        (changed(**{f"{TEXT}__longest": 10_001}), Where(1, 1, "longest"), "longest_high"),
        (changed(**{FIRST: NUMBER | {"lowest": 2, "highest": 1}}),
         Where(0, 0, "lowest"), "limits_order"),
        (changed(**{f"{FIRST}__relevant": "1 +"}), Where(0, 0, "relevant"), "rule_value_wanted"),
        (changed(**{f"{FIRST}__relevant": ". = 1"}), Where(0, 0, "relevant"), "rule_itself"),
        (changed(**{f"{FIRST}__relevant": "${age} = 1"}), Where(0, 0, "relevant"), "rule_later"),
        (changed(**{f"{FIRST}__constraint": "${age} != ''"}),
         Where(0, 0, "constraint"), "rule_names_itself"),
        (changed(**{f"{FIRST}__relevant": "${more} = 1"}), Where(0, 0, "relevant"), "rule_later"),
        (changed(**{f"{SECOND}__relevant": "${no} = 1"}), Where(0, 1, "relevant"), "rule_unknown"),
        (changed(pages__0__relevant="${age} = 'old'"), Where(0, None, "relevant"), "rule_later"),
        (changed(**{FIRST: GRID, f"{SECOND}__relevant": "${g.s} = 'old'"}),
         Where(0, 1, "relevant"), "rule_row"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_where_it_is(
    document: dict[str, Any], where: Where, code: str
) -> None:
    problems = [problem for problem in checking.problems(document) if problem.grade is Grade.WRONG]
    assert (where, code) in [(problem.where, problem.code) for problem in problems]
    assert all(said(problem, document) for problem in problems)


@pytest.mark.parametrize(
    ("document", "code", "grade"),
    [
        (changed(title={"sv": "x"}), "translation_missing", Grade.ADVICE),
        (changed(**{f"{SECOND}__relevant": "${age} = 'ancient'"}), "rule_choice", Grade.ADVICE),
        (changed(**{f"{PRIORITIES}__constraint": "selected(., 'dogs')"}), "rule_choice",
         Grade.ADVICE),
        (changed(pages=[]), "no_questions", Grade.UNFINISHED),
        (changed(pages__0__questions=[]), "page_empty", Grade.UNFINISHED),
    ],
)  # fmt: skip
def test_what_is_unfinished_or_could_be_better_can_be_stored(
    document: dict[str, Any], code: str, grade: Grade
) -> None:
    problems = checking.problems(document)
    assert [(problem.code, problem.grade) for problem in problems] == [(code, grade)]
    assert checking.stops(problems) == []
    assert bool(checking.unready(problems)) is (grade is Grade.UNFINISHED)


def test_choices_that_a_rule_rightly_asks_for_are_no_news() -> None:
    rule = "${age} != '' and (selected('a b', ${evening}) or ${age} = 'old')"
    assert found(changed(**{f"{PRIORITIES}__relevant": rule})) == []


def test_answers_too_large_to_seal_are_refused() -> None:
    texts = [
        DOCUMENT["pages"][1]["questions"][1] | {"code": f"t{n}", "longest": 10_000}
        for n in range(12)
    ]
    assert found(changed(pages__1__questions=texts)) == [(Where(), "answers_large")]


def test_every_problem_has_its_words() -> None:
    problem = checking.Problem(Where(0, 1, "choices.2.label.en"), "swedish_missing")
    told = said(problem, DOCUMENT)
    assert told == "Page 1, question 2 (evening), choice 3: the text in Swedish is missing."
    assert said(checking.Problem(Where(), "no_questions"), DOCUMENT).startswith("Questionnaire: ")
    assert len(MESSAGES) > 50


# --- The file -------------------------------------------------------------------------------------


def test_the_starter_goes_out_and_in() -> None:
    document = starter.document()
    assert form_file.read(form_file.written(document)) == document


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_our_file"),
        (b"{}", "not_our_file"),
        (b'{"loftet": "pledge/1"}', "not_our_file"),
        (b'{"loftet": "questionnaire/1"}', "questionnaire_faulty"),
        (b'{"loftet": "questionnaire/1", "title": NaN}', "not_json"),
        (b'{"a": {"b": 1, "b": 2}}', "not_json"),
        (b" " * 5_000_001, "file_large"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused(file: bytes, code: str) -> None:
    with refused(code):
        form_file.read(file)


def test_all_that_is_wrong_in_a_file_is_said_at_once() -> None:
    content = {"loftet": "questionnaire/1"} | changed(
        languages=["sv", "en", "en"], **{f"{PRIORITIES}__most": 9}
    )
    with pytest.raises(Faulty) as caught:
        form_file.read(json.dumps(content).encode())
    assert caught.value.lines == [
        "Languages: the language en is there twice.",
        "Page 2, question 1 (priorities), at most: at most 9 may be chosen, but there are only 5.",
    ]
    assert "There are 2 faults" in caught.value.message


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["title", "languages", "pages", "questions", "code", "kind", "sv"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=15,
)


@given(json_values)
def test_whatever_is_handed_in_is_judged_and_never_breaks(document: Any) -> None:
    problems = checking.problems(document)
    assert checking.stops(problems)
    assert all(said(problem, document) for problem in problems)


@settings(max_examples=60, deadline=None)
@given(documents(), st.data())
def test_a_questionnaire_with_a_hole_is_judged_and_never_breaks(
    document: dict[str, Any], data: st.DataObject
) -> None:
    inside: Any = document
    while True:
        key = data.draw(st.sampled_from(list(inside) if isinstance(inside, dict) else
                                        list(range(len(inside)))))  # fmt: skip
        if not isinstance(inside[key], dict | list) or not inside[key] or data.draw(st.booleans()):
            inside[key] = data.draw(json_values)
            break
        inside = inside[key]
    for problem in checking.problems(document):
        assert said(problem, document)


# --- Editing --------------------------------------------------------------------------------------

FORM = form.read(DOCUMENT)


def order(of: form.Form) -> list[tuple[str, list[str]]]:
    return [(page.code, [question.code for question in page.questions]) for page in of.pages]


def test_pages_are_added_moved_replaced_and_removed() -> None:
    new = Page("new", {"sv": "Ny", "en": "New"}, questions=(FORM.question("age"),))
    first = editing.add_page(FORM, new, at=0)
    assert [page.code for page in first.pages] == ["new", "you", "work"]
    assert [page.code for page in editing.add_page(FORM, new).pages] == ["you", "work", "new"]
    moved = editing.move_page(first, "new", 1)
    assert [page.code for page in moved.pages] == ["you", "new", "work"]
    named = editing.replace_page(FORM, "you", Page("we", {"sv": "Vi", "en": "We"}))
    assert order(named) == [("we", ["age", "evening"]), order(FORM)[1]]
    assert order(editing.remove_page(FORM, "you")) == order(FORM)[1:]
    with pytest.raises(KeyError):
        editing.remove_page(FORM, "nowhere")


def test_questions_are_added_moved_and_removed() -> None:
    new = Question("new", Kind.TEXT, {"sv": "Ny", "en": "New"})
    added = editing.add_question(FORM, "you", new, at=1)
    assert order(added)[0] == ("you", ["age", "new", "evening"])
    assert order(editing.move_question(FORM, "age", "you", 1))[0] == ("you", ["evening", "age"])
    across = editing.move_question(FORM, "age", "work")
    assert order(across) == [("you", ["evening"]), ("work", ["priorities", "more", "age"])]
    assert order(editing.remove_question(FORM, "evening"))[0] == ("you", ["age"])
    assert editing.page_of(FORM, "more").code == "work"
    assert order(FORM) == order(form.read(DOCUMENT))
    with pytest.raises(KeyError):
        editing.remove_question(FORM, "nothing")


def test_a_new_code_goes_into_the_rules_that_ask_for_it() -> None:
    ruled = form.read(changed(
        pages__1__relevant="${age} = 'old'",
        **{f"{TEXT}__relevant": "${age} = 'old' or ${age.row} = 1 or ${evening} = 'age'",
           f"{TEXT}__constraint": ". != ${agenda}"},
    ))  # fmt: skip
    aged = editing.replace_question(ruled, "age", replace(ruled.question("age"), code="years"))
    assert aged.page("work").relevant == "${years} = 'old'"
    rule = "${years} = 'old' or ${years.row} = 1 or ${evening} = 'age'"
    assert aged.question("more").relevant == rule
    assert aged.question("more").constraint == ". != ${agenda}"
    assert aged.question("years").label == ruled.question("age").label


def test_a_question_of_another_kind_keeps_only_what_counts() -> None:
    whole = Question(
        "q", Kind.NUMBER, {"sv": "q"}, hint={"sv": "h"}, required=True, most=1, longest=5,
        choices=(Choice("a", {"sv": "a"}),), rows=(Choice("r", {"sv": "r"}),), lowest=0, highest=9,
        relevant="true()", constraint=". > 1", constraint_message={"sv": "m"}, whole=True,
    )  # fmt: skip
    for kind in Kind:
        fitted = editing.fitting(replace(whole, kind=kind))
        document = {"title": {"sv": "t"}, "languages": ["sv"], "pages": [
            {"code": "p", "title": {"sv": "p"}, "questions": [form.written(form.Form(
                {}, (), pages=(Page("x", {}, questions=(fitted,)),)))["pages"][0]["questions"][0]]},
        ]}  # fmt: skip
        codes = {code for _, code in found(document)}
        assert codes <= {"choices_few"}, kind
        assert (fitted.hint, fitted.relevant, fitted.required) == ({"sv": "h"}, "true()", True)


def test_a_code_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        FORM.question("nothing")
    with pytest.raises(KeyError):
        FORM.page("nothing")
    with pytest.raises(Refused):
        form_file.read(b"{}")
