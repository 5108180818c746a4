from io import BytesIO
from math import isclose

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from loftet.core import tables
from loftet.listen.rules import drawing, frame, precision
from loftet.listen.rules.drawing import Method
from tests.refusal import refused

HEADER = ["Namn", "Gatuadress", "Postnummer", "Postort", "Område"]
MAPPING = frame.guess(HEADER)
AREAS = {"Centrum": "Centrum", "Sylte": "Sylte", "THN-SYLT": "Sylte"}


def row(number: int, area: str = "Centrum") -> list[str]:
    return [f"Namn {number}", f"Gatan {number}", "46130", "Orten", area]


def people(count: int, area: str = "Centrum") -> list[frame.Person]:
    return frame.check(HEADER, [row(n, area) for n in range(count)], MAPPING, AREAS).people


def test_columns_are_guessed_and_what_lacks_is_named() -> None:
    assert list(MAPPING.items()) == list(zip(frame.NEEDED, HEADER, strict=True))
    assert frame.missing({"name": "Namn"}, HEADER) == ["street", "postcode", "town", "area"]


def test_each_row_is_a_person_or_a_problem_with_its_number() -> None:
    rows = [
        row(1),
        ["", "Gatan 2", "46130", "Orten", "Centrum"],
        row(3, "Okänd"),
        ["Namn 4", "Gatan 4", "461", "Orten", "Centrum"],
        row(1),
        ["Namn \ufffd", "Gatan 5", "46130", "Orten", "Centrum"],
        ["Namn 6", "Gatan 6", "46130", "Orten"],
        ["", "", "", "", ""],
    ]
    checked = frame.check(HEADER, rows, MAPPING, AREAS)
    assert [(p.row, p.code, p.field) for p in checked.problems] == [
        (3, "empty", "name"),
        (4, "unknown_area", "area"),
        (5, "postcode", "postcode"),
        (6, "double", ""),
        (7, "encoding", ""),
        (8, "empty", "area"),
    ]
    assert [person.name for person in checked.people] == ["Namn 1"]
    assert checked.rows == 7


def test_an_area_may_be_written_as_its_code() -> None:
    checked = frame.check(HEADER, [row(1, "thn-sylt"), row(2, "SYLTE")], MAPPING, AREAS)
    assert checked.by_area == {"Sylte": 2}


def test_a_personal_number_tells_doubles_apart_and_is_not_kept() -> None:
    header = [*HEADER, "Personnummer"]
    rows = [[*row(1), "19640823-3234"], [*row(2), "19640823-3234"], [*row(1), "19811228-9874"]]
    checked = frame.check(header, rows, frame.guess(header), AREAS)
    assert [problem.code for problem in checked.problems] == ["double"]
    assert len(checked.people) == 2
    assert "19640823" not in repr(checked)


def test_the_same_seed_draws_the_same_people_whatever_the_order_of_the_file() -> None:
    everyone = people(500) + people(300, "Sylte")
    planned = {"Centrum": 40, "Sylte": 30}
    for method in Method:
        drawn = drawing.draw(everyone, planned, seed=7, method=method)
        assert drawing.draw(everyone[::-1], planned, seed=7, method=method) == drawn
        assert [person.area for person in drawn] == ["Centrum"] * 40 + ["Sylte"] * 30
        assert len(set(drawn)) == 70
        assert drawing.draw(everyone, planned, seed=8, method=method) != drawn


def test_everyone_is_drawn_equally_often() -> None:
    everyone = people(20)
    for method in Method:
        times = dict.fromkeys((person.key for person in everyone), 0)
        for seed in range(2000):
            for person in drawing.draw(everyone, {"Centrum": 5}, seed=seed, method=method):
                times[person.key] += 1
        assert all(abs(count - 500) < 5 * (2000 * 0.25 * 0.75) ** 0.5 for count in times.values())


def test_a_systematic_sample_visits_every_street() -> None:
    rows = [[f"Namn {n}", f"Gata {n % 10} {n}", "46130", "Orten", "Centrum"] for n in range(1000)]
    everyone = frame.check(HEADER, rows, MAPPING, AREAS).people
    drawn = drawing.draw(everyone, {"Centrum": 100}, seed=3, method=Method.SYSTEMATIC)
    streets = [person.address[0].split()[1] for person in drawn]
    assert {streets.count(street) for street in set(streets)} <= {9, 10, 11}


def test_margins_are_those_that_surveys_state() -> None:
    stated = {100: 9.8, 180: 7.3, 300: 5.7, 525: 4.3, 1653: 2.4}
    for answers, points in stated.items():
        assert round(100 * (precision.margin(answers, 10**9) or 0), 1) == points
    assert precision.margin(50, 50) == 0
    assert precision.margin(0, 50) is None


@given(st.floats(0.01, 0.2), st.integers(200, 50_000), st.floats(0.1, 1.0))
def test_the_letters_reckoned_give_the_margin_wanted(
    wanted: float, population: int, response: float
) -> None:
    letters = precision.letters_for(wanted, population, response)
    found = precision.plan(population, letters, response).margin
    assert found is not None
    assert letters == population or found <= wanted + 1e-9


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(1, 500), min_size=1, max_size=6),
    st.integers(0, 2000),
)
def test_every_letter_is_given_out_and_no_area_gets_more_than_it_has(
    populations: dict[str, int], total: int
) -> None:
    for share in (precision.equal, precision.proportional):
        given = share(total, populations)
        assert sum(given.values()) == min(total, sum(populations.values()))
        assert all(0 <= given[area] <= populations[area] for area in populations)


def test_the_whole_is_surer_than_its_parts() -> None:
    plans = {"a": precision.plan(10_000, 600, 0.5), "b": precision.plan(30_000, 600, 0.5)}
    whole = precision.together(plans)
    assert whole.margin is not None
    parts = [plan.margin or 0 for plan in plans.values()]
    assert isclose(whole.margin, ((parts[0] / 4) ** 2 + (parts[1] * 3 / 4) ** 2) ** 0.5)
    assert precision.together(plans | {"c": precision.plan(10, 0, 0.5)}).margin is None


def test_files_of_every_common_kind_are_read_alike() -> None:
    rows = [HEADER, row(1), row(2, "Älvsborg")]
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        for mark in ",;\t":
            content = "\r\n".join(mark.join(cells) for cells in rows).encode(encoding)
            assert tables.read(content) == tables.Table(HEADER, rows[1:])


def test_an_excel_file_is_read_as_people_see_it() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([HEADER, ["Namn 1", "Gatan 1", 46130, "Orten", "Sylte"]]):
            sheet.write_row(number, 0, cells)
    expected = [["Namn 1", "Gatan 1", "46130", "Orten", "Sylte"]]
    assert tables.read(file.getvalue()) == tables.Table(HEADER, expected)


def test_files_that_are_no_tables_are_refused() -> None:
    with refused("file_empty"):
        tables.read(b"Namn;Adress\n")
    with refused("file_type"):
        tables.read(b"\x89PNG\x00\x00\x00")
    with refused("file_unreadable"):
        tables.read(b"PK\x03\x04 not a workbook")
    with refused("column_double"):
        tables.read(b"Namn;Namn\na;b\n")
