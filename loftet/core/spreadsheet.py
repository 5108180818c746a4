"""An Excel file as rows of text, whatever is in it; what cannot be opened safely is refused."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from loftet.core.errors import Refused

READER = Path(__file__).resolve().parent / "cells.py"
LARGEST = 20_000_000
PATIENCE = 60  # seconds of waiting; the reader itself may count for 20


@dataclass(frozen=True)
class Workbook:
    """Sheets by their names in small letters; rows and cells are where they are in Excel."""

    names: list[str]
    sheets: dict[str, list[list[str]]]


def opened(file: bytes, *wanted: str, largest: int = LARGEST) -> Workbook:
    """The sheets wanted, in small letters, of an xlsx, xlsm, xlsb, xls or ods file; else all."""
    if len(file) > largest:
        raise _large()
    try:
        told = subprocess.run(  # noqa: S603 - our own reader, with the file on its standard input
            [sys.executable, "-I", str(READER), *wanted],
            input=file,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise _large() from None
    except subprocess.CalledProcessError as error:
        raise (_large() if _ran_out(error) else _damaged()) from None
    content = json.loads(told.stdout)
    if "refused" in content:
        raise _locked() if content["refused"] == "password" else _large()
    return Workbook(content["names"], content["sheets"])


def _ran_out(error: subprocess.CalledProcessError) -> bool:
    """Of memory or time: Rust aborts, Python raises MemoryError, the kernel sends a signal."""
    return error.returncode < 0 or b"MemoryError" in error.stderr


def _large() -> Refused:
    return Refused("file_large", _("The file is too large. Take away sheets, rows and columns."))


def _damaged() -> Refused:
    return Refused(
        "file_unreadable",
        _("The file cannot be opened as Excel. Open it in Excel and save it anew as .xlsx."),
    )


def _locked() -> Refused:
    return Refused(
        "file_locked", _("The file is protected by a password. Save it without the password.")
    )
