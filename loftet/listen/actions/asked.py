"""What every answer page asks the database: Django makes the SQL once, not for each of them.

Making it takes some thirty times as long as asking, and was half the work of a page.
"""

from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from loftet.listen.models import AccessCode, Envelope, Questionnaire, Wave

# Each in the order of the model's fields, as `from_db` takes them.
CODE = ("id", "wave_id", "digest", "used_on")
WAVE = ("wave__id", "wave__code", "wave__design", "wave__questionnaire_id", "wave__opens",
        "wave__closes", "wave__state")  # fmt: skip
STATE = ("id", "opens", "closes", "state")
REST = ("wave__questionnaire__locked_at", "envelope__sealed")


def code(pk: int) -> AccessCode | None:
    """With its wave, which questionnaire that has, and the envelope; texts come when asked for."""
    row = _row(_code_sql(), pk)
    if row is None:
        return None
    *values, locked_at, sealed = row
    found = AccessCode.from_db(connection.alias, CODE, values[: len(CODE)])
    names = [name.removeprefix("wave__") for name in WAVE]
    found.wave = Wave.from_db(connection.alias, names, values[len(CODE) :])
    if (questionnaire := found.wave.questionnaire_id) is not None:
        found.wave.questionnaire = Questionnaire.from_db(
            connection.alias, ("id", "locked_at"), (questionnaire, locked_at)
        )
    found._state.fields_cache["envelope"] = None  # known not to be there; else asked for again
    if sealed is not None:
        envelope = Envelope.from_db(connection.alias, ("code_id", "sealed"), (pk, bytes(sealed)))
        envelope.code = found
    return found


def used_on(pk: int) -> date | None:
    """Whoever else writes on the same code waits until we are done."""
    row = _row(_used_on_sql(), pk)
    return row[0] if row else None


def state_of_wave(pk: int) -> Wave:
    """What decides whether answers are received, as it is now."""
    row = _row(_wave_sql(), pk)
    if row is None:
        raise Wave.DoesNotExist
    return Wave.from_db(connection.alias, STATE, row)


@cache
def _code_sql() -> str:
    return _sql(AccessCode.objects.values_list(*CODE, *WAVE, *REST))


@cache
def _used_on_sql() -> str:
    return _sql(AccessCode.objects.select_for_update().values_list("used_on"))


@cache
def _wave_sql() -> str:
    return _sql(Wave.objects.values_list(*STATE))


def _sql(rows: QuerySet[Any, Any]) -> str:
    """With a place for the key; its value is given each time."""
    text: str = rows.order_by().filter(pk=1).query.sql_with_params()[0]
    return text


def _row(sql: str, pk: int) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk])
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
