from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from loftet.analysis import forecast
from tests.analysis.test_forecast import GAP, TOWNS, town

# --- Where it was expected: PAI, PEI, PEI* and RRI ----------------------------------------------


def brute_force(expected: Any, seen: Any, size: Any, share: float) -> float:
    """Events in the flagged area, ties broken by lot many times over."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(4000):
        order = np.lexsort([rng.random(len(size)), -expected / size])
        room, caught = share * size.sum(), 0.0
        for area in order:
            part = min(1.0, room / size[area])
            caught += part * seen[area]
            room -= part * size[area]
        found.append(caught)
    return float(np.mean(found))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.8])
def test_what_lies_in_the_flagged_area_is_what_lots_give_on_average(share: float) -> None:
    rng = np.random.default_rng(2)
    expected, seen = rng.integers(0, 3, 12).astype(float), rng.poisson(2, 12).astype(float)
    found = forecast.capture(expected, seen, shares=[share])
    assert found.caught[0, 0] == pytest.approx(
        brute_force(expected, seen, np.ones(12), share), rel=0.02
    )


def test_areas_of_unlike_size_are_flagged_by_density() -> None:
    found = forecast.capture([4, 6, 1], [3, 5, 2], shares=[0.25, 0.5], sizes=[1, 4, 3])
    assert found.caught.tolist() == [[3 + 5 / 4, 3 + 3 * 5 / 4]]
    assert found.pai == pytest.approx([(4.25 / 10) / 0.25, (6.75 / 10) / 0.5])
    assert found.pei == pytest.approx([(4.25 / 2) / 3, (6.75 / 4) / 3])
    assert found.pei_star == pytest.approx([1.0, 1.0])
    assert found.rri == pytest.approx([0.425 / (5.5 / 11), 0.675 / (8.5 / 11)])


@given(TOWNS)
@settings(deadline=None, max_examples=30)
def test_nobody_does_better_than_one_who_knows_and_all_flagged_is_all_caught(
    rng: np.random.Generator,
) -> None:
    seen, _ = town(rng, areas=30, weeks=5, mean=1.0)
    knows = forecast.capture(seen, seen, shares=[0.1, 0.3, 0.999999])
    assert knows.pei_star == pytest.approx(1.0)
    assert knows.rri == pytest.approx(1.0)
    guess = forecast.capture(rng.random(seen.shape), seen, shares=[0.1, 0.3, 0.999999])
    assert (guess.pai <= knows.pai + 1e-9).all()
    assert (guess.pei <= guess.pei_star + 1e-9).all()
    assert guess.hit_rate[2] == pytest.approx(1.0, abs=1e-4)
    turn = rng.permutation(30)
    turned = forecast.capture(seen[turn], seen[turn], shares=[0.1, 0.3])
    assert turned.caught == pytest.approx(knows.caught[:, :2])


def test_blind_flagging_has_a_pai_of_one() -> None:
    seen = np.random.default_rng(3).poisson(2, size=(50, 9))
    assert forecast.capture(np.ones((50, 9)), seen, shares=[0.2]).pai == pytest.approx(1.0)


def test_nothing_to_catch_scores_nothing() -> None:
    found = forecast.capture([1, 2], [0, 0], shares=[0.5])
    assert np.isnan([found.pai, found.pei, found.pei_star, found.rri]).all()


def test_hot_spots_of_the_past_fall_back_and_the_forecast_knows() -> None:
    rng = np.random.default_rng(4)
    seen, _ = town(rng, areas=400, weeks=120, mean=0.3, season_size=0.0)
    found = forecast.evaluate(seen, held_out=40, shares=[0.05])
    ratio = {name: float(score.rri[0]) for name, score in found.captured.items()}
    assert ratio["last 12 weeks"] < 0.9
    assert ratio["last 12 weeks"] < ratio["last 52 weeks"]
    assert ratio["forecast"] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("expected", "seen", "how", "said"),
    [
        ([1, 2], [1, 2, 3], {}, "expected has shape"),
        ([1, GAP], [1, 2], {}, "expected must hold numbers"),
        ([1, 2], [-1, 2], {}, "seen must hold numbers"),
        ([1, 2], [1, 2], {"shares": [1.5]}, r"shares\[0\]"),
        ([1, 2], [1, 2], {"sizes": [1]}, "sizes has 1 values"),
        ([1, 2], [1, 2], {"sizes": [1, 0]}, r"sizes\[1\]"),
        (np.zeros((2, 2, 2)), [1, 2], {}, "a row for each area"),
    ],
)
def test_wrong_scores_are_refused_by_name(expected: Any, seen: Any, how: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        forecast.capture(expected, seen, **how)


# --- Held-out weeks -----------------------------------------------------------------------------


@pytest.mark.parametrize("horizon", [1, 3])
def test_the_future_does_not_reach_a_forecast(horizon: int) -> None:
    counts, _ = town(np.random.default_rng(5), areas=8, weeks=150)
    other = counts.copy()
    other[:, 130:] = 50
    plain, changed = (
        forecast.evaluate(table, held_out=40, horizon=horizon, relearn=7).expected
        for table in (counts, other)
    )
    untouched = 130 - 110 + horizon  # the first of the changed weeks may still be forecast
    assert (plain[:, :untouched] == changed[:, :untouched]).all()
    assert (plain[:, untouched:] != changed[:, untouched:]).all()


def test_a_held_out_week_is_forecast_as_if_it_had_not_come() -> None:
    counts, _ = town(np.random.default_rng(6), areas=5, weeks=130)
    held_out = forecast.evaluate(counts, held_out=9, horizon=2, relearn=3)
    for week in (121, 124, 127):
        told = forecast.predict(counts[:, : week - 1], horizon=2)
        assert held_out.expected[:, week - 121] == pytest.approx(told.mean[:, 1], rel=1e-12)


def test_the_parts_of_an_evaluation_agree() -> None:
    counts, _ = town(np.random.default_rng(7), areas=60, weeks=160, mean=4.0)
    found = forecast.evaluate(counts, held_out=52, shares=[0.1, 0.3])
    classes, seen = found.classes, counts[:, -52:]
    assert classes.counts.sum() == seen.size
    assert (classes.counts * classes.seen).sum() == pytest.approx(seen.sum())
    assert (classes.counts * classes.expected).sum() == pytest.approx(found.expected.sum())
    assert (classes.counts * classes.covered).sum() / seen.size == pytest.approx(
        found.coverage.plain
    )
    assert found.mean_error["forecast"] == pytest.approx(np.abs(seen - found.expected).mean())
    assert found.transform.sum() == pytest.approx(1.0)
    assert found.transform == pytest.approx(0.1, abs=0.02)
    assert 0.87 < found.coverage.judged < 0.93
    assert found.coverage.judged_counts == (found.expected >= 3).sum()
    assert found.coverage.randomised == pytest.approx(0.9, abs=0.015)
    last = forecast.capture(
        np.stack([counts[:, t - 52 : t].mean(axis=1) for t in range(108, 160)], axis=1),
        seen,
        shares=[0.1, 0.3],
    )
    assert found.captured["last 52 weeks"].caught == pytest.approx(last.caught)
    gain = found.gain["last 52 weeks"]
    more = found.captured["forecast"].caught - last.caught
    assert gain.events == pytest.approx(more.mean(axis=0))
    assert (gain.low <= gain.events).all()
    assert found.not_for == forecast.NOT_FOR


@pytest.mark.parametrize(
    ("weeks", "how", "said"),
    [
        (100, {}, "48 of 100 weeks are left"),
        (120, {"held_out": 0}, "held_out must be at least 1"),
        (120, {"relearn": 0}, "relearn must be at least 1"),
        (120, {"horizon": 20}, "horizon must be 1 to 13"),
        (120, {"shares": [0]}, r"shares\[0\]"),
    ],
)
def test_an_evaluation_that_cannot_be_is_refused(weeks: int, how: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        forecast.evaluate(np.ones((3, weeks)), **how)
