"""From the bytes of a file to its text, or why that cannot be done."""

from pathlib import Path

from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file.values import CONTROL
from loftet.followup.sources.pledge_file.where import Problems

MOST_BYTES = 5_000_000


def from_path(path: Path, problems: Problems) -> str:
    with path.open("rb") as file:
        return from_bytes(file.read(MOST_BYTES + 1), problems)


def from_bytes(content: bytes, problems: Problems) -> str:
    """Return the text without its byte order mark; empty after a problem."""
    if len(content) > MOST_BYTES:
        problems.add(
            (1, ""),
            _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000},
            _("A file holds one pledge. Divide it."),
        )
        return ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        problems.add(
            (row, ""),
            _("The file is not saved as UTF-8; the first letter that shows it is in this row."),
            _("Open it again, choose Save as, and the encoding UTF-8."),
        )
        return ""
    if not text.strip():
        problems.add((1, ""), _("The file is empty."), _("Begin with the row “loftet: pledge/1”."))
        return ""
    return text


def without_control_characters(text: str, problems: Problems) -> str:
    """Drop what YAML cannot hold, with a problem for each row that has any."""
    if not CONTROL.search(text):
        return text
    for row, line in enumerate(text.split("\n"), start=1):
        if CONTROL.search(line):
            problems.add((row, ""), *invisible())
    return CONTROL.sub("", text)


def invisible() -> tuple[str, str]:
    return (
        _("There is an invisible control character."),
        _("Write the text again; such characters often come with text pasted from a PDF."),
    )
