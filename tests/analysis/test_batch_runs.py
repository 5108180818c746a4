import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from loftet.analysis.batch import AnotherRunError, Columns, Request
from loftet.analysis.batch.journal import Journal
from loftet.analysis.batch.reading import digest
from loftet.analysis.batch.rows import Row, number, write
from tests.analysis.batches import COLUMNS, drawing, events_file, run


def request(folder: Path, **other: Any) -> Request:
    return Request(events_file(folder), COLUMNS, (drawing(folder),), **other)


def table(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


# --- The same numbers ---------------------------------------------------------------------------


def test_the_number_of_workers_does_not_reach_the_result(tmp_path: Path) -> None:
    asked = request(tmp_path)
    for workers in (1, 2, 7):
        run(asked, tmp_path / f"{workers}.csv", workers=workers)
    assert len({(tmp_path / f"{workers}.csv").read_bytes() for workers in (1, 2, 7)}) == 1


def test_units_draw_numbers_of_their_own_from_the_seed(tmp_path: Path) -> None:
    asked = request(tmp_path)
    run(asked, tmp_path / "one.csv")
    run(replace(asked, seed=2), tmp_path / "other.csv")
    one, other = (
        [row["value"] for row in table(tmp_path / f"{name}.csv")] for name in ("one", "other")
    )
    assert len({*one, *other}) == 10


def test_another_method_beside_it_changes_nothing(tmp_path: Path) -> None:
    asked = request(tmp_path)
    beside = replace(drawing(tmp_path), name="another")
    run(asked, tmp_path / "alone.csv")
    run(replace(asked, methods=(beside, *asked.methods)), tmp_path / "both.csv")
    both = table(tmp_path / "both.csv")
    assert both[5:] == table(tmp_path / "alone.csv")
    assert [row["value"] for row in both[:5]] != [row["value"] for row in both[5:]]


# --- Stopped and gone on ------------------------------------------------------------------------


def broken_run(asked: Request, folder: Path, out: Path) -> Path:
    """A run that breaks at the fourth of five units."""
    (folder / "broken").touch()
    with pytest.raises(RuntimeError, match="out of order"):
        run(asked, out, workers=1)
    (folder / "broken").unlink()
    return out.with_name(f"{out.name}.partial")


def test_a_run_that_broke_goes_on_and_gives_the_same_bytes(tmp_path: Path) -> None:
    asked, out = request(tmp_path), tmp_path / "out.csv"
    partial = broken_run(asked, tmp_path, out)
    assert not out.exists()
    kept = len(partial.read_text().splitlines()) - 1
    report = run(asked, out)
    run(asked, tmp_path / "whole.csv")
    assert (report.resumed, report.units) == (kept, 5)
    assert kept == 3
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert not partial.exists()


def test_wherever_the_power_went_the_run_goes_on_from_the_last_whole_line(tmp_path: Path) -> None:
    asked, out = request(tmp_path), tmp_path / "out.csv"
    partial = broken_run(asked, tmp_path, out)
    run(asked, tmp_path / "whole.csv")
    journal = partial.read_bytes()
    for length in range(0, len(journal), 97):
        partial.write_bytes(journal[:length])
        report = run(asked, out)
        assert report.resumed == max(0, journal[:length].count(b"\n") - 1)
        assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"replicates": 99}, "replicates was 999, now 99"),
        ({"seed": 2}, "seed was 1, now 2"),
        ({"weeks": 4}, "weeks was 52, now 4"),
        ({"columns": Columns("type", "time")}, "columns area was area, now type"),
        (
            {"parameters": {"drawing.sides": (8.0,)}},
            r"parameters drawing.sides was \[6.0\], now \[8.0\]",
        ),
    ],
)
def test_what_another_run_has_left_is_refused_until_it_is_thrown_away(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    asked, out = request(tmp_path), tmp_path / "out.csv"
    partial = broken_run(asked, tmp_path, out)
    left = partial.read_bytes()
    other = replace(asked, **change)
    with pytest.raises(AnotherRunError, match=told):
        run(other, out)
    assert partial.read_bytes() == left
    assert run(other, out, restart=True).resumed == 0


def test_a_file_that_has_changed_is_another_run(tmp_path: Path) -> None:
    asked, out = request(tmp_path), tmp_path / "out.csv"
    broken_run(asked, tmp_path, out)
    with asked.file.open("a") as file:
        file.write("0001,2024-05-01,1,1,theft\n")
    with pytest.raises(AnotherRunError, match="file was"):
        run(asked, out)


def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out.csv.partial"
    with Journal(path, {}), pytest.raises(ValueError, match="another run is writing"):
        Journal(path, {})


# --- The table and how it came about ------------------------------------------------------------


def test_the_provenance_tells_all_that_decides_the_result(tmp_path: Path) -> None:
    asked, out = request(tmp_path, parameters={"drawing.sides": (8.0,)}), tmp_path / "out.csv"
    with asked.file.open("a") as file:
        file.write("0001,,1,1,theft\n0002,2024-05-01,,,theft\n")
    report = run(asked, out)
    told = json.loads(report.provenance.read_text())
    assert told["result"] == {
        "file": "out.csv",
        "sha256": digest(out),
        "rows": 5,
        "rows_not_told": 0,
    }
    assert told["events"]["sha256"] == digest(asked.file)
    assert (told["events"]["rows"], told["events"]["used"]) == (302, 301)
    assert told["events"]["left_out"] == [{"reason": "no time", "rows": 1, "first_rows": [302]}]
    assert told["events"]["without_position"][0]["first_rows"] == [303]
    assert told["asked"]["parameters"] == {"drawing.sides": [8.0]}
    assert {"python", "numpy", "scipy", "numba", "loftet", "analysis"} == set(
        told["asked"]["versions"]
    )
    assert told["run"]["units"] == 5


def test_an_area_of_which_nothing_can_be_told_has_a_row_with_the_reason(tmp_path: Path) -> None:
    columns = replace(COLUMNS, kind="type", where=(("type", "theft"),))
    method = drawing(tmp_path)
    file = tmp_path / "few.csv"
    file.write_text("area,time,x,y,type\n0001,2024-05-01,1,1,theft\n")
    quiet = replace(method, units=lambda study: iter([empty(next(iter(method.units(study))))]))
    report = run(Request(file, columns, (quiet,)), tmp_path / "out.csv")
    assert report.not_told == 1
    assert [(row["area"], row["note"]) for row in table(report.out)] == [
        ("0001", "nothing happened here")
    ]


def empty(unit: Any) -> Any:
    return replace(unit, question=lambda: replace(unit.question(), days=()))


def test_csv_and_parquet_hold_the_same_table(tmp_path: Path) -> None:
    asked = request(tmp_path)
    run(asked, tmp_path / "out.csv")
    run(asked, tmp_path / "out.parquet")
    typed = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    text = [
        {
            name: "" if value is None else f"{value:.10g}" if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in typed
    ]
    assert text == table(tmp_path / "out.csv")


def test_a_table_that_could_not_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("as it was")

    def lines() -> Any:
        yield ("method", *Row("0001"))
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write(out, lines())
    assert out.read_text() == "as it was"


def test_numbers_are_rounded_where_processors_differ_and_empty_where_there_are_none() -> None:
    assert number(0.1 + 0.2) == 0.3
    assert number(1234567.0) == 1234567
    assert number(float("nan")) is number(float("inf")) is None


# --- Refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"weeks": 0}, "weeks"),
        ({"replicates": 9}, "replicates must be at least 19"),
        ({"seed": -1}, "seed"),
        ({"parameters": {"drawing.faces": (6.0,)}}, "There are: drawing.sides"),
        ({"parameters": {"drawing.sides": (6.0, 8.0)}}, "drawing.sides must be one number"),
    ],
)
def test_a_request_that_does_not_hang_together_is_refused(
    tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        request(tmp_path, **wrong)


def test_a_method_that_asks_where_needs_the_column(tmp_path: Path) -> None:
    where = replace(drawing(tmp_path), places=True)
    with pytest.raises(ValueError, match="drawing asks where"):
        Request(events_file(tmp_path), Columns("area", "time"), (where,))


def test_a_file_without_a_usable_row_is_told_with_the_reasons(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("area,time,x,y\n0180,,1,1\n,2024-05-01,1,1\n0180,,1,1\n")
    with pytest.raises(ValueError, match=r"of 3: no time in 2; no area in 1"):
        run(Request(file, COLUMNS, (drawing(tmp_path),)), tmp_path / "out.csv")


def test_positions_that_are_all_missing_are_told(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("area,time,x,y\n0180,2024-05-01,,\n")
    where = replace(drawing(tmp_path), places=True)
    with pytest.raises(ValueError, match="no event has a position, and drawing asks where"):
        run(Request(file, COLUMNS, (where,)), tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("out.xlsx", "must end in .csv or .parquet"),
        ("none/out.csv", "no folder"),
        ("events.csv", "is the file"),
    ],
)
def test_a_result_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, name: str, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        run(request(tmp_path), tmp_path / name)
    assert not (tmp_path / f"{name}.partial").exists()
