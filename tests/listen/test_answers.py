import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loftet.listen.rules import answers, form
from loftet.listen.rules.answers import Progress
from loftet.listen.rules.expressions import holds
from loftet.listen.rules.form import Choice, Form, Kind, Page, Question
from loftet.listen.rules.posted import Error


def texts(words: str) -> dict[str, str]:
    return {"sv": words}


def choices(*codes: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, texts(code)) for code in codes)


def question(code: str, kind: Kind = Kind.TEXT, **fields: Any) -> Question:
    return Question(code, kind, texts(code), **fields)


def page(code: str, *questions: Question, relevant: str = "") -> Page:
    return Page(code, texts(code), questions=questions, relevant=relevant)


EXPOSED = question("exposed", Kind.SEVERAL, choices=choices("theft", "violence", "none"),
                   constraint="not(selected(., 'none') and count-selected(.) > 1)")  # fmt: skip
REPORTED = question(
    "reported", Kind.SINGLE, choices=choices("yes", "no"), required=True,
    relevant="count-selected(${exposed}) > 0 and not(selected(${exposed}, 'none'))",
)  # fmt: skip
WHY_NOT = question("why_not", relevant="${reported} = 'no'")
POLICE = page("police", question("met", Kind.SINGLE, choices=choices("yes", "no")),
              relevant="${reported} = 'yes'")  # fmt: skip
AREA = page("area", question("disorder", Kind.GRID, choices=choices("small", "large"),
            rows=choices("litter", "drugs"), required=True))  # fmt: skip
LAST = page("last", question("more", longest=100), question("age", Kind.NUMBER, lowest=16,
            highest=110.5))  # fmt: skip
HELLO = page("hello")
FORM = Form(texts("t"), ("sv",), pages=(HELLO, page("crime", EXPOSED, REPORTED, WHY_NOT), POLICE,
            AREA, LAST))  # fmt: skip


def one(asked: Question, **posted: list[str]) -> Any:
    """The answer to a lone question, or its error."""
    alone = Form(texts("t"), ("sv",), pages=(page("p", asked),))
    fields = {key.replace("__", "."): value for key, value in posted.items()}
    reading = answers.read(alone, alone.pages[0], fields, {})
    assert not (reading.answers and reading.errors)
    return reading.errors.get(asked.code) or reading.answers.get(asked.code)


SINGLE = question("q", Kind.SINGLE, choices=choices("a", "b"))
SEVERAL = question("q", Kind.SEVERAL, choices=choices("a", "b", "c"))
THREE = question("q", Kind.PRIORITIES, choices=choices(*"abcdef"), most=3)
NUMBER = question("q", Kind.NUMBER, lowest=0, highest=120.5)
GRID = question("q", Kind.GRID, choices=choices("a", "b"), rows=choices("r", "s"))
PLACE = question("q", Kind.PLACE, longest=20)


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.SCALE])
def test_one_choice_is_its_code(kind: Kind) -> None:
    asked = question("q", kind, choices=choices("a", "b"))
    assert one(asked, q=["b"]) == "b"
    assert one(asked, q=[""]) is None
    assert one(asked) is None
    assert one(asked, q=["c"]) == Error("unknown_choice")
    assert one(asked, q=["a", "b"]) == Error("one_only")


def test_several_choices_stand_in_the_order_of_the_form() -> None:
    assert one(SEVERAL, q=["c", "a", "a", ""]) == ["a", "c"]
    assert one(SEVERAL, q=[""]) is None
    assert one(SEVERAL, q=["a", "x"]) == Error("unknown_choice")


def test_no_more_than_so_many_priorities() -> None:
    assert one(THREE, q=["d", "b", "a"]) == ["a", "b", "d"]
    assert one(THREE, q=list("abcd")) == Error("most", {"most": 3, "chosen": 4})


def test_a_grid_has_a_choice_for_each_row() -> None:
    assert one(GRID, q__r=["a"], q__s=["b"]) == {"r": "a", "s": "b"}
    assert one(GRID, q__s=["b"], q__t=["a"]) == {"s": "b"}
    assert one(GRID, q__r=[""]) is None
    assert one(GRID, q__r=["c"]) == Error("unknown_choice")


def test_a_required_grid_is_whole() -> None:
    asked = question("q", Kind.GRID, choices=choices("a"), rows=choices("r", "s"), required=True)
    assert one(asked, q__r=["a"]) == Error("rows", {"missing": 1})
    assert one(asked) == Error("required")


@pytest.mark.parametrize(
    ("written", "number"),
    [("42", 42), (" 4,5 ", 4.5), ("4.50", 4.5), ("1 0 0", 100), ("٤٢", 42), ("٤٫٥", 4.5),
     ("0", 0), ("-0", 0), ("+7", 7), ("3,00", 3), ("1,2345678", 1.234568), ("120,5", 120.5)],
)  # fmt: skip
def test_a_number_is_written_in_many_ways(written: str, number: float) -> None:
    assert one(NUMBER, q=[written]) == number


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("-1", Error("lowest", {"lowest": 0})),
        ("−1", Error("lowest", {"lowest": 0})),
        ("120,6", Error("highest", {"highest": 120.5})),
        ("many", Error("not_number")),
        ("1e3", Error("not_number")),
        ("nan", Error("not_number")),
        ("1.2.3", Error("not_number")),
        ("1,000.5", Error("not_number")),
        ("½", Error("not_number")),
        ("9" * 13, Error("not_number")),
        ("9" * 2_000_000, Error("not_number")),
    ],
)
def test_what_is_no_number_or_outside_is_said(written: str, error: Error) -> None:
    assert one(NUMBER, q=[written]) == error


def test_a_whole_number_has_no_decimals() -> None:
    asked = question("q", Kind.NUMBER, whole=True)
    assert one(asked, q=["3,0"]) == 3
    assert one(asked, q=["3,5"]) == Error("not_whole")


def test_text_loses_what_is_not_seen_and_nothing_else() -> None:
    asked = question("q")
    assert (
        one(asked, q=["  Hej\r\n\tdå\x00 👩‍👧 مرحبا\u200f\ud800 "]) == "Hej\n då 👩‍👧 مرحبا\u200f"
    )
    assert one(asked, q=[" \r\n "]) is None


def test_text_has_a_length() -> None:
    asked = question("q", longest=10)
    assert one(asked, q=["å" * 10]) == "å" * 10
    assert one(asked, q=["å" * 11]) == Error("longest", {"longest": 10, "length": 11})
    assert one(question("q"), q=["a" * 2001]) == Error("longest", {"longest": 2000, "length": 2001})


def test_two_megabytes_of_text_are_refused_at_once() -> None:
    began = time.perf_counter()
    for asked in (question("q"), SINGLE, SEVERAL, NUMBER):
        assert isinstance(one(asked, q=["x" * 2_000_000]), Error)
    assert isinstance(one(PLACE, q__0__described=["x" * 2_000_000]), Error)
    assert isinstance(one(PLACE, q__0__lat=["1" * 2_000_000]), Error)
    assert time.perf_counter() - began < 0.5


def test_a_mark_is_a_point_or_a_description_with_a_feeling() -> None:
    point = {"q__0__lat": ["58,2841239"], "q__0__lon": ["12.28901"], "q__0__feeling": ["unsafe"]}
    assert one(PLACE, **point) == [{"lat": 58.28412, "lon": 12.28901, "feeling": "unsafe"}]
    described = {"q__1__described": [" torget "], "q__1__feeling": ["safe"],
                 "q__1__when": ["night"], "q__1__why": ["ljust"]}  # fmt: skip
    mark = {"described": "torget", "feeling": "safe", "when": "night", "why": "ljust"}
    assert one(PLACE, **described) == [mark]
    assert len(one(PLACE, **point, **described)) == 2
    assert one(PLACE, q__0__when=["night"]) == Error("mark_place", {"mark": 1})
    assert one(PLACE, q__0__when=[""], q__0__feeling=[""]) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"lat": "58.2", "feeling": "safe"}, "mark_point"),
        ({"lat": "91", "lon": "12", "feeling": "safe"}, "mark_point"),
        ({"lat": "58", "lon": "-180.1", "feeling": "safe"}, "mark_point"),
        ({"lat": "north", "lon": "12", "feeling": "safe"}, "mark_point"),
        ({"feeling": "unsafe"}, "mark_place"),
        ({"why": "dark"}, "mark_place"),
        ({"described": "square"}, "mark_feeling"),
        ({"described": "square", "feeling": "fine"}, "mark_feeling"),
        ({"described": "square", "feeling": "safe", "when": "never"}, "unknown_choice"),
        ({"described": "x" * 21, "feeling": "safe"}, "longest"),
    ],
)
def test_what_is_wrong_with_a_mark_is_said_with_its_number(
    fields: dict[str, str], code: str
) -> None:
    posted = {f"q__2__{part}": [value] for part, value in fields.items()}
    error = one(PLACE, **posted)
    assert (error.code, error.args["mark"]) == (code, 3)


def test_more_marks_than_allowed_are_not_looked_at() -> None:
    asked = question("q", Kind.PLACE, most=1)
    assert one(asked, q__1__described=["square"], q__1__feeling=["safe"]) is None


def test_an_answer_to_what_is_not_asked_is_dropped() -> None:
    crime = FORM.page("crime")
    reading = answers.read(FORM, crime, {"exposed": ["none"], "reported": ["yes"]}, {})
    assert (reading.answers, reading.errors) == ({"exposed": ["none"]}, {})
    reading = answers.read(FORM, POLICE, {"met": ["yes"]}, {"exposed": ["none"]})
    assert (reading.answers, reading.errors) == ({}, {})


def test_what_is_required_is_asked_for_where_it_is_relevant() -> None:
    reading = answers.read(FORM, FORM.page("crime"), {"exposed": ["theft"]}, {})
    assert reading.errors == {"reported": Error("required")}
    assert reading.answers == {"exposed": ["theft"]}


def test_what_contradicts_the_constraint_is_refused() -> None:
    reading = answers.read(FORM, FORM.page("crime"), {"exposed": ["theft", "none"]}, {})
    assert reading.errors == {"exposed": Error("constraint")}


def test_a_page_replaces_only_its_own_answers() -> None:
    earlier = {"exposed": ["theft"], "reported": "yes", "more": "something"}
    crime = FORM.page("crime")
    reading = answers.read(FORM, crime, {"exposed": ["none"]}, earlier)
    assert answers.kept(FORM, crime, earlier, reading) == {"exposed": ["none"], "more": "something"}


def test_what_is_asked_follows_the_answers() -> None:
    def asked(given: dict[str, Any]) -> list[tuple[str, list[str]]]:
        found = answers.visible(FORM, given)
        return [(each.page.code, [q.code for q in each.questions]) for each in found]

    rest = [("area", ["disorder"]), ("last", ["more", "age"])]
    assert asked({}) == [("hello", []), ("crime", ["exposed"]), *rest]
    given: dict[str, Any] = {"exposed": ["theft"], "reported": "yes"}
    crime = ("crime", ["exposed", "reported"])
    assert asked(given) == [("hello", []), crime, ("police", ["met"]), *rest]
    given["reported"] = "no"
    assert asked(given)[1] == ("crime", ["exposed", "reported", "why_not"])


def test_answers_that_no_longer_belong_are_swept_away() -> None:
    given = {"met": "yes", "reported": "yes", "exposed": ["none"], "why_not": "x", "more": "y",
             "no_such": 1}  # fmt: skip
    assert answers.swept(FORM, given) == {"exposed": ["none"], "more": "y"}
    assert list(answers.swept(FORM, given | {"exposed": ["theft"]})) == [
        "exposed", "reported", "met", "more",
    ]  # fmt: skip


def test_one_goes_forward_and_back_over_what_is_asked() -> None:
    given = {"exposed": ["theft"], "reported": "yes"}
    assert answers.first(FORM, {}) == "hello"
    assert answers.following(FORM, "crime", {}) == "area"
    assert answers.following(FORM, "crime", given) == "police"
    assert answers.preceding(FORM, "area", given) == "police"
    assert answers.preceding(FORM, "area", {}) == "crime"
    assert answers.following(FORM, "police", {}) == "area"
    assert answers.following(FORM, "last", given) is None
    assert answers.preceding(FORM, "hello", given) is None
    assert answers.progress(FORM, "crime", given) == Progress(2, 5)
    assert answers.progress(FORM, "last", {}) == Progress(4, 4)


def test_before_sending_in_all_that_lacks_is_known() -> None:
    assert answers.faults(FORM, {}) == {"disorder": Error("required")}
    given = {"exposed": ["theft", "none"], "disorder": {"litter": "small"}}
    found = answers.faults(FORM, given)
    assert {code: error.code for code, error in found.items()} == {
        "exposed": "constraint", "disorder": "rows",
    }  # fmt: skip
    whole = {"exposed": ["none"], "disorder": {"litter": "small", "drugs": "small"}}
    assert answers.faults(FORM, whole) == {}


def test_the_browser_gets_rules_over_the_page_alone() -> None:
    sent = {each.question.code: each for each in answers.shown(FORM, FORM.page("crime"), {})}
    assert list(sent) == ["exposed", "reported", "why_not"]
    assert sent["exposed"].rule is None
    assert sent["why_not"].rule == ["=", ["answer", "reported"], "no"]
    constraint = [
        "not",
        ["and", ["selected", ["this"], "none"], [">", ["count-selected", ["this"]], 1]],
    ]
    assert sent["exposed"].constraint == constraint
    apart = Form(texts("t"), ("sv",), pages=(page("a", EXPOSED), page("b", REPORTED, WHY_NOT)))
    assert answers.shown(apart, apart.pages[1], {"exposed": ["none"]}) == []
    reported, why_not = answers.shown(apart, apart.pages[1], {"exposed": ["theft"]})
    assert (reported.rule, why_not.rule) == (None, ["=", ["answer", "reported"], "no"])


def test_a_page_can_be_filled_in_again() -> None:
    asked = page("p", SINGLE, question("s", Kind.SEVERAL, choices=choices("a", "b")),
                 question("g", Kind.GRID, choices=choices("a"), rows=choices("r")),
                 question("n", Kind.NUMBER), question("t"), question("pl", Kind.PLACE))  # fmt: skip
    whole = Form(texts("t"), ("sv",), pages=(asked,))
    given = {
        "q": "a", "s": ["a", "b"], "g": {"r": "a"}, "n": 4.5, "t": "x\ny",
        "pl": [{"lat": 58.5, "lon": 12.0, "feeling": "safe"},
               {"described": "d", "feeling": "unsafe", "when": "day", "why": "w"}],
    }  # fmt: skip
    fields = answers.filled(asked, given)
    assert fields["n"] == ["4,5"]
    assert fields["pl.1.when"] == ["day"]
    assert answers.read(whole, asked, fields, {}).answers == given


values = st.one_of(
    st.text(max_size=30), st.sampled_from(["theft", "none", "yes", "no", "5", "safe"])
)
names = st.sampled_from(
    ["exposed", "reported", "why_not", "met", "disorder.litter", "disorder.drugs", "more", "age"]
)


@given(st.dictionaries(names, st.lists(values, max_size=3)))
def test_whatever_is_posted_only_what_is_asked_is_kept(posted: dict[str, list[str]]) -> None:
    known: dict[str, Any] = {}
    for each in FORM.pages:
        reading = answers.read(FORM, each, posted, known)
        known = answers.kept(FORM, each, known, reading)
        assert not reading.answers.keys() & reading.errors.keys()
    assert answers.swept(FORM, known) == known
    assert json.loads(json.dumps(known)) == known
    assert all(holds(q.relevant, known) for q in FORM.questions if q.code in known)


WIDE = "\U0001f600"


@given(
    st.lists(
        st.sampled_from(
            [
                question("q" * 40, longest=50),
                question("q" * 40, Kind.PLACE, longest=50),
                question("q" * 40, Kind.PLACE),
                question("q" * 40, Kind.NUMBER),
                question("q" * 40, Kind.GRID, choices=choices("c" * 40),
                         rows=choices("r" * 40, "s" * 40)),
                question("q" * 40, Kind.SEVERAL, choices=choices("c" * 40, "d" * 40)),
            ]
        ),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip
def test_there_is_room_for_the_longest_answers(asked: list[Question]) -> None:
    numbered = [
        Question(**{**vars(each), "code": f"{number}{each.code[1:]}"})
        for number, each in enumerate(asked)
    ]
    whole = Form(texts("t"), ("sv",), pages=(page("p", *numbered),))
    posted: dict[str, list[str]] = {}
    for each in numbered:
        most = form.longest(each)
        posted[each.code] = [WIDE * most] if each.kind is Kind.TEXT else ["-123456789012,123456"]
        if each.kind is Kind.SEVERAL:
            posted[each.code] = [choice.code for choice in each.choices]
        posted |= {f"{each.code}.{row.code}": ["c" * 40] for row in each.rows}
        for mark in range(3):
            told = {"lat": "-58.123456", "lon": "-112.123456", "feeling": "unsafe",
                    "when": "weekend", "described": WIDE * most, "why": '"' * most}  # fmt: skip
            posted |= {f"{each.code}.{mark}.{part}": [text] for part, text in told.items()}
    reading = answers.read(whole, whole.pages[0], posted, {})
    assert reading.errors == {}
    content = {"language": "l" * 20, "answers": reading.answers}
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(plain) <= form.room(whole)
