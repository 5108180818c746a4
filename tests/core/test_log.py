import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from loftet.core import log, triggers
from loftet.core.errors import Refused
from loftet.core.models import Event, Organisation
from tests import make

WRITE_FROM_FOUR_THREADS = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from threading import Thread
from tests.core.test_log import write_lines
threads = [Thread(target=write_lines) for _ in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
from loftet.core import log
print(log.head(), list(log.verify()))
"""


def write_lines(lines: int = 10) -> None:
    subject = Organisation(pk=1)
    for _ in range(lines):
        log.record(None, "wrote", subject)
    connection.close()


def three_lines() -> None:
    for verb in ("first", "second", "third"):
        log.record(None, verb, Organisation(pk=7), share=0.1 + 0.2, whole=1e300, nothing=-0.0)


def behind_the_back(sql: str) -> None:
    triggers.take_down(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    triggers.put_up(connection)


def verify_log(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_log", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_an_empty_log_holds() -> None:
    assert log.head() == 0
    assert list(log.verify()) == []
    assert verify_log()[0] == 0


@pytest.mark.django_db
def test_lines_form_a_chain_that_holds_when_read_back() -> None:
    three_lines()
    first, second, third = Event.objects.all()
    assert (first.previous, second.previous, third.previous) == (
        log.START,
        first.digest,
        second.digest,
    )
    assert log.head() == 3
    assert list(log.verify()) == []
    assert third.digest in verify_log()[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    ["UPDATE core_event SET verb = 'else' WHERE number = 2", "DELETE FROM core_event"],
)
def test_the_database_refuses_to_change_a_line(sql: str) -> None:
    three_lines()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Event.objects.count() == 3


@pytest.mark.django_db
def test_the_database_refuses_to_put_another_line_in_the_place_of_one() -> None:
    three_lines()
    sql = {
        "sqlite": "INSERT OR REPLACE INTO core_event SELECT * FROM core_event WHERE number = 2",
        "postgresql": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE core_event",
    }[connection.vendor]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db
def test_the_application_refuses_too() -> None:
    three_lines()
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.filter(number=1).delete()
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.update(verb="else")


@pytest.mark.django_db
def test_a_changed_line_is_found_and_named() -> None:
    three_lines()
    behind_the_back("UPDATE core_event SET verb = 'else' WHERE number = 2")
    assert [broken.number for broken in log.verify()] == [2]
    code, _out, err = verify_log()
    assert code == 1
    assert "2" in err


@pytest.mark.django_db
def test_a_changed_line_with_a_new_digest_is_found_by_the_next() -> None:
    three_lines()
    second = Event.objects.get(number=2)
    second.verb = "else"
    behind_the_back(
        f"UPDATE core_event SET verb = 'else', digest = '{log.digest(second)}' WHERE number = 2"  # noqa: S608
    )
    assert [broken.number for broken in log.verify()] == [3]


@pytest.mark.django_db
def test_a_removed_line_is_found() -> None:
    three_lines()
    behind_the_back("DELETE FROM core_event WHERE number = 2")
    assert [broken.number for broken in log.verify()] == [2]


@pytest.mark.django_db
def test_a_log_that_was_cut_off_is_found_by_a_digest_kept_elsewhere() -> None:
    three_lines()
    kept = Event.objects.get(number=3).digest
    assert verify_log("--head", kept)[0] == 0
    behind_the_back("DELETE FROM core_event WHERE number = 3")
    assert verify_log()[0] == 0
    code, _out, err = verify_log("--head", kept)
    assert code == 1
    assert kept in err


@pytest.mark.django_db
def test_missing_triggers_are_told_and_can_be_put_back() -> None:
    triggers.take_down(connection)
    assert verify_log()[0] == 1
    assert verify_log("--put-triggers-back")[0] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="threads share SQLite in memory")
def test_writers_at_the_same_time_keep_one_chain_on_postgresql() -> None:
    threads = [Thread(target=write_lines) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.head() == 40
    assert list(log.verify()) == []


def test_writers_at_the_same_time_keep_one_chain_on_sqlite(tmp_path: Path) -> None:
    place = {"LOFTET_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/log.sqlite3"}
    done = subprocess.run(
        [sys.executable, "-c", WRITE_FROM_FOUR_THREADS],
        env=os.environ | place,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "40 []"


@pytest.mark.django_db
def test_a_refused_action_leaves_no_line() -> None:
    before = log.head()
    with pytest.raises(Refused):
        make.organisation(kind="circus")
    assert log.head() == before
