import gzip
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from loftet.analysis.batch import Columns, Gathered
from loftet.analysis.batch.gathering import gather, read_time
from loftet.analysis.batch.reading import rows
from loftet.core.places import to_sweref

COLUMNS = Columns("area", "time", ("place",))
HEADING = "area;time;place;type\n"


def gathered(path: Path, columns: Columns = COLUMNS, **period: Any) -> Gathered:
    return gather(rows(path, columns.names), columns, **period)


def written(folder: Path, text: str, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- Files --------------------------------------------------------------------------------------


def test_a_file_gives_the_same_events_as_csv_packed_and_parquet(tmp_path: Path) -> None:
    text = 'area,time,place,type\n0180,2024-05-01T22:10,"59.33,18.07",theft\n0114,2024-05-02,,\n'
    plain = written(tmp_path, text)
    packed = tmp_path / "events.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    columnar = tmp_path / "events.parquet"
    table = {
        "place": ["59.33,18.07", None],
        "time": np.array(["2024-05-01T22:10", "2024-05-02T00:00"], "M8[us]"),
        "area": ["0180", "0114"],
    }
    parquet.write_table(pa.table(table), columnar)
    for path in (plain, packed, columnar):
        found = gathered(path).events
        assert found.areas == ("0114", "0180")
        assert found.area.tolist() == [1, 0]
        assert found.time.astype(str).tolist() == ["2024-05-01T22:10", "2024-05-02T00:00"]
        assert (found.x[0], found.y[0]) == to_sweref(59.33, 18.07)
        assert np.isnan(found.x[1])


def test_numbers_and_zones_of_parquet_are_read_as_they_are_meant(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    table = {
        "area": pa.array([180, 180]),
        "time": pa.array([0, 1_719_873_000_000_000], pa.timestamp("us", tz="UTC")),
        "lon": pa.array([18.07, 18.07]),
        "lat": pa.array([59.33, None]),
    }
    parquet.write_table(pa.table(table), path)
    found = gathered(path, Columns("area", "time", ("lon", "lat")))
    assert found.events.areas == ("180",)
    assert found.events.time.astype(str).tolist() == ["1970-01-01T01:00", "2024-07-02T00:30"]
    assert found.unplaced.rows == {"a position that cannot be read": 1}


def test_semicolons_a_mark_at_the_beginning_and_short_rows_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(("\ufeff" + HEADING + "0180;2024-05-01;59,18;x\n0180;2024-05-02\n").encode())
    assert len(gathered(path).events) == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"area,place\n", "no column time. It has: area, place"),
        (b"", "no column area or time or place. It has: none"),
        ("area,time,place\nV\u00e4ster\u00e5s,,".encode("latin-1"), "not in UTF-8"),
        (b'area,time,place\n"' + b"x" * 200_000, "not a table in CSV"),
    ],
)
def test_a_file_that_is_no_table_of_events_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=why):
        gathered(path)


def test_a_packed_file_that_is_broken_off_is_told(tmp_path: Path) -> None:
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(b"area,time,place\n" + bytes(range(256)) * 99)[:90])
    with pytest.raises(ValueError, match="broken off or damaged"):
        gathered(path)


def test_a_parquet_file_that_is_none_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "area,time,place\n", "events.parquet")
    with pytest.raises(ValueError, match="is not a Parquet file"):
        gathered(path)


# --- Rows ---------------------------------------------------------------------------------------


def test_each_row_is_used_or_left_out_for_one_reason(tmp_path: Path) -> None:
    text = HEADING + (
        "0180;2024-05-01 07:30;59.33,18.07;theft\n"  # row 2, as a spreadsheet counts
        ";2024-05-01;59.33,18.07;theft\n"
        "0180;;59.33,18.07;theft\n"
        "0180;yesterday;59.33,18.07;theft\n"
        "0180;2023-12-31T23:59;59.33,18.07;theft\n"
        "0180;2024-06-01T00:00;59.33,18.07;theft\n"
        "0180;2024-05-31T23:59;18.07,59.33;theft\n"
        "0180;2024-05-02;in the harbour;theft\n"
        "0180;2024-05-03;;theft\n"
        "0180;2024-05-04;59.33,18.07;damage\n"
        "0180;2024-05-05;59.33,18.07;fire\n"
    )
    columns = Columns(
        "area", "time", ("place",), kind="type", where=(("type", "theft"), ("type", "fire"))
    )
    period = {"since": date(2024, 1, 1), "until": date(2024, 5, 31)}
    found = gathered(written(tmp_path, text), columns, **period)
    assert found.left_out.first == {
        "no area": [3],
        "no time": [4],
        "a time that cannot be read": [5],
        "before the period": [6],
        "after the period": [7],
        "another value than asked for": [11],
    }
    assert found.unplaced.first == {
        "a position outside Sweden": [8],
        "a position that cannot be read": [9],
        "no position": [10],
    }
    assert found.read == len(found.events) + sum(found.left_out.rows.values()) == 11
    assert found.events.kinds == ("fire", "theft")


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-06-30 7:32:17 +02:00", "2026-06-30T07:32:17"),
        ("2026-06-30T7:32", "2026-06-30T07:32:00"),
        ("2026-06-30", "2026-06-30T00:00:00"),
        ("2026-06-30T22:30Z", "2026-07-01T00:30:00"),
        ("2026-01-30T22:30+00:00", "2026-01-30T23:30:00"),
        ("20260630", "2026-06-30T00:00:00"),
        ("30/6 2026", None),
        ("2026-02-30", None),
    ],
)
def test_times_come_in_many_forms_and_are_swedish(text: str, local: str | None) -> None:
    found = read_time(text)
    assert (found and found.isoformat()) == local


def test_positions_come_in_one_column_in_two_and_in_metres(tmp_path: Path) -> None:
    heading = "area;time;place;lon;lat;x;y\n"
    row = "0180;2024-05-01;59.33, 18.07;18,07;59,33;674 ;\n"
    metres = "0180;2024-05-01;59.33,18.07;18.07;59.33;674654,6;6580837.4\n"
    path = written(tmp_path, heading + row + metres)
    one = gathered(path).events
    two = gathered(path, Columns("area", "time", ("lon", "lat"))).events
    three = gathered(path, Columns("area", "time", ("x", "y"), metres=True))
    assert one.x.tolist() == two.x.tolist()
    assert one.y.tolist() == two.y.tolist()
    assert three.unplaced.rows == {"a position that cannot be read": 1}
    assert three.events.x[np.isfinite(three.events.x)].tolist() == [674_654.6]


@given(st.permutations(range(8)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    table = [(f"{180 + n % 3}", f"2024-05-0{1 + n % 4}", f"59.{n % 2},18.1") for n in range(8)]
    one, other = (
        gather(((2, table[n]) for n in numbers), COLUMNS).events for numbers in (range(8), order)
    )
    assert one.areas == other.areas
    for name in ("area", "time", "x", "y"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
