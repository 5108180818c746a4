"""The append-only log: one line for each write, chained so that a later change shows.

The digest of a line covers everything in it and the digest of the line before. The database refuses
UPDATE and DELETE by triggers; `verify` finds what was changed with the triggers out of the way.
Lines name people by their numbers alone: what is never erased must not hold personal data.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loftet.core.models import Event, User
from loftet.core.roles import System
from loftet.core.turn import take_turn

START = "0" * 64
EXACT = 10**15  # above it PostgreSQL's jsonb writes a float as a whole number


def record(by: User | System | None, verb: str, subject: models.Model, **data: Any) -> Event:
    """Append one line, in the transaction of the write that it tells of."""
    with transaction.atomic():
        take_turn()
        last = Event.objects.order_by("-number").first()
        event = Event(
            number=last.number + 1 if last else 1,
            at=timezone.now(),
            by=by if isinstance(by, User) else None,
            verb=verb,
            subject=subject._meta.label_lower,
            subject_id=str(subject.pk),
            data=_as_stored(data),
            previous=last.digest if last else START,
        )
        event.digest = digest(event)
        event.save(force_insert=True)
    return event


def head() -> int:
    """The number of the newest line: while it stands still, nothing has been written."""
    newest: int | None = Event.objects.aggregate(newest=models.Max("number"))["newest"]
    return newest or 0


def digest(event: Event) -> str:
    content = [
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.by_id,
        event.verb,
        event.subject,
        event.subject_id,
        event.data,
        event.previous,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    number: int
    why: str


def verify() -> Iterator[Break]:
    """Every line that was changed, removed or put in behind the application's back."""
    number, previous = 0, START
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != number + 1:
            yield Break(number + 1, _missing(number + 1, event.number - 1))
        elif event.previous != previous:
            yield Break(event.number, _("it does not follow from the line before"))
        if event.digest != digest(event):
            yield Break(event.number, _("its content was changed after it was written"))
        number, previous = event.number, event.digest


def _missing(first: int, last: int) -> str:
    if first == last:
        return _("it is missing")
    return _("lines %(first)d to %(last)d are missing") % {"first": first, "last": last}


def _as_stored(data: dict[str, Any]) -> dict[str, Any]:
    """The data as both databases give it back, so that the digest holds when it is read again."""
    text = json.dumps(data, cls=DjangoJSONEncoder, allow_nan=False)
    stored: dict[str, Any] = json.loads(text, parse_float=_number)
    return stored


def _number(text: str) -> float | int:
    value = float(text) + 0.0  # -0.0 becomes 0.0
    return int(value) if abs(value) >= EXACT else value
