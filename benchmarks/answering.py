"""How fast survey answers are received, against the limits, and whether any is lost when it breaks.

``python -m benchmarks.answering`` fills in whole questionnaires over HTTP, as browsers without
JavaScript do: code, start, each page read and posted, check, send, receipt. Then the server is
killed in the middle, twice, and every answer that it had accepted must be found again. SQLite, and
PostgreSQL where it is installed; a number after the name sets how many people answer.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import Queue, get_context
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks import visitors
from benchmarks.served import Server, postgresql

PEOPLE = 2400
KILLED = 300
LIMITS = {"SQLite": 250, "PostgreSQL": 200}
P99 = 150  # milliseconds
PROCESSES, THREADS = 2, 6


@dataclass
class Told:
    """What came of a crowd of visitors."""

    seconds: float = 0.0
    saves: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)


def run(people: int = PEOPLE) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", Path(folder), {}, people)
    with tempfile.TemporaryDirectory() as folder, postgresql(Path(folder)) as address:
        if address:
            _measure("PostgreSQL", Path(folder), {"DATABASE_URL": address}, people)
        else:
            print("\n  PostgreSQL is not installed here: not measured")


def _measure(name: str, folder: Path, environment: dict[str, str], people: int) -> None:
    server = Server(folder, environment)
    codes = server.prepared(people + KILLED)
    print(f"\nsurvey answers on {name}, two workers, {os.cpu_count()} cores, "
          f"load before {os.getloadavg()[0]:.1f}, limit {LIMITS[name]} pages a second")  # fmt: skip
    with server.running():
        before = server.cpu()
        told = crowd(server.address, codes[:people])
        cpu = server.cpu() - before
    _report(told, cpu, LIMITS[name])
    _killed(server, codes[people:])


def _report(told: Told, cpu: float, limit: int) -> None:
    rate = len(told.saves) / told.seconds
    requests = len(told.saves) + len(told.reads)
    print(f"  {len(told.saves)} pages saved in {told.seconds:.0f} s: {rate:.0f}/s "
          f"({'ok' if rate >= limit else 'TOO SLOW'}), {requests / told.seconds:.0f} requests/s, "
          f"{len(told.failures)} of {requests} failed")  # fmt: skip
    print(f"  server CPU: {1000 * cpu / len(told.saves):.2f} ms for each page saved and the next "
          f"one read, {1000 * cpu / requests:.2f} ms a request")  # fmt: skip
    for what, times in (("save", told.saves), ("read", told.reads)):
        ordered = sorted(times)
        p50, p99 = (1000 * ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
        print(f"  {what}: half within {p50:.0f} ms, 99 % within {p99:.0f} ms "
              f"({'ok' if p99 < P99 else 'TOO SLOW'})")  # fmt: skip
    for failure in sorted(set(told.failures))[:5]:
        print("  failed:", failure)


def _killed(server: Server, codes: list[str]) -> None:
    """Kill the server twice while people answer, start it again, and look for each answer."""
    told = Told()
    crowded = Thread(target=lambda: _into(told, crowd(server.address, codes, patient=True)))
    server.start()
    crowded.start()
    for _ in range(2):
        time.sleep(3)
        server.kill()
        server.start()
    crowded.join()
    server.stop()
    missing = server.missing(told.accepted)
    print(f"  killed twice: {len(told.accepted)} of {len(codes)} accepted, {len(missing)} missing "
          f"({'LOST' if missing else 'ok'})")  # fmt: skip


def crowd(address: tuple[str, int], codes: list[str], *, patient: bool = False) -> Told:
    """Everyone answers, a few at a time, from processes of their own."""
    context = get_context("fork")
    queue: Queue[Any] = context.Queue()
    shares = [codes[start::PROCESSES] for start in range(PROCESSES)]
    begun = time.monotonic()
    processes = [
        context.Process(target=_share, args=(queue, address, share, patient)) for share in shares
    ]
    told = Told()
    for process in processes:
        process.start()
    for _ in processes:
        _into(told, queue.get())
    for process in processes:
        process.join()
    told.seconds = time.monotonic() - begun
    return told


def _share(queue: "Queue[Told]", address: tuple[str, int], codes: list[str], patient: bool) -> None:
    told = Told()
    waiting = iter(codes)
    threads = [
        Thread(target=_one_by_one, args=(told, address, waiting, patient)) for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put(told)


def _one_by_one(told: Told, address: tuple[str, int], codes: Iterator[str], patient: bool) -> None:
    browser = visitors.Browser(address, told.saves, told.reads)
    for code in codes:
        while True:
            try:
                if browser.answers(code):
                    told.accepted.append(code)
                break
            except (OSError, visitors.BrokenError) as broken:
                browser.close()
                if not patient:
                    told.failures.append(str(broken))
                    break
                time.sleep(0.1)


def _into(told: Told, more: Told) -> None:
    told.saves += more.saves
    told.reads += more.reads
    told.failures += more.failures
    told.accepted += more.accepted


if __name__ == "__main__":
    run(*(int(argument) for argument in sys.argv[1:]))
