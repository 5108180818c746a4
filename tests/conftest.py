import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings as hypothesis_settings

from loftet.core import triggers
from loftet.listen.models.results import FROZEN as COMPILATIONS
from loftet.publish.models import FROZEN as EDITIONS

# Where a change is judged, the examples are the same each time; at the desk they are new each time.
hypothesis_settings.register_profile("judged", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("judged")


@pytest.fixture(autouse=True)
def _files_beside_the_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.KEYS = tmp_path / "keys"
    settings.SEALED = tmp_path / "sealed"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _frozen_tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty what is frozen after tests that commit: triggers would stop Django's own flush."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    for frozen in (triggers.LOG, EDITIONS, COMPILATIONS):
        triggers.take_down(connection, frozen)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {frozen.table}")  # noqa: S608
        triggers.put_up(connection, frozen)
