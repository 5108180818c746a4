import io
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from pyxform.xls2xform import convert

from loftet.core import cells, spreadsheet
from loftet.listen.actions.faults import Faulty
from loftet.listen.rules import form
from loftet.listen.rules.form import Kind
from loftet.listen.sources import starter
from loftet.listen.sources.xlsform import read_xlsform, reading, write_xlsform
from tests.listen.forms import documents
from tests.listen.make import DOCUMENT
from tests.listen.sheets import Sheet, workbook

# The forms that pyxform 1.0.1 had in its test folder; later packages come without them.
#   pip download --no-binary :all: --no-deps pyxform==1.0.1, unpacked into the folder below
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
EXAMPLES = Path(os.environ.get("PYXFORM_EXAMPLES", CACHE / "loftet" / "pyxform-1.0.1"))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


HEAD = ["type", "name", "label", "hint", "required", "relevant", "constraint", "appearance"]
CHOICES = [
    ["list_name", "name", "label"],
    ["yes_no", "yes", "Ja"],
    ["yes_no", "no", "Nej"],
    ["size", "1", "Liten"],
    ["size", "2", "Stor"],
]


def survey(*rows: list[str], head: list[str] | None = None, **sheets: Sheet) -> dict[str, Any]:
    """What a survey of these rows becomes."""
    whole = {"survey": [head or HEAD, *rows], "choices": CHOICES} | sheets
    return read_xlsform(workbook(**whole), name="Prov")


def lines(*rows: list[str], head: list[str] | None = None, **sheets: Sheet) -> list[str]:
    """What is said about them when they are refused."""
    with pytest.raises(Faulty) as caught:
        survey(*rows, head=head, **sheets)
    assert caught.value.code == "xlsform_faulty"
    return caught.value.lines


def referee(file: bytes) -> list[str]:
    """The warnings of pyxform; what is no XLSForm is an error there."""
    return list(convert(io.BytesIO(file), validate=False, file_type=".xlsx").warnings)


# --- Out and in -----------------------------------------------------------------------------------


def test_the_starter_comes_back_the_same_and_pyxform_takes_it() -> None:
    document = starter.document()
    file = write_xlsform(document, code="starter")
    assert read_xlsform(file) == document
    tag = "do not contain valid machine-readable codes: Lättläst svenska (sv-x-easy)"
    assert all(tag in warning for warning in referee(file))


@settings(max_examples=40, deadline=None)
@given(documents())
def test_every_questionnaire_comes_back_the_same(document: dict[str, Any]) -> None:
    file = write_xlsform(document)
    told: Any = cells.read(file, ["survey", "choices", "settings"])
    book = spreadsheet.Workbook(told["names"], told["sheets"])
    assert reading.read_book(book, name="") == document
    if any(page["questions"] for page in document["pages"]):
        referee(file)


def test_the_limits_are_also_written_as_other_programs_know_them() -> None:
    file = write_xlsform(DOCUMENT)
    sheet = spreadsheet.opened(file, "survey").sheets["survey"]
    column = {name: place for place, name in enumerate(sheet[0])}
    rules = {row[column["name"]]: row[column["constraint"]] for row in sheet[1:]}
    assert rules["priorities"] == "count-selected(.) <= 3"
    assert rules["more"] == "string-length(.) <= 500"


def test_a_constraint_changed_in_excel_is_not_lost() -> None:
    head = ["type", "name", "label", "constraint", "loftet::highest"]
    [told] = lines(["integer", "n", "N", ". <= 5", "7"], head=head)
    assert told == (
        "Sheet survey, row 2: the constraint was changed, but not the columns loftet:: of the same "
        "row. It should be . <= 7. Empty those columns to keep what stands under constraint."
    )
    [question] = survey(["integer", "n", "N", ". <= 5", ""], head=head)["pages"][0]["questions"]
    assert question["constraint"] == ". <= 5"


def test_what_looks_like_a_formula_or_a_number_stays_text() -> None:
    texts = ["=1+1", "+46", "0012", "TRUE", "2020-01-01", "_x0041_", " a ", "http://a.b", "{=x}"]
    document = dict(DOCUMENT, title={"sv": "t"}, languages=["sv"], pages=[{
        "code": "p", "title": {"sv": "p"}, "questions": [{
            "code": "q", "kind": "single", "label": {"sv": "q"},
            "choices": [{"code": str(n), "label": {"sv": text}} for n, text in enumerate(texts)],
        }],
    }])  # fmt: skip
    assert read_xlsform(write_xlsform(document)) == document


# --- What others write ----------------------------------------------------------------------------


def test_an_ordinary_form_becomes_pages_and_questions() -> None:
    document = survey(
        ["note", "hello", "Välkommen", "", "", "", "", ""],
        ["integer", "age", "Ålder", "I år", "yes", "", ". > 15 and . < 100", ""],
        ["begin group", "crime", "Brott", "", "", "${age} > 17", "", "field-list"],
        ["note", "n1", "Om brott", "", "", "", "", ""],
        ["select one from yes_no", "hit", "Utsatt?", "", "TRUE", "", "", "minimal"],
        ["note", "n2", "Tänk efter.", "", "", "", "", ""],
        ["select_multiple size", "sizes", "Hur stort?", "Flera", "", "${hit} = 'yes'", "", ""],
        ["end group", "", "", "", "", "", "", ""],
        ["geopoint", "place", "Var?", "", "", "", "", ""],
        ["text", "more", "Mer?", "", "", "", "", "multiline"],
        settings=[["form_title", "form_id"], ["Trygghet", "t"]],
    )  # fmt: skip
    whole = form.read(document)
    assert whole.title == {"sv": "Trygghet"}
    assert [page.code for page in whole.pages] == ["page_1", "crime", "page_3"]
    first, crime, last = whole.pages
    assert (first.introduction, first.title) == ({"sv": "Välkommen"}, {"sv": "Trygghet"})
    age = first.questions[0]
    assert (age.kind, age.whole, age.required, age.hint) == (
        Kind.NUMBER,
        True,
        True,
        {"sv": "I år"},
    )
    assert age.constraint == ". > 15 and . < 100"
    assert (crime.introduction, crime.relevant) == ({"sv": "Om brott"}, "${age} > 17")
    assert [question.kind for question in crime.questions] == [Kind.SINGLE, Kind.SEVERAL]
    assert crime.questions[1].hint == {"sv": "Tänk efter.\n\nFlera"}
    assert [choice.code for choice in crime.questions[1].choices] == ["1", "2"]
    assert [question.kind for question in last.questions] == [Kind.PLACE, Kind.TEXT]


@pytest.mark.parametrize(
    "rows",
    [
        [["begin_group", "g", "Problem", "Här", "", "", "", "table-list"],
         ["select_one size", "litter", "Skräp", "", "yes", "", "", ""],
         ["select_one size", "noise", "Buller", "", "yes", "", "", ""]],
        [["begin_group", "g", "", "", "", "", "", "field-list"],
         ["select_one size", "head", "Problem", "Här", "", "", "", "label"],
         ["select_one size", "litter", "Skräp", "", "yes", "", "", "list-nolabel"],
         ["select_one size", "noise", "Buller", "", "yes", "", "", "list-nolabel"]],
    ],
)  # fmt: skip
def test_a_table_becomes_a_grid_and_its_rows_are_found_by_rules(rows: Sheet) -> None:
    document = survey(
        *rows,
        ["end_group", "", "", "", "", "", "", ""],
        ["text", "why", "Varför?", "", "", "${litter} = 2 or ${noise}=2", "", ""],
    )
    grid, why = document["pages"][0]["questions"]
    assert (grid["kind"], grid["code"], grid["required"]) == ("grid", "g", True)
    assert (grid["label"], grid["hint"]) == ({"sv": "Problem"}, {"sv": "Här"})
    assert [row["code"] for row in grid["rows"]] == ["litter", "noise"]
    assert why["relevant"] == "${g.litter} = 2 or ${g.noise}=2"


def test_a_range_becomes_a_scale() -> None:
    head = ["type", "name", "label", "parameters", "appearance"]
    document = survey(
        ["range", "r", "R", "start=0 end=10 step=5", ""],
        ["select_one size", "s", "S", "", "likert"],
        head=head,
    )
    ranged, likert = document["pages"][0]["questions"]
    assert (ranged["kind"], likert["kind"]) == ("scale", "scale")
    assert [choice["code"] for choice in ranged["choices"]] == ["0", "5", "10"]
    for wrong in ("", "start=0 end=100", "start=1.5 end=3", "start=3 end=1", "start=0 end=9 x=1"):
        [told] = lines(["range", "r", "R", wrong, ""], head=head)
        assert "row 2: a range needs start and end" in told


def test_languages_are_known_by_their_names_and_tags() -> None:
    head = ["type", "name", "label::English (en)", "label::svenska", "label:Arabiska", "hint::sv"]
    document = survey(
        ["text", "a", "English", "Svenska", "عربي", "Tips"],
        head=head,
        settings=[["default_language", "form_title"], ["Svenska (sv)", "T"]],
    )
    assert document["languages"] == ["sv", "en", "ar"]
    [question] = document["pages"][0]["questions"]
    assert question["label"] == {"en": "English", "sv": "Svenska", "ar": "عربي"}
    [told] = lines(["text", "a", "x", "Klingon"], head=["type", "name", "label", "label::Klingon"])
    assert told.startswith("Sheet survey, row 1: the language “Klingon” is not known.")
    english = [["list_name", "name", "label::English"]]
    head = ["type", "name", "label::English (en)"]
    [told] = lines(["text", "a", "x"], head=head, choices=english)
    assert told.startswith("Sheet survey, row 1: there are no texts in Swedish.")


def test_rows_that_are_disabled_or_empty_are_not_there() -> None:
    document = survey(
        ["image", "a", "A", "yes"], ["", "", "", ""], ["text", "b", "B", "no"],
        head=["type", "name", "label", "disabled"],
    )  # fmt: skip
    assert [question["code"] for question in document["pages"][0]["questions"]] == ["b"]


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("calculate", "nothing is computed here"),
        ("hidden", "nothing is computed here"),
        ("start", "“start” would be collected behind the back"),
        ("deviceid", "“deviceid” would be collected behind the back"),
        ("audio", "pictures, sound and film"),
        ("image", "pictures, sound and film"),
        ("date", "“date” has no counterpart here. Ask with choices"),
        ("barcode", "“barcode” has no counterpart here. Take the row away"),
        ("rank size", "“rank size” has no counterpart here."),
        ("begin_repeat", "a group cannot be asked several times"),
        ("begin repeat", "a group cannot be asked several times"),
        ("select_one_from_file a.csv", "choices are not read from other files"),
        ("select_one_external size", "choices are not read from other files"),
        ("select_one size or_other", "“or other” has no counterpart"),
        ("select one size or specify other", "“or other” has no counterpart"),
        ("select_one nowhere", "there is no list “nowhere”"),
        ("select_one", "“select_one” is not a type of question in XLSForm"),
        ("song", "“song” is not a type of question in XLSForm"),
        ("", "the row has no type"),
        ("end_group", "this ends a group that has not begun"),
        ("begin_group", "the group is never ended"),
    ],
)
def test_a_type_that_we_have_not_is_refused_with_its_row(written: str, told: str) -> None:
    said = lines(["text", "first", "F"], [written, "second", "S"], head=["type", "name", "label"])
    assert said[0].startswith(f"Sheet survey, row 3: {told}")


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("calculation", "1 + 1", "nothing is computed here"),
        ("default", "5", "no answer is filled in beforehand"),
        ("choice_filter", "a=1", "choices cannot depend on earlier answers"),
        ("read only", "yes", "every question can be answered"),
        ("media::image", "a.jpg", "pictures, sound and film"),
        ("image", "a.jpg", "pictures, sound and film"),
        ("guidance_hint", "x", "write what is in “guidance_hint”"),
        ("required_message", "x", "the page has its own words"),
        ("required", "${a} = 1", "“required” must be yes or no"),
        ("relevant", "regex(., 'x')", "“regex” at character 1 is not a function we know"),
        ("relevant", "${b} = 1", "the rule asks for ${b}, which is not in the form"),
        ("constraint", ". >", "at character 4 of the rule a value was expected"),
        ("appearance", "signature", "the appearance “signature” has no counterpart"),
        ("parameters", "max-pixels=1", "the parameter “max-pixels=1” has no counterpart"),
        ("hint", "Hej ${a}", "earlier answers cannot be put into texts. Take away “${a}”"),
        ("bind::saveIncomplete", "true", "the column “saveincomplete” is not known here"),
        ("notes", "x", "the column “notes” is not known here"),
        ("loftet::kind", "grid", "“grid” in loftet::kind does not go with the type"),
        ("loftet::most", "two", "“loftet::most” must be a number, not “two”"),
        ("loftet::most", "2", "the constraint was changed"),
    ],
)
def test_a_cell_that_we_cannot_keep_is_refused_with_its_row(
    column: str, cell: str, told: str
) -> None:
    head = ["type", "name", "label", column]
    said = lines(["text", "first", "F", ""], ["text", "second", "S", cell], head=head)
    assert said[0].startswith(f"Sheet survey, row 3: {told}")
    assert survey(["text", "first", "F", ""], head=head)["pages"]


def test_what_is_wrong_with_the_questionnaire_itself_is_said_with_its_row() -> None:
    choices = [*CHOICES, ["bad", "a b", "A"], ["bad", "c", ""]]
    said = lines(
        ["text", "2nd", "", "", "", "", "", ""],
        ["select_one bad", "b", "B", "", "", "", "", ""],
        choices=choices,
    )
    assert said[0].startswith("Sheet survey, row 2: the code “2nd” must begin with a letter")
    assert said[1].startswith("Sheet choices, row 6: the code “a b” may have")
    choices = [*CHOICES, ["bad", "a", "A"], ["bad", "c", ""]]
    said = lines(
        ["text", "b", "", "", "", "", "", ""],
        ["select_one bad", "B", "B", "", "", "", "", ""],
        ["begin_group", "g", "G", "", "", "", "", "table-list"],
        ["select_one yes_no", "r", "", "", "", "", "", ""],
        ["end_group", "", "", "", "", "", "", ""],
        choices=choices,
    )
    assert said == [
        "Sheet survey, row 2: the text in Swedish is missing.",
        "Sheet choices, row 7: the text in Swedish is missing.",
        "Sheet survey, row 5: the text in Swedish is missing.",
        "Sheet survey, row 3: the code “B” is used twice. Choose another.",
    ]


def test_groups_that_have_no_counterpart_are_refused() -> None:
    end = ["end_group", "", "", "", "", "", "", ""]
    group = ["begin_group", "g", "G", "", "", "", "", ""]
    inner = ["begin_group", "h", "H", "", "", "", "", ""]
    [nested] = lines(group, inner, ["text", "t", "T", "", "", "", "", ""], end, end)
    assert nested.startswith("Sheet survey, row 3: a page cannot stand inside another")
    table = ["begin_group", "g", "G", "", "", "", "", "table-list"]
    [empty] = lines(table, end)
    assert empty == "Sheet survey, row 2: the table has no rows."
    size = ["select_one size", "a", "A", "", "", "", "", ""]
    for other in (
        ["select_one yes_no", "b", "B", "", "", "", "", ""],
        ["select_one size", "b", "B", "", "yes", "", "", ""],
        ["select_one size", "b", "B", "h", "", "", "", ""],
        ["select_multiple size", "b", "B", "", "", "", "", ""],
        ["note", "b", "B", "", "", "", "", ""],
    ):
        [told] = lines(table, size, other, end)
        assert told.startswith("Sheet survey, row 4: every row of a table must be select_one")
    [told] = lines([*table[:4], "yes", *table[5:]], size, end)
    assert told == (
        "Sheet survey, row 2: a table cannot be required or have a constraint as a whole."
    )


def test_a_note_without_a_place_is_refused() -> None:
    [told] = lines(["text", "a", "A", "", "", "", "", ""], ["note", "n", "N", "", "", "", "", ""])
    assert told.startswith("Sheet survey, row 2: a note must come first")
    [told] = lines(["note", "n", "N", "", "", "true()", "", ""], ["text", "a", "A"])
    assert told.startswith("Sheet survey, row 2: a note must come first")


def test_sheets_and_settings_that_have_no_counterpart_are_refused() -> None:
    row = ["text", "a", "A", "", "", "", "", ""]
    assert lines(row, settings=[["form_title", "public_key"], ["T", "x"]]) == [
        "Sheet settings, row 2: the setting “public_key” has no counterpart here; take it away."
    ]
    [told] = lines(row, external_choices=[["list_name"], ["a"]])
    assert told.startswith("Sheet external_choices: what stands here is not read.")
    assert survey(row, other=[["anything"], ["at all"]])["pages"]
    assert lines(row, head=["type", "label"]) == ["Sheet survey, row 1: there is no column “name”."]
    assert lines(row, head=[*HEAD[:7], "label"])[0] == (
        "Sheet survey, row 1: the column “label” is there twice; keep one of them."
    )
    with pytest.raises(Faulty) as caught:
        read_xlsform(workbook(questions=[["type"]]))
    assert caught.value.lines == ["Sheet survey: there is no sheet called survey."]


# --- The examples of pyxform ----------------------------------------------------------------------


@pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason=f"no forms in {EXAMPLES}: unpack pyxform 1.0.1 there"
)
def test_the_example_forms_of_pyxform_are_read_or_refused_with_row_and_reason() -> None:
    counts: Counter[str] = Counter()
    for path in sorted(EXAMPLES.rglob("*.xls*")):
        try:
            document = read_xlsform(path.read_bytes(), name=path.stem)
        except Faulty as faulty:
            counts["refused"] += 1
            counts["refused with a row"] += any(", row " in line for line in faulty.lines)
            continue
        counts["read"] += 1
        assert read_xlsform(write_xlsform(document)) == document
    assert counts["read"] + counts["refused"] > 50
    assert counts["refused"] - counts["refused with a row"] <= 1  # one has no sheet survey at all
    assert counts["read"] >= 5
