import pytest
from django.test import Client

from loftet.core.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def test_the_administrator_reads_the_log_and_that_is_a_line(client: Client) -> None:
    client.force_login(make.administrator())
    lines = Event.objects.count()
    assert client.get("/arbete/logg/").status_code == 200
    assert Event.objects.count() == lines + 1
    newest = Event.objects.last()
    assert newest
    assert (newest.verb, newest.data) == ("read", {"what": "log"})


@pytest.mark.parametrize("role", ["coordinator", "signer", "reporter"])
def test_others_do_not(client: Client, role: str) -> None:
    client.force_login(make.person(role))
    assert client.get("/arbete/logg/").status_code == 403


def test_every_role_has_a_desk(client: Client) -> None:
    for role in ("coordinator", "municipal_officer", "signer", "reporter", "administrator"):
        client.force_login(make.person(role))
        assert client.get("/arbete/").status_code == 200
