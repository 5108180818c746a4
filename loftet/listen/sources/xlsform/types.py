"""The types of XLSForm: what each becomes here, and why some become nothing."""

import re
from dataclasses import dataclass

from loftet.listen.rules.form import Kind

CHOOSING = re.compile(
    r"""(?:select[ _]?one(?:\ from)? | select1 | add\ select\ one\ prompt\ using)
          \ (?P<list>\S+)
      | (?:select[ _]multiple(?:\ from)? | select\ all\ that\ apply(?:\ from)?
          | add\ select\ multiple\ prompt\ using)
          \ (?P<lists>\S+)""",
    re.VERBOSE | re.IGNORECASE,
)
OTHER = re.compile(r"(?P<rest>.*?) +(?:or[ _]other|or specify other)", re.IGNORECASE)

PLAIN = {
    "integer": (Kind.NUMBER, True),
    "int": (Kind.NUMBER, True),
    "decimal": (Kind.NUMBER, False),
    "text": (Kind.TEXT, False),
    "string": (Kind.TEXT, False),
    "geopoint": (Kind.PLACE, False),
    "gps": (Kind.PLACE, False),
    "location": (Kind.PLACE, False),
}
# Why a type is refused: a key of `words.MESSAGES`.
REFUSED = {
    "calculate": "calculation",
    "hidden": "calculation",
    "xml-external": "external",
    "csv-external": "external",
    "select_one_from_file": "external",
    "select_multiple_from_file": "external",
    "select_one_external": "external",
    "cascading_select": "choice_filter",
    **dict.fromkeys(("image", "photo", "audio", "video", "file", "background-audio"), "media"),
    **dict.fromkeys(
        (
            "start", "end", "today", "deviceid", "phonenumber", "simserial", "subscriberid",
            "username", "email", "audit", "imei", "start-geopoint", "background-geopoint",
            "uri:deviceid", "uri:phonenumber", "uri:simserial", "uri:subscriberid", "uri:username",
            "uri:email", "get",
        ),
        "metadata",
    ),
    **dict.fromkeys(("date", "time", "datetime"), "time"),
    **dict.fromkeys(
        ("barcode", "acknowledge", "trigger", "rank", "geotrace", "geoshape", "osm", "include",
         "set", "phone", "csv"),
        "type",
    ),
}  # fmt: skip

# How things look in other programs; here the kind of question decides it.
LOOKS = re.compile(
    r"""field-list | minimal | compact(?:-\d+)? | quick | quickcompact | horizontal
      | horizontal-compact | vertical | columns(?:-pack|-\d+)? | no-buttons | multiline | numbers
      | autocomplete(?:_chars)? | maps | placement-map | w\d+ | likert | table-list | label
      | list-nolabel | list""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Type:
    """What a type says: a kind, perhaps with a list; or why it is refused."""

    kind: Kind | None = None
    list_name: str = ""
    whole: bool = False
    refused: str = ""


def begins(written: str) -> str:
    """What the row begins: a group, a repeat, or nothing."""
    return _after("begin", written)


def ends(written: str) -> str:
    return _after("end", written)


def _after(word: str, written: str) -> str:
    first, *rest = written.lower().replace("_", " ").split() or [""]
    return " ".join(rest) if first == word else ""


def read(written: str) -> Type:
    if OTHER.fullmatch(written):
        return Type(refused="or_other")
    if found := CHOOSING.fullmatch(" ".join(written.split())):
        one = found["list"]
        return Type(Kind.SINGLE if one else Kind.SEVERAL, list_name=one or found["lists"])
    name = written.strip().lower()
    if name in PLAIN:
        kind, whole = PLAIN[name]
        return Type(kind, whole=whole)
    if name == "range":
        return Type(Kind.SCALE)
    first = name.split(" ", maxsplit=1)[0]
    words = "_".join(name.split())
    return Type(refused=REFUSED.get(words) or REFUSED.get(first) or "unknown_type")
