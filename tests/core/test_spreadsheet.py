"""Whatever is handed in as Excel is read or refused; nothing else happens."""

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.core import spreadsheet
from loftet.core.errors import Refused
from loftet.listen.sources.xlsform import read_xlsform
from tests.listen.sheets import workbook
from tests.listen.test_xlsform import CHOICES, HEAD
from tests.refusal import refused


def test_cells_are_where_they_are_in_excel_and_as_they_are_typed() -> None:
    file = workbook(Survey=[[], ["", "type", "name"], ["", "text", "a"]], other=[["x"]])
    book = spreadsheet.opened(file, "survey")
    assert book.names == ["Survey", "other"]
    assert book.sheets == {"survey": [["", "", ""], ["", "type", "name"], ["", "text", "a"]]}
    assert set(spreadsheet.opened(file).sheets) == {"survey", "other"}


@pytest.mark.parametrize(
    "file", [b"", b"type,name\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200, b"<html></html>"]
)
def test_what_is_not_excel_is_refused(file: bytes) -> None:
    with refused("file_unreadable"):
        read_xlsform(file)


def with_sheet(xml: str) -> bytes:
    """A workbook whose first sheet says what we want it to."""
    made = io.BytesIO(workbook(survey=[["type"]]))
    spoilt = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            sheet = part.filename.endswith("sheet1.xml")
            new.writestr(part.filename, xml if sheet else old.read(part))
    return spoilt.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
CELL = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>{2}</t></is></c></row>'


def test_a_sheet_of_thousands_of_millions_of_cells_is_refused() -> None:
    rows = CELL.format(1, "A", "type") + CELL.format(1048576, "XFD", "x")
    began = time.perf_counter()
    with refused("file_large"):
        read_xlsform(with_sheet(SHEET.format(rows)))
    assert time.perf_counter() - began < 30


def test_a_file_that_unpacks_to_far_more_is_refused() -> None:
    file = with_sheet(SHEET.format(" " * 250_000_000))
    assert len(file) < 1_000_000
    with refused("file_large"):
        read_xlsform(file)


def test_a_file_that_lies_about_its_size_does_not_get_the_memory() -> None:
    file = bytearray(with_sheet(SHEET.format(CELL.format(1, "A", "x" * 1_000_000))))
    entry = file.index(b"PK\x01\x02", file.rindex(b"sheet1.xml") - 60)
    struct.pack_into("<I", file, entry + 24, 10)
    with pytest.raises(Refused):
        read_xlsform(bytes(file))


def test_a_large_file_is_not_even_opened() -> None:
    with refused("file_large"):
        read_xlsform(b"PK" + b"\0" * 5_000_000)


WHOLE = workbook(survey=[HEAD, ["text", "a", "A"]], choices=CHOICES)  # its length holds the time


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_spoilt_file_is_refused_or_read_and_never_breaks(data: st.DataObject) -> None:
    file = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = read_xlsform(bytes(file))
    except Refused as no:
        document = {"refused": no.message}
    assert document
