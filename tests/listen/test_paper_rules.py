"""From signs to answers, and where two typings differ."""

import pytest

from loftet.listen.rules import form as forms
from loftet.listen.rules import paper as rules
from tests.listen.make import texts
from tests.listen.paper import DOCUMENT, FORM, TYPED, WRITTEN


def test_signs_become_answers_and_answers_the_same_signs() -> None:
    reading = rules.read(FORM, TYPED)
    assert reading.errors == {}
    assert reading.written == WRITTEN
    again = {ln.key: rules.typed(ln, rules.at(WRITTEN, ln)) for ln in rules.lines(FORM)}
    assert {key: value for key, value in again.items() if value} == TYPED | {"first": "13"}


@pytest.mark.parametrize(
    ("key", "typed", "error"),
    [
        ("out", "3", "unknown_sign"),
        ("out", "12", "one_only"),
        ("seen.litter", "x", "unknown_sign"),
        ("age", "old", "not_number"),
        ("first", "9", "unknown_sign"),
        ("more", "ord " * 100, "longest"),
    ],
)
def test_what_means_nothing_is_typed_again(key: str, typed: str, error: str) -> None:
    reading = rules.read(FORM, TYPED | {key: typed})
    assert {found: wrong.code for found, wrong in reading.errors.items()} == {key: error}


@pytest.mark.parametrize(
    ("typed", "flags", "left_out"),
    [
        ({"first": "123"}, {"first": "most"}, {"first"}),
        ({"age": "470"}, {"age": "highest"}, {"age"}),
        ({"age": "16,5"}, {"age": "not_whole"}, {"age"}),
        ({"out": "2"}, {"when": "not_asked"}, {"when"}),
        ({"where.0.feeling": "?"}, {"where": "mark_half"}, {"where"}),
        ({"out": "?"}, {"when": "not_asked"}, {"out", "when"}),
    ],
)
def test_what_cannot_be_meant_is_kept_as_written_but_flagged_and_not_counted(
    typed: dict[str, str], flags: dict[str, str], left_out: set[str]
) -> None:
    reading = rules.read(FORM, TYPED | typed)
    assert reading.errors == {}
    found = rules.flags(FORM, reading.written)
    assert {code: error.code for code, error in found.items()} == flags
    counted = rules.counted(FORM, reading.written)
    assert set(WRITTEN) - set(counted) == left_out
    assert counted["seen"] == {"litter": "much"}


def test_a_form_with_contradictions_counts_as_it_stands() -> None:
    question = DOCUMENT["pages"][0]["questions"][3] | {"constraint": ". > 60 or ${out} = 'no'"}
    document = DOCUMENT | {"pages": [{"code": "p", "title": texts("S"), "questions": [
        DOCUMENT["pages"][0]["questions"][0], question]}]}  # fmt: skip
    form = forms.read(document)
    assert rules.flags(form, {"out": "yes", "age": 47})["age"].code == "constraint"
    assert rules.counted(form, {"out": "yes", "age": 47}) == {"out": "yes", "age": 47}


def test_two_typings_differ_box_by_box_and_in_free_text_by_words_alone() -> None:
    other = WRITTEN | {"seen": {"litter": "some", "noise": "?"}, "more": "bättre  LJUS"}
    found = rules.differences(FORM, WRITTEN, other)
    assert [(d.line.key, d.first, d.second) for d in found] == [("seen.litter", "much", "some")]
    assert rules.differences(FORM, WRITTEN, WRITTEN | {"more": "bättre hus"})
    assert rules.compared(FORM, WRITTEN, {}) == len(TYPED)


def test_more_choices_than_signs_are_typed_as_numbers() -> None:
    many = [forms.Choice(f"c{number}", texts(str(number))) for number in range(1, 51)]
    line = rules.Line(forms.Question("q", forms.Kind.SEVERAL, texts("Q")), choices=tuple(many))
    assert rules.read_line(line, "7, 45") == ["c7", "c45"]
    assert rules.typed(line, ["c7", "c45"]) == "7 45"
