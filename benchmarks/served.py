"""A survey in the field, served as in production from a folder of its own."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT, DATABASE_PORT = 8078, 5598


class Server:
    """gunicorn with two workers of four threads."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.address = ("127.0.0.1", PORT)
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = kept | {"LOFTET_VAR": str(folder / "var")} | environment
        self.process: subprocess.Popen[bytes] | None = None

    def prepared(self, people: int) -> list[str]:
        """A wave of the starter questionnaire in the field; the codes that may be used."""
        return self._tell("prepare", str(people))

    def missing(self, accepted: list[str]) -> list[str]:
        """Codes whose answer was accepted but is not there."""
        (self.folder / "accepted.json").write_text(json.dumps(accepted))
        return self._tell("missing", str(self.folder / "accepted.json"))

    @contextmanager
    def running(self) -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self.stop()

    def start(self) -> None:
        where = "{}:{}".format(*self.address)
        options = [
            "--workers",
            "2",
            "--threads",
            "4",
            "--no-control-socket",
            "--log-level",
            "error",
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", where, *options, "loftet.wsgi"],
            env=self.environment,
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """The master and its workers at once, without a word."""
        self._end(signal.SIGKILL)

    def cpu(self) -> float:
        """CPU seconds of the server and its workers so far."""
        parent = str(self.process.pid if self.process else 0)
        told = subprocess.run(
            ["ps", "-o", "pid=", "--pid", parent, "--ppid", parent],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return sum(_cpu(int(pid)) for pid in told.stdout.split())

    def _end(self, how: int) -> None:
        if self.process:
            os.killpg(self.process.pid, how)
            self.process.wait()
        self.process = None

    def _wait(self) -> None:
        for _ in range(600):
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection(*self.address, timeout=10)
                connection.request("GET", "/enkat/")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise TimeoutError("the server did not answer within a minute")

    def _tell(self, *arguments: str) -> list[str]:
        told = subprocess.run(
            [sys.executable, "-m", "loftet", "shell", "-v", "0", "-c", _call(*arguments)],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise RuntimeError(told.stderr)
        answer: list[str] = json.loads(told.stdout.splitlines()[-1])
        return answer


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a database of its own that keeps what it has confirmed; "" without initdb."""
    bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = shutil.which("initdb", path=f"{bins[-1]}:{os.environ['PATH']}" if bins else None)
    if initdb is None:
        yield ""
        return
    home, programs = folder / "postgresql", bins[-1] if bins else Path(initdb).parent
    home.mkdir()
    root = os.getuid() == 0
    if root:
        folder.chmod(0o755)
        shutil.chown(home, "postgres")

    def run(command: str) -> None:
        who = ["su", "postgres", "-s", "/bin/bash", "-c"] if root else ["bash", "-c"]
        subprocess.run([*who, f"{programs}/{command}"], check=True, stdout=subprocess.DEVNULL)

    run(f"initdb -D {home}/data -U loftet -A trust -E UTF8 --locale=C.UTF-8")
    run(f"pg_ctl -s -w -D {home}/data -l {home}/log start -o "
        f"'-p {DATABASE_PORT} -k {home} -c listen_addresses=127.0.0.1'")  # fmt: skip
    try:
        run(f"createdb -h 127.0.0.1 -p {DATABASE_PORT} -U loftet loftet")
        yield f"postgres://loftet@127.0.0.1:{DATABASE_PORT}/loftet"
    finally:
        run(f"pg_ctl -s -D {home}/data stop -m immediate")


def _call(task: str, argument: str) -> str:
    return f"from benchmarks import filled; filled.tell({task!r}, {argument!r})"


def _cpu(pid: int) -> float:
    """From the kernel's own count, which is finer than what ps tells."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")
