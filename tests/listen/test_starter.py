import re

import pytest

from loftet.listen.rules import answers, checking, form
from loftet.listen.rules.form import Kind
from loftet.listen.rules.posted import Error
from loftet.listen.sources import starter

LANGUAGES = ("sv", "sv-x-easy", "en", "ar")


def test_the_starter_has_nothing_wrong_missing_or_untranslated() -> None:
    document = starter.document()
    assert checking.problems(document) == []
    assert form.written(form.read(document)) == document
    assert tuple(document["languages"]) == LANGUAGES


def test_the_starter_covers_what_a_pledge_needs() -> None:
    whole = form.read(starter.document())
    assert {question.kind for question in whole.questions} >= set(Kind) - {Kind.NUMBER}
    assert len(whole.pages) == 9
    assert not any(question.required for question in whole.questions)
    priorities = whole.question("priorities")
    assert (len(priorities.choices), priorities.most) == (14, 3)
    for code in ("outdoors", "disturbances"):
        scale = [choice.code for choice in whole.question(code).choices]
        assert scale == ["none", "small", "large", "very_large", "unknown"]


def test_whether_it_was_reported_is_asked_of_those_it_happened_to() -> None:
    whole = form.read(starter.document())

    def asked(exposed: list[str]) -> bool:
        found = answers.visible(whole, {"exposed": exposed})
        return any(q.code == "reported" for each in found for q in each.questions)

    assert [asked(["theft"]), asked(["none"]), asked([])] == [True, False, False]
    page = whole.page("exposure")
    wrong = answers.read(whole, page, {"exposed": ["theft", "none"]}, {})
    assert wrong.errors == {"exposed": Error("constraint")}


def test_each_copy_of_the_starter_is_ones_own() -> None:
    starter.document()["pages"].clear()
    assert len(starter.document()["pages"]) == 9


def test_an_envelope_of_the_starter_stays_small() -> None:
    assert form.room(form.read(starter.document())) <= 16 * 1024


def test_the_words_of_the_page_are_there_in_every_language() -> None:
    keys = set(starter.chrome("sv"))
    for language in LANGUAGES:
        words = starter.chrome(language)
        assert set(words) == keys
        assert all(text.strip() for text in words.values())
    for key in keys:
        names = {
            tuple(sorted(re.findall(r"\{(\w+)\}", starter.chrome(language)[key])))
            for language in LANGUAGES
        }
        assert len(names) == 1, key
    assert starter.chrome("ar")["next"] != starter.chrome("en")["next"]
    assert starter.chrome("fi") == starter.chrome("en")


ERRORS = [
    Error("required"), Error("rows", {"missing": 2}), Error("one_only"), Error("unknown_choice"),
    Error("most", {"most": 3, "chosen": 4}), Error("not_number"), Error("not_whole"),
    Error("lowest", {"lowest": 0.5}), Error("highest", {"highest": 120}), Error("constraint"),
    Error("longest", {"longest": 10, "length": 11}), Error("mark_place", {"mark": 1}),
    Error("mark_feeling", {"mark": 1}), Error("mark_point", {"mark": 1}),
]  # fmt: skip


@pytest.mark.parametrize("language", [*LANGUAGES, "fi"])
def test_every_error_can_be_said(language: str) -> None:
    told = {starter.said(error, language) for error in ERRORS}
    assert len(told) == len(ERRORS)
    assert not any("{" in text for text in told)
    codes = {key.removeprefix("error_") for key in starter.chrome("sv") if key.startswith("error_")}
    assert codes == {error.code for error in ERRORS}


def test_a_limit_is_written_as_the_language_writes_it() -> None:
    assert starter.said(Error("lowest", {"lowest": 0.5}), "sv") == "Talet måste vara minst 0,5."
    assert "0.5" in starter.said(Error("lowest", {"lowest": 0.5}), "en")
    assert "16." in starter.said(Error("lowest", {"lowest": 16.0}), "sv")
