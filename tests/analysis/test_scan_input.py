"""What a scan refuses, and what it says when nothing can be told."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from loftet.analysis import scan

GAP = math.nan
WRONG: Any = "sideways"
X = [0, 1, 4, 9]
Y = [0, 0, 0, 0]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def poisson(cases: Any = (5, 3, 2, 2), expected: Any = (3, 3, 3, 3), **more: Any) -> scan.Scan:
    options: dict[str, Any] = {"x": X, "y": Y, "replicates": 19, "rng": rng()}
    return scan.poisson(cases, expected, **(options | more))


def space_time(cases: Any, expected: Any, **more: Any) -> scan.Scan:
    options: dict[str, Any] = {"x": X, "y": Y, "replicates": 19, "rng": rng(), "prospective": True}
    return scan.space_time_poisson(cases, expected, **(options | more))


def permutation(location: Any = (0, 1, 1, 3), day: Any = (1, 2, 3, 3), **more: Any) -> scan.Scan:
    options: dict[str, Any] = {
        "x": X, "y": Y, "replicates": 19, "rng": rng(), "prospective": True, "radius": 2,
        "longest": 2,
    }  # fmt: skip
    return scan.space_time_permutation(location, day, **(options | more))


def bernoulli(cases: Any = (2, 0, 1, 1), controls: Any = (1, 2, 2, 3), **more: Any) -> scan.Scan:
    options: dict[str, Any] = {"x": X, "y": Y, "replicates": 19, "rng": rng()}
    return scan.bernoulli(cases, controls, **(options | more))


ONES = np.ones((4, 3))


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: poisson(cases=[1, 2, GAP, 3]), r"cases\[2\] = nan is not a number"),
        (lambda: poisson(cases=[1, 2, 3]), "cases has 3 values, the others 4"),
        (lambda: poisson(cases=[1, 2, -1, 3]), r"cases\[2\] = -1 is below 0"),
        (lambda: poisson(cases=[1, 2.5, 1, 3]), r"cases\[1\] = 2.5 is not whole"),
        (lambda: poisson(expected=[1, 1, 1, GAP]), r"expected\[3\] = nan"),
        (lambda: poisson(expected=[1, 1, 1, -2]), r"expected\[3\] = -2 is below 0: give 0 where"),
        (lambda: poisson(expected=[1, 1, 1, 0]), r"cases\[3\] = 2 where expected is 0: correct"),
        (lambda: poisson(x=[0, 1, 4, GAP]), r"x\[3\] = nan"),
        (lambda: poisson(y=[0, 0, 0]), "y has 3 values, the others 4"),
        (lambda: poisson(x=[], y=[]), "x is empty"),
        (lambda: poisson(largest_share=0.6), "largest_share must be above 0 and at most 0.5"),
        (lambda: poisson(radius=0), "radius must be above 0"),
        (lambda: poisson(metric=WRONG), "metric must be one of euclidean, great circle"),
        (lambda: poisson(rates=WRONG), "rates must be one of high, low"),
        (lambda: poisson(replicates=9), "replicates must be at least 19"),
        (lambda: poisson(stop_after=20), "stop_after must lie between 1 and replicates, 19"),
        (lambda: poisson(stop_after=0), "stop_after must lie between 1"),
        (lambda: poisson(at_most=0), "at_most must be at least 1"),
        (lambda: poisson(cases=[2**24, 1, 1, 1]), "16777219 cases, more than 16777216: scan a"),
        (
            lambda: poisson(x=[674_000, 0, 0, 0], metric="great circle"),
            r"x\[0\] = 674000 is no longitude in degrees: for metres use metric='euclidean'",
        ),
        (lambda: poisson(y=[0, 91, 0, 0], metric="great circle"), r"y\[1\] = 91 is no latitude"),
        (lambda: space_time([1, 2, 3, 4], ONES), "cases must have a row for each of the 4 places"),
        (lambda: space_time(np.ones((3, 3)), ONES), "a row for each of the 4 places"),
        (lambda: space_time(ONES, np.ones((4, 2))), "expected has 2 periods, cases 3"),
        (lambda: space_time(ONES * GAP, ONES), r"cases\[0\]\[0\] = nan"),
        (lambda: space_time(ONES, ONES - np.eye(4, 3)), r"cases\[0\]\[0\] = 1 where expected is 0"),
        (lambda: space_time(ONES, ONES, longest=4), "longest must lie between 1 and 3"),
        (lambda: space_time(ONES, ONES, every=0), "every must be above 0"),
        (lambda: permutation(location=[0, 1, 1, 4]), r"location\[3\] = 4 is no row of x and y"),
        (lambda: permutation(location=[0, 1, 1, 0.5]), r"location\[3\] = 0.5 is not whole"),
        (lambda: permutation(location=[0, 1, 1]), "day has 4 values, location 3"),
        (lambda: permutation(day=[1, 2, 3, GAP]), r"day\[3\] = nan"),
        (lambda: permutation(day=[1, 2, 3, 3.5]), r"day\[3\] = 3.5 is not whole: give days"),
        (lambda: permutation(day=["2025-01-01", "", "", ""]), r"day\[1\] is missing"),
        (lambda: permutation(day=np.array(["NaT"] * 4, "M8[D]")), r"day\[0\] is missing"),
        (lambda: permutation(until=2), r"day\[2\] comes after until"),
        (lambda: permutation(until="2025-01-01"), "until must come as day does"),
        (lambda: permutation(longest=0), "longest must be above 0"),
        (lambda: permutation(longest=1.5), "longest must be a whole number"),
        (lambda: permutation(radius=-1), "radius must be above 0"),
        (lambda: bernoulli(controls=[1, 2, GAP, 3]), r"controls\[2\] = nan"),
        (lambda: bernoulli(controls=[10**9, 0, 0, 0]), "controls hold 1000000000, too many"),
        (lambda: scan.expected_from_strata([1, 2], [[1, 2, 3]]), "3 strata, cases 2"),
        (lambda: scan.expected_from_strata([1, 2], [[0, 2]]), "stratum 0 has cases but no pop"),
        (lambda: scan.expected_from_strata([1, GAP], [[1, 2]]), r"cases\[1\] must be a number"),
        (lambda: scan.expected_from_strata([1, 2], [[1, -2]]), r"population\[0\]\[1\] must be"),
        (lambda: scan.expected_from_strata([], []), "cases is empty"),
        (
            lambda: scan.person_days([[1, 2]], ["2000-01-01"], ["2000-01-01", "2001-01-01"]),
            "a column for each of the 1 counts",
        ),
        (
            lambda: scan.person_days([[1, 2]], ["2001-01-01", "2000-01-01"], ["2000-01-01"]),
            r"counted\[1\] is not after the one before it",
        ),
        (lambda: scan.person_days([[1]], ["2001-01-01"], ["2001-01-01"]), "at least two days"),
    ],
)
def test_input_that_makes_no_sense_is_refused_by_name_and_place(
    ask: Callable[[], object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        ask()


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: poisson(cases=[0, 0, 0, 0]), "fewer than two cases"),
        (lambda: poisson(cases=[1, 0, 0, 0]), "fewer than two cases"),
        (lambda: poisson(x=[2] * 4), "at one place only"),
        (lambda: poisson(cases=[9, 0, 0, 0], expected=[9, 0, 0, 0]), "at one place only"),
        (lambda: poisson(expected=[1, 1, 1, 1], largest_share=0.2), "no circle is small enough"),
        (lambda: poisson(cases=[3, 3, 3, 3]), "no circle holds more cases than expected"),
        (lambda: poisson(cases=[3, 3, 3, 3], rates="low"), "no circle holds fewer cases"),
        (lambda: space_time(np.eye(4, 3), ONES), "no circle holds more cases than expected"),
        (lambda: bernoulli(cases=[0, 0, 0, 0]), "only cases or only controls"),
        (lambda: bernoulli(controls=[0, 0, 0, 0]), "only cases or only controls"),
        (lambda: bernoulli(y=[0] * 4, x=[1] * 4), "at one place"),
        (lambda: permutation(location=[2, 2, 2, 2]), "all cases are at one place"),
        (lambda: permutation(x=[5] * 4), "all cases are at one place"),
        (lambda: permutation(day=[7, 7, 7, 7]), "all cases are on one day"),
        (lambda: permutation(location=[1], day=[1]), "fewer than two cases"),
        (lambda: permutation(location=[], day=[]), "fewer than two cases"),
        (lambda: permutation(until=90), "no circle holds more cases than expected"),
    ],
)
def test_where_nothing_can_be_told_the_scan_says_why(
    ask: Callable[[], scan.Scan], why: str
) -> None:
    found = ask()
    assert why in found.why
    assert found.clusters == ()
    assert (found.replicates, len(found.null)) == (0, 0)


def test_regions_without_people_and_without_cases_are_in_the_way_of_nobody() -> None:
    with_park = scan.poisson([9, 3, 0, 2, 2], [3, 3, 0, 3, 3], [0, 1, 2, 4, 9], [0] * 5, rng=rng())
    without = poisson([9, 3, 2, 2], replicates=999)
    assert with_park.null == pytest.approx(without.null)
    assert with_park.clusters[0].p_value == without.clusters[0].p_value
    nobody = bernoulli([2, 0, 1, 0], [1, 2, 2, 0])
    assert nobody.clusters[0].members.tolist() == [0]


def test_all_cases_in_one_of_several_regions_is_the_plainest_cluster() -> None:
    found = poisson([9, 0, 0, 0])
    first = found.clusters[0]
    assert (first.members.tolist(), first.observed, first.relative_risk) == ([0], 9, math.inf)
    assert first.p_value == 1 / 20


def test_replicates_without_any_variation_leave_gumbel_nothing_to_say() -> None:
    found = scan.bernoulli([2, 0], [1, 300], [0, 1], [0, 0], replicates=19, rng=rng())
    assert found.null.tolist() == [0] * 19
    assert found.clusters[0].p_value == 1 / 20
    assert math.isnan(found.clusters[0].gumbel_p)
