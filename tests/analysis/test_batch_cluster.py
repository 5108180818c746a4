"""The same numbers on processes of a local cluster, also when one of them is killed."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import dask
import pytest

from loftet.analysis.batch import Request, analyse, hired
from loftet.analysis.batch.versions import versions
from loftet.analysis.batch.workers import refuse_unlike
from tests.analysis.batches import COLUMNS, drawing, events_file, run


def test_a_worker_that_is_killed_does_not_change_the_numbers(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    file = events_file(tmp_path, areas=24, each=3)
    run(Request(file, COLUMNS, (drawing(tmp_path),)), tmp_path / "threads.csv")
    killer = threading.Thread(target=kill_one, args=(there,), daemon=True)
    killer.start()
    report = analyse(
        Request(file, COLUMNS, (drawing(there, pause=0.1),)),
        tmp_path / "cluster.csv",
        hired("local", 2),
        quiet=True,
    )
    killer.join()
    assert (tmp_path / "cluster.csv").read_bytes() == (tmp_path / "threads.csv").read_bytes()
    assert len(begun(there)) > report.units == 24  # what the killed one had in hand came again
    assert report.workers == "2 workers of the cluster local"
    assert not any(Path(f"/proc/{process}").exists() for _area, process in begun(there))


def kill_one(folder: Path) -> None:
    """Wait until both processes have units in hand, and kill one of them."""
    while len(processes := {process for _area, process in begun(folder)}) < 2:
        time.sleep(0.01)
    os.kill(int(min(processes)), signal.SIGKILL)


def begun(folder: Path) -> set[tuple[str, str]]:
    """Areas and processes, one pair for each time that a unit was begun."""
    names = [path.name.split(" begun by ") for path in folder.glob("* begun by *")]
    return {(area, process) for area, process in names}


def test_a_cluster_that_does_not_answer_is_told(tmp_path: Path) -> None:
    asked = Request(events_file(tmp_path), COLUMNS, (drawing(tmp_path),))
    impatient = dask.config.set({"distributed.comm.timeouts.connect": "100ms"})
    with impatient, pytest.raises(OSError, match=r"127\.0\.0\.1:1"):
        analyse(asked, tmp_path / "out.csv", hired("tcp://127.0.0.1:1"), quiet=True)


def test_workers_that_would_count_otherwise_are_refused() -> None:
    here = versions()
    refuse_unlike({"tcp://one": here})
    with pytest.raises(ValueError, match=r"worker tcp://two has numpy 1\.0; here is python"):
        refuse_unlike({"tcp://one": here, "tcp://two": here | {"numpy": "1.0"}})
    with pytest.raises(ValueError, match="no workers"):
        refuse_unlike({})


@pytest.mark.parametrize(
    ("package", "cluster", "out"),
    [("distributed", "local", "out.csv"), ("pyarrow", None, "out.parquet")],
)
def test_what_is_not_installed_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, cluster: str | None, out: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    asked = Request(events_file(tmp_path), COLUMNS, (drawing(tmp_path),))
    with pytest.raises(ValueError, match=rf"need {package}.*pip install loftet\[cluster\]"):
        analyse(asked, tmp_path / out, hired(cluster), quiet=True)
    assert not list(tmp_path.glob("* begun by *"))
