"""A YAML file as rows."""

import re

from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file.rows import Counter, Row, check_format
from loftet.followup.sources.pledge_file.schema import RECORDS, Field, Record, children
from loftet.followup.sources.pledge_file.text import without_control_characters
from loftet.followup.sources.pledge_file.values import BETWEEN, nearest
from loftet.followup.sources.pledge_file.where import Problems, Where
from loftet.followup.sources.pledge_file.yaml_tree import Listing, Mapping, Node, Scalar, tree

TOP = {record.plural: record for record in RECORDS.values() if not record.parent}
YES_OR_NO = re.compile("yes|no|true|false|on|off", re.IGNORECASE)
NOTHING = {"", "~", "null", "Null", "NULL"}


def rows(text: str, problems: Problems) -> list[Row]:
    root = tree(without_control_characters(text, problems), problems)
    if root is None:
        return []
    if not isinstance(root, Mapping):
        check_format(None, (root.row, ""), problems)
        return []
    return _Reader(problems).file(root)


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.counter = Counter(problems)
        self.found: list[Row] = []

    def file(self, root: Mapping) -> list[Row]:
        row, said = root.entries.get("loftet", (1, None))
        check_format(
            said.text if isinstance(said, Scalar) else None, (row, "loftet"), self.problems
        )
        for key, (key_row, node) in root.entries.items():
            if key in TOP:
                self._section(TOP[key], key, key_row, node)
            elif key != "loftet":
                self._unknown(key, (key_row, key), ["loftet", *TOP])
        return self.found

    def _section(self, record: Record, path: str, key_row: int, node: Node) -> None:
        if record.most == 1:
            self._row(record, path, key_row, node, {})
        else:
            self._list(record, path, key_row, node, {})

    def _list(
        self, record: Record, path: str, key_row: int, node: Node, above: dict[str, str]
    ) -> None:
        if _is_nothing(node):
            return
        if not isinstance(node, Listing):
            self.problems.add(
                (key_row, path),
                _("Here a list is expected."),
                _("Begin each item on a row of its own with a hyphen and a space."),
            )
            return
        for number, item in enumerate(node.items, start=1):
            self._row(record, f"{path}[{number}]", item.row, item, above)

    def _row(
        self, record: Record, path: str, key_row: int, node: Node, above: dict[str, str]
    ) -> None:
        if not self.counter.take(record, (key_row, path)):
            return
        if not isinstance(node, Mapping):
            self._not_mapping(key_row, path)
            return
        cells, doubtful = dict(above), set[str]()
        rows = {key: row for key, (row, _value) in node.entries.items()}
        inner = children(record.name)
        for column, row, scalar in self._cells(
            record, path, node, {child.plural for child in inner}
        ):
            cells[column], rows[column] = scalar.text, row
            if not scalar.quoted and YES_OR_NO.fullmatch(scalar.text):
                doubtful.add(column)
        where = Where(key_row, path, rows, record.dotted)
        self.found.append(Row(record, where, cells, frozenset(doubtful)))
        for child in inner:
            if child.plural in node.entries:
                row, items = node.entries[child.plural]
                mine = {record.name: cells.get("code", "")}
                self._list(child, f"{path}.{child.plural}", row, items, mine)

    def _cells(
        self, record: Record, path: str, node: Mapping, inner: set[str]
    ) -> list[tuple[str, int, Scalar]]:
        found: list[tuple[str, int, Scalar]] = []
        for key, (row, value) in node.entries.items():
            if key in inner:
                continue
            if key and key in record.inner:
                found += self._group(record.inner[key], f"{path}.{key}", row, value)
            elif key in record.inner[""]:
                found += self._cell(record.inner[""][key], f"{path}.{key}", row, value)
            else:
                known = [*record.inner[""], *filter(None, record.inner), *inner]
                self._unknown(key, (row, f"{path}.{key}"[:200]), known)
        return found

    def _group(
        self, fields: dict[str, Field], path: str, key_row: int, node: Node
    ) -> list[tuple[str, int, Scalar]]:
        if _is_nothing(node):
            return []
        if not isinstance(node, Mapping):
            keys = ", ".join(f"{name}:" for name in fields)
            self.problems.add(
                (key_row, path),
                _("Here named values are expected."),
                _("Write these on rows of their own below, indented: %(keys)s") % {"keys": keys},
            )
            return []
        found: list[tuple[str, int, Scalar]] = []
        for key, (row, value) in node.entries.items():
            if key in fields:
                found += self._cell(fields[key], f"{path}.{key}", row, value)
            else:
                self._unknown(key, (row, f"{path}.{key}"[:200]), fields)
        return found

    def _cell(self, field: Field, path: str, row: int, node: Node) -> list[tuple[str, int, Scalar]]:
        if field.form.several and isinstance(node, Listing):
            node = _joined(node)
        if not isinstance(node, Scalar):
            self.problems.add(
                (row, path), _("Here a single value is expected."), _("Write it after the colon.")
            )
            return []
        return [] if _is_nothing(node) else [(field.column, row, node)]

    def _unknown(
        self, key: str, spot: tuple[int, str], known: list[str] | dict[str, Field]
    ) -> None:
        remedy = nearest(key, known)
        if key.isdecimal():
            remedy = _("If it is the end of a number: write a point, not a comma, such as 16.2.")
        self.problems.add(
            spot, _("There is no key called “%(key)s” here.") % {"key": key[:60]}, remedy
        )

    def _not_mapping(self, row: int, path: str) -> None:
        self.problems.add(
            (row, path),
            _("Here named values are expected."),
            _("Write them as “key: value”, each on a row of its own."),
        )


def _joined(node: Listing) -> Node:
    if not all(isinstance(item, Scalar) for item in node.items):
        return node
    texts = [item.text for item in node.items if isinstance(item, Scalar)]
    return Scalar(node.row, BETWEEN.join(texts), quoted=True)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.quoted and node.text in NOTHING
