"""A whole run: a file of events in, one table out, and beside it how the table came about."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from tqdm import tqdm

from loftet.analysis.batch import reading, rows
from loftet.analysis.batch.events import Gathered, LeftOut
from loftet.analysis.batch.extra import columnar
from loftet.analysis.batch.gathering import gather
from loftet.analysis.batch.journal import Journal
from loftet.analysis.batch.provenance import Report
from loftet.analysis.batch.request import Request
from loftet.analysis.batch.rows import Line, Row
from loftet.analysis.batch.units import Job, Study
from loftet.analysis.batch.work import work
from loftet.analysis.batch.workers import Workers

TABLES = (".csv", ".parquet")


def analyse(
    request: Request,
    out: Path,
    hired: AbstractContextManager[Workers],
    *,
    restart: bool = False,
    quiet: bool = False,
) -> Report:
    """Run methods over many areas and write one table.

    Finished units are kept in ``OUT.partial``: a run that was stopped goes on from there, with the
    same numbers. The table stands in its place when all is done, and not before.

    Parameters
    ----------
    request : Request
    out : Path
        A .csv or .parquet to write; ``OUT.provenance.json`` is written beside it.
    hired : context manager of Workers
        Such as ``hired()`` for threads or ``hired("local")`` for processes.
    restart : bool
        Throw away what an earlier run has left.
    quiet : bool
        Without a progress bar, which is otherwise shown on a terminal.

    Returns
    -------
    Report

    Raises
    ------
    AnotherRunError
        If an unfinished run with other data, settings or versions lies there.
    ValueError
        If nothing in the file can be used, or it cannot be read.
    """
    began = datetime.now(UTC)
    _refuse_out(out, request.file)
    digest = reading.digest(request.file)
    gathered = _gathered(request)
    jobs = list(_jobs(request, gathered))
    run = {"file": digest} | request.account()
    with Journal(out.with_name(f"{out.name}.partial"), run, restart=restart) as journal:
        resumed = sum(job.name in journal for job in jobs)
        with hired as workers:
            _do(jobs, workers, journal, quiet=quiet)
        told = _Told()
        written = rows.write(out, told.lines(jobs, journal))
        report = Report(
            request=request,
            digest=digest,
            gathered=gathered,
            out=out,
            rows=written,
            not_told=told.not_told,
            units=len(jobs),
            resumed=resumed,
            workers=workers.about,
            began=began,
            ended=datetime.now(UTC),
        )
        report.write()
        journal.remove()
    return report


def _refuse_out(out: Path, file: Path) -> None:
    if out.resolve() == file.resolve():
        raise ValueError(f"{out.name} is the file that is read: give the result another name")
    if out.suffix not in TABLES:
        raise ValueError(f"{out.name} must end in {' or '.join(TABLES)}")
    if out.suffix == ".parquet":
        columnar("pyarrow")  # rather now than after the work
    if not out.parent.is_dir():
        raise ValueError(f"there is no folder {out.parent}: make it first")


def _gathered(request: Request) -> Gathered:
    gathered = gather(
        reading.rows(request.file, request.columns.names),
        request.columns,
        since=request.since,
        until=request.until,
    )
    if not len(gathered.events):
        raise ValueError(
            f"no row of {request.file.name} can be used, of {gathered.read}: "
            + (_reasons(gathered.left_out) or "it is empty")
        )
    asking_where = [method.name for method in request.methods if method.places]
    if asking_where and not np.isfinite(gathered.events.x).any():
        raise ValueError(
            f"no event has a position, and {asking_where[0]} asks where: "
            + _reasons(gathered.unplaced)
        )
    return gathered


def _reasons(left_out: LeftOut) -> str:
    return "; ".join(f"{reason} in {rows}" for reason, rows, _first in left_out)


def _jobs(request: Request, gathered: Gathered) -> Iterator[Job]:
    events = gathered.events
    first, last = (moment.astype("M8[D]").item() for moment in events.time[[0, -1]])
    for method in request.methods:
        study = Study(
            events.where(np.isfinite(events.x)) if method.places else events,
            request.since or first,
            request.until or last,
            request.weeks,
            request.replicates,
            request.values_of(method),
        )
        for unit in method.units(study):
            yield Job(method, unit, request.seed)


def _do(jobs: list[Job], workers: Workers, journal: Journal, *, quiet: bool) -> None:
    left = [job for job in jobs if job.name not in journal]
    hidden = True if quiet else None  # None: where nobody watches a terminal
    with tqdm(
        total=len(jobs), initial=len(jobs) - len(left), unit="unit", file=sys.stderr, disable=hidden
    ) as bar:

        def keep(job: Job, found: list[Row]) -> None:
            journal.add(job.name, found)
            bar.update()

        work(left, workers, keep)


class _Told:
    """Reads the journal in the order of the units, and counts what could not be told."""

    def __init__(self) -> None:
        self.not_told = 0

    def lines(self, jobs: list[Job], journal: Journal) -> Iterator[Line]:
        for job in jobs:
            for row in journal.rows(job.name):
                self.not_told += row.value is None and row.expected is None
                yield (job.method.name, *row)
