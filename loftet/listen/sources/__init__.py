"""Where questionnaires come from."""

from typing import Any

from loftet.listen.sources import form_file, starter
from loftet.listen.sources.xlsform import read_xlsform, write_xlsform

__all__ = ["form_file", "read_document", "read_xlsform", "starter", "write_xlsform"]


def read_document(file: bytes, name: str) -> dict[str, Any]:
    """A questionnaire in a file of either kind: ours begins with a brace, Excel never does."""
    if file.lstrip()[:1] == b"{" or name.lower().endswith(".json"):
        return form_file.read(file)
    return read_xlsform(file, name=name)
