"""Every fault in a pledge file is told with row, path and remedy; nothing is half imported."""

import time
from collections.abc import Iterator

import pytest
from django.utils import translation

from loftet.core.errors import NotAllowed
from loftet.core.models import Cycle, Event, Organisation
from loftet.core.roles import SYSTEM
from loftet.followup.sources.pledge_file import FileRefused, Problem, import_pledge_file
from loftet.map.models import Indicator
from loftet.promise.models import Pledge
from tests import make

pytestmark = pytest.mark.django_db

GOOD = """\
loftet: pledge/1
pledge:
  period: "2020"
  starts: 2020-01-01
  ends: 2020-12-31
  title: {sv: Medborgarlöfte}
  place: Trollhättan
signatures:
  - {party: police, title: Polisen}
  - {party: municipality, title: Kommunen}
organisations:
  - name: Polisen
    kind: police
indicators:
  - code: vald
    name: {sv: Våld}
    kind: count
    unit: {sv: brott}
    wanted: down
    definition: {sv: Anmälda brott}
    source: Polisen
    readings:
      - starts: 2019-01-01
        ends: 2019-12-31
        value: 185
        source: Polisen
        extracted_on: 2020-01-31
commitments:
  - code: A1
    kind: change
    actor: police
    text:
      sv: Våldet ska minska
    comparator: decrease
    indicator: vald
    baseline: {starts: 2019-01-01, ends: 2019-12-31}
    responsible: Polisen
  - code: A2
    kind: activity
    actor: police
    text:
      sv: Minst tio kontroller
    comparator: at_least
    quantity: 10
    starts: 2020-02-01
    ends: 2020-11-30
    results:
      - quantity: 12
        source: Polisen
        as_of: 2020-12-31
"""
CSV = """\
record;loftet;code;period;starts;ends;title_sv;place;kind;actor;text_sv;quantity
pledge;pledge/1;;2020;2020-01-01;2020-12-31;Löfte;Orten;;;;
commitment;;A1;;;;;;activity;police;Vi gör;10
"""


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refusal(text: str | bytes) -> FileRefused:
    before = Event.objects.count()
    by = make.coordinator()
    written = Event.objects.count()
    with pytest.raises(FileRefused) as caught:
        import_pledge_file(text, by=by, organisations_by=SYSTEM)
    assert Event.objects.count() == written > before
    assert not Pledge.objects.exists()
    return caught.value


def faults(text: str | bytes) -> dict[str, Problem]:
    problems = refusal(text).problems
    assert all(problem.what for problem in problems)
    return {problem.path: problem for problem in problems}


def only(text: str | bytes) -> Problem:
    (problem,) = refusal(text).problems
    return problem


def row_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def spoiled(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def test_the_file_that_the_faults_are_put_into_is_good() -> None:
    report = import_pledge_file(GOOD, by=make.coordinator(), organisations_by=SYSTEM)

    assert report.added == {
        "signature": 2,
        "organisation": 1,
        "indicator": 1,
        "reading": 1,
        "commitment": 2,
        "result": 1,
    } | {"pledge": 1}


@pytest.mark.parametrize(
    ("old", "new", "path", "remedy"),
    [
        ("    quantity: 10", "    quantitty: 10", "commitments[2].quantitty", "quantity"),
        ("    quantity: 10", "    quantity: 16,2", "commitments[2].quantity", "16.2"),
        ("    quantity: 10", "    quantity: tio", "commitments[2].quantity", "200"),
        ("    quantity: 10", "    quantity: 1 000", "commitments[2].quantity", "200"),
        ("    quantity: 10", "    quantity: on", "commitments[2].quantity", '"on"'),
        ("    quantity: 10", "    quantity: [10]", "commitments[2].quantity", ""),
        ("    quantity: 10", "    quantity: 1.005", "commitments[2].quantity", "2"),
        ("  starts: 2020-01-01", "  starts: 1/1 2020", "pledge.starts", "2020-12-31"),
        ("    ends: 2020-11-30", "    ends: 2020-11-31", "commitments[2].ends", "2020-12-31"),
        ("    ends: 2020-11-30", "    ends: 2021-01-01", "commitments[2].ends", ""),
        ("    starts: 2020-02-01", "    starts: 2019-12-31", "commitments[2].starts", ""),
        ("    ends: 2020-11-30", "    ends: 2020-01-31", "commitments[2].ends", ""),
        ("  ends: 2020-12-31", "  ends: 2019-12-31", "pledge.ends", ""),
        ("\n        ends: 2019", "\n        ends: 2018", "indicators[1].readings[1].ends", ""),
        ("      sv: Minst tio kontroller", "      sv: no", "commitments[2].text.sv", '"no"'),
        ("    wanted: down", "    wanted: sideways", "indicators[1].wanted", "up, down, none"),
        ("    kind: activity", "    kind: activty", "commitments[2].kind", "activity"),
        ("  - code: A2", "  - code: A1", "commitments[2].code", ""),
        ("  - code: A2", "  - code: A 2", "commitments[2].code", "T20-1"),
        ("    indicator: vald", "    indicator: våld", "commitments[1].indicator", "T20-1"),
        ("ible: Polisen", "ible: Pollisen", "commitments[1].responsible", "Polisen"),
        ("    quantity: 10", "    areas: [centrum]", "commitments[2].areas", ""),
        (", ends: 2019-12-31}", ", ends: 2019-11-30}", "commitments[1].baseline.starts", ""),
        (", ends: 2019-12-31}", "}", "commitments[1].baseline.ends", ""),
        ("        value: 185", "        value: 185.5", "indicators[1].readings[1].value", ""),
        ("        value: 185", "        reason: fel", "indicators[1].readings[1].reason", ""),
        ("    kind: police", "    kind: polis", "organisations[1].kind", "police"),
        ("party: municipality", "party: police", "signatures[2].party", ""),
        ("      - quantity: 12", "      - quantity: -12", "commitments[2].results[1].quantity", ""),
        ("    text:\n      sv: Minst", "    text: Minst", "commitments[2].text", "sv:"),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_is(old: str, new: str, path: str, remedy: str) -> None:
    problem = faults(spoiled(old, new))[path]

    assert problem.row == row_of(GOOD, old.lstrip("\n"))
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ("    kind: activity\n", "commitments[2].kind"),
        ("  place: Trollhättan\n", "pledge.place"),
        ("        source: Polisen\n        as_of: 2020-12-31\n", "commitments[2].results[1].as_of"),
        (
            "    baseline: {starts: 2019-01-01, ends: 2019-12-31}\n",
            "commitments[1].baseline.starts",
        ),
    ],
)
def test_what_is_missing_is_told_where_it_should_stand(row: str, path: str) -> None:
    start, _bracket, _rest = path.partition("[")
    problem = faults(spoiled(row, ""))[path]

    assert problem.row >= row_of(GOOD, f"{start.partition('.')[0]}:")


def test_the_missing_baseline_of_a_draft_is_advice() -> None:
    start, end = GOOD.index("signatures:"), GOOD.index("organisations:")
    draft = GOOD[:start] + GOOD[end : GOOD.index("    results:")]
    without = draft.replace("    baseline: {starts: 2019-01-01, ends: 2019-12-31}\n", "")

    report = import_pledge_file(without, by=make.coordinator(), organisations_by=SYSTEM)

    advised = {advice.path: advice.row for advice in report.advice}
    assert advised["commitments[1].baseline.starts"] == row_of(without, "  - code: A1")


def test_a_pledge_that_one_party_alone_has_signed_comes_in_with_a_remark() -> None:
    text = spoiled("  - {party: municipality, title: Kommunen}\n", "")

    report = import_pledge_file(text, by=make.coordinator(), organisations_by=SYSTEM)

    assert report.advice[0].path == "signatures[1]"
    assert Pledge.objects.signed().exists()


def test_all_faults_are_told_at_once_in_the_order_of_the_rows() -> None:
    text = (
        GOOD.replace("quantity: 10", "quantity: tio")
        .replace("quantity: 12", "quantity: 12,5")
        .replace("sv: Våldet ska minska", "sv: off")
        .replace("ends: 2020-11-30", "ends: 2021-11-30")
        .replace("value: 185", "value: -1")
    )

    assert [problem.path for problem in refusal(text).problems] == [
        "indicators[1].readings[1].value",
        "commitments[1].text.sv",
        "commitments[2].quantity",
        "commitments[2].ends",
        "commitments[2].results[1].quantity",
    ]


def test_a_fault_in_a_code_is_not_told_again_for_what_stands_inside() -> None:
    assert only(spoiled("  - code: A2", "  - code: A 2")).path == "commitments[2].code"


def test_a_part_comes_in_after_its_whole_whatever_the_order() -> None:
    text = spoiled(
        "    kind: police\n",
        "    kind: police\n    part_of: Region Väst\n  - {name: Region Väst, kind: police}\n",
    )
    import_pledge_file(text, by=make.coordinator(), organisations_by=SYSTEM)

    assert Organisation.objects.get(name="Polisen").parent == Organisation.objects.get(
        name="Region Väst"
    )


@pytest.mark.parametrize("whole", ["Polisen", "Rikspolisen"])
def test_a_whole_that_cannot_be_had_is_told(whole: str) -> None:
    text = spoiled("    kind: police\n", f"    kind: police\n    part_of: {whole}\n")

    assert only(text).path == "organisations[1].part_of"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("  place: Trollhättan", "  place: X\n  prolonged_by: KS § 12", "pledge.decided_ends"),
        ("  place: Trollhättan", "  place: X\n  decided_ends: 2020-06-30", "pledge.prolonged_by"),
        (
            "  place: Trollhättan",
            "  place: X\n  decided_ends: 2021-06-30\n  prolonged_by: KS § 12",
            "pledge.ends",
        ),
        (
            "  place: Trollhättan",
            "  place: X\n  decided_ends: 2019-06-30\n  prolonged_by: KS § 12",
            "pledge.decided_ends",
        ),
        ('period: "2020"', "period: a-period-with-a-long-name", "pledge.cycle"),
    ],
)
def test_what_is_odd_about_the_days_of_the_pledge_is_told(old: str, new: str, path: str) -> None:
    assert only(spoiled(old, new)).path == path


def test_results_need_signatures() -> None:
    text = GOOD.replace(GOOD[GOOD.index("signatures:") : GOOD.index("organisations:")], "")

    assert "signatures" in faults(text)["commitments[2].results[1]"].remedy


def test_what_no_commitment_uses_is_refused() -> None:
    text = GOOD.replace("    responsible: Polisen\n", "")

    assert only(text).path == "organisations[1]"


def test_a_key_that_stands_twice_is_told_with_both_rows() -> None:
    text = spoiled("    quantity: 10", "    quantity: 10\n    quantity: 11")
    problem = only(text)

    assert problem.row == row_of(text, "    quantity: 11")
    assert str(row_of(text, "    quantity: 10")) in problem.what


@pytest.mark.parametrize(
    ("text", "row", "word"),
    [
        (GOOD.replace("    kind: police", "\tkind: police"), 13, "tab"),
        (GOOD.replace("sv: Våldet ska minska", "sv: Löfte: mindre våld"), 33, "quotation"),
        (GOOD.replace('period: "2020"', 'period: "2020'), None, "quot"),
        (GOOD.replace("pledge:\n  period", "pledge:\n  - x\n  period"), 4, ""),
        (GOOD.replace("    kind: police", "    kind: &polis police"), 13, "&"),
        (GOOD.replace("    kind: police", "    kind: *polis"), 13, "&"),
        (GOOD.replace("    kind: police", "    kind: !!str police"), 13, "!"),
        (GOOD + "---\nloftet: pledge/1\n", None, ""),
    ],
)
def test_yaml_that_cannot_be_read_is_told_in_plain_words(
    text: str, row: int | None, word: str
) -> None:
    problem = only(text)

    assert row is None or problem.row == row
    assert word in problem.remedy + problem.what
    assert "yaml" not in str(problem).lower()


def test_a_file_that_is_not_utf_8_is_told_with_its_first_bad_row() -> None:
    problem = only(GOOD.encode("latin-1"))

    assert problem.row == 6
    assert "UTF-8" in problem.remedy


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_says_how_to_begin(text: str) -> None:
    assert "loftet: pledge/1" in only(text).remedy


@pytest.mark.parametrize("text", ["hej", "- a\n- b\n", "pledge: {}", "loftet: pledge/2\n", "{}"])
def test_a_file_of_another_kind_says_what_it_lacks(text: str) -> None:
    assert "pledge/1" in " ".join(str(problem) for problem in refusal(text).problems)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x85", "\u2028"])
@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_control_characters_are_told(character: str, form: str) -> None:
    text = GOOD if form == "yaml" else CSV
    spoilt = text.replace("Medborgarlöfte" if form == "yaml" else "Löfte", f"Löf{character}te")

    assert only(spoilt).row == (6 if form == "yaml" else 2)


def test_a_control_character_written_as_an_escape_is_told_too() -> None:
    assert only(spoiled("sv: Medborgarlöfte", 'sv: "Löf\\x07te"')).path == "pledge.title.sv"


@pytest.mark.parametrize("text", ["ring 0520-49 50 00", "19811218-9876", "namn@example.org"])
def test_personal_data_in_a_text_is_refused_and_not_repeated(text: str) -> None:
    problem = only(spoiled("Minst tio kontroller", f"Kontroller, {text}"))

    assert problem.path == "commitments[2].text.sv"
    assert text not in str(problem)


def test_fifty_thousand_commitments_end_within_seconds_and_other_faults_are_told() -> None:
    one = "  - {code: B%d, kind: activity, actor: police, text: {sv: Vi}}\n"
    many = "".join(one % number for number in range(50_000))
    start = time.monotonic()

    found = faults(GOOD.replace("quantity: 10", "quantity: tio") + many)

    assert time.monotonic() - start < 20  # some seconds; the rest is a slow machine's
    assert "500" in found["commitments[501]"].what
    assert "commitments[2].quantity" in found


def test_more_than_a_hundred_faults_are_counted_and_not_shown() -> None:
    one = "  - {code: B%d, kind: activity, actor: police, text: {sv: Vi}, quantity: tio}\n"
    refused = refusal(GOOD + "".join(one % number for number in range(150)))

    assert (len(refused.problems), refused.total) == (100, 150)
    assert "50" in refused.message.splitlines()[-1]


@pytest.mark.parametrize(
    "bomb",
    [
        "commitments: " + "[" * 100_000,
        "a: &a [x, x]\nb: &b [*a, *a]\n",
        "commitments: [" + "a, " * 300_000 + "a]",
        "".join(f"k{number}: 1\n" for number in range(100_000)),
    ],
    ids=["deep", "aliases", "long list", "many keys"],
)
def test_a_file_made_to_be_heavy_is_put_down_soon(bomb: str) -> None:
    start = time.monotonic()
    refused = refusal("loftet: pledge/1\n" + bomb)

    assert time.monotonic() - start < 20
    assert refused.problems


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert "MB" in only(GOOD + "#" * 5_000_000).what


def test_a_pledge_that_is_here_already_is_not_overwritten() -> None:
    by = make.coordinator()
    import_pledge_file(GOOD, by=by, organisations_by=SYSTEM)
    with pytest.raises(FileRefused) as refused:
        import_pledge_file(GOOD, by=by, organisations_by=SYSTEM)

    assert [problem.path for problem in refused.value.problems] == ["pledge.period"]
    assert Pledge.objects.count() == 1


def another_pledge() -> str:
    return GOOD.replace('period: "2020"', "period: annan\n  cycle: '2020'")


def test_what_is_here_already_and_the_same_is_used() -> None:
    by = make.coordinator()
    import_pledge_file(GOOD, by=by, organisations_by=SYSTEM)
    report = import_pledge_file(another_pledge(), by=by, organisations_by=SYSTEM)

    assert report.reused == {"organisation": 1, "indicator": 1, "reading": 1}
    assert (Indicator.objects.count(), Cycle.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "path", "field"),
    [
        ("sv: Anmälda brott", "sv: Brott", "indicators[1].definition.sv", "definition.sv"),
        ("value: 185", "value: 186", "indicators[1].readings[1].value", "value"),
        ("    kind: police", "    kind: other", "organisations[1].kind", "kind"),
        ("  starts: 2020-01-01\n", "  starts: 2020-01-02\n", "pledge.cycle", "2020-01-01"),
    ],
)
def test_what_is_here_already_and_differs_is_told_by_field(
    old: str, new: str, path: str, field: str
) -> None:
    by = make.coordinator()
    import_pledge_file(GOOD, by=by, organisations_by=SYSTEM)
    with pytest.raises(FileRefused) as refused:
        import_pledge_file(another_pledge().replace(old, new), by=by, organisations_by=SYSTEM)

    (problem,) = refused.value.problems
    assert problem.path == path
    assert field in problem.what


def test_a_trial_tells_what_would_come_and_leaves_nothing() -> None:
    by = make.coordinator()
    before = Event.objects.count()

    trial = import_pledge_file(GOOD, by=by, organisations_by=SYSTEM, dry_run=True)
    assert (Event.objects.count(), Pledge.objects.exists()) == (before, False)
    real = import_pledge_file(GOOD, by=by, organisations_by=SYSTEM)

    assert (trial.added, trial.advice) == (real.added, real.advice)


def test_a_coordinator_alone_cannot_add_organisations() -> None:
    with pytest.raises(FileRefused) as refused:
        import_pledge_file(GOOD, by=make.coordinator())

    assert [problem.path for problem in refused.value.problems] == ["organisations[1].name"]
    assert not Organisation.objects.filter(name="Polisen").exists()


def test_who_may_not_write_a_pledge_may_not_bring_one_in() -> None:
    with pytest.raises(NotAllowed):
        import_pledge_file(GOOD, by=make.person("signer"), organisations_by=SYSTEM)


@pytest.mark.parametrize(
    ("old", "new", "row", "path"),
    [
        (";quantity", ";quantitty", 1, "quantitty"),
        (";actor;text_sv;quantity", ";actor;text_sv;text_sv", 1, "text_sv"),
        (";Vi gör;10", ";Vi gör;16,2", 3, "quantity"),
        (";Vi gör;10", ";Vi gör;10;11", 3, ""),
        (";Vi gör;10", ';Vi "gör;10', 3, None),
        (";Vi gör;10", ';"Vi gör;10', 3, ""),
        ("commitment;;A1;", "promise;;A1;", 3, "record"),
        ("commitment;;A1;;", "commitment;;A1;2020;", 3, "period"),
        ("pledge;pledge/1;", "pledge;;", 2, "loftet"),
        ("pledge;pledge/1;;2020;", "pledge;pledge/1;;;", 2, "period"),
        ("commitment;;A1;", "result;;;", 3, "commitment"),
        ("commitment;;A1;;;;;;activity;", "\n\ncommitment;;A1;;;;;;activty;", 5, "kind"),
    ],
)
def test_a_fault_in_csv_is_told_with_the_row_of_the_sheet(
    old: str, new: str, row: int, path: str | None
) -> None:
    assert CSV.count(old) == 1
    if path is None:  # a stray quotation mark inside an unquoted text does no harm
        import_pledge_file(CSV.replace(old, new), by=make.coordinator())
        return
    problem = faults(CSV.replace(old, new))[path]

    assert problem.row == row


def test_a_second_pledge_in_one_csv_is_refused() -> None:
    text = CSV + "pledge;pledge/1;;2021;2021-01-01;2021-12-31;Löfte;Orten;;;;\n"

    assert only(text).row == 4
