"""Events out of rows of text; a row that cannot be used is counted, with the reason."""

import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.batch.events import Columns, Events, Gathered, LeftOut
from loftet.analysis.batch.positions import Positions
from loftet.analysis.batch.reading import Numbered

LOCAL = ZoneInfo("Europe/Stockholm")
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  both are local: only their distance counts
MINUTE = timedelta(minutes=1)
ONE_DIGIT_HOUR = re.compile(r"[ T](?=\d:)")
BEFORE_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$)")

ANOTHER = "another value than asked for"
NO_AREA = "no area"
NO_TIME = "no time"
BAD_TIME = "a time that cannot be read"
BEFORE = "before the period"
AFTER = "after the period"


def gather(
    rows: Iterable[Numbered],
    columns: Columns,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Gathered:
    """The events of those rows that have an area and a time within the period, ends included."""
    kept = _Kept(columns, since, until)
    read = 0
    for number, row in rows:
        read += 1
        kept.take(number, row)
    return Gathered(kept.events(), read, kept.left_out, kept.positions.unplaced)


class _Kept:
    """Rows on their way to arrays; their text is let go of at once."""

    def __init__(self, columns: Columns, since: date | None, until: date | None) -> None:
        self.wanted = list(columns.wanted.values())
        self.kind_at = 2 + len(columns.position) if columns.kind is not None else None
        self.period = (
            _minute(datetime.combine(since or date.min, time.min)),
            _minute(datetime.combine(until or date.max, time.max)),
        )
        self.areas: dict[str, int] = {}
        self.kinds: dict[str, int] = {}
        self.area, self.kind, self.time = array("q"), array("q"), array("q")
        self.positions = Positions(len(columns.position), metres=columns.metres)
        self.left_out = LeftOut()

    def take(self, number: int, row: Sequence[str]) -> None:
        when = self._when(row)
        if isinstance(when, str):
            self.left_out.add(when, number)
            return
        kind = "" if self.kind_at is None else row[self.kind_at].strip()
        self.area.append(self.areas.setdefault(row[0].strip(), len(self.areas)))
        self.kind.append(self.kinds.setdefault(kind, len(self.kinds)))
        self.time.append(when)
        self.positions.take(number, row[2:])

    def _when(self, row: Sequence[str]) -> int | str:
        """The minute of the event, or why it is left out."""
        if any(
            text.strip() not in values
            for text, values in zip(row[len(row) - len(self.wanted) :], self.wanted, strict=True)
        ):
            return ANOTHER
        if not row[0].strip():
            return NO_AREA
        if not row[1].strip():
            return NO_TIME
        return self._within(read_time(row[1]))

    def _within(self, when: datetime | None) -> int | str:
        if when is None:
            return BAD_TIME
        minute = _minute(when)
        if minute < self.period[0]:
            return BEFORE
        return AFTER if minute > self.period[1] else minute

    def events(self) -> Events:
        """In an order that does not depend on that of the rows."""
        areas, area = _sorted(self.areas, np.array(self.area))
        kinds, kind = _sorted(self.kinds, np.array(self.kind))
        minute = np.array(self.time)
        x, y = self.positions.metres()
        order = np.lexsort((y, x, kind, area, minute))
        return Events(
            areas,
            kinds,
            area[order],
            kind[order],
            minute[order].astype("datetime64[m]"),
            x[order],
            y[order],
        )


def read_time(text: str) -> datetime | None:
    """A local time from text; with an offset it is taken to Swedish time.

    >>> read_time("2026-06-30 7:32:17 +02:00")
    datetime.datetime(2026, 6, 30, 7, 32, 17)
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        tidy = BEFORE_OFFSET.sub("", ONE_DIGIT_HOUR.sub(" 0", text.strip()))
        try:
            when = datetime.fromisoformat(tidy)
        except ValueError:
            return None
    return when if when.tzinfo is None else when.astimezone(LOCAL).replace(tzinfo=None)


def _minute(when: datetime) -> int:
    return (when - EPOCH) // MINUTE


def _sorted(
    names: dict[str, int], codes: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names in the order of the alphabet, and the codes that follow it."""
    alphabet = sorted(names)
    place = np.empty(len(names), dtype=np.int64)
    place[[names[name] for name in alphabet]] = np.arange(len(names))
    return tuple(alphabet), place[codes]
