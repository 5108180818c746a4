import json
import math
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loftet.listen.rules.expressions import (
    ExpressionError,
    as_data,
    bound,
    evaluate,
    holds,
    parse,
    references,
    uses_itself,
)
from loftet.listen.rules.syntax import LEVELS

TABLE = json.loads((Path(__file__).parent / "expressions.json").read_text())
ANSWERS = TABLE["answers"]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["rule"])
def test_a_rule_has_its_value(case: dict[str, Any]) -> None:
    value = evaluate(parse(case["rule"]), ANSWERS, case.get("own", ""))
    assert value == case["value"]
    assert isinstance(value, bool) is isinstance(case["value"], bool)


@pytest.mark.parametrize(
    ("rule", "code", "at", "found"),
    [
        ("", "value_wanted", 1, ""),
        ("   ", "value_wanted", 4, ""),
        ("${a} =", "value_wanted", 7, ""),
        ("= 3", "value_wanted", 1, "="),
        ("1 2", "left_over", 3, "2"),
        ("(1 + 2", "sign_wanted", 7, ")"),
        ("1 + 2)", "left_over", 6, ")"),
        ("not 1", "sign_wanted", 5, "("),
        ("selected(${a} 'x')", "sign_wanted", 15, ","),
        ("selected(${a})", "arguments", 1, "selected"),
        ("true(1)", "arguments", 1, "true"),
        ("1 = pulldata('x')", "function", 5, "pulldata"),
        ("regex(., '[0-9]+')", "function", 1, "regex"),
        ("'never closed", "open_string", 1, "'"),
        ("${a} = “b”", "sign", 8, "“"),
        ("${a} & 1", "sign", 6, "&"),
        ("/data/a = 1", "sign", 1, "/"),
        ("${ a } = 1", "reference", 1, "${ a }"),
        ("${a b} = 1", "reference", 1, "${a b}"),
        ("${last-saved#a} = 1", "reference", 1, "${last-saved#a}"),
        ("${a.b.c} = 1", "reference", 1, "${a.b.c}"),
        ("1.2.3 = 1", "number", 1, "1.2.3 = 1"),
        ("1234567890123456 = 1", "number", 1, "1234567890123456 = 1"),
        ("${a", "sign", 1, "$"),
        ("1 = 1 or", "value_wanted", 9, ""),
        ("a" * 1001, "long", 1000, ""),
        ("(" * 21 + "1" + ")" * 21, "deep", 21, "("),
        ("-" * 300 + "1", "deep", 21, "-"),
        ("not(" * 21 + "1" + ")" * 21, "deep", 81, "not"),
        ("1" + "+1" * 400, "long", 202, "+"),
    ],
)
def test_an_error_says_what_and_where(rule: str, code: str, at: int, found: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(rule)
    assert (caught.value.code, caught.value.at, caught.value.found) == (code, at, found)


def test_many_alternatives_are_one_operation_however_many() -> None:
    rule = " or ".join(f"${{a}} = {number}" for number in range(70))
    assert holds(rule, {"a": 69})
    assert not holds(rule, {"a": 70})
    assert len(as_data(parse(rule))) == 71


def test_what_is_asked_for_can_be_listed() -> None:
    found = references(parse("selected(${a}, 'x') and (${g.row-1} = 'y' or . > ${a})"))
    assert [(each.code, each.row) for each in found] == [("a", ""), ("g", "row-1"), ("a", "")]


def test_a_rule_tells_whether_it_is_about_its_own_answer() -> None:
    assert uses_itself(parse("${a} = 1 and not(. > 2)"))
    assert not uses_itself(parse("${a} = '.'"))


def test_no_rule_always_holds() -> None:
    assert holds("", {})


def test_earlier_answers_are_filled_in_for_the_browser() -> None:
    rule = parse("${age} > 17 and selected(${here}, 'x') and ${grid.row} = .")
    filled = bound(rule, {"age": 42, "grid": {"row": "y"}}, free={"here"})
    assert as_data(filled) == [
        "and",
        [">", "42", 17.0],
        ["selected", ["answer", "here"], "x"],
        ["=", "y", ["this"]],
    ]
    assert evaluate(filled, {"here": ["x"]}, "y") is True


def test_the_data_for_the_browser_are_json() -> None:
    for case in TABLE["cases"]:
        json.dumps(as_data(parse(case["rule"])), allow_nan=False)


OPERATORS = [operator for level in LEVELS for operator in level]

signs = "()'\"${}.,+-*=<>! abcdnotrueselecdiv0123456789\n"


@given(st.text(alphabet=signs, max_size=1200))
def test_whatever_is_written_is_read_or_refused_at_once(rule: str) -> None:
    began = time.perf_counter()
    try:
        value = evaluate(parse(rule), {"a": "x"}, "y")
    except ExpressionError as error:
        value = f"{error.code} at {error.at}"
    assert isinstance(value, str | float | bool)
    assert time.perf_counter() - began < 1


@given(
    st.recursive(
        st.sampled_from(["1", "2.5", "''", "'a b'", "${a}", "${n}", ".", "true()"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(OPERATORS), inner).map(" ".join).map("({})".format),
            inner.map("not({})".format),
            inner.map("count-selected({})".format),
        ),
        max_leaves=12,
    ),
    st.one_of(st.text(max_size=3), st.integers(-5, 5), st.lists(st.sampled_from("ab"))),
)
def test_a_rule_that_can_be_read_has_a_value_for_any_answer(rule: str, own: Any) -> None:
    value = evaluate(parse(rule), {"a": own, "n": 3}, own)
    assert isinstance(value, str | float | bool)
    same = evaluate(bound(parse(rule), {"a": own, "n": 3}, free=set()), {}, own)
    assert value == same or (math.isnan(float(value)) and math.isnan(float(same)))
