"""File to database to file, in both forms and from one to the other, without losing a byte."""

from datetime import date, timedelta

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings

from loftet.core.models import Area, Cycle, Organisation, User
from loftet.core.roles import SYSTEM
from loftet.followup.models import Result
from loftet.followup.sources.pledge_file import export_pledge_file, import_pledge_file
from loftet.followup.sources.pledge_file.document import PledgeFile
from loftet.followup.sources.pledge_file.parse import parse
from loftet.followup.sources.pledge_file.schema import RECORDS
from loftet.followup.sources.pledge_file.where import Problems
from loftet.followup.sources.pledge_file.write import as_csv, as_yaml
from loftet.map.models import Indicator, Reading
from loftet.promise.models import Commitment, Pledge, Signature
from tests import make
from tests.followup.pledge_documents import CHANGED, FIRST, pledge_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    make.area("öst")
    make.area("centrum", valid_from=FIRST, valid_to=CHANGED - timedelta(days=1))
    make.area("centrum", valid_from=CHANGED)
    return make.coordinator()


def through_the_database(text: str, by: User) -> dict[str, str]:
    """Bring the file in, write it out in both forms, and forget it all."""
    with transaction.atomic():
        report = import_pledge_file(text, by=by, organisations_by=SYSTEM)
        pledge = Pledge.objects.get(period=report.period)
        out = {form: export_pledge_file(pledge, form) for form in ("yaml", "csv")}
        transaction.set_rollback(True)
    return out


def said(text: str) -> PledgeFile:
    problems = Problems()
    file, _names = parse(text.removeprefix("\ufeff"), problems)
    assert not problems, [str(problem) for problem in problems.shown()]
    return file


@given(pledge_files())
def test_what_is_written_can_be_read_as_the_same(file: PledgeFile) -> None:
    assert said(as_yaml(file)) == file
    assert said(as_csv(file)) == file


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(file=pledge_files())
def test_a_file_comes_back_byte_for_byte_in_either_form(by: User, file: PledgeFile) -> None:
    written = {"yaml": as_yaml(file), "csv": as_csv(file)}

    assert through_the_database(written["yaml"], by) == written
    assert through_the_database(written["csv"], by) == written


LEFT_OUT = {
    "priority",  # of a survey here, which a file from elsewhere cannot know
    "id", "pledge", "cycle", "state",  # said by where it stands, or by the signatures
    "position", "replaces",  # said by the order
    "recorded_by", "recorded_at", "user", "digest",  # who wrote it here, and when: in the log
    "evidence",  # files are not in the file
}  # fmt: skip
CALLED = {"parent": "part_of", "baseline": "baseline_starts"}


@pytest.mark.parametrize(
    ("model", "record"),
    [
        (Pledge, "pledge"),
        (Cycle, "pledge"),
        (Signature, "signature"),
        (Organisation, "organisation"),
        (Indicator, "indicator"),
        (Reading, "reading"),
        (Commitment, "commitment"),
        (Result, "result"),
    ],
)
def test_the_file_has_a_place_for_all_that_is_stored(
    model: type[models.Model], record: str
) -> None:
    stored = {field.name for field in [*model._meta.fields, *model._meta.many_to_many]}
    asked = {CALLED.get(name, name) for name in stored - LEFT_OUT}

    assert asked <= RECORDS[record].columns.keys()


def test_a_spreadsheet_sees_utf_8_and_no_formulas(by: User) -> None:
    text = """\
loftet: pledge/1
pledge: {period: a, starts: 2020-01-01, ends: 2020-12-31, title: {sv: "=1+1"}, place: Å}
"""
    out = through_the_database(text, by)["csv"]

    assert out.encode().startswith(b"\xef\xbb\xbfrecord;loftet;")
    assert ";'=1+1;" in out
    assert said(out).pledge == said(text).pledge


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("between", [",", ";"])
def test_csv_comes_in_with_commas_or_semicolons_and_with_or_without_a_mark(
    by: User, start: str, between: str
) -> None:
    text = """\
record;loftet;period;starts;ends;title_sv;place
pledge;pledge/1;2020;2020-01-01;2020-12-31;Löfte;Orten
"""
    import_pledge_file(start + text.replace(";", between), by=by)

    assert Pledge.objects.get().title_sv == "Löfte"


def test_the_areas_are_those_that_were_meant(by: User) -> None:
    text = """\
loftet: pledge/1
pledge: {period: a, starts: 2020-01-01, ends: 2020-12-31, title: {sv: Löfte}, place: Orten}
commitments:
  - {code: now, kind: activity, actor: police, text: {sv: Vi gör}, areas: [öst, centrum]}
  - {code: then, kind: activity, actor: police, text: {sv: Vi gör}, areas: [centrum@2015-01-01]}
"""
    import_pledge_file(text, by=by)

    now, then = (Commitment.objects.get(code=code).areas for code in ("now", "then"))
    assert set(now.all()) == {
        Area.objects.get(code="öst"),
        *Area.objects.filter(valid_from=CHANGED),
    }
    assert then.get().valid_to == date(2019, 12, 31)


def test_a_correction_and_a_new_report_keep_what_they_replace(by: User) -> None:
    text = """\
loftet: pledge/1
pledge: {period: a, starts: 2020-01-01, ends: 2020-12-31, title: {sv: Löfte}, place: Orten}
signatures: [{party: police, title: Polisen}]
indicators:
  - code: i
    name: {sv: Antal}
    kind: count
    unit: {sv: brott}
    wanted: down
    definition: {sv: Antal}
    source: Polisen
    readings:
      - {starts: 2019-01-01, ends: 2019-12-31, value: 1, source: a, extracted_on: 2020-01-31}
      - starts: 2019-01-01
        ends: 2019-12-31
        value: 2
        source: b
        extracted_on: 2020-02-28
        reason: Eftersläp
commitments:
  - code: c
    kind: change
    actor: police
    text: {sv: Antalet ska minska}
    indicator: i
    baseline: {starts: 2019-01-01, ends: 2019-12-31, revision: 1}
    results:
      - {quantity: 1, source: a, as_of: 2020-06-30}
      - {quantity: 3, source: a, as_of: 2020-12-31}
"""
    import_pledge_file(text, by=by)

    newest = Reading.objects.current().get()
    assert newest.value == 2
    assert newest.reason == "Eftersläp"
    assert Commitment.objects.get().baseline == newest.replaces
    assert [result.quantity for result in Result.objects.order_by("pk")] == [1, 3]
    assert Result.objects.current().get().quantity == 3
