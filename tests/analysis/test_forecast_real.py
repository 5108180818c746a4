"""The forecast on the real counts of Chicago and of the Swedish police, the last year held out."""

import csv
import gzip
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer

from loftet.analysis import calendar, forecast
from loftet.analysis.grid import Grid
from tests.analysis.test_change import reference

NOTICES = Path(__file__).resolve().parents[3] / "shared" / "data" / "polisen_events"


@cache
def chicago() -> tuple[Any, Any, Any, Any]:
    """Week, place in metres (UTM 16) and district of aggravated assaults, 2010 to 2019."""
    path = reference("events_chicago_assault", "chicago_aggravated_assaults.csv.gz")
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file))
    day = np.array([row["date"][:10] for row in rows], dtype="datetime64[D]")
    starts = calendar.whole("2010-01-01", "2019-12-31")
    week = np.searchsorted(starts, day, side="right") - 1
    whole = (week >= 0) & (day < starts[-1] + 7)
    degrees = np.array([[row["longitude"], row["latitude"]] for row in rows], dtype=float).T
    to_metres = Transformer.from_crs(4326, 32616, always_xy=True)
    east, north = to_metres.transform(degrees[0], degrees[1])
    district = np.array([row["district"] for row in rows])
    return week[whole], east[whole], north[whole], district[whole]


def chicago_districts() -> Any:
    """22 districts by weeks; the one event of a district 31, which does not exist, is left out."""
    week, _, _, district = chicago()
    names, place = np.unique(district, return_inverse=True)
    counts = np.zeros((len(names), week.max() + 1))
    np.add.at(counts, (place, week), 1)
    return counts[names != "31"]


def chicago_cells(metres: float) -> Any:
    """Squares where something had happened before the last year, and those that touch them."""
    week, east, north, _ = chicago()
    grid = Grid.of_points(east, north, cell=metres)
    counts = grid.counts(east, north, period=week).counts
    before = counts[:, :-52].sum(axis=1) > 0
    return counts[before | (grid.neighbours() @ before > 0)]


def notices() -> Any:
    """Notices of the police by municipality and week, from when the archive is whole."""
    if not NOTICES.exists():
        pytest.skip(f"the notices of the police are not on this machine: {NOTICES}")
    with gzip.open(NOTICES / "events_index.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["municipality_code"] and row["occurred"]]
    rows = [row for row in rows if "2023-03-20" <= row["occurred"] < "2026-08-17"]
    codes = [row["municipality_code"] for row in rows]
    days = [row["occurred"][:10] for row in rows]
    return calendar.panel(codes, days, first="2023-03-20", last="2026-08-16").counts


def test_cells_of_chicago_are_forecast_better_than_by_the_counts_of_last_year() -> None:
    found = forecast.evaluate(chicago_cells(250), held_out=52, shares=[0.005, 0.01, 0.02, 0.05])
    ours = found.captured["forecast"]
    for name in ("last 52 weeks", "last 12 weeks"):
        other = found.captured[name]
        assert (ours.pai > other.pai).all()
        assert (ours.pei > other.pei).all()
        assert (ours.pei_star > other.pei_star).all()
        assert (found.gain[name].low > 0).all()
        assert found.root_square_error["forecast"] < found.root_square_error[name]
    assert ours.pai[1] > 10
    assert found.coverage.randomised == pytest.approx(0.9, abs=0.005)
    assert found.coverage.plain > 0.93  # whole-number limits of rare events cannot cut finer
    assert found.transform == pytest.approx(0.1, abs=0.003)


@pytest.mark.parametrize("horizon", [1, 2, 3, 4])
def test_limits_for_districts_of_chicago_hold_90_of_100_counts(horizon: int) -> None:
    found = forecast.evaluate(chicago_districts(), held_out=52, horizon=horizon, shares=[0.1])
    assert 0.89 < found.coverage.judged < 0.92
    assert found.coverage.judged_counts > 1100
    for name in ("last 52 weeks", "last 12 weeks"):
        assert found.mean_error["forecast"] < 0.95 * found.mean_error[name]
    classes = found.classes
    assert classes.seen == pytest.approx(classes.expected, rel=0.05)


@pytest.mark.parametrize("horizon", [1, 4])
def test_limits_for_swedish_municipalities_hold_90_of_100_counts(horizon: int) -> None:
    found = forecast.evaluate(notices(), held_out=52, horizon=horizon, shares=[0.1])
    assert 0.87 < found.coverage.judged < 0.93
    assert found.coverage.randomised == pytest.approx(0.9, abs=0.02)
    for name in ("last 52 weeks", "last 12 weeks"):
        assert found.root_square_error["forecast"] < found.root_square_error[name]
