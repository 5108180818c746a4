"""How many public pages a second two web workers answer, against the limit of 300.

The demonstration is loaded into a folder of its own and served as `make demo` serves it. The load
comes from wrk where the machine has it, else from threads of our own, which cost the same two cores
more.
"""

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

ADDRESS = ("127.0.0.1", 8077)
PAGES = ("/", "/sa-gick-det/2020/", "/en/sa-gick-det/2020/", "/medborgarlofte/2021/")
SECONDS = 8
LIMIT = 300


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"LOFTET_VAR": folder, "LOFTET_DEMO_DAY": "2021-01-21"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "loftet", "demo", "--bind", "{}:{}".format(*ADDRESS)]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait()
            print(f"\npublic pages, two workers, {os.cpu_count()} cores, limit {LIMIT} a second")
            for page in PAGES:
                size, before = _get(page), _cpu(server.pid)
                rate = _wrk(page) if shutil.which("wrk") else _threads(page)
                cpu = (_cpu(server.pid) - before) / (rate * SECONDS) * 1000
                verdict = "ok" if rate >= LIMIT else "TOO SLOW"
                print(
                    f"  {page:<28}{rate:8.0f}/s  {rate / LIMIT:5.1f} x limit"
                    f"  {cpu:5.2f} ms CPU  {size:>7} bytes  {verdict}"
                )
        finally:
            server.terminate()
            server.wait()


def _wait() -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            _get("/")
            return
        time.sleep(0.1)
    raise TimeoutError("the demonstration did not answer within 30 seconds")


def _get(page: str) -> int:
    connection = http.client.HTTPConnection(*ADDRESS, timeout=10)
    connection.request("GET", page)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{page} answered {response.status}")
    return len(response.read())


def _wrk(page: str) -> float:
    url = "http://{}:{}{}".format(*ADDRESS, page)
    told = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{SECONDS}s", url], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in told:
        raise RuntimeError(told)
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    return float(found[1]) if found else 0.0


def _threads(page: str) -> float:
    end = time.monotonic() + SECONDS

    def ask(_worker: int) -> int:
        done = 0
        while time.monotonic() < end:
            _get(page)
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(ask, range(8))) / SECONDS


def _cpu(parent: int) -> float:
    """Give the CPU seconds of the server and its workers so far."""
    told = subprocess.run(
        ["ps", "-o", "cputimes=", "--pid", str(parent), "--ppid", str(parent)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return float(sum(int(line) for line in told.stdout.split()))


if __name__ == "__main__":
    run()
