from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from loftet.core.models import Event
from loftet.followup.sources.pledge_file import export_pledge_file
from loftet.promise.models import Pledge
from tests import make

FILE = Path(__file__).parent / "pledges" / "trollhattan-2020.yaml"
pytestmark = pytest.mark.django_db


def said_by(command: str, *arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command(command, *arguments, stdout=out)
    return out.getvalue()


def refusal_of(command: str, *arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        said_by(command, *arguments)
    return str(caught.value)


def test_the_only_coordinator_is_the_one_who_imports() -> None:
    coordinator = make.coordinator()

    said = said_by("import_pledge", str(FILE))

    assert "4 commitments" in said
    assert Event.objects.filter(verb="recorded as signed").get().by == coordinator


def test_with_two_coordinators_one_must_be_named() -> None:
    make.coordinator()
    second = make.coordinator()

    assert "--by" in refusal_of("import_pledge", str(FILE))
    said_by("import_pledge", str(FILE), "--by", second.email.upper())
    assert Event.objects.filter(verb="recorded as signed").get().by == second


def test_a_coordinator_whose_time_is_over_does_not_count() -> None:
    make.person("coordinator", valid_to=make.LONG_AGO)

    assert "0 coordinators" in refusal_of("import_pledge", str(FILE))


def test_somebody_unknown_cannot_import() -> None:
    assert "x@example.org" in refusal_of("import_pledge", str(FILE), "--by", "x@example.org")


def test_the_permissions_are_those_of_the_person() -> None:
    person = make.person("reporter")

    assert "role" in refusal_of("import_pledge", str(FILE), "--by", person.email)
    assert not Pledge.objects.exists()


def test_a_trial_changes_nothing() -> None:
    make.coordinator()

    assert "Nothing was changed" in said_by("import_pledge", str(FILE), "--dry-run")
    assert not Pledge.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    make.coordinator()

    assert "nothing.yaml" in refusal_of("import_pledge", str(tmp_path / "nothing.yaml"))


def test_faults_come_with_their_rows(tmp_path: Path) -> None:
    make.coordinator()
    file = tmp_path / "pledge.yaml"
    file.write_text(FILE.read_text().replace("kind: activity", "kind: activty"))

    assert "Row 123, commitments[3].kind:" in refusal_of("import_pledge", str(file))


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_an_export_to_a_file_is_the_same_bytes_as_to_the_terminal(
    tmp_path: Path, form: str
) -> None:
    make.coordinator()
    said_by("import_pledge", str(FILE))
    file = tmp_path / "out"
    said_by("export_pledge", "2020", "--format", form, "--output", str(file))

    content = export_pledge_file(Pledge.objects.get(), form)
    assert file.read_bytes() == content.encode()
    assert said_by("export_pledge", "2020", "--format", form) == content


def test_the_export_of_a_pledge_that_is_not_here_says_which_are() -> None:
    make.coordinator()
    said_by("import_pledge", str(FILE))

    assert "2020" in refusal_of("export_pledge", "2019")


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    make.coordinator()
    said_by("import_pledge", str(FILE))

    assert str(tmp_path) in refusal_of("export_pledge", "2020", "--output", str(tmp_path))
