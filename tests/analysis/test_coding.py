import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loftet.analysis.coding import cohen_kappa, krippendorff_alpha

NONE = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]
CODES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=40).filter(
    lambda rows: len({code for row in rows for code in row}) > 1
)


def spread_out(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j, n) for i, row in enumerate(table) for j, n in enumerate(row)]
    return (
        [i for i, _, n in cells for _ in range(n)],
        [j for _, j, n in cells for _ in range(n)],
    )


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorffs_own_example(level: Any, alpha: float) -> None:
    assert krippendorff_alpha(FOUR, level=level).value == pytest.approx(alpha, abs=5e-4)


def test_krippendorffs_two_observers() -> None:
    # the same paper, sections A and B
    one, two = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha([one, two]).value == pytest.approx(0.095, abs=5e-4)
    five = krippendorff_alpha([list("aabbdcccedda"), list("babbbccceddd")])
    assert five.value == pytest.approx(0.692, abs=5e-4)


@pytest.mark.parametrize(
    ("weights", "kappa", "low", "high"),
    [
        ("none", 0.4285714285714285, 0.27969485445574205, 0.5774480026871149),
        ("linear", 0.4923076923076922, 0.3517254678093234, 0.6328899168060611),
        ("quadratic", 0.5666666666666667, 0.41237027924098396, 0.7209630540923493),
    ],
)
def test_kappa_and_its_interval_agree_with_statsmodels(
    weights: Any, kappa: float, low: float, high: float
) -> None:
    # statsmodels 0.15, cohens_kappa of the table of its manual
    one, two = spread_out([[53, 5, 2], [11, 14, 5], [1, 6, 3]])
    found = cohen_kappa(one, two, weights=weights)
    assert found.value == pytest.approx(kappa, rel=1e-12)
    assert found.interval == pytest.approx((low, high), rel=1e-9)


@given(CODES)
@settings(deadline=None)
def test_neither_names_nor_order_nor_who_is_first_matter(rows: list[tuple[int, int]]) -> None:
    one, two = [row[0] for row in rows], [row[1] for row in rows]
    kappa, alpha = cohen_kappa(one, two), krippendorff_alpha([one, two])
    named = [[f"code {9 - code}" for code in reversed(row)] for row in (two, one)]
    assert cohen_kappa(*named).value == pytest.approx(kappa.value, abs=1e-12)
    assert krippendorff_alpha(named).value == pytest.approx(alpha.value, abs=1e-12)
    assert kappa.value <= 1 + 1e-12
    assert alpha.value <= 1 + 1e-12


@given(CODES, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_perfect_agreement_is_one(rows: list[tuple[int, int]], level: Any) -> None:
    one = [row[0] for row in rows]
    assume(len(set(one)) > 1)
    assert krippendorff_alpha([one, one], level=level).value == 1
    assert cohen_kappa(one, one).value == 1


def test_codes_by_chance_agree_around_zero_and_the_interval_says_so() -> None:
    rng = np.random.default_rng(11)
    codes = rng.integers(0, 3, size=(2, 300)).tolist()
    alpha = krippendorff_alpha(codes, rng=rng)
    kappa = cohen_kappa(*codes)
    for found in alpha, kappa:
        assert found.interval is not None
        assert found.interval[0] < 0 < found.interval[1]
    assert alpha.interval == pytest.approx(kappa.interval, abs=0.02)


def test_an_answer_with_one_code_changes_nothing() -> None:
    more = [[*row, 5 if k == 0 else NONE] for k, row in enumerate(FOUR)]
    assert krippendorff_alpha(more) == krippendorff_alpha(FOUR)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: cohen_kappa([1], [1, 2]), "first has 1 answers, second 2"),
        (lambda: cohen_kappa([], []), "first has 0 answers"),
        (lambda: cohen_kappa([1, None], [1, 2]), "must have a code for every answer"),
        (lambda: cohen_kappa([1, math.nan], [1, 2]), "must have a code for every answer"),
        (lambda: cohen_kappa([1, 1], [1, 1]), "all codes are the same"),
        (lambda: cohen_kappa(["a"], ["b"], levels=["a"]), r"levels lacks \['b'\]"),
        (lambda: krippendorff_alpha([[1, 2]]), "codes must have two rows"),
        (lambda: krippendorff_alpha([[1, 2], [1]]), "codes must have two rows"),
        (lambda: krippendorff_alpha([[1, None], [None, 2]]), "no answer has codes from two"),
        (lambda: krippendorff_alpha([[1, 1], [1, 1]]), "all codes are the same"),
        (lambda: krippendorff_alpha([["a"], ["b"]], level="interval"), "codes must be numbers"),
        (lambda: krippendorff_alpha([[-1], [1]], level="ratio"), "codes must be 0 or more"),
        (lambda: krippendorff_alpha([[1], [2]], confidence=2), "confidence must lie"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
