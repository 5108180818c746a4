"""Units sent to workers, a few at a time; each answer is kept as soon as it comes."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice

from loftet.analysis.batch.rows import Row
from loftet.analysis.batch.units import Job, do
from loftet.analysis.batch.workers import Workers

IN_HAND = 3  # units sent for each worker, so that none waits for the next


def work(jobs: Iterable[Job], workers: Workers, keep: Callable[[Job, list[Row]], None]) -> None:
    """Do all jobs, in whatever order they finish; what breaks off leaves nothing waiting."""
    rest = iter(jobs)
    sent: dict[Future[list[Row]], Job] = {}
    try:
        while True:
            for job in islice(rest, IN_HAND * workers.count - len(sent)):
                sent[_send(job, workers)] = job
            if not sent:
                return
            for future in sorted(wait(sent, return_when=FIRST_COMPLETED).done, key=_broke):
                keep(sent.pop(future), future.result())
    finally:
        for future in sent:
            future.cancel()


def _broke(future: Future[list[Row]]) -> bool:
    """By which finished units are kept before a broken one ends the run."""
    return future.exception() is not None


def _send(job: Job, workers: Workers) -> Future[list[Row]]:
    unit = job.unit
    return workers.executor.submit(
        do, job.method.answer, job.seed, unit.question(), unit.area, unit.kind
    )
