"""The policy as values: read once, and refused whole when a part of it cannot be understood."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from loftet.policy.entries import FOLDER, Entry, PolicyError, entries
from loftet.policy.shapes import (
    Basis,
    Clock,
    IndexClasses,
    IndexGroup,
    Limit,
    RolePolicy,
    Rule,
    Start,
    Text,
    VagueWord,
)

Shape = TypeVar("Shape")
FOR_EVER = "for ever"
POINTS = 6  # of the problem index; each begins at a limit


@cache
def clocks(folder: Path = FOLDER) -> dict[str, Clock]:
    return _read("clocks.yaml", _clock, folder)


def clock(key: str) -> Clock:
    try:
        return clocks()[key]
    except KeyError:
        raise PolicyError("clocks.yaml", key, "is asked for by the program; write it") from None


def clocks_from(start: Start) -> Iterator[Clock]:
    return (clock for clock in clocks().values() if clock.starts_from is start)


@cache
def retention(folder: Path = FOLDER) -> dict[str, Rule]:
    return _read("retention.yaml", _rule, folder)


@cache
def roles(folder: Path = FOLDER) -> dict[str, RolePolicy]:
    return _read("roles.yaml", _role, folder)


@cache
def small_numbers(folder: Path = FOLDER) -> dict[str, Limit]:
    return _read("small_numbers.yaml", _limit, folder)


def smallest(key: str) -> int:
    """The limit itself: a number below it is not shown."""
    try:
        return small_numbers()[key].value
    except KeyError:
        raise PolicyError(
            "small_numbers.yaml", key, "is asked for by the program; write it"
        ) from None


@cache
def vague_words(folder: Path = FOLDER) -> dict[str, VagueWord]:
    return _read("vague_words.yaml", _vague_word, folder)


@cache
def index_classes(folder: Path = FOLDER) -> dict[str, IndexClasses]:
    """Every version of the problem index, the one in use last."""
    return _read("index_classes.yaml", _index_classes, folder)


FILES: tuple[Callable[[], object], ...] = (
    clocks,
    retention,
    roles,
    small_numbers,
    vague_words,
    index_classes,
)


def _read(file: str, shape: Callable[[Entry], Shape], folder: Path) -> dict[str, Shape]:
    shapes = {}
    for entry in entries(file, folder):
        shapes[entry.key] = shape(entry)
        entry.done()
    return shapes


def _clock(entry: Entry) -> Clock:
    basis, source = _grounds(entry)
    return Clock(
        key=entry.key,
        title=entry.text("title"),
        basis=basis,
        source=source,
        starts_from=entry.one_of("starts_from", Start),
        limit=entry.limit("limit"),
        role=entry.words("role"),
        public=entry.flag("public"),
        why=entry.text("why"),
    )


def _rule(entry: Entry) -> Rule:
    keep = entry.period_unless("keep", FOR_EVER)
    basis, source = _grounds(entry)
    return Rule(
        table=entry.key,
        name=entry.text("name"),
        keep=keep,
        after=entry.text("after") if keep else None,
        why=entry.text("why"),
        basis=basis,
        source=source,
    )


def _role(entry: Entry) -> RolePolicy:
    return RolePolicy(
        key=entry.key,
        name=entry.text("name"),
        decided_by=entry.text("decided_by"),
        review=entry.period("review"),
        two_persons=entry.flag("two_persons"),
        why=entry.text("why"),
    )


def _limit(entry: Entry) -> Limit:
    basis, source = _grounds(entry)
    return Limit(
        key=entry.key,
        value=entry.whole("value"),
        name=entry.text("name"),
        why=entry.text("why"),
        basis=basis,
        source=source,
    )


def _index_classes(entry: Entry) -> IndexClasses:
    basis, source = _grounds(entry)
    return IndexClasses(
        version=entry.key,
        name=entry.text("name"),
        why=entry.text("why"),
        basis=basis,
        source=source,
        groups=tuple(_index_group(group) for group in entry.within("groups")),
    )


def _index_group(entry: Entry) -> IndexGroup:
    return IndexGroup(
        key=entry.key.rpartition(".")[2],
        name=entry.text("name"),
        items=entry.list_of_words("items"),
        sees=entry.list_of_words("sees"),
        leaves_out=entry.list_of_words("leaves_out"),
        limits=entry.shares("limits", POINTS),
    )


def _grounds(entry: Entry) -> tuple[Basis, Text | None]:
    """What a rule rests on; only a proposal may lack a source."""
    basis = entry.one_of("basis", Basis)
    return basis, entry.text_if("source") if basis is Basis.ASSUMED else entry.text("source")


def _vague_word(entry: Entry) -> VagueWord:
    return VagueWord(
        phrase=entry.key,
        forms=entry.list_of_words("forms"),
        meaning=entry.words("english"),
        why=entry.text("why"),
        instead=entry.text("instead"),
    )
