"""Pages as a person meets them: who is logged in, what is read, how often the database is asked."""

from typing import Any
from urllib.parse import unquote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loftet.core.models import User
from loftet.publish import caching


def as_person(person: User) -> Client:
    """A browser of its own, logged in; forged posts are refused as they are outside tests."""
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, path: str) -> str:
    """The page's words on one line, so that a sentence is found wherever its lines break."""
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return words(response)


def words(response: Any) -> str:
    text: str = response.content.decode()
    return " ".join(text.split())


def went_to(response: Any) -> str:
    """Where a post that did its work sends the reader."""
    assert response.status_code == 302, words(response)
    return unquote(str(response["Location"]))


def queries(client: Client, path: str) -> int:
    """How many times the page asks the database, made afresh."""
    client.get(path)  # what is read once for each process
    caching.forget()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)
