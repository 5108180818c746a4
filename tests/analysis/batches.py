"""Small files of events and a method whose units can be held, broken and watched."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from loftet.analysis.batch import Columns, Method, Report, Request, Row, Study, Unit, analyse, hired

COLUMNS = Columns("area", "time", ("x", "y"), metres=True)
HEADING = "area,time,x,y,type"


def events_file(folder: Path, *, areas: int = 5, each: int = 60, seed: int = 1) -> Path:
    """Events of two years at random, at places about the middle of each area."""
    rng = np.random.default_rng(seed)
    path = folder / "events.csv"
    lines = [HEADING]
    for area in range(areas):
        for day in rng.integers(731, size=each):
            x, y = 500_000 + 20_000 * area + rng.normal(0, 800, 2).round()
            kind = rng.choice(["theft", "damage"])
            when = np.datetime64("2023-01-02") + int(day)
            lines.append(f"{area:04d},{when},{x:.0f},{6_000_000 + y:.0f},{kind}")
    path.write_text("\n".join(lines) + "\n")
    return path


@dataclass(frozen=True)
class Question:
    area: str
    days: tuple[int, ...]
    folder: str
    pause: float


def draw(rng: np.random.Generator, question: Question) -> list[Row]:
    """A number by chance; one area breaks while a file called "broken" lies there."""
    folder = Path(question.folder)
    (folder / f"{question.area} begun by {os.getpid()}").touch()
    time.sleep(question.pause)
    if question.area == "0003" and (folder / "broken").exists():
        raise RuntimeError("out of order")
    if not question.days:
        raise ValueError("nothing happened here")
    return [
        Row(question.area, measure="draw", value=rng.random(), expected=float(sum(question.days)))
    ]


def drawing(folder: Path, *, pause: float = 0.0) -> Method:
    def units(study: Study) -> Iterator[Unit]:
        for code, area in enumerate(study.events.areas):
            days = study.events.time[study.events.area == code].astype("M8[D]").astype(int)
            question = partial(Question, area, tuple(days.tolist()), str(folder), pause)
            yield Unit(area, question, area)

    return Method("drawing", "a number by chance", units, draw, parameters={"sides": (6.0,)})


def run(
    request: Request, out: Path, *, workers: int | None = None, restart: bool = False
) -> Report:
    return analyse(request, out, hired(count=workers), restart=restart, quiet=True)
