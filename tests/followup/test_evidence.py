"""The file behind a report: kept with it, for staff alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from loftet.followup import actions
from loftet.followup.models import Result
from loftet.promise.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db


def asked() -> Commitment:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    commitment = make.commitment(pledge, "20-3", by=by)
    make.signed(pledge, by=by)
    return commitment


def reported(client: Client, content: bytes, name: str) -> int:
    client.force_login(make.coordinator())
    asked()
    form = {
        "quantity": "4", "source": "Kommunen", "as_of": "2021-01-15",
        "file": SimpleUploadedFile(name, content),
    }  # fmt: skip
    return client.post("/arbete/uppfoljning/2020/20-3/", form).status_code


def test_a_file_goes_with_the_report_and_comes_back_as_a_download(client: Client) -> None:
    assert reported(client, b"Protokoll.", "protokoll.txt") == 302
    answer = client.get("/arbete/uppfoljning/2020/20-3/underlag/")
    assert b"".join(answer) == b"Protokoll."
    assert answer["Content-Disposition"] == 'attachment; filename="protokoll.txt"'
    assert answer["Cache-Control"] == "no-store"


def test_a_file_that_is_not_what_it_says_stops_the_whole_report(client: Client) -> None:
    assert reported(client, b"MZ\x90\x00 program", "bild.png") == 200
    assert not Result.objects.exists()


def test_a_stranger_does_not_get_the_file(client: Client) -> None:
    reported(client, b"Protokoll.", "protokoll.txt")
    client.logout()
    assert client.get("/arbete/uppfoljning/2020/20-3/underlag/").status_code == 302


def test_a_new_report_keeps_the_file_of_the_last(client: Client) -> None:
    reported(client, b"Protokoll.", "protokoll.txt")
    form = {"quantity": "5", "source": "Kommunen", "as_of": "2021-01-16"}
    assert client.post("/arbete/uppfoljning/2020/20-3/", form).status_code == 302
    newest = Result.objects.current().get()
    assert newest.evidence
    assert newest.evidence.name == "protokoll.txt"


def test_the_action_works_without_a_file() -> None:
    by, commitment = make.coordinator(), asked()
    result = Result(commitment=commitment, quantity=2, source="Kommunen", as_of="2021-01-15")
    assert actions.report(result=result, by=by).evidence is None
