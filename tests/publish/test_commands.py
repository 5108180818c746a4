from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from loftet.core import triggers
from loftet.publish.models import FROZEN, Edition
from tests import make

pytestmark = pytest.mark.django_db


def verified() -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_editions", stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), err.getvalue()
    return 0, out.getvalue()


def published() -> Edition:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.commitment(pledge, by=by)
    return make.edition(make.signed(pledge, by=by), "pledge", by=by)


def behind_the_back(statement: str, *values: Any) -> None:
    triggers.take_down(connection, FROZEN)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.put_up(connection, FROZEN)


def test_editions_as_they_were_published_hold() -> None:
    published()
    assert verified() == (0, "Utgåvorna håller: 1.\n")


def test_a_changed_edition_is_found() -> None:
    edition = published()
    changed = edition.content | {"place": "Någon annanstans"}
    triggers.take_down(connection, FROZEN)
    Edition.objects.filter(pk=edition.pk).update(content=changed)
    triggers.put_up(connection, FROZEN)
    code, told = verified()
    assert code == 1
    assert "innehållet har ändrats" in told


def test_an_edition_with_a_digest_of_its_own_making_is_found_by_the_log() -> None:
    published()
    behind_the_back("UPDATE publish_edition SET digest = %s", "f" * 64)
    assert "loggen har en annan kontrollsumma" in verified()[1]


def test_a_removed_edition_is_found() -> None:
    published()
    behind_the_back("DELETE FROM publish_edition WHERE number = %s", 1)
    assert "är borta" in verified()[1]


def test_missing_triggers_are_told() -> None:
    published()
    triggers.take_down(connection, FROZEN)
    code, told = verified()
    triggers.put_up(connection, FROZEN)
    assert code == 1
    assert "hindrar inte längre" in told
