"""YAML as a plain tree with row numbers; what surprises people in YAML is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file.where import Problems

DEEPEST = 8
MOST_ITEMS = 20_000  # in all the lists together
MOST_KEYS = 1_000  # in one place
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where the machine has it


@dataclass(frozen=True, slots=True)
class Scalar:
    row: int
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Listing:
    row: int
    items: list["Node"]


@dataclass(frozen=True, slots=True)
class Mapping:
    row: int
    entries: dict[str, tuple[int, "Node"]]  # with the row of the key


Node = Scalar | Listing | Mapping


class Stop(Exception):  # noqa: N818 - the rest of the file is not read
    pass


def tree(text: str, problems: Problems) -> Node | None:
    """Return the file's only document, or None after a problem that hides the rest."""
    try:
        return _Composer(text, problems).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.add(
            (row, ""),
            _("The file cannot be read from here on (position %(column)d in the row).")
            % {"column": column},
            _hint(error.problem or ""),
        )
    except (Stop, yaml.YAMLError):
        pass
    return None


def _hint(problem: str) -> str:
    if "\\t" in problem or "\t" in problem or "tab" in problem:
        return _("Indent with spaces; a tab is not allowed.")
    if "mapping values" in problem:
        return _("A text that has a colon followed by a space must stand in quotation marks.")
    if "end of stream" in problem or "quoted scalar" in problem:
        return _("A quotation mark that begins a text lacks the one that ends it.")
    if "expected ':'" in problem:
        return _("Write a colon and a space after the key.")
    return _("See that the indentation is even, and put texts with special characters in quotes.")


class _Composer:
    def __init__(self, text: str, problems: Problems) -> None:
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=LOADER))
        self.problems = problems
        self.items = 0

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._stop(
                        event, _("A second document begins here."), _("One file holds one pledge.")
                    )
                root = self._node(next(self.events), 1)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self._refuse_surprises(event, depth)
        row = _row(event)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(row, event.value, quoted=bool(event.style))
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(row, list(self._items(depth)))
        return Mapping(row, self._entries(depth))

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            self.items += 1
            if self.items <= MOST_ITEMS:
                yield self._node(event, depth + 1)
            else:
                self._pass_over(event, first=self.items == MOST_ITEMS + 1)

    def _entries(self, depth: int) -> dict[str, tuple[int, Node]]:
        entries: dict[str, tuple[int, Node]] = {}
        number = 0
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            number += 1
            if number > MOST_KEYS:
                self._pass_over(event, first=number == MOST_KEYS + 1)
                continue
            key, value = self._node(event, depth + 1), self._node(next(self.events), depth + 1)
            self._keep(entries, key, value)
        return entries

    def _keep(self, entries: dict[str, tuple[int, Node]], key: Node, value: Node) -> None:
        if not isinstance(key, Scalar):
            self.problems.add((key.row, ""), _("A key must be a single word."), _("Rewrite it."))
        elif key.text in entries:
            self._complain_of_twin(key, entries[key.text][0])
        else:
            entries[key.text] = (key.row, value)

    def _pass_over(self, event: yaml.Event, *, first: bool) -> None:
        """Leave what is far too much unread: it is faster to skip than to build."""
        if first:
            what = _("There is far too much here; the rest was not read.")
            self.problems.add((_row(event), ""), what, _("A file holds one pledge. Divide it."))
        open_ones = int(isinstance(event, yaml.CollectionStartEvent))
        while open_ones:
            event = next(self.events)
            open_ones += isinstance(event, yaml.CollectionStartEvent)
            open_ones -= isinstance(event, yaml.CollectionEndEvent)

    def _complain_of_twin(self, key: Scalar, first: int) -> None:
        self.problems.add(
            (key.row, key.text[:60]),
            _("This key stands in row %(first)d already.") % {"first": first},
            _("Keep one of them."),
        )

    def _refuse_surprises(self, event: yaml.Event, depth: int) -> None:
        if depth > DEEPEST:
            self._stop(event, _("The levels are too many here."), _("See the format in the guide."))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._stop(
                event,
                _("Anchors and references (& and *) are not used here."),
                _("Write the text out, or put it in quotation marks if it begins with & or *."),
            )
        if getattr(event, "tag", None):
            self._stop(
                event,
                _("Tags (!) are not used here."),
                _("Remove it, or put the text in quotation marks if it begins with !."),
            )

    def _stop(self, event: yaml.Event, what: str, remedy: str) -> None:
        self.problems.add((_row(event), ""), what, remedy)
        raise Stop


def _row(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
