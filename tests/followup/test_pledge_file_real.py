"""Seven real pledges, what an honest follow-up must say of them, and the guide's example."""

from datetime import date
from pathlib import Path

import pytest

from loftet.core.roles import SYSTEM
from loftet.followup.models import Outcome, outcomes
from loftet.followup.rules import Helped, Verdict
from loftet.followup.sources.pledge_file import export_pledge_file, import_pledge_file
from loftet.followup.sources.pledge_file.check import check
from loftet.followup.sources.pledge_file.document import PledgeFile
from loftet.followup.sources.pledge_file.parse import parse
from loftet.followup.sources.pledge_file.report import Report
from loftet.followup.sources.pledge_file.schema import RECORDS, Record
from loftet.followup.sources.pledge_file.where import Problems
from loftet.promise.models import Pledge
from tests import make

FOLDER = Path(__file__).parent / "pledges"
FILES = sorted(FOLDER.glob("*.yaml"))
LATER = date(2022, 6, 1)
pytestmark = pytest.mark.django_db


def brought_in(name: str) -> Report:
    return import_pledge_file(
        FOLDER / f"{name}.yaml", by=make.coordinator(), organisations_by=SYSTEM
    )


def judged(name: str, on: date = LATER) -> dict[str, Outcome]:
    pledge = Pledge.objects.get(period=brought_in(name).period)
    return {outcome.commitment.code: outcome for outcome in outcomes(pledge, on=on)}


def verdicts(name: str) -> dict[str, str]:
    return {code: outcome.verdict.value for code, outcome in judged(name).items()}


def said(text: str) -> PledgeFile:
    problems = Problems()
    file, names = parse(text, problems)
    check(file, names, problems)
    assert not problems, [str(problem) for problem in problems.shown()]
    return file


def test_all_seven_can_be_brought_in_together() -> None:
    by = make.coordinator()
    for file in FILES:
        import_pledge_file(file, by=by, organisations_by=SYSTEM)

    assert len(FILES) == 7
    assert Pledge.objects.signed().count() == 7


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_written_out_says_what_the_file_said(file: Path) -> None:
    pledge = Pledge.objects.get(period=brought_in(file.stem).period)

    assert said(export_pledge_file(pledge)) == said(file.read_text())


def test_a_fall_within_chance_is_never_a_kept_promise() -> None:
    outcome = judged("trollhattan-2020")["T20-2"]

    assert outcome.judgement.helped is Helped.CHANCE
    assert outcome.verdict is not Verdict.KEPT


def test_a_share_without_its_counts_asks_for_them() -> None:
    outcome = judged("trollhattan-2020")["T20-1"]

    assert outcome.judgement.helped is Helped.NO_COUNTS
    assert outcome.verdict is Verdict.CANNOT_TELL


def test_a_delayed_thing_with_reason_and_new_date_is_late() -> None:
    outcome = judged("trollhattan-2020")["T20-4"]

    assert outcome.late
    assert outcome.result is not None
    assert "Pandemin" in outcome.result.reason_sv


def test_checks_that_the_statistics_cannot_show_are_not_kept() -> None:
    assert verdicts("lulea-2017") == {
        "L17-1": "kept",
        "L17-2": "cannot_tell",
        "L17-3": "partly",
        "L17-4": "kept",
    }


def test_high_presence_is_marked_for_want_of_a_number_and_a_vague_word() -> None:
    report = brought_in("goteborg-centrum-2018")

    marked = {advice.path for advice in report.advice if advice.path.startswith("commitments[3]")}
    assert {f"commitments[3].{what}" for what in ("quantity", "unit.sv", "text.sv")} <= marked


def test_side_effects_stand_in_the_context_and_not_in_the_result() -> None:
    outcome = judged("kungalv-2020-2021")["K20-1"]

    assert outcome.result is not None
    assert outcome.result.quantity == 200
    assert "60 avvisningar" in outcome.result.context_sv


def test_at_least_is_kept_by_as_many_and_by_more() -> None:
    assert verdicts("goteborg-centrum-2018") == {
        "GC18-1": "kept",
        "GC18-2": "kept",
        "GC18-3": "cannot_tell",
    }
    assert verdicts("goteborg-majorna-linne-2018") == {"GM18-1": "kept"}


def test_a_pledge_of_two_years_is_not_judged_after_one() -> None:
    brought_in("kungalv-2020-2021")
    pledge = Pledge.objects.get(period="kungalv-2020-2021")

    assert (pledge.cycle.starts, pledge.cycle.ends) == (date(2020, 1, 1), date(2021, 12, 31))
    assert not any(outcome.late for outcome in outcomes(pledge, on=date(2021, 1, 15)))
    assert {o.verdict.value for o in outcomes(pledge, on=LATER)} == {"kept"}


def test_what_was_done_without_a_number_promised_is_kept_and_has_no_target() -> None:
    outcome = judged("strangnas-2019")["S19-3"]

    assert outcome.verdict is Verdict.KEPT
    assert outcome.commitment.quantity is None


def test_a_number_that_nobody_reported_cannot_be_told() -> None:
    assert verdicts("strangnas-2020") == {
        "S20-1": "kept",
        "S20-2": "kept",
        "S20-3": "cannot_tell",
    }


def test_the_example_in_the_guide_can_be_brought_in() -> None:
    guide = Path(__file__).parents[2] / "docs" / "guide" / "pledge-file.md"
    example = guide.read_text().split("```yaml\n")[1].split("```")[0]

    report = import_pledge_file(example, by=make.coordinator(), organisations_by=SYSTEM)

    assert report.added["commitment"] == 2
    assert not report.advice


@pytest.mark.parametrize("record", RECORDS.values(), ids=lambda record: record.name)
def test_the_guide_tells_of_every_key_and_word(record: Record) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "pledge-file.md").read_text()
    heading = f"### `{record.plural}`"

    section = guide.split(heading)[1].split("\n#")[0]
    for field in record.fields:
        assert (field.inside or field.name) in section or field.column == record.parent
