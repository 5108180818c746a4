"""The command `loftet analyse`; none of these tests opens a database."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from loftet.analysis.batch.methods import METHODS
from loftet.map.management.commands.analyse import Command
from tests.analysis.batches import events_file

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "operate" / "analyse.md"
REAL = Path("/work/shared/data/polisen_events/events_index.csv.gz")
COLUMNS = ("--by", "area", "--time", "time", "--x", "x", "--y", "y")


def analysed(file: Path, out: Path, *options: str) -> tuple[str, str]:
    """What the command wrote to the terminal: what is done, and what to know."""
    told, known = StringIO(), StringIO()
    with translation.override("en"):
        call_command(
            "analyse",
            str(file),
            "--out",
            str(out),
            *options,
            stdout=told,
            stderr=known,
            no_color=True,
        )
    return told.getvalue(), known.getvalue()


def refused(*arguments: str) -> str:
    with translation.override("en"), pytest.raises(CommandError) as error:
        call_command("analyse", *arguments, stdout=StringIO(), stderr=StringIO())
    return str(error.value)


def table(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_several_methods_over_all_areas_become_one_table(tmp_path: Path) -> None:
    file, out = events_file(tmp_path), tmp_path / "out.csv"
    with file.open("a") as more:
        more.write("0001,,1,1,theft\n0002,2024-12-30,,,theft\n")
    methods = [word for name in METHODS for word in ("--method", name)]
    told, known = analysed(file, out, *COLUMNS, *methods, "--weeks", "2", "--replicates", "19")
    rows = table(out)
    assert {row["method"] for row in rows} == set(METHODS)
    assert {row["area"] for row in rows if row["method"] == "trend"} == {
        f"{code:04d}" for code in range(5)
    }
    assert f"{out}: {len(rows)} rows" in told
    assert "Used 301 of 302 rows." in known
    assert "Left out: no time, 1 rows, such as 302" in known
    assert "Not on the map: no position, 1 rows, such as 303" in known
    assert "not about persons" in known
    assert json.loads((tmp_path / "out.csv.provenance.json").read_text())["cautions"]


def test_each_kind_and_only_some_rows_and_parameters_can_be_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    asked = (
        *COLUMNS, "--method", "forecast", "--each", "type", "--where", "area=0001",
        "--where", "area=0003", "--set", "forecast.ahead=2", "--weeks", "1",
        "--since", "2023-01-02", "--until", "2024-12-29",
    )  # fmt: skip
    analysed(events_file(tmp_path), out, *asked)
    rows = table(out)
    assert {(row["area"], row["kind"]) for row in rows} == {
        (area, kind) for area in ("0001", "0003") for kind in ("damage", "theft")
    }
    assert {row["first_day"] for row in rows} == {"2024-12-23", "2024-12-30", "2025-01-06"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Say also FILE, --by, --time, --method, --out"),
        (("no.csv", *COLUMNS, "--method", "trend", "--out", "out.csv"), "No such file"),
        (
            ("FILE", *COLUMNS[:5], "x", "--method", "trend", "--out", "OUT"),
            "Give the position by --place, by --lon and --lat, or by --x and --y.",
        ),
        (
            ("FILE", *COLUMNS, "--place", "x", "--method", "trend", "--out", "OUT"),
            "Give the position by --place",
        ),
        (("FILE", *COLUMNS[:4], "--method", "scan", "--out", "OUT"), "scan asks where"),
        (
            ("FILE", "--by", "area", "--time", "when", "--method", "trend", "--out", "OUT"),
            "no column when. It has: area, time, x, y, type",
        ),
        (
            ("FILE", *COLUMNS, "--method", "trend", "--set", "trend.day=1", "--out", "OUT"),
            "There are: trend.years, trend.alpha",
        ),
        (
            ("FILE", *COLUMNS, "--method", "scan", "--until", "2023-01-05", "--out", "OUT"),
            "no whole week lies between first, 2023-01-0",
        ),
        (("FILE", *COLUMNS, "--method", "magic", "--out", "OUT"), "choose from"),
        (("FILE", *COLUMNS, "--since", "May", "--method", "trend"), "May is not a day"),
        (("FILE", *COLUMNS, "--where", "theft", "--method", "trend"), "COLUMN=VALUE"),
        (("FILE", *COLUMNS, "--set", "trend.years=x", "--method", "trend"), "x is not a number"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    named = {"FILE": str(events_file(tmp_path)), "OUT": str(tmp_path / "out.csv")}
    assert told in refused(*(named.get(word, word) for word in arguments))


# --- Stopped ------------------------------------------------------------------------------------

# Units that are long enough to be stopped among them.
SLOW = (*COLUMNS, "--method", "scan", "--weeks", "12", "--replicates", "4999", "--workers", "1")


def begun(file: Path, out: Path) -> "subprocess.Popen[str]":
    """The command in a process of its own, some units on its way."""
    process = subprocess.Popen(
        [sys.executable, "-m", "loftet", "analyse", str(file), "--out", str(out), *SLOW],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "loftet.settings"},
        stderr=subprocess.PIPE,
        text=True,
    )
    partial = out.with_name(f"{out.name}.partial")
    while process.poll() is None and not (
        partial.exists() and partial.read_bytes().count(b"\n") > 2
    ):
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_the_same_command_goes_on_after_a_stop(tmp_path: Path, blow: signal.Signals) -> None:
    file, out = events_file(tmp_path), tmp_path / "out.csv"
    process = begun(file, out)
    process.send_signal(blow)
    _told, known = process.communicate()
    assert not out.exists()
    if blow == signal.SIGINT:
        assert process.returncode == 130
        assert known.count("\n") == 1
    assert "with --restart" in refused(str(file), "--out", str(out), *SLOW, "--seed", "2")
    analysed(file, out, *SLOW)
    analysed(file, tmp_path / "whole.csv", *SLOW)
    told = json.loads((tmp_path / "out.csv.provenance.json").read_text())
    assert told["run"]["units_from_an_earlier_run"] > 1
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


# --- The real notices ---------------------------------------------------------------------------


@pytest.mark.skipif(not REAL.exists(), reason="the police notices are not on this machine")
def test_the_notices_of_all_municipalities_are_analysed_with_one_command(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    methods = [word for name in ("trend", "scan", "forecast") for word in ("--method", name)]
    columns = ("--by", "municipality_code", "--time", "occurred", "--place", "api_gps")
    period = ("--since", "2023-03-20", "--until", "2025-08-03", "--weeks", "2")
    _told, known = analysed(REAL, out, *columns, *methods, *period, "--replicates", "99")
    rows = table(out)
    areas = {row["area"] for row in rows if row["method"] == "trend"}
    assert len(areas) > 280
    assert {"0180", "1488"} <= areas
    assert "no time" in known
    run = json.loads((tmp_path / "out.csv.provenance.json").read_text())
    left_out = {reason["reason"]: reason["rows"] for reason in run["events"]["left_out"]}
    assert run["events"]["used"] + sum(left_out.values()) == run["events"]["rows"] == 85_011


# --- The guide ----------------------------------------------------------------------------------


def test_the_guide_tells_each_option_method_and_parameter() -> None:
    guide = GUIDE.read_text()
    parser = ArgumentParser(add_help=False)
    Command().add_arguments(parser)
    options = re.findall(r"--[a-z]+", parser.format_usage())
    parameters = [f"{name}.{key}" for name, method in METHODS.items() for key in method.parameters]
    assert len(options) > 20
    assert [name for name in options if name not in guide] == []
    assert [name for name in (*METHODS, *parameters) if f"`{name}`" not in guide] == []
