"""Finished units on disk, so that a run that was stopped goes on where it was."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from loftet.analysis.batch.rows import Row


class AnotherRunError(ValueError):
    """What lies there was begun with something else."""


class Journal:
    """One line of JSON for the run, then one for each finished unit, each safely on disk.

    Parameters
    ----------
    path : Path
    run : mapping
        All that decides the result. A journal of another run is refused, with what differs.
    restart : bool
        Throw away what another run, or this one, has left.
    """

    def __init__(self, path: Path, run: Mapping[str, Any], *, restart: bool = False) -> None:
        self.path = path
        self._file = path.open("a+b")
        self._places: dict[str, int] = {}
        try:
            self._lock()
            if restart:
                self._file.truncate(0)
            self._begin(json.loads(json.dumps(run)))
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __contains__(self, unit: str) -> bool:
        return unit in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, unit: str, rows: list[Row]) -> None:
        self._places[unit] = self._write({"unit": unit, "rows": rows})

    def rows(self, unit: str) -> list[Row]:
        self._file.seek(self._places[unit])
        return [Row(*row) for row in json.loads(self._file.readline())["rows"]]

    def remove(self) -> None:
        self.path.unlink()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"another run is writing {self.path} at this moment") from None

    def _begin(self, run: dict[str, Any]) -> None:
        lines = self._whole_lines()
        first = next(lines, None)
        if first is None:
            self._write({"run": run})
            return
        _refuse_another(self.path, first[1].get("run", {}), run)
        self._places = {line["unit"]: place for place, line in lines}

    def _whole_lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Lines and where they begin; one that was never finished is cut off."""
        self._file.seek(0)
        place = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                self._file.truncate(place)
                return
            yield place, json.loads(line)
            place += len(line)

    def _write(self, line: dict[str, Any]) -> int:
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(line, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return place


def _refuse_another(path: Path, there: dict[str, Any], here: dict[str, Any]) -> None:
    was, now = dict(_flat(there)), dict(_flat(here))
    differing = [
        f"{name} was {was.get(name)}, now {now.get(name)}"
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    ]
    if differing:
        raise AnotherRunError(f"{path} holds the beginning of another run: {'; '.join(differing)}")


def _flat(run: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in run.items():
        if isinstance(value, dict):
            yield from ((f"{name} {part}", inner) for part, inner in value.items())
        else:
            yield name, value
