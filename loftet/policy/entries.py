"""Reads one policy file, entry by entry; an error names the file, the key and the remedy."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from loftet.policy.shapes import UNITS, DayOfYear, Period, Text

FOLDER = Path(__file__).parent
Word = TypeVar("Word", bound=StrEnum)
DAY = re.compile(r"(\d\d)-(\d\d)")


class PolicyError(Exception):
    """A policy file cannot be used as it stands."""

    def __init__(self, file: str, key: str, remedy: str) -> None:
        super().__init__(f"policy/{file}: {key}: {remedy}" if key else f"policy/{file}: {remedy}")
        self.file, self.key, self.remedy = file, key, remedy


class Loader(yaml.SafeLoader):
    """YAML that does not let a key silently replace another of the same name."""


def _mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(
                None, None, f"line {line}: “{key}” stands here a second time; keep one of them"
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class Entry:
    """One key of a file and what stands under it; what nobody has asked for is an error."""

    def __init__(self, file: str, key: str, values: Any) -> None:
        self.file, self.key = file, key
        if not isinstance(values, Mapping):
            raise self.wrong("", "must be a list of named values, written “name: value”")
        self.left: dict[Any, Any] = dict(values)

    def wrong(self, name: str, remedy: str) -> PolicyError:
        return PolicyError(self.file, f"{self.key}.{name}" if name else self.key, remedy)

    def take(self, name: str) -> Any:
        if self.left.get(name) in (None, ""):
            raise self.wrong(name, "is missing; write it")
        return self.left.pop(name)

    def words(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise self.wrong(name, "must be text; put it in quotation marks")
        return value.strip()

    def text(self, name: str) -> Text:
        both = Entry(self.file, f"{self.key}.{name}", self.take(name))
        text = Text(sv=both.words("sv"), en=both.words("en"))
        both.done()
        return text

    def text_if(self, name: str) -> Text | None:
        return self.text(name) if name in self.left else None

    def one_of(self, name: str, choices: type[Word]) -> Word:
        value = self.take(name)
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(choices)
            raise self.wrong(name, f"“{value}” is not known; choose one of: {known}") from None

    def whole(self, name: str) -> int:
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(name, "must be a whole number, 1 or more")
        return value

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "must be yes or no")
        return value

    def list_of_words(self, name: str) -> tuple[str, ...]:
        value = self.take(name)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.wrong(name, "must be a list of texts")
        return tuple(value)

    def shares(self, name: str, count: int) -> tuple[float, ...]:
        """So many ascending shares between 0 and 1."""
        value = self.take(name)
        numbers = isinstance(value, list) and all(isinstance(one, float) for one in value)
        if not numbers or len(value) != count or sorted(set(value)) != value:
            raise self.wrong(name, f"must be {count} shares, each larger than the one before")
        if not 0 < value[0] <= value[-1] < 1:
            raise self.wrong(name, "must lie between 0 and 1; write 0.05 for five per cent")
        return tuple(value)

    def within(self, name: str) -> Iterator["Entry"]:
        """Named entries below this one; each must be asked for all that it holds."""
        below = Entry(self.file, f"{self.key}.{name}", self.take(name))
        for key, values in below.left.items():
            entry = Entry(self.file, f"{below.key}.{key}", values)
            yield entry
            entry.done()

    def period(self, name: str) -> Period:
        value = str(self.take(name))
        amount, _, unit = value.partition(" ")
        unit = unit.strip().replace(" ", "_")
        unit = unit if unit.endswith("s") else f"{unit}s"
        if not amount.isdigit() or int(amount) < 1 or unit not in UNITS:
            known = ", ".join(unit.replace("_", " ") for unit in UNITS)
            raise self.wrong(name, f"“{value}” is not a period; write a number and one of: {known}")
        return Period(int(amount), unit)

    def period_unless(self, name: str, word: str) -> Period | None:
        """A period, or None where this word stands instead."""
        if self.left.get(name) == word:
            del self.left[name]
            return None
        return self.period(name)

    def limit(self, name: str) -> Period | DayOfYear:
        match = DAY.fullmatch(str(self.left.get(name)))
        if match is None:
            return self.period(name)
        month, day = int(self.take(name)[:2]), int(match[2])
        if not (1 <= month <= 12 and 1 <= day <= 28 + 2 * (month != 2) + (month in LONG)):
            raise self.wrong(name, "is no day that every year has; write month-day, as 06-30")
        return DayOfYear(month, day)

    def done(self) -> None:
        if self.left:
            raise self.wrong(
                str(next(iter(self.left))), "is not known here; remove it or spell it anew"
            )


LONG = {1, 3, 5, 7, 8, 10, 12}


def entries(file: str, folder: Path = FOLDER) -> Iterator[Entry]:
    try:
        content = yaml.load((folder / file).read_text("utf-8"), Loader)  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        raise PolicyError(file, "", f"is not YAML that can be read: {error}") from error
    if not isinstance(content, Mapping):
        raise PolicyError(file, "", "must hold named entries, written “name:” with values below")
    for key, values in content.items():
        yield Entry(file, str(key), values)
