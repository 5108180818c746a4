"""How a result came about, written beside it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from loftet.analysis.batch import reading, rows
from loftet.analysis.batch.events import Gathered, LeftOut
from loftet.analysis.batch.request import Request


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did; `not_told` of its rows say why there is no answer."""

    request: Request
    digest: str
    gathered: Gathered
    out: Path
    rows: int
    not_told: int
    units: int
    resumed: int
    workers: str
    began: datetime
    ended: datetime

    @property
    def provenance(self) -> Path:
        return self.out.with_name(f"{self.out.name}.provenance.json")

    @property
    def seconds(self) -> float:
        return round((self.ended - self.began).total_seconds(), 1)

    def write(self) -> None:
        parts = {
            "result": self._result(),
            "events": self._events(),
            "asked": self.request.account(),
            "cautions": {m.name: m.caution for m in self.request.methods if m.caution},
            "run": self._run(),
        }
        unfinished = rows.unfinished(self.provenance)
        text = json.dumps(parts, indent=1, ensure_ascii=False)
        unfinished.write_text(f"{text}\n", encoding="utf-8")
        rows.replace(unfinished, self.provenance)

    def _result(self) -> dict[str, Any]:
        return {
            "file": self.out.name,
            "sha256": reading.digest(self.out),
            "rows": self.rows,
            "rows_not_told": self.not_told,
        }

    def _events(self) -> dict[str, Any]:
        events = self.gathered.events
        return {
            "file": self.request.file.name,
            "sha256": self.digest,
            "rows": self.gathered.read,
            "used": len(events),
            "areas": len(events.areas),
            "first": str(events.time[0]),
            "last": str(events.time[-1]),
            "left_out": _listed(self.gathered.left_out),
            "without_position": _listed(self.gathered.unplaced),
        }

    def _run(self) -> dict[str, Any]:
        return {
            "began": self.began.isoformat(timespec="seconds"),
            "ended": self.ended.isoformat(timespec="seconds"),
            "seconds": self.seconds,
            "workers": self.workers,
            "units": self.units,
            "units_from_an_earlier_run": self.resumed,
        }


def _listed(left_out: LeftOut) -> list[dict[str, Any]]:
    return [
        {"reason": reason, "rows": rows, "first_rows": first} for reason, rows, first in left_out
    ]
