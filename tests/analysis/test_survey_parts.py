"""What is refused or marked, and the parts that R has no answers for."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from loftet.analysis.survey import (
    ClassLimits,
    Design,
    Groups,
    Reason,
    change,
    difference,
    panel,
    problem_index,
    rank,
)

TEN = np.arange(10.0)
HALVES = np.repeat(["north", "south"], 5)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


# --- What is refused ----------------------------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "no weight": (lambda: Design([1, float("nan")]), "weights .* row 1 is missing"),
    "negative weight": (lambda: Design([1, -1]), "weights .* row 1 is negative"),
    "infinite weight": (lambda: Design([1, float("inf")]), "weights must be finite"),
    "nobody": (lambda: Design([]), "weights must be one number"),
    "all zero": (lambda: Design([0, 0]), "weights are all 0"),
    "strata too short": (lambda: Design([1, 1], strata=["a"]), "strata must be one value"),
    "stratum lacking": (
        lambda: Design([1, 1], strata=np.array(["a", None])),
        "strata lacks a label in row 1",
    ),
    "labels of two kinds": (
        lambda: Design([1, 1], strata=np.array(["a", 1], dtype=object)),
        "strata must hold labels of one kind",
    ),
    "one unit": (
        lambda: Design([1, 1, 1], strata=["a", "a", "b"]),
        "strata: stratum 'b' has one unit only.* merge",
    ),
    "population too small": (lambda: Design(np.ones(10), population=9), "population is 9 in"),
    "population lacking": (
        lambda: Design(np.ones(10), strata=HALVES, population={"north": 50}),
        "population lacks the size of stratum 'south'",
    ),
    "one size for several strata": (
        lambda: Design(np.ones(10), strata=HALVES, population=50),
        "population must give a size for each stratum",
    ),
    "sizes that differ within a stratum": (
        lambda: Design(np.ones(10), population=TEN + 20),
        "population must be the same in all rows",
    ),
    "unknown rule": (lambda: Design([1, 1], lonely="adjust"), "lonely must be one of"),  # type: ignore[arg-type]
    "missing answer": (
        lambda: Design([1, 1]).mean([1, float("nan")]),
        'y lacks an answer in 1 rows; .* missing="omit"',
    ),
    "words for numbers": (lambda: Design([1, 1]).mean(["a", "b"]), "y must hold numbers"),
    "answers too short": (lambda: Design([1, 1]).mean([1]), "y must be one value for each of 2"),
    "level of another kind": (lambda: Design([1, 1]).share([1, 2], "1"), "level is '1', but y"),
    "confidence": (lambda: Design([1, 1]).mean([1, 2], confidence=95), "confidence must lie"),
    "quantile": (lambda: Design([1, 1]).quantile([1, 2], 50), "q must lie between 0 and 1"),
    "unknown domain": (
        lambda: Design(np.ones(10)).mean(TEN, by=HALVES)["east"],
        "no domain 'east'",
    ),
    "margins that contradict": (
        lambda: Design(np.ones(10)).rake(
            [(HALVES, {"north": 5, "south": 5}), (TEN > 4, {True: 7, False: 7})]
        ),
        r"margins contradict each other: margins\[0\] adds up to 10 and margins\[1\] to 14",
    ),
    "margins that cannot be met": (
        lambda: Design(np.ones(10)).rake(
            [(HALVES, {"north": 4, "south": 6}), (TEN > 4, {True: 5, False: 5})]
        ),
        "margins cannot be met together",
    ),
    "level without total": (
        lambda: Design(np.ones(10)).rake([(HALVES, {"north": 4})]),
        r"margins\[0\] lacks a total for 'south'",
    ),
    "level without answers": (
        lambda: Design(np.ones(10)).rake([(HALVES, {"north": 4, "south": 5, "east": 1})]),
        r"margins\[0\]: nobody in 'east' answered; merge",
    ),
    "total of nothing": (
        lambda: Design(np.ones(10)).rake([(HALVES, {"north": 0, "south": 5})]),
        r"margins\[0\] must give a total above 0 for 'north'",
    ),
    "bounds too narrow": (
        lambda: Design(np.ones(10)).rake([(HALVES, {"north": 1, "south": 9})], bounds=(0.5, 2)),
        "totals cannot be met within bounds: .* widen the bounds",
    ),
    "bounds on one side": (
        lambda: (
            Design(np.ones(10))
            .poststratify(HALVES, {"north": 5, "south": 5})
            .calibrate(np.ones((10, 1)), [10], bounds=(1.1, 2))
        ),
        "bounds must lie on either side of 1",
    ),
    "totals that contradict": (
        lambda: Design(np.ones(10)).calibrate(np.ones((10, 2)), [10, 12]),
        "totals cannot be met: .* contradict",
    ),
    "a silent class": (
        lambda: Design(np.ones(10)).respond(TEN > 4, HALVES),
        "classes: nobody in 'north' answered; merge",
    ),
    "replicates after raking": (
        lambda: (
            Design(np.ones(10))
            .poststratify(HALVES, {"north": 4, "south": 6})
            .replicates("jackknife")
        ),
        "replicates must be drawn before",
    ),
    "half samples of five": (
        lambda: Design(np.ones(10), strata=HALVES).replicates("brr"),
        'kind="brr" needs two sampled units',
    ),
    "bootstrap without chance": (
        lambda: Design(np.ones(10)).replicates("bootstrap", count=9),
        "needs count, 2 or more, and rng",
    ),
    "limits in disorder": (
        lambda: ClassLimits("1", {"q": (0.1, 0.2, 0.3, 0.4, 0.6, 0.5)}),
        "limits of 'q' must be 6 ascending",
    ),
    "trimmed to nothing": (
        lambda: Design(TEN + 1).trim(20, 30),
        "lower and upper must lie on either side of the mean weight",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_the_argument_and_the_cure(case: str) -> None:
    call, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        call()


# --- What is marked -----------------------------------------------------------------------------


def test_an_empty_domain_is_marked_and_the_others_are_estimated() -> None:
    groups = Groups((TEN > 4).astype(np.intp), ("north", "south", "east"))
    found = Design(np.ones(10)).mean(TEN, by=groups)
    assert found["east"].reason is Reason.EMPTY
    assert np.isnan(found["east"].value)
    assert found["north"].reason is None
    assert found["north"].value == 2
    assert difference(found, "north", "east").reason is Reason.EMPTY


def test_a_domain_whose_answers_all_lack_is_empty() -> None:
    y = np.where(HALVES == "north", np.nan, TEN)
    found = Design(np.ones(10)).mean(y, by=HALVES, missing="omit")
    assert [reason for reason in found.reason] == [Reason.EMPTY, None]  # noqa: C416 - reads better
    assert found["south"].n == 5


def test_one_answer_has_a_value_but_no_error() -> None:
    found = Design(np.ones(10)).mean(TEN, by=TEN == 3)[True]
    assert found.value == 3
    assert np.isnan(found.error)
    assert np.isnan(found.interval).all()
    assert found.reason is Reason.ONE_UNIT


def test_a_ratio_to_nothing_is_marked() -> None:
    found = Design(np.ones(10)).ratio(TEN, HALVES == "north", by=HALVES)
    assert found["south"].reason is Reason.NO_DENOMINATOR
    assert found["north"].value == 2


def test_those_who_did_not_answer_may_lack_everything_but_their_stratum() -> None:
    design = Design(np.where(TEN == 0, 0.0, 1.0), strata=HALVES)
    y = np.where(TEN == 0, np.nan, TEN)
    labels = np.array([None, *"ababababa"], dtype=object)
    assert design.mean(y).value == 5
    assert design.mean(y, by=labels).n.sum() == 9


# --- Strata of one ------------------------------------------------------------------------------


def test_rules_for_a_stratum_of_one() -> None:
    strata = [*HALVES, "alone"]
    y = np.append(TEN, 30.0)

    def error(lonely: Any) -> float:
        return Design(np.ones(11), strata=strata, lonely=lonely).total(y).error ** 2

    halves = Design(np.ones(10), strata=HALVES).total(TEN).error ** 2
    assert error("certainty") == pytest.approx(halves)
    assert error("average") == pytest.approx(halves * 3 / 2)
    assert error("centre") == pytest.approx(halves + (30 - y.mean()) ** 2)
    drawn_in_full = {"north": 50, "south": 50, "alone": 1}
    assert Design(np.ones(11), strata=strata, population=drawn_in_full).total(y).error > 0


# --- Shares near the ends -----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["logit", "wilson", "beta"])
def test_nobody_is_not_known_to_be_nobody(method: Any) -> None:
    none, everybody = (
        Design(np.ones(100)).share(np.zeros(100), level, method=method) for level in (1, 0)
    )
    assert none.interval[0] == 0
    assert 0.02 < none.interval[1] < 0.05
    assert everybody.interval == pytest.approx((1 - none.interval[1], 1))


def test_two_shares_of_nobody_can_still_differ() -> None:
    area = np.repeat([0, 1], 50)
    found = difference(Design(np.ones(100)).share(np.zeros(100), 1, by=area), 0, 1)
    assert found.interval[0] < 0 < found.interval[1]
    assert found.p_value == 1


# --- Index, ranking, tables ---------------------------------------------------------------------

LIMITS = (0.05, 0.10, 0.20, 0.30, 0.40, 0.50)


def test_an_index_step_at_a_limit_shows_how_loosely_it_sits() -> None:
    answers = {"litter": np.arange(200) < 41, "fights": np.arange(200) < 8}
    shares = Design(np.ones(200)).shares(answers)
    classes = ClassLimits(
        "2019", dict.fromkeys(answers, LIMITS), {"outdoors": ("litter", "fights")}
    )
    index = problem_index(shares, classes, rng=rng())
    litter = index.points["litter"]
    assert (litter.point, litter.share) == (3, 0.205)
    assert litter.to_previous == pytest.approx(0.005)
    assert litter.to_next == pytest.approx(0.095)
    assert litter.interval == (2, 3)
    assert litter.chances[2] == pytest.approx(0.43, abs=0.04)
    assert sum(litter.chances) == pytest.approx(1)
    assert index.points["fights"].point == 0
    assert index.points["fights"].to_previous is None
    assert index.total.value == index.groups["outdoors"].value == 1.5
    assert index.total.interval == (1.0, 2.0)
    assert index.version == "2019"


def test_a_share_at_a_limit_has_passed_it() -> None:
    shares = Design(np.ones(200)).shares({"litter": np.arange(200) < 40})
    found = problem_index(shares, ClassLimits("1", {"litter": LIMITS}), rng=rng())
    assert found.points["litter"].point == 3


def test_a_clear_first_is_first_and_the_others_are_not_told_apart() -> None:
    order = np.random.default_rng(2).permuted(np.tile(np.arange(500), (3, 1)), axis=1)
    answers = {"traffic": order[0] < 300, "noise": order[1] < 100, "litter": order[2] < 105}
    shares = Design(np.ones(500)).shares(answers)
    found = rank(shares, top=1, rng=rng())
    assert found.names == ("traffic", "litter", "noise")
    assert found.among_top.tolist() == [1, 0, 0]
    assert [limit.tolist() for limit in found.interval] == [[1, 2, 2], [1, 3, 3]]
    wide = rank(shares, top=2, rng=rng(), method="joint")
    assert (wide.interval[0] <= found.interval[0]).all()
    assert wide.among_top.sum() == pytest.approx(2)
    assert wide.among_top[1] == pytest.approx(0.65, abs=0.1)


def test_a_simple_random_table_gives_pearsons_test() -> None:
    rows = np.repeat(["f", "m"], [60, 140])
    columns = np.concatenate([np.repeat(["a", "b"], [20, 40]), np.repeat(["a", "b"], [70, 70])])
    found = Design(np.ones(200)).table(rows, columns)
    expected = 200 * (20 * 70 - 40 * 70) ** 2 / (60 * 140 * 90 * 110)
    assert found.pearson == pytest.approx(expected)
    assert found.statistic == pytest.approx(expected, rel=0.05)
    assert found.degrees == pytest.approx((1, 199))
    assert found.share.sum() == pytest.approx(1)


def test_a_domain_that_is_quiet_about_the_past_is_compared_with_itself() -> None:
    stays = np.arange(40)
    first = Design(np.ones(40)).poststratify(stays % 2, {0: 500, 1: 500})
    second = Design(np.ones(40)).poststratify(stays % 2, {0: 500, 1: 500})
    before, after = (stays % 5).astype(float), (stays % 5) + 1.0
    both, wave = panel(first, second, persons=(stays, stays))
    found = difference(both.mean(np.concatenate([before, after]), by=wave), 2, 1)
    assert found.value == pytest.approx(1)
    assert found.error == pytest.approx(0, abs=1e-6)
    assert change(second.mean(after), first.mean(before)).error > 0.2


# --- Diagnostics --------------------------------------------------------------------------------


def test_diagnostics_tell_how_uneven_the_weights_are_and_what_trimming_cost() -> None:
    raked = Design(np.ones(10)).rake([(HALVES, {"north": 20, "south": 80})])
    found = raked.diagnostics()
    assert found.design_effect == pytest.approx(10 * (5 * 16 + 5 * 256) / 100**2)
    assert found.effective_n == pytest.approx(10 / found.design_effect)
    assert (found.largest, found.smallest) == pytest.approx((1.6, 0.4))
    assert found.gap < 1e-9
    trimmed = raked.trim(5, 15)
    assert trimmed.weights.sum() == pytest.approx(100)
    assert trimmed.weights.max() <= 15 + 1e-9
    assert trimmed.diagnostics().gap == pytest.approx(0.25)


# --- Speed --------------------------------------------------------------------------------------


def test_the_survey_of_a_municipality_is_answered_at_once() -> None:
    chance = rng()
    area = chance.integers(0, 12, 5000)
    answers = chance.integers(1, 6, (40, 5000))
    start = time.perf_counter()
    design = Design(np.ones(5000) * 8, strata=area, population=dict.fromkeys(range(12), 9000))
    design = design.rake([(answers[0], dict.fromkeys(range(1, 6), 8000.0))])
    for answer in answers:
        design.share(answer, 5, by=area)
    assert time.perf_counter() - start < 1  # about 0.06 s on a quiet machine
