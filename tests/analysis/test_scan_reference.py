"""The scans against published results of other programs."""

import csv
import json
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from loftet.analysis import scan
from loftet.analysis.arrays import Floats
from tests.analysis.test_change import reference

Numbers = NDArray[np.float64]

REPLICATES = 999


def expected_results(folder: str) -> Any:
    return json.loads(reference(folder, "expected.json").read_text())


def agrees(
    cluster: scan.Cluster, told: Any, names: Sequence[str], *, replicates: int = 999
) -> None:
    """Members, counts and ratio as told, and a p as near as two draws of replicates come."""
    assert {names[row] for row in cluster.members} == set(told["ids"])
    assert cluster.observed == int(told["cases"])
    assert cluster.expected == pytest.approx(float(told["expected"]), abs=0.005)
    assert cluster.log_likelihood_ratio == pytest.approx(float(told["llr"]), abs=1e-4)
    if "rr" in told:
        assert cluster.relative_risk == pytest.approx(float(told["rr"]), abs=0.005)
    p = float(told["p"])
    spread = p * (1 - p)
    apart = 3 * math.sqrt(spread / replicates + spread / REPLICATES) + 1 / REPLICATES
    assert cluster.p_value == pytest.approx(p, abs=apart)


def found_among(clusters: Sequence[scan.Cluster], told: Any, names: Sequence[str]) -> scan.Cluster:
    ids = set(told["ids"])
    alike = [c for c in clusters if {names[row] for row in c.members} == ids]
    assert len(alike) == 1, f"{told['ids']} is not among the clusters"
    return alike[0]


# --- New Mexico: brain cancer, by age and sex, in space and time --------------------------------


class NewMexico:
    """32 counties, 1973-1991; population counted three times in 36 strata of age and sex."""

    def __init__(self) -> None:
        places = [line.split() for line in self.lines("nm.geo")]
        self.names = [place[0] for place in places]
        self.y, self.x = np.array([[float(part) for part in place[1:]] for place in places]).T
        self.years = range(1973, 1992)
        strata = np.zeros((32, 19, 36))
        for line in self.lines("nm.cas"):
            county, count, year, age, sex = line.split()
            strata[self.names.index(county), int(year) - 1973, self.stratum(age, sex)] += int(count)
        self.cases = strata.sum(axis=2)
        self.expected = scan.expected_from_strata(strata, self.person_days())

    def person_days(self) -> Floats:
        counted = ["73", "82", "91"]
        people = np.zeros((32, 3, 36))
        for line in self.lines("nm.pop"):
            county, year, count, age, sex = line.split()
            row, column = self.names.index(county), counted.index(year)
            people[row, column, self.stratum(age, sex)] += float(count)
        edges = [f"{year}-01-01" for year in [*self.years, 1992]]
        return scan.person_days(people, [f"19{year}-07-01" for year in counted], edges)

    @staticmethod
    def stratum(age: str, sex: str) -> int:
        return 2 * (int(age) - 1) + int(sex) - 1

    @staticmethod
    def lines(file: str) -> list[str]:
        return reference("scan_newmexico", file).read_text().splitlines()


def test_brain_cancer_in_new_mexico_where() -> None:
    state = NewMexico()
    found = scan.poisson(
        state.cases.sum(axis=1), state.expected.sum(axis=1), state.x, state.y,
        metric="great circle", rng=np.random.default_rng(1),
    )  # fmt: skip
    assert found.total == 1175
    for cluster, told in zip(
        found.clusters, expected_results("scan_newmexico")["spatial"]["clusters"], strict=False
    ):
        agrees(cluster, told, state.names)
    assert found.clusters[0].radius == pytest.approx(113_540, rel=1e-3)


@pytest.mark.parametrize("kind", ["retrospective", "prospective"])
def test_brain_cancer_in_new_mexico_where_and_when(kind: str) -> None:
    state = NewMexico()
    found = scan.space_time_poisson(
        state.cases, state.expected, state.x, state.y, prospective=kind == "prospective",
        metric="great circle", rng=np.random.default_rng(2),
    )  # fmt: skip
    told = expected_results("scan_newmexico")[f"space_time_{kind}"]["clusters"]
    agrees(found.clusters[0], told[0], state.names)
    for cluster in told:
        same = found_among(found.clusters, cluster, state.names)
        agrees(same, cluster, state.names)
        assert same.first_day == int(cluster["from"][:4]) - 1973
        assert same.last_day == int(cluster["to"][:4]) - 1973
    watched = not math.isnan(found.clusters[0].recurrence)
    assert watched == (kind == "prospective")


# --- North Humberside: childhood leukaemia, cases and controls ----------------------------------


def test_leukaemia_in_north_humberside_among_cases_and_controls() -> None:
    """Two clusters have the same ratio, and which is told first is a matter of taste."""
    cases, controls, places = (
        np.loadtxt(reference("scan_nhumberside", f"NHumberside.{kind}"))
        for kind in ("cas", "ctl", "geo")
    )
    names = [str(int(name)) for name in places[:, 0]]
    assert (cases[:, 0] == controls[:, 0]).all()
    found = scan.bernoulli(
        cases[:, 1], controls[:, 1], places[:, 1], places[:, 2], rng=np.random.default_rng(3)
    )
    told = expected_results("scan_nhumberside")["bernoulli_spatial"]["clusters"]
    for cluster in told:
        agrees(found_among(found.clusters, cluster, names), cluster, names)
    assert found.clusters[0].log_likelihood_ratio == pytest.approx(4.836516, abs=1e-6)
    assert found.clusters[0].observed == 4


# --- New York: leukaemia in 281 tracts ----------------------------------------------------------


def new_york(kind: str) -> Numbers:
    columns: Numbers = np.loadtxt(reference("scan_nyleukemia", f"satscan_ny_{kind}.txt"))
    return columns


def told_by_satscan(file: str) -> list[dict[str, Any]]:
    text = reference("scan_nyleukemia", f"scan_test_ny_poisson_circular_{file}.txt").read_text()
    parts = re.split(r"\n\d+\.Location IDs included\.: ", text.split("PARAMETER SETTINGS")[0])[1:]
    return [
        {
            "ids": [name.strip() for name in re.split(r"\n  [OC]", part)[0].split(",")],
            "cases": _after(part, r"Number of cases"),
            "expected": _after(part, r"Expected cases"),
            "rr": _after(part, r"Relative risk"),
            "llr": _after(part, r"Log likelihood ratio"),
            "p": _after(part, r"P-value"),
        }
        for part in parts
    ]


def _after(text: str, label: str) -> str:
    match = re.search(rf"{label}\.*: (\S+)", text)
    assert match, label
    return match[1]


@pytest.mark.parametrize(
    ("file", "metric", "share"),
    [
        ("cartesian", "euclidean", 0.5),
        ("cartesian_ubpop_10percent", "euclidean", 0.1),
        ("longlat", "great circle", 0.5),
    ],
)
def test_leukaemia_in_new_york(file: str, metric: Any, share: float) -> None:
    place, cases, population = new_york("coords"), new_york("cases")[:, 1], new_york("pop")[:, 2]
    found = scan.poisson(
        cases, population, place[:, 2], place[:, 1], largest_share=share, metric=metric,
        at_most=20, rng=np.random.default_rng(4),
    )  # fmt: skip
    names = [str(number) for number in range(1, 282)]
    told = told_by_satscan(file)
    assert len(told) >= 5
    agrees(found.clusters[0], told[0], names)
    for cluster in told:
        if float(cluster["p"]) < 0.9:
            agrees(found_among(found.clusters, cluster, names), cluster, names)


def test_gumbels_law_tells_p_values_that_999_replicates_cannot() -> None:
    """SaTScan tells 0.000087 from another 999 replicates."""
    place, cases, population = new_york("coords"), new_york("cases")[:, 1], new_york("pop")[:, 2]
    found = scan.poisson(
        cases, population, place[:, 2], place[:, 1], metric="great circle",
        rng=np.random.default_rng(5),
    )  # fmt: skip
    assert found.clusters[0].p_value == 0.001
    assert found.clusters[0].gumbel_p == pytest.approx(0.000087, rel=0.5)


def test_leukaemia_in_new_york_as_spatialepi_has_it() -> None:
    """On its map, a degree east is worth sin(51.5 degrees) of one north.

    Its ratios are not those of the counts that it tells beside them: they come out if what is
    expected adds up to 553.0018, where there are 552 cases.
    """
    with reference("scan_nyleukemia", "nyleukemia.csv").open() as file:
        tracts = list(csv.DictReader(file))
    told = json.loads(reference("scan_nyleukemia", "expected_SpatialEpi.json").read_text())
    found = scan.poisson(
        [math.floor(float(tract["cases"])) for tract in tracts],
        [float(tract["population"]) for tract in tracts],
        [math.sin(math.radians(51.5)) * float(tract["x"]) for tract in tracts],
        [float(tract["y"]) for tract in tracts],
        largest_share=0.15,
        rng=np.random.default_rng(6),
    )
    names = [tract["censustract.FIPS"] for tract in tracts]
    for cluster, peer in zip(
        found.clusters, [told["poisson15"]["m"], *told["poisson15"]["sec"]], strict=False
    ):
        c, e = peer["cases"], peer["expected"]
        assert cluster.expected == pytest.approx(e, rel=1e-9)
        agrees(cluster, peer | {"llr": ratio(c, e, 552)}, names, replicates=9999)
        assert ratio(c, e * 553.0018 / 552, 552) == pytest.approx(peer["llr"], abs=1e-5)


def ratio(count: float, expected: float, total: float) -> float:
    outside = (total - count) * math.log((total - count) / (total - expected))
    return count * math.log(count / expected) + outside
