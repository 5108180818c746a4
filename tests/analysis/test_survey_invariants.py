"""What must hold for every survey, tried on many."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.survey import Design, Estimate, Estimates, change, difference, panel


@dataclass(frozen=True)
class Drawn:
    """A small survey, from a seed that hypothesis can shrink."""

    weights: npt.NDArray[np.float64]
    strata: npt.NDArray[np.int64]
    clusters: npt.NDArray[np.int64] | None
    population: dict[Any, float]
    y: npt.NDArray[np.float64]
    yes: npt.NDArray[np.bool_]
    domain: npt.NDArray[np.int64]
    sex: npt.NDArray[np.int64]

    def design(self, factor: float = 1.0, rows: Any = slice(None)) -> Design:
        clusters = None if self.clusters is None else self.clusters[rows]
        return Design(
            self.weights[rows] * factor,
            strata=self.strata[rows],
            clusters=clusters,
            population=self.population,
        )

    def raked(self, factor: float = 1.0, rows: Any = slice(None)) -> Design:
        margins = [
            (labels[rows], {label: 500.0 + 100 * label for label in (0, 1)})
            for labels in (self.sex, self.yes.astype(int))
        ]
        return self.design(factor, rows).rake(margins)


@st.composite
def surveys(draw: st.DrawFn) -> Drawn:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, each = draw(st.integers(1, 4)), draw(st.integers(6, 12))
    strata = np.repeat(np.arange(count), each)
    rows = len(strata)
    clustered = draw(st.booleans())
    units = np.tile(np.arange(each) // 2, count)
    size = float(each * draw(st.integers(1, 20)))
    return Drawn(
        weights=rng.uniform(0.5, 20, rows),
        strata=strata,
        clusters=units if clustered else None,
        population=dict.fromkeys(range(count), size),
        y=rng.normal(10, 3, rows).round(1),
        yes=np.arange(rows) % 3 == 0,
        domain=rng.permutation(np.arange(rows) % 2),
        sex=np.arange(rows) // 3 % 2,
    )


def same(one: Estimate | Estimates, other: Estimate | Estimates, factor: float = 1.0) -> None:
    assert other.value == pytest.approx(np.asarray(one.value) * factor, rel=1e-7)
    assert other.error == pytest.approx(np.asarray(one.error) * factor, rel=1e-6, abs=1e-7 * factor)
    for mine, its in zip(one.interval, other.interval, strict=True):
        assert its == pytest.approx(
            np.asarray(mine) * factor, rel=1e-6, abs=1e-7 * factor, nan_ok=True
        )


@given(surveys(), st.floats(0.01, 100))
def test_the_unit_of_the_weights_scales_totals_only(drawn: Drawn, factor: float) -> None:
    one, other = drawn.design(), drawn.design(factor)
    same(one.mean(drawn.y), other.mean(drawn.y))
    same(one.share(drawn.yes, True), other.share(drawn.yes, True))
    same(one.ratio(drawn.y, drawn.weights), other.ratio(drawn.y, drawn.weights))
    same(one.total(drawn.y), other.total(drawn.y), factor)
    assert one.mean(drawn.y).design_effect == pytest.approx(
        other.mean(drawn.y).design_effect, rel=1e-6, nan_ok=True
    )
    same(drawn.raked().total(drawn.y), drawn.raked(factor).total(drawn.y))


@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(drawn: Drawn, random: Any) -> None:
    order = list(range(len(drawn.y)))
    random.shuffle(order)
    rows = np.array(order)
    for one, other in (
        (drawn.design(), drawn.design(rows=rows)),
        (drawn.raked(), drawn.raked(rows=rows)),
    ):
        same(one.mean(drawn.y, by=drawn.domain), other.mean(drawn.y[rows], by=drawn.domain[rows]))
        same(one.total(drawn.y), other.total(drawn.y[rows]))
        same(one.quantile(drawn.y, 0.4), other.quantile(drawn.y[rows], 0.4))


@given(surveys())
def test_a_domain_and_the_rest_add_up(drawn: Drawn) -> None:
    for design in (drawn.design(), drawn.raked()):
        parts = design.total(drawn.y, by=drawn.domain)
        whole = design.total(drawn.y)
        assert parts.value.sum() == pytest.approx(whole.value)
        assert np.sqrt(parts.covariance.sum()) == pytest.approx(whole.error, rel=1e-6, abs=1e-6)
        masked = design.total(np.where(drawn.domain == 0, drawn.y, 0.0))
        assert parts[0].value == pytest.approx(masked.value)
        assert parts[0].error == pytest.approx(masked.error, rel=1e-6, abs=1e-6)


@given(surveys())
def test_a_share_and_its_opposite_add_up(drawn: Drawn) -> None:
    for method in ("logit", "wilson", "beta"):
        yes = drawn.design().share(drawn.yes, True, method=method)
        no = drawn.design().share(drawn.yes, False, method=method)
        assert yes.value + no.value == pytest.approx(1)
        assert yes.error == pytest.approx(no.error)
        assert yes.interval == pytest.approx((1 - no.interval[1], 1 - no.interval[0]), abs=1e-9)
        assert 0 <= yes.interval[0] <= yes.value <= yes.interval[1] <= 1


@given(surveys())
def test_levels_are_shares(drawn: Drawn) -> None:
    levels = drawn.raked().distribution(drawn.domain)
    same(levels[1], drawn.raked().share(drawn.domain, 1))
    columns = drawn.raked().shares({"one": drawn.domain == 1, "yes": drawn.yes})
    same(columns["one"], drawn.raked().share(drawn.domain, 1))
    assert levels.covariance.sum() == pytest.approx(0, abs=1e-12)


@given(surveys())
def test_the_names_of_strata_do_not_matter(drawn: Drawn) -> None:
    renamed = Design(
        drawn.weights,
        strata=[f"stratum {number}" for number in drawn.strata],
        clusters=drawn.clusters,
        population={f"stratum {number}": size for number, size in drawn.population.items()},
    )
    same(drawn.design().mean(drawn.y), renamed.mean(drawn.y))


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_a_stratum_of_equals_split_in_two_keeps_estimate_and_error(seed: int, half: int) -> None:
    """With the same answers in both halves the pooled variance per unit is that of each half."""
    values = np.random.default_rng(seed).normal(size=half)
    y = np.concatenate([values, values])
    whole = Design(np.ones(2 * half)).mean(y)
    parts = Design(np.ones(2 * half), strata=np.repeat([0, 1], half)).mean(y)
    assert parts.value == pytest.approx(whole.value)
    assert parts.error**2 * (half - 1) / half == pytest.approx(
        whole.error**2 * (2 * half - 1) / (2 * half)
    )


@given(surveys())
def test_a_population_drawn_in_full_has_no_error(drawn: Drawn) -> None:
    units = drawn.clusters if drawn.clusters is not None else np.arange(len(drawn.y))
    sizes = {
        stratum: len(set(units[drawn.strata == stratum])) for stratum in set(drawn.strata.tolist())
    }
    full = Design(drawn.weights, strata=drawn.strata, clusters=units, population=sizes)
    assert full.mean(drawn.y).error == pytest.approx(0, abs=1e-9)


@given(surveys())
def test_calibration_reaches_its_margins_and_knows_them_without_error(drawn: Drawn) -> None:
    raked = drawn.raked()
    for margin in raked.diagnostics().margins:
        assert margin.reached == pytest.approx(margin.target, rel=1e-8)
    assert raked.total(np.ones(len(drawn.y)), by=drawn.sex).value == pytest.approx([500, 600])
    scale = drawn.design().total(drawn.y).error
    known = raked.total(drawn.sex.astype(float))
    assert known.error <= 1e-5 * scale + 1e-6
    x = np.column_stack([np.ones(len(drawn.y)), drawn.y])
    linear = drawn.design().calibrate(x, [1000.0, 10_200.0])
    assert linear.total(drawn.y).value == pytest.approx(10_200)
    assert linear.total(drawn.y).error <= 1e-5 * scale + 1e-6


@given(surveys(), st.floats(0.3, 0.9), st.floats(1.1, 3))
def test_bounded_calibration_keeps_its_bounds_or_says_that_it_cannot(
    drawn: Drawn, low: float, high: float
) -> None:
    design, size = drawn.design(), float(drawn.weights.sum())
    share = float(drawn.weights[drawn.sex == 1].sum()) / size
    wanted = {0: size * (1 - share) * 1.05, 1: size * share * 0.95}
    for bounds in ((low, high),):
        try:
            bounded = design.rake([(drawn.sex, wanted)], bounds=bounds)
        except ValueError as refusal:
            assert "bounds" in str(refusal)  # noqa: PT017 - either outcome is right
            assert not (low <= 0.95 and high >= 1.05)
        else:
            factors = bounded.weights / design.weights
            assert low - 1e-9 <= factors.min() <= factors.max() <= high + 1e-9
            assert bounded.diagnostics().gap < 1e-8


@given(surveys())
def test_weighting_for_response_keeps_the_classes(drawn: Drawn) -> None:
    answered = np.ones(len(drawn.y), dtype=bool)
    answered[0] = False
    design = drawn.design().respond(answered, drawn.strata)
    before, after = (
        d.total(np.ones(len(drawn.y)), by=drawn.strata) for d in (drawn.design(), design)
    )
    assert after.value == pytest.approx(before.value)
    assert after.n.sum() == len(drawn.y) - 1
    everybody = drawn.design().respond(np.ones(len(drawn.y)), drawn.strata)
    same(drawn.design().mean(drawn.y), everybody.mean(drawn.y))


@given(surveys())
def test_the_jackknife_of_a_total_is_the_formula(drawn: Drawn) -> None:
    same(
        drawn.design().total(drawn.y, by=drawn.domain),
        drawn.design().replicates("jackknife").total(drawn.y, by=drawn.domain),
    )


@given(st.integers(0, 10_000), st.integers(1, 9))
def test_balanced_half_samples_of_a_total_are_the_formula(seed: int, pairs: int) -> None:
    rng = np.random.default_rng(seed)
    y, strata = rng.normal(size=2 * pairs), np.repeat(np.arange(pairs), 2)
    plain = Design(
        rng.uniform(1, 5, 2 * pairs), strata=strata, population=dict.fromkeys(strata.tolist(), 9)
    )
    same(plain.total(y), plain.replicates("brr").total(y))


@settings(max_examples=30)
@given(surveys())
def test_rounds_without_common_people_are_independent_and_with_the_same_are_pairs(
    drawn: Drawn,
) -> None:
    rows = len(drawn.y)
    first = Design(drawn.weights, strata=drawn.strata)
    second = Design(drawn.weights[::-1], strata=drawn.strata)
    later = drawn.y + drawn.yes
    people = np.arange(rows)
    both, wave = panel(first, second, persons=(people, people + rows))
    apart = difference(both.mean(np.concatenate([drawn.y, later]), by=wave), 2, 1)
    free = change(second.mean(later), first.mean(drawn.y))
    assert apart.value == pytest.approx(free.value)
    # what differs is n / (n - 1), as the strata of the two rounds are one: 2n / (2n - 1)
    assert apart.error == pytest.approx(free.error, rel=0.3)
    same_people, wave = panel(first, first, persons=(people, people))
    paired = difference(same_people.mean(np.concatenate([drawn.y, later]), by=wave), 2, 1)
    alone = first.mean(later - drawn.y)
    assert paired.value == pytest.approx(alone.value)
    assert paired.error == pytest.approx(alone.error, rel=1e-6, abs=1e-9)
