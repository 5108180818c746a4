"""A document as YAML or CSV: one way of writing each, so that equal content is equal bytes."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import yaml

from loftet.followup.sources.pledge_file.document import Entry, PledgeFile
from loftet.followup.sources.pledge_file.read_csv import shielded
from loftet.followup.sources.pledge_file.schema import COLUMNS, FORMAT, RECORD_OF, children
from loftet.followup.sources.pledge_file.values import written

BYTE_ORDER_MARK = "\ufeff"  # tells a spreadsheet that the file is UTF-8
SECTIONS = ("signatures", "organisations", "indicators", "commitments")
Inner = dict[tuple[str, str], list[Entry]]


def as_yaml(file: PledgeFile) -> str:
    inner = _inner(file)
    parts = [f"loftet: {FORMAT}\n", *(_dump({"pledge": _nested(p, inner)}) for p in _pledge(file))]
    for section in SECTIONS:
        items: Sequence[Entry] = getattr(file, section)
        for number, entry in enumerate(items):
            text = _dump({section: [_nested(entry, inner)]})
            parts.append(text.partition("\n")[2] if number else text)
    return "\n".join(parts)


def as_csv(file: PledgeFile) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", restval="")
    writer.writeheader()
    for entry in _in_order(file):
        writer.writerow(_flat(entry))
    return BYTE_ORDER_MARK + out.getvalue()


def _pledge(file: PledgeFile) -> list[Entry]:
    return [file.pledge] if file.pledge else []


def _inner(file: PledgeFile) -> Inner:
    found: Inner = defaultdict(list)
    for reading in file.readings:
        found["readings", reading.indicator].append(reading)
    for result in file.results:
        found["results", result.commitment].append(result)
    return found


def _inside(entry: Entry, inner: Inner) -> Iterator[tuple[str, list[Entry]]]:
    for child in children(RECORD_OF[type(entry)].name):
        if found := inner.get((child.plural, getattr(entry, "code", ""))):
            yield child.plural, found


def _in_order(file: PledgeFile) -> Iterator[Entry]:
    inner = _inner(file)
    yield from _pledge(file)
    for section in SECTIONS:
        for entry in getattr(file, section):
            yield entry
            for _plural, found in _inside(entry, inner):
                yield from found


def _flat(entry: Entry) -> dict[str, str]:
    record = RECORD_OF[type(entry)]
    cells = {"record": record.name}
    if record.name == "pledge":
        cells["loftet"] = FORMAT
    for column, field in record.columns.items():
        text = written(getattr(entry, column))
        cells[column] = shielded(text) if field.form.is_text else text
    return cells


def _nested(entry: Entry, inner: Inner) -> dict[str, Any]:
    record = RECORD_OF[type(entry)]
    found: dict[str, Any] = {}
    for column, field in record.columns.items():
        value = getattr(entry, column)
        if value in (None, "", ()) or column == record.parent:
            continue
        holder = found.setdefault(field.inside, {}) if field.inside else found
        holder[field.name] = list(value) if isinstance(value, tuple) else value
    for plural, items in _inside(entry, inner):
        found[plural] = [_nested(item, inner) for item in items]
    return found


def _dump(tree: dict[str, Any]) -> str:
    return yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96)


class _Dumper(yaml.SafeDumper):
    """Lists indented under their key, long texts as they are read, numbers as they are written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _number(dumper: _Dumper, value: Decimal) -> yaml.Node:
    text = written(value)
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)
