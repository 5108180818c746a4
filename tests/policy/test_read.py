import re
import shutil
from pathlib import Path

import pytest
from django.utils import translation

from loftet.policy import read
from loftet.policy.entries import FOLDER, PolicyError
from loftet.policy.page import sections
from loftet.policy.shapes import Clock, DayOfYear, Period, Text

CLOCK = """
signing:
  title: {sv: Undertecknat, en: Signed}
  basis: law
  source: {sv: lagen, en: the act}
  starts_from: cycle_starts
  limit: LIMIT
  role: coordinator
  public: yes
  why: {sv: Därför., en: Because.}
"""
MISTAKES = [
    ("limit: LIMIT", "limit: 3 moons", "signing.limit", "period"),
    ("limit: LIMIT", "limit: 02-30", "signing.limit", "day"),
    ("limit: LIMIT", "limit: 13-01", "signing.limit", "day"),
    ("limit: LIMIT", "limit: 0 days", "signing.limit", "period"),
    ("basis: law", "basis: habit", "signing.basis", "choose one of"),
    ("public: yes", "public: maybe", "signing.public", "yes or no"),
    ("  public: yes\n", "", "signing.public", "missing"),
    ("en: Signed", "en:", "signing.title.en", "missing"),
    ("role: coordinator", "role: 7", "signing.role", "text"),
    ("role:", "rôle:", "signing.role", "missing"),
    ("  why:", "  more: 1\n  why:", "signing.more", "not known"),
    ("  source: {sv: lagen, en: the act}\n", "", "signing.source", "missing"),
]


def clocks(tmp_path: Path, text: str) -> dict[str, Clock]:
    (tmp_path / "clocks.yaml").write_text(text)
    return read.clocks(tmp_path)


@pytest.mark.parametrize(("right", "wrong", "key", "remedy"), MISTAKES)
def test_a_mistake_names_file_key_and_remedy(
    tmp_path: Path, right: str, wrong: str, key: str, remedy: str
) -> None:
    assert right in CLOCK
    with pytest.raises(PolicyError) as error:
        clocks(tmp_path, CLOCK.replace(right, wrong).replace("LIMIT", "2 months"))
    assert (error.value.file, error.value.key) == ("clocks.yaml", key)
    assert remedy in error.value.remedy


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("10 working days", Period(10, "working_days")),
        ("1 year", Period(1, "years")),
        ("06-30", DayOfYear(6, 30)),
        ("02-28", DayOfYear(2, 28)),
    ],
)
def test_limits_are_periods_or_days(tmp_path: Path, written: str, limit: object) -> None:
    assert clocks(tmp_path, CLOCK.replace("LIMIT", written))["signing"].limit == limit


def test_a_key_that_stands_twice_is_an_error_with_its_line(tmp_path: Path) -> None:
    twice = CLOCK.replace("LIMIT", "1 year") * 2
    with pytest.raises(PolicyError, match=r"line 12: “signing” stands here a second time"):
        clocks(tmp_path, twice)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [1\n", "signing: 7\n"])
def test_a_file_of_another_shape_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyError, match=r"clocks\.yaml"):
        clocks(tmp_path, text)


def test_only_a_proposal_may_lack_a_source(tmp_path: Path) -> None:
    text = CLOCK.replace("basis: law", "basis: assumed").replace("LIMIT", "1 year")
    source = "  source: {sv: lagen, en: the act}\n"
    assert clocks(tmp_path, text.replace(source, ""))["signing"].source is None


def test_a_clock_that_the_program_asks_for_must_be_decided() -> None:
    with pytest.raises(PolicyError, match="moonrise"):
        read.clock("moonrise")
    with pytest.raises(PolicyError, match="giants"):
        read.smallest("giants")


def test_every_policy_file_is_read_and_explains_itself() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")}
    assert files == {f"{file.__name__}.yaml" for file in read.FILES}
    for path in FOLDER.glob("*.yaml"):
        assert path.read_text("utf-8").startswith("# ")
    for file in read.FILES:
        assert file()


def test_the_law_of_2023_is_the_only_clock_said_to_be_law_in_the_pledge_year() -> None:
    law = {c.key: c for c in read.clocks().values() if c.basis == "law"}
    assert law.keys() == {"situation_picture"}
    assert law["situation_picture"].limit == Period(2, "years")
    assert "2023:196" in law["situation_picture"].source.sv  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Vi ska verka för fler lampor.", "verka för"),
        ("Kommunen verkar för ordning.", "verka för"),
        ("Öka medvetenheten om våld.", "öka medvetenheten"),
        ("Hög polisiär närvaro i centrum.", "hög närvaro"),
        ("Fortsatt arbete.", "fortsätta"),
    ],
)
def test_vague_words_are_found_in_their_forms(text: str, phrase: str) -> None:
    found = {
        word.phrase
        for word in read.vague_words().values()
        if re.search(rf"\b{word.pattern}", text, re.IGNORECASE)
    }
    assert found == {phrase}


def test_a_promise_that_can_be_counted_has_no_vague_word() -> None:
    text = "Polisen är på plats vid 200 tillfällen och gör minst 20 trafikkontroller."
    assert not any(
        re.search(rf"\b{word.pattern}", text, re.IGNORECASE) for word in read.vague_words().values()
    )


def test_texts_follow_the_reader() -> None:
    text = Text("dag", "day")
    with translation.override("en"):
        assert str(text) == "day"
        assert str(Period(1, "days")) == "1 day"
        assert str(DayOfYear(1, 31)) == "31 January"
    with translation.override("sv"):
        assert str(text) == "dag"
        assert str(Period(3, "working_days")) == "3 arbetsdagar"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_shows_every_rule_in_full_rows(language: str) -> None:
    with translation.override(language):
        shown = sections()
    assert [section.key for section in shown] == [
        "clocks",
        "retention",
        "roles",
        "small_numbers",
        "vague_words",
        "index_classes",
    ]
    for section, file in zip(shown, read.FILES, strict=True):
        assert len(section.rows) == len(file())  # type: ignore[arg-type]
        for row in section.rows:
            assert len(row) == len(section.head)
            assert all(cell.strip() and "None" not in cell for cell in row)


def test_what_is_only_proposed_is_shown_as_a_proposal() -> None:
    with translation.override("sv"):
        clocks = {row[0]: row for row in sections()[0].rows}
    assert clocks["De publika sidorna genomlästa"][3] == "förslag, inte beslutat"


def test_the_files_can_live_in_another_folder(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "roles.yaml", tmp_path)
    assert read.roles(tmp_path) == read.roles()
