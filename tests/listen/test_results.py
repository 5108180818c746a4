"""What is computed from answers: by hand, by design, and never more than the design allows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from loftet.analysis.survey import Design as Sample
from loftet.listen.rules.designs import Design
from loftet.listen.rules.results import (
    Classes,
    Drawn,
    Filled,
    Given,
    Themed,
    compiled,
    ranking,
    series,
)
from loftet.listen.rules.results.changes import Break, same
from loftet.listen.rules.results.sample import POOLED, Rows, grouped
from loftet.listen.rules.results.series import Past
from tests.listen import survey

WORDS_OF_CHANCE = {"low", "high", "best", "worst", "among_top", "p", "beyond_chance"}


@pytest.fixture(scope="module")
def given() -> Given:
    return survey.wave()


@pytest.fixture(scope="module")
def content(given: Given) -> dict[str, Any]:
    return compiled(given)


def test_shares_are_those_of_the_analysis_run_by_hand(
    given: Given, content: dict[str, Any]
) -> None:
    design, answers = by_hand(given)
    values: Any = [answer.content.get("alone_late") for answer in answers]
    found = design.share(values + [None] * silent(given), "very_safe", missing="omit")
    told = content["tables"]["alone_late"][0]["levels"]["very_safe"]
    assert told == {
        "share": round(found.value, 3),
        "low": round(found.interval[0], 3),
        "high": round(found.interval[1], 3),
    }


def test_shares_of_areas_are_those_of_the_analysis_run_by_hand(
    given: Given, content: dict[str, Any]
) -> None:
    design, answers = by_hand(given)
    values: Any = [answer.content.get("alone_late") for answer in answers] + [None] * silent(given)
    areas: Any = [answer.stratum for answer in answers] + ["nobody"] * silent(given)
    found = design.share(values, "very_safe", areas, missing="omit")
    for figure in content["tables"]["alone_late"][1:]:
        told = figure["levels"]["very_safe"]
        if "share" in told:
            decimals = 2 if figure["n"] < 100 else 3
            assert told["share"] == round(found[figure["area"]].value, decimals)


def by_hand(given: Given) -> tuple[Sample, list[Filled]]:
    """The design as the method page tells it: base weights, response by stratum, margins."""
    answers = sorted(given.answers, key=lambda answer: answer.stratum or "")
    strata = {stratum.code: stratum for stratum in given.strata}
    area = [str(answer.stratum) for answer in answers]
    quiet = [s.code for s in given.strata for _ in range(s.asked - area.count(s.code))]
    labels = area + quiet
    sample = Sample(
        [strata[code].population / strata[code].asked for code in labels],
        strata=labels,
        population={code: stratum.population for code, stratum in strata.items()},
        lonely="centre",
    )
    responded = [True] * len(answers) + [False] * len(quiet)
    sample = sample.respond(responded, labels)
    margins: list[Any] = []
    for variable, totals in given.margins.items():
        levels = [
            level if (level := answer.content.get(variable)) in totals else "?"
            for answer in answers
        ]
        unknown = sum(w for w, level in zip(sample.weights, levels, strict=False) if level == "?")
        scale = (sample.weights.sum() - unknown) / sum(totals.values())
        aims = {level: count * scale for level, count in totals.items()} | {"?": unknown}
        margins.append(([*levels, *["?"] * len(quiet)], aims))
    known = {code: stratum.population for code, stratum in strata.items()}
    return sample.rake([*margins, (labels, known)]), answers


def silent(given: Given) -> int:
    return sum(stratum.asked for stratum in given.strata) - len(given.answers)


def test_weights_meet_the_registers_of_age_and_of_districts(given: Given) -> None:
    rows = Rows(given)
    assert rows.fitted == ("age", "gender")
    weights = rows.design.weights[: rows.answered]
    assert not rows.unmet
    for stratum in given.strata:
        mine = [a.stratum == stratum.code for a in given.answers]
        assert weights[mine].sum() == pytest.approx(stratum.population)
    ages, people = given.margins["age"], sum(given.margins["age"].values())
    told = [a.content.get("age") for a in given.answers]
    known = weights[[age is not None for age in told]].sum()
    for age, count in ages.items():
        mine = [one == age for one in told]
        assert weights[mine].sum() / known == pytest.approx(count / people)


def test_margins_that_nobody_could_meet_are_left_alone(given: Given) -> None:
    impossible = {"age": {"16-24": 1, "75-plus": 10**9}}
    rows = Rows(replace(given, margins=impossible))
    weights = rows.design.weights
    assert rows.bounded or rows.unmet
    assert weights.sum() == pytest.approx(given.population)


def test_an_open_link_and_an_invited_group_get_no_word_of_chance(given: Given) -> None:
    for design in (Design.OPEN, Design.TARGETED):
        found = compiled(replace(given, design=design, before=given, classes=classes()))
        assert not WORDS_OF_CHANCE & set(keys(found)), design
        assert found["index"] is found["changes"] is found["weighting"] is None
        assert found["margin_of_error"] is None
        order = found["priorities"]["priorities"]["rows"]
        assert next(row["rank"] for row in order if "rank" in row) == 1
    assert "rate" not in keys(compiled(replace(given, design=Design.OPEN))["response"])


def keys(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from content
        for value in content.values():
            yield from keys(value)
    if isinstance(content, list):
        for value in content:
            yield from keys(value)


def test_the_same_answers_give_the_same_document(given: Given, content: dict[str, Any]) -> None:
    assert json.dumps(compiled(given), allow_nan=False) == json.dumps(content, allow_nan=False)


def test_priorities_are_ranked_with_their_best_and_worst_place(content: dict[str, Any]) -> None:
    found = content["priorities"]["priorities"]
    rows = [row for row in found["rows"] if "rank" in row]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["best"] <= row["rank"] <= row["worst"] for row in rows)
    assert sum(found["tiers"]) == len(rows)
    assert rows[0]["share"] > rows[-1]["share"]


def test_places_are_cut_only_where_none_can_change_sides() -> None:
    assert ranking.tiers([(1, 1), (2, 3), (2, 3), (4, 4)]) == [1, 2, 1]
    assert ranking.tiers([(1, 2), (1, 3), (2, 3)]) == [3]


def test_the_index_shows_share_point_and_distance(given: Given) -> None:
    found = compiled(replace(given, classes=classes(), version="1"))["index"]
    whole = found["areas"][0]
    assert found["groups"]["outdoors"][0] == "outdoors.litter"
    point = whole["points"]["outdoors.litter"]
    limits = classes()[0].limits
    assert point["point"] == sum(point["share"] >= limit for limit in limits)
    if point["to_next"] is not None:
        assert point["share"] + point["to_next"] == pytest.approx(limits[point["point"]], abs=0.002)
    expected = np.mean([whole["points"][code]["point"] for code in found["groups"]["outdoors"]])
    assert whole["groups"]["outdoors"]["value"] == pytest.approx(expected, abs=0.01)


def classes() -> list[Classes]:
    return [
        Classes(
            "outdoors",
            ("outdoors",),
            frozenset({"large", "very_large"}),
            frozenset({"unknown"}),
            (0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
        )
    ]


def test_a_change_is_told_for_the_same_question_and_a_break_for_another(given: Given) -> None:
    before = replace(survey.wave(seed=2), form=with_other_words("safe_here"))
    found = compiled(replace(given, before=before))["changes"]
    assert found["safe_here"] == {"why": "words"}
    change = found["alone_late"]["levels"]["very_safe"]
    assert change["low"] <= change["change"] <= change["high"]
    assert change["beyond_chance"] == (not change["low"] <= 0 <= change["high"])


def test_every_way_in_which_a_question_can_differ_is_a_break(given: Given) -> None:
    reasons = same(given.form, with_other_words("safe_here"))
    assert reasons["safe_here"] is Break.WORDS
    assert reasons["alone_late"] is None
    without = replace(given.form, pages=given.form.pages[1:])
    gone = given.form.pages[0].questions[0].code
    assert any(r is Break.NEW for item, r in same(given.form, without).items() if gone in item)


def with_other_words(code: str) -> Any:
    form = survey.FORM
    pages = tuple(
        replace(
            page,
            questions=tuple(
                replace(q, label={"sv": "Något annat?"}) if q.code == code else q
                for q in page.questions
            ),
        )
        for page in form.pages
    )
    return replace(form, pages=pages)


def test_years_of_open_links_and_the_sample_after_them_are_never_joined() -> None:
    waves = [
        past("2018", None, intervals=False),
        past("2019", "2018", intervals=False),
        past("2020", "2019", intervals=False),
        past("2022", "2020", intervals=True),
        past("2024", "2022", intervals=True),
        past("2026", "2022", intervals=True),
    ]
    drawn = series.placed(waves)
    assert [point.joined for point in drawn] == [False, False, False, False, True, False]
    assert [point.low is None for point in drawn] == [True, True, True, False, False, False]


def past(code: str, comparable: str | None, *, intervals: bool) -> Past:
    return Past(code, code, comparable, intervals, "another way of asking", 0.3, 0.2, 0.4)


def test_strata_with_hardly_an_answer_are_taken_together() -> None:
    strata = [Drawn(code, code, 100, 10) for code in "abc"]
    answers = [Filled(code, "web", {}) for code in ["a"] * 5 + ["b"] * 3 + ["c"]]
    groups, of = grouped(strata, answers)
    assert groups.keys() == {"a", POOLED}  # c alone shows no spread, so b joins it
    assert groups[POOLED].population == 200
    assert groups[POOLED].answered == 4
    assert of.count(POOLED) == 4


def test_answers_that_do_not_say_where_they_lie_keep_their_weight() -> None:
    strata = [Drawn(code, code, 100, 10) for code in "ab"]
    answers = [Filled(code, "", {}) for code in [*"aaaaa", *"bbbb", None, None, None]]
    groups, of = grouped(strata, answers)
    assert groups.keys() == {"a", POOLED}
    assert len(of) == 12
    given = Given(survey.FORM, Design.PROBABILITY, answers, strata, 200)
    assert Rows(given).design.weights.sum() == pytest.approx(200)


def test_a_wave_drawn_from_everybody_at_once_has_weights_and_no_areas() -> None:
    answers = [replace(answer, stratum=None) for answer in survey.wave().answers]
    strata = [Drawn("+", "", 16_000, 800)]
    found = compiled(Given(survey.FORM, Design.PROBABILITY, answers, strata, 16_000))
    assert found["areas"] == {}
    assert len(found["tables"]["alone_late"]) == 1
    assert "low" in found["tables"]["alone_late"][0]["levels"]["very_safe"]


def test_themes_are_counted_among_those_who_wrote(given: Given) -> None:
    passages = [frozenset({"drugs"})] * 7 + [frozenset({"drugs", "light"})] * 4 + [frozenset()] * 3
    themed = Themed("comment", ("drugs", "light", "dogs"), [*passages, frozenset({"dogs"})])
    found = compiled(replace(given, themed=[themed]))["themes"]["comment"]
    assert found["n"] == 15
    assert found["themes"]["drugs"] == {"count": 11, "share": 0.73}
    assert found["themes"]["dogs"] == {"why": "few"}


def test_nobody_answering_a_question_is_told_as_few(given: Given) -> None:
    answers = [
        replace(answer, content={k: v for k, v in answer.content.items() if k != "alone_late"})
        for answer in given.answers
    ]
    found = compiled(replace(given, answers=answers))["tables"]["alone_late"]
    assert all(figure["n"] is None for figure in found)
