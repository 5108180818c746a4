"""Writers take turns, so that each reads what the one before wrote and none wait for each other."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
T = TypeVar("T")
LOCK = 0x6C6F67  # any constant: the advisory lock that PostgreSQL gives to one writer at a time


def action(act: Callable[P, T]) -> Callable[P, T]:
    """Mark a write: it happens whole or not at all, and after those before it have ended."""

    @wraps(act)
    @transaction.atomic
    def in_turn(*args: P.args, **kwargs: P.kwargs) -> T:
        take_turn()
        return act(*args, **kwargs)

    return in_turn


def take_turn() -> None:
    """SQLite's immediate transactions already make writers take turns; PostgreSQL needs a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
