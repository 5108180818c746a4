import csv
import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.evaluation import (
    Assumption,
    Sign,
    SyntheticControl,
    Threat,
    difference_in_differences,
    displacement_difference,
    interrupted_series,
    places_before_after,
    synthetic_control,
)
from tests.analysis.test_change import reference

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 10_000)
WRONG: Any = "normal"
HALF: Any = 0.5
GAP: Any = math.nan


def table(folder: str, file: str) -> list[dict[str, str]]:
    with reference(folder, file).open() as opened:
        return list(csv.DictReader(opened))


def answers(folder: str) -> Any:
    return json.loads(reference(folder, "expected.json").read_text())


# --- One series ---------------------------------------------------------------------------------

SICILY: dict[str, dict[str, Any]] = {
    "poisson": {"family": "poisson"},
    "quasi": {},
    "quasi_season": {"season": 12},
    "negbin": {"family": "negative-binomial"},
    "negbin_season": {"family": "negative-binomial", "season": 12},
}


def sicily(**options: Any) -> Any:
    rows = table("its_sicily", "sicily.csv")
    people = [float(row["stdpop"]) for row in rows]
    return interrupted_series([int(r["aces"]) for r in rows], start=36, exposure=people, **options)


@pytest.mark.parametrize("model", SICILY)
def test_the_smoking_ban_of_sicily_agrees_with_r(model: str) -> None:
    expected = answers("its_sicily")[model]
    series = sicily(**SICILY[model])
    assert series.level.ratio == pytest.approx(expected["est"], rel=1e-7)
    assert series.level.interval == pytest.approx((expected["lo"], expected["hi"]), rel=1e-6)
    if "disp" in expected:
        assert series.dispersion == pytest.approx(expected["disp"], rel=1e-5)
    if "theta" in expected:
        assert series.size == pytest.approx(expected["theta"], rel=1e-6)
        assert series.log_likelihood == pytest.approx(expected["loglik"], rel=1e-9)


def test_a_change_of_slope_agrees_with_r_too() -> None:
    expected = answers("its_sicily")["slope"]
    slope = sicily(season=12, slope=True).slope
    low, high = (math.log(limit) for limit in slope.interval)
    assert math.log(slope.ratio) == pytest.approx(expected["Estimate"], rel=1e-6)
    assert (high - low) / 2 / 1.959964 == pytest.approx(expected["Std. Error"], rel=1e-5)


def test_poisson_counts_that_swing_too_much_are_warned_of() -> None:
    assert sicily(family="poisson").footing.warns_of(Sign.MORE_SPREAD_THAN_CHANCE)
    footing = sicily(season=12).footing
    assert not footing.warns_of(Sign.MORE_SPREAD_THAN_CHANCE)
    assert Assumption.SEASON_REPEATS in footing.assumes
    assert Threat.SOMETHING_ELSE_AT_THE_SAME_TIME in footing.broken_by


@given(SEEDS, st.floats(0.01, 100))
@settings(deadline=None, max_examples=30)
def test_the_unit_of_exposure_and_the_world_without_are_consistent(seed: int, unit: float) -> None:
    counts = np.random.default_rng(seed).poisson(40, 30)
    series = interrupted_series(counts, start=15, season=12, harmonics=1, slope=True)
    scaled = interrupted_series(
        counts, start=15, season=12, harmonics=1, slope=True, exposure=[unit] * 30
    )
    assert scaled.level.interval == pytest.approx(series.level.interval, rel=1e-6)
    assert series.without[:15] == pytest.approx(series.fitted[:15])
    assert series.fitted[15] / series.without[15] == pytest.approx(series.level.ratio)
    assert series.fitted.sum() == pytest.approx(counts.sum())


def test_a_true_step_is_found_and_covered() -> None:
    rng = np.random.default_rng(12)
    time = np.arange(48)
    mean = 60 * 0.995**time * np.where(time >= 24, 0.75, 1) * (1 + 0.2 * np.sin(time * np.pi / 6))
    intervals = [
        interrupted_series(rng.poisson(mean), start=24, season=12).level.interval
        for _ in range(200)
    ]
    assert sum(low <= 0.75 <= high for low, high in intervals) / 200 > 0.90


def test_periods_that_follow_each_other_are_warned_of() -> None:
    rng = np.random.default_rng(13)
    drift = np.cumsum(rng.normal(0, 0.15, 60))
    series = interrupted_series(rng.poisson(100 * np.exp(drift)), start=30)
    assert series.footing.warns_of(Sign.NEIGHBOURS_IN_TIME_ALIKE)


# --- Differences --------------------------------------------------------------------------------


def test_organ_donation_agrees_with_pyfixest_and_warns_of_its_one_treated_state() -> None:
    quarters = ["Q42010", "Q12011", "Q22011", "Q32011", "Q42011", "Q12012"]
    rows = table("did_organ_donation", "organ_donation.csv")
    period = [quarters.index(row["Quarter"]) for row in rows]
    state = [row["State"] for row in rows]
    found = difference_in_differences(
        [float(row["Rate"]) for row in rows],
        unit=state,
        period=period,
        treated=[s == "California" and p >= 3 for s, p in zip(state, period, strict=True)],
    )
    expected = answers("did_organ_donation")["pyfixest_0.60"]
    assert found.effect.value == pytest.approx(expected["att"], abs=1e-12)
    assert found.effect.error == pytest.approx(expected["se_CRV1_state"], rel=1e-9)
    assert (found.groups, found.treated_groups) == (27, 1)
    assert found.footing.warns_of(Sign.FEW_TREATED_GROUPS)
    assert found.before is not None
    assert not found.before.beyond_chance


def panel(seed: int, *, effect: float = 0.0, slope: float = 0.0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    unit, period = (grid.ravel() for grid in np.meshgrid(range(20), range(6), indexing="ij"))
    chosen = unit < 8
    outcome = rng.normal(size=20)[unit] + rng.normal(size=6)[period] + rng.normal(size=120)
    treated = chosen & (period >= 3)
    outcome = outcome + effect * treated + slope * chosen * period
    return {"outcome": outcome, "unit": unit, "period": period, "treated": treated}


def by_dummies(data: dict[str, Any]) -> float:
    units, periods = np.eye(20)[data["unit"]], np.eye(6)[data["period"]][:, 1:]
    x = np.column_stack([data["treated"], units, periods])
    return float(np.linalg.lstsq(x, data["outcome"], rcond=None)[0][0])


@given(SEEDS, st.floats(-5, 5), st.floats(0.1, 50))
@settings(deadline=None, max_examples=30)
def test_the_effect_is_that_of_dummies_and_moves_with_the_unit_of_the_outcome(
    seed: int, effect: float, unit: float
) -> None:
    data = panel(seed)
    found = difference_in_differences(**data).effect
    assert found.value == pytest.approx(by_dummies(data), abs=1e-9)
    raised = data | {"outcome": unit * (data["outcome"] + effect * data["treated"])}
    moved = difference_in_differences(**raised).effect
    assert moved.value == pytest.approx(unit * (found.value + effect), abs=1e-8 * unit)
    assert moved.error == pytest.approx(unit * found.error, rel=1e-6)


def test_rows_in_any_order_and_with_gaps_give_the_effect_of_dummies() -> None:
    data = panel(3)
    keep = np.random.default_rng(3).permutation(120)[:100]
    some = {name: values[keep] for name, values in data.items()}
    assert difference_in_differences(**some).effect.value == pytest.approx(
        by_dummies(some), abs=1e-9
    )


def test_groups_that_went_apart_before_are_warned_of() -> None:
    assert difference_in_differences(**panel(4, slope=3.0)).footing.warns_of(Sign.APART_BEFORE)


def test_the_effect_is_covered_in_simulated_panels() -> None:
    found = [difference_in_differences(**panel(seed, effect=1.0)).effect for seed in range(200)]
    assert sum(e.interval[0] <= 1 <= e.interval[1] for e in found) / 200 > 0.90


# --- Synthetic control --------------------------------------------------------------------------


@cache
def california() -> tuple[SyntheticControl, list[str], Any]:
    rows = table("synth_california", "smoking.csv")
    states = sorted({row["state"] for row in rows})
    cells = {(row["state"], int(row["year"])): row for row in rows}

    def mean(column: str, first: int, last: int) -> list[float]:
        years = range(first, last + 1)
        values = [[float(cells[s, y][column]) for y in years] for s in states]
        return [sum(row) / len(row) for row in values]

    predictors = np.column_stack([
        mean("lnincome", 1980, 1988), mean("retprice", 1980, 1988), mean("age15to24", 1980, 1988),
        mean("beer", 1984, 1988), *(mean("cigsale", y, y) for y in (1975, 1980, 1988)),
    ])  # fmt: skip
    sales = [[float(cells[s, y]["cigsale"]) for y in range(1970, 2001)] for s in states]
    found = synthetic_control(
        sales, treated=states.index("California"), start=19, predictors=predictors
    )
    return found, states, predictors


def test_proposition_99_agrees_with_its_authors() -> None:
    expected = answers("synth_california")
    found, states, predictors = california()
    weights = dict(zip(states, found.weights, strict=True))
    for state in states:
        published = expected["published_weights"].get(state, 0.0)
        assert weights[state] == pytest.approx(published, abs=0.03)
    peer = expected["tidysynth"]
    assert found.misfit_before == pytest.approx(peer["pre_mspe"], rel=0.05)
    assert found.misfit_after == pytest.approx(peer["post_mspe"], rel=0.05)
    assert found.ratios[states.index("California")] == pytest.approx(peer["mspe_ratio"], rel=0.05)
    assert (found.rank, round(found.p_value, 4)) == (peer["rank"], peer["fisher_p"])
    balance = list(peer["balance_synthetic"].values())
    assert found.weights @ predictors == pytest.approx(balance, rel=0.01)
    assert found.footing.warnings == ()


@given(SEEDS)
@settings(deadline=None, max_examples=20)
def test_the_mixture_is_the_closest_and_its_weights_are_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcomes = rng.normal(size=(6, 9)) + rng.normal(size=(6, 1))
    found = synthetic_control(outcomes, treated=2, start=6)
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights >= 0).all()
    assert found.weights[2] == 0
    for _ in range(50):
        other = np.insert(rng.dirichlet(np.ones(5)), 2, 0)
        gap = outcomes[2, :6] - other @ outcomes[:, :6]
        assert np.mean(gap**2) >= found.misfit_before * (1 - 1e-9)
    turn = rng.permutation(6)
    turned = synthetic_control(outcomes[turn], treated=int(np.argmax(turn == 2)), start=6)
    assert turned.effect == pytest.approx(found.effect, abs=1e-9)
    assert turned.rank == found.rank


def test_a_place_inside_its_donors_is_mimicked_exactly() -> None:
    rng = np.random.default_rng(14)
    donors = rng.normal(size=(8, 12))
    treated = np.array([0.5, 0.3, 0.2, 0, 0, 0, 0, 0]) @ donors - 2.0 * (np.arange(12) >= 9)
    found = synthetic_control(np.vstack([treated, donors]), treated=0, start=9)
    assert found.weights[1:4] == pytest.approx([0.5, 0.3, 0.2], abs=1e-6)
    assert found.effect == pytest.approx(-2, abs=1e-6)
    assert found.rank == 1
    assert found.footing.warns_of(Sign.RANK_CANNOT_CONVINCE)


def test_a_place_like_no_other_is_warned_of() -> None:
    outcomes = np.vstack([np.linspace(50, 60, 10), np.random.default_rng(15).normal(size=(5, 10))])
    found = synthetic_control(outcomes, treated=0, start=7)
    assert found.footing.warns_of(Sign.POOR_FIT_BEFORE)


# --- Displacement -------------------------------------------------------------------------------


def test_wheeler_and_ratcliffes_table() -> None:
    full, local = answers("wdd")["cases"]
    found = displacement_difference(
        treated=full["treated"], control=full["control"],
        near_treated=full["disp_treated"], near_control=full["disp_control"],
    )  # fmt: skip
    assert found.total.value == full["Est_Total"]
    assert found.total.error == pytest.approx(full["SE_Total"], rel=1e-12)
    assert round(found.total.z, 2) == full["Z"]
    assert [round(limit) for limit in found.total.interval] == full["ci95"]
    small = displacement_difference(treated=local["treated"], control=local["control"])
    assert small.local.value == small.total.value == local["Est_Local"]
    assert small.local.error == pytest.approx(local["SE_Local"], rel=1e-12)
    assert small.nearby is None


PAIRS = st.tuples(st.integers(1, 500), st.integers(0, 500))


@given(PAIRS, PAIRS, PAIRS, PAIRS)
def test_local_and_nearby_add_up_and_swapping_turns_the_sign(
    treated: tuple[int, int], control: tuple[int, int], near: tuple[int, int], far: tuple[int, int]
) -> None:
    found = displacement_difference(
        treated=treated, control=control, near_treated=near, near_control=far
    )
    assert found.nearby is not None
    assert found.total.value == found.local.value + found.nearby.value
    assert found.total.error == pytest.approx(math.hypot(found.local.error, found.nearby.error))
    swapped = displacement_difference(treated=control, control=treated)
    assert swapped.local.value == -found.local.value
    assert swapped.local.error == pytest.approx(found.local.error)


def test_half_a_year_is_compared_with_half_of_the_year_before() -> None:
    found = displacement_difference(treated=(200, 80), control=(300, 150), lengths=(12, 6))
    assert found.local.value == -20
    assert found.local.error == pytest.approx(math.sqrt(80 + 150 + (200 + 300) / 4))
    assert not found.footing.warnings
    few = displacement_difference(treated=(9, 2), control=(8, 7))
    assert few.footing.warns_of(Sign.SMALL_COUNTS)


# --- Places -------------------------------------------------------------------------------------


def worst_places(rng: np.random.Generator, effect: float) -> Any:
    rates = rng.gamma(3, 4 / 3, 400)
    before, after = rng.poisson(rates), rng.poisson(rates)
    worst = np.argsort(-before)[:30]
    return places_before_after(
        before[worst], rng.poisson(rates[worst] * effect),
        reference_before=before, reference_after=after,
    )  # fmt: skip


def test_the_worst_places_get_better_by_themselves_and_the_estimate_knows() -> None:
    rng = np.random.default_rng(16)
    found = [worst_places(rng, 1.0) for _ in range(100)]
    assert sum(place.naive.beyond_chance for place in found) > 90
    assert np.mean([p.effect.interval[0] <= 1 <= p.effect.interval[1] for p in found]) >= 0.90
    assert np.mean([place.effect.ratio for place in found]) == pytest.approx(1, abs=0.02)
    assert all(place.footing.warns_of(Sign.REGRESSION_TO_THE_MEAN) for place in found)


def test_a_true_effect_at_the_worst_places_is_found() -> None:
    rng = np.random.default_rng(17)
    ratios = [worst_places(rng, 0.7).effect.ratio for _ in range(60)]
    assert np.mean(ratios) == pytest.approx(0.7, abs=0.02)


def test_without_reference_places_the_usual_return_is_not_known() -> None:
    found = places_before_after([14, 12], [9, 8])
    assert (found.usual_return, found.expected, found.effect) == (None, None, None)
    assert found.footing.warns_of(Sign.REGRESSION_NOT_KNOWN)


def test_hauers_formula_by_hand() -> None:
    before, after, alike = [12, 9], [7, 5], [2, 9, 4, 1, 12, 6, 3, 5, 8, 0, 4, 6]
    found = places_before_after(before, after, reference_before=alike)
    assert found.effect is not None
    assert found.expected is not None
    assert found.usual_return == pytest.approx(1 - found.expected / 21)
    mean = np.mean(alike)
    own = (found.expected - 2 * mean) / (21 - 2 * mean)  # weight of the own count
    doubt = own / found.expected
    assert found.effect.ratio == pytest.approx(12 / found.expected / (1 + doubt), rel=1e-6)


def test_places_that_differ_by_chance_only_return_to_one_mean() -> None:
    found = places_before_after([14, 13], [10, 10], reference_before=[10, 11, 9, 10] * 3)
    assert found.expected == pytest.approx(20)
    empty = places_before_after([14, 13], [0, 0], reference_before=[10, 11, 9, 10] * 3)
    assert empty.effect is not None
    assert empty.effect.interval[0] == 0
    assert empty.effect.beyond_chance


# --- What results stand on ----------------------------------------------------------------------


def test_every_result_says_what_it_assumes_and_what_would_break_it() -> None:
    footings = [
        interrupted_series([5, 6, 7, 8, 9, 8], start=3).footing,
        difference_in_differences(**panel(1)).footing,
        synthetic_control(np.random.default_rng(1).normal(size=(4, 6)), treated=0, start=4).footing,
        displacement_difference(treated=(9, 5), control=(9, 9)).footing,
        places_before_after([9], [5]).footing,
    ]
    for footing in footings:
        assert len(footing.assumes) >= 3
        assert len(footing.broken_by) >= 3
    assert {key for footing in footings for key in footing.broken_by} == set(Threat)
    used = {key for footing in footings for key in footing.assumes}
    assert used | {Assumption.SEASON_REPEATS} == set(Assumption)


def test_every_key_is_explained_in_the_methods_page() -> None:
    page = (ROOT / "docs" / "methods" / "evaluation.md").read_text()
    missing = [key for keys in (Assumption, Threat, Sign) for key in keys if f"`{key}`" not in page]
    assert missing == []


# --- What comes in ------------------------------------------------------------------------------

GOOD: dict[str, Any] = {
    "outcome": [1, 2, 3, 4], "unit": [1, 1, 2, 2], "period": [1, 2, 1, 2], "treated": [0, 1, 0, 0],
}  # fmt: skip


def differences(**changed: Any) -> object:
    return difference_in_differences(**(GOOD | changed))


SERIES = [5, 6, 7, 8, 9, 8]
OUTCOMES = [[1, 2, 3, 4], [2, 3, 4, 5], [5, 4, 3, 2]]


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: interrupted_series([1, 2.5, 3, 4], start=2), r"counts\[1\] = 2.5 is not whole"),
        (lambda: interrupted_series([1, math.nan, 3], start=2), r"counts\[1\] = nan"),
        (lambda: interrupted_series(SERIES, start=1), "start must leave two periods"),
        (lambda: interrupted_series(SERIES, start=HALF), "start must be a whole number"),
        (lambda: interrupted_series(SERIES, start=3, exposure=[1] * 5), "exposure has 5 values"),
        (lambda: interrupted_series(SERIES, start=3, exposure=[0] * 6), r"exposure\[0\] = 0 is"),
        (lambda: interrupted_series(SERIES, start=3, family=WRONG), "family must be one of"),
        (lambda: interrupted_series(SERIES, start=3, season=4), "harmonics must be from 1 to"),
        (lambda: interrupted_series(SERIES, start=3, season=12), "too few for 7 unknowns"),
        (lambda: interrupted_series([5, 6, 7, 0, 0, 0], start=3), "counts are all 0 where"),
        (lambda: differences(outcome=[1, 2, 3, math.nan]), r"outcome\[3\] = nan is not a number"),
        (lambda: differences(unit=[1, 1, 2]), r"unit has shape \(3,\)"),
        (lambda: differences(unit=[1, 1, 2, math.nan]), "unit is not a number in some row"),
        (lambda: differences(treated=[0, 2, 0, 0]), "treated must be true or false"),
        (lambda: differences(treated=[0, 0, 0, 0]), "treated must name some units"),
        (lambda: differences(treated=[0, 1, 0, 1]), "treated must name some units"),
        (lambda: differences(treated=[1, 1, 0, 0]), "treated never changes within a unit"),
        (lambda: differences(period=[1, 1, 1, 2]), "come together twice"),
        (lambda: differences(clusters=[1, 1, 1, 1]), "clusters must be at least two"),
        (lambda: synthetic_control([1, 2, 3], treated=0, start=3), "outcomes must be a table"),
        (lambda: synthetic_control(OUTCOMES, treated=3, start=3), "treated must be a row"),
        (lambda: synthetic_control(OUTCOMES, treated=0, start=4), "start must leave three"),
        (lambda: synthetic_control(OUTCOMES[:2], treated=0, start=3), "at least three"),
        (
            lambda: synthetic_control([[1, 2, 3, GAP], *OUTCOMES], treated=0, start=3),
            r"outcomes\[0, 3\] is not a number",
        ),
        (
            lambda: synthetic_control(OUTCOMES, treated=0, start=3, predictors=[[1], [1], [1]]),
            "the same everywhere",
        ),
        (
            lambda: synthetic_control(OUTCOMES, treated=0, start=3, predictors=[[1], [2]]),
            "predictors has 2 rows",
        ),
        (lambda: displacement_difference(treated=(1, -1), control=(1, 1)), r"treated\[1\] must"),
        (lambda: displacement_difference(treated=(1, HALF), control=(1, 1)), r"treated\[1\] must"),
        (lambda: displacement_difference(treated=(0, 0), control=(0, 0)), "nothing happened"),
        (
            lambda: displacement_difference(treated=(1, 1), control=(1, 1), near_control=(1, 1)),
            "belong together",
        ),
        (
            lambda: displacement_difference(treated=(1, 1), control=(1, 1), lengths=(0, 1)),
            r"lengths\[0\] must be above 0",
        ),
        (lambda: places_before_after([1, 2], [1]), "after has 1 values, the others 2"),
        (lambda: places_before_after([0, 0], [1, 1]), "before is 0 everywhere"),
        (lambda: places_before_after([1], [1], reference_before=[1, 2]), "give ten"),
        (lambda: places_before_after([1], [1], reference_before=[0] * 10), "is 0 everywhere"),
        (
            lambda: places_before_after(
                [1], [1], reference_before=[1] * 10, reference_after=[0] * 10
            ),
            "reference_after is 0 everywhere",
        ),
        (lambda: places_before_after([1], [1], lengths=(1, 0)), r"lengths\[1\] must be above 0"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
