"""Who does the work: threads here, or processes and machines of a Dask cluster."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from loftet.analysis import parallel
from loftet.analysis.batch import extra, preload
from loftet.analysis.batch.versions import versions

LOCAL = "local"
FORGIVEN = 10  # workers that may die with a unit in hand before the unit is blamed


@dataclass(frozen=True, slots=True)
class Workers:
    executor: Executor
    count: int
    about: str


def hired(cluster: str | None = None, count: int | None = None) -> AbstractContextManager[Workers]:
    """Threads, or a cluster: the address of its scheduler, or "local" for processes here.

    Raises
    ------
    ValueError
        If Dask is not installed, or a worker has other versions than this process.
    ConnectionError
        If the cluster is lost on the way.
    """
    return _threads(count) if cluster is None else _cluster(cluster, count)


@contextmanager
def _threads(count: int | None) -> Iterator[Workers]:
    number = count or parallel.processors()
    with ThreadPoolExecutor(number) as executor:
        yield Workers(executor, number, f"{number} threads")


@contextmanager
def _cluster(address: str, count: int | None) -> Iterator[Workers]:
    distributed = extra.cluster("distributed")
    lost = (distributed.scheduler.KilledWorker, distributed.comm.CommClosedError, CancelledError)
    with _quiet(), _scheduler(address, count) as place, distributed.Client(place) as client:
        number = sum(client.nthreads().values())
        refuse_unlike(client.run(versions))
        executor = client.get_executor(retries=FORGIVEN)
        try:
            yield Workers(executor, number, f"{number} workers of the cluster {address}")
        except lost as error:
            raise ConnectionError(
                f"the cluster {address} was lost on the way; what is finished is kept"
            ) from error


def _scheduler(address: str, count: int | None) -> AbstractContextManager[Any]:
    """The address, or a cluster made here: a process for each worker, replaced when it dies."""
    if address != LOCAL:
        return nullcontext(address)
    settings = {
        "distributed.scheduler.allowed-failures": FORGIVEN,
        "distributed.scheduler.http.routes": [],
        "distributed.worker.preload": [preload.__name__],
    }
    with extra.cluster("dask").config.set(settings):
        cluster: AbstractContextManager[Any] = extra.cluster("distributed").LocalCluster(
            n_workers=count or parallel.processors(),
            threads_per_worker=1,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
        )
    return cluster


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Dask's diary of who came and went: a worker that dies is replaced."""
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


def refuse_unlike(found: dict[str, dict[str, str]]) -> None:
    if not found:
        raise ValueError("the cluster has no workers: start some, with loftet installed")
    here = versions()
    for worker, there in found.items():
        unlike = [f"{part} {there[part]}" for part in here if there[part] != here[part]]
        if unlike:
            own = ", ".join(f"{part} {number}" for part, number in here.items())
            raise ValueError(f"the worker {worker} has {', '.join(unlike)}; here is {own}")
