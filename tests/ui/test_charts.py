import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from loftet.ui import charts
from loftet.ui.charts import Bar, Interval, Point, Series
from loftet.ui.charts.svg import Scale, apart, nice_ticks, ratio_ticks, roomy

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "Reports", "description": "Fewer than before."}
YEARS = [Point("2019", 185, 159, 213), Point("2020", 162, 138, 188)]
SHARES = [Bar("Drugs", 41, 37, 45), Bar("Mopeds", 17, 14, 20)]
CHANGES = [Interval("Violence", 0.876, 0.705, 1.087), Interval("Vandalism", 0.71, 0.61, 0.83)]


def line(**kwargs: Any) -> charts.Chart:
    return charts.line("reports", **{**WORDS, "points": YEARS, **kwargs})


def bars(**kwargs: Any) -> charts.Chart:
    return charts.bars("shares", **{**WORDS, "bars": SHARES, **kwargs})


def intervals(**kwargs: Any) -> charts.Chart:
    return charts.intervals("changes", **{**WORDS, "rows": CHANGES, "scale": "ratio", **kwargs})


KINDS = [line, bars, intervals]
every_kind = pytest.mark.parametrize("make", KINDS)


def drawn(chart: charts.Chart | charts.Wheel) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314 -- our own picture


def texts(chart: charts.Chart) -> list[str]:
    return ["".join(text.itertext()) for text in drawn(chart).iter(f"{SVG}text")]


def of_class(chart: charts.Chart, name: str) -> list[ET.Element]:
    return [e for e in drawn(chart).iter() if name in e.get("class", "").split()]


@every_kind
def test_a_picture_is_named_and_described_by_its_own_words(
    make: Callable[..., charts.Chart],
) -> None:
    chart = make()
    svg = drawn(chart)
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == (chart.title, chart.description)


@every_kind
def test_what_people_write_is_text_and_never_markup(make: Callable[..., charts.Chart]) -> None:
    evil = "<script>alert('x')</script>&\x0b"
    chart = make(title=evil, description=evil, unit=evil)
    assert "<script" not in chart.svg
    assert drawn(chart).findtext(f"{SVG}title") == "<script>alert('x')</script>&"


@every_kind
def test_a_picture_has_no_style_and_no_script_of_its_own(
    make: Callable[..., charts.Chart],
) -> None:
    for element in drawn(make()).iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not [name for name in element.keys() if name == "style" or name.startswith("on")]  # noqa: SIM118


@every_kind
def test_the_same_numbers_give_the_same_picture(make: Callable[..., charts.Chart]) -> None:
    assert make() == make()


@every_kind
def test_no_picture_is_wider_than_the_phone(make: Callable[..., charts.Chart]) -> None:
    for element in drawn(make()).iter():
        for name in ("x", "x1", "x2", "cx", "width"):
            value = element.get(name)
            assert value is None or value == "0" or re.fullmatch(r"(100|\d\d?(\.\d+)?)%", value)


def test_every_number_of_the_table_stands_in_the_picture() -> None:
    with override("sv"):
        for chart in (bars(), intervals()):
            printed = " ".join(texts(chart))
            for row in chart.table.rows:
                assert all(cell in printed for cell in row)


def test_the_line_tells_its_last_value_and_the_table_all() -> None:
    chart = line()
    assert "162" in texts(chart)
    assert chart.table.rows == (("2019", "185", "159–213"), ("2020", "162", "138–188"))


def test_heights_in_the_line_are_in_proportion_to_the_values() -> None:
    chart = line(points=[Point("a", 50), Point("b", 100), Point("c", 0)])
    first, second, nothing = (float(dot.get("cy", "")) for dot in of_class(chart, "dot")[:3])
    assert nothing - first == pytest.approx((nothing - second) / 2)


def test_bars_are_in_proportion_to_the_whole() -> None:
    widths = [bar.get("width") for bar in of_class(bars(whole=100), "bar")]
    assert widths == ["41%", "17%"]


def test_a_missing_year_leaves_a_gap() -> None:
    whole = line(points=[Point(str(i), 10 + i) for i in range(5)])
    gap = line(points=[Point(str(i), None if i == 2 else 10 + i) for i in range(5)])
    assert (len(of_class(whole, "path")), len(of_class(gap, "path"))) == (1, 2)
    assert gap.table.rows[2] == ("2", "–")


def test_a_broken_series_is_cut_marked_and_explained() -> None:
    points = [
        Point("2015", 9),
        Point("2016", 8),
        Point("2017", 7, broken="New counting."),
        Point("2018", 7),
    ]
    with override("en"):
        chart = line(points=points)
    assert len(of_class(chart, "path")) == 2
    assert len(of_class(chart, "zero")) == 1
    assert "Not comparable before 2017: New counting." in chart.description
    assert chart.table.rows[2][-1] == "New counting."


def test_what_happened_on_a_day_is_marked_in_the_picture_and_in_the_table() -> None:
    points = [Point("1/9", 9), Point("15/9", 8), Point("29/9", 7)]
    chart = line(points=points, marks={"15/9": "Reminder"})
    assert "Reminder" in texts(chart)
    assert [row[-1] for row in chart.table.rows] == ["", "Reminder", ""]
    with pytest.raises(ValueError, match="marks"):
        line(points=points, marks={"16/9": "Reminder"})


def test_a_scale_that_does_not_start_at_zero_says_so() -> None:
    with override("en"):
        assert "does not start at zero" in line(zero=False).description
        assert "does not start at zero" not in line().description


def test_two_series_are_named_at_their_ends_without_covering_each_other() -> None:
    ours, theirs = (
        Series(n, (Point("a", 9), Point("b", v))) for n, v in (("We", 10), ("They", 10.1))
    )
    chart = line(points=(), series=[ours, theirs])
    named = [t for t in drawn(chart).iter(f"{SVG}text") if t.get("class") == "name"]
    assert [t.text for t in named] == ["We", "They"]
    assert abs(float(named[0].get("y", "")) - float(named[1].get("y", ""))) > 16


def test_a_dot_is_hollow_where_no_change_is_possible() -> None:
    violence, vandalism = of_class(intervals(), "dot")
    assert violence.get("class") == "dot one"
    assert vandalism.get("class") == "dot one full"


def test_no_change_stands_in_the_middle_on_both_scales() -> None:
    difference = intervals(rows=[Interval("a", -2, -5, 1)], scale="difference")
    for chart in (intervals(), difference):
        assert {(z.get("x1"), z.get("x2")) for z in of_class(chart, "zero")} == {("50%", "50%")}


def test_intervals_below_zero_are_written_with_a_word_and_not_two_dashes() -> None:
    with override("sv"):
        chart = intervals(rows=[Interval("a", -2, -5, 1)], scale="difference")
    assert chart.table.rows[0][2] in {"−5 till 1", "−5 to 1"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: line(points=[]), "either points or series"),
        (lambda: line(points=[Point("a", None)]), "no values"),
        (lambda: line(points=(), series=[Series("a", (Point("a", 1),))] * 4), "one to 3"),
        (
            lambda: line(
                points=(), series=[Series("a", (Point("a", 1),)), Series("b", (Point("b", 1),))]
            ),
            "same labels",
        ),
        (lambda: Point("a", float("nan")), "finite"),
        (lambda: Point("a", 1, 0), "together"),
        (lambda: Point("a", 3, 0, 2), "between low and high"),
        (lambda: Bar("a", 3, 0, 2), "between low and high"),
        (lambda: bars(bars=[]), "at least one"),
        (lambda: bars(bars=[Bar("a", 1), Bar("a", 2)]), "different labels"),
        (lambda: bars(bars=[Bar("a", -1)]), "below zero"),
        (lambda: bars(whole=40), "whole is 40"),
        (lambda: intervals(scale="odds"), "ratio or difference"),
        (lambda: intervals(rows=[Interval("a", 1, 0, 2)]), "above zero"),
        (lambda: charts.line("No good", title="", description="", points=YEARS), "name"),
        (lambda: charts.year_wheel("rest"), "present"),
        (lambda: charts.Table("", ("a", "b"), (("1",),)), "as long as head"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        wrong()


def test_numbers_stand_to_the_right_and_words_do_not() -> None:
    table = charts.Table(
        "", ("", "n", "%", "x"), (("1", "38", "12,5 %", "b"), ("2", "–", "3 %", "4"))
    )
    assert table.numeric == (False, True, True, False)


@pytest.mark.parametrize("present", [None, "ask", "see", "promise", "do", "follow_up", "tell"])
def test_the_wheel_fills_the_present_step_and_no_other(present: str | None) -> None:
    wheel = charts.year_wheel(present)
    filled = [p for p in drawn(wheel).iter(f"{SVG}path") if p.get("class") == "now"]
    assert len(wheel.steps) == 6
    assert [step.key for step in wheel.steps if step.present] == ([present] if present else [])
    assert len(filled) == (present is not None)


def test_the_wheel_says_the_same_words_as_its_list() -> None:
    wheel = charts.year_wheel("do")
    said = [t.text for t in drawn(wheel).iter(f"{SVG}text")]
    assert said[:6] == [step.word for step in wheel.steps]


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_ticks_enclose_what_they_are_for_and_are_few(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + 1e-6 * step + 1e-9
    assert ticks[-1] >= low + span - 1e-6 * step - 1e-9
    assert 2 <= len(ticks) <= 7


@given(st.floats(0.001, 1), st.floats(1, 1000))
def test_ratio_ticks_lie_inside_and_hold_one(low: float, high: float) -> None:
    ticks = ratio_ticks(low, high)
    assert 1 in ticks
    assert all(low <= tick <= high for tick in ticks)


def test_ticks_that_would_touch_are_left_out_but_never_no_change() -> None:
    assert roomy([0.9, 1, 1.1, 2], 1, Scale(0.5, 2, 0, 100)) == [1, 2]


@given(st.lists(st.floats(0, 100), min_size=2, max_size=3))
def test_labels_are_pushed_apart_and_keep_their_order(places: list[float]) -> None:
    moved = apart(places, 20)
    order = sorted(range(len(places)), key=lambda i: places[i])
    gaps = [moved[b] - moved[a] for a, b in pairwise(order)]
    assert min(gaps) > 19.9
