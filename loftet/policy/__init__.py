"""What the municipality has decided, as commented YAML, read and checked by code."""

from loftet.policy.page import Section
from loftet.policy.page import sections as pages
from loftet.policy.read import (
    clock,
    clocks,
    clocks_from,
    index_classes,
    retention,
    roles,
    small_numbers,
    smallest,
)
from loftet.policy.read import vague_words as _vague_words
from loftet.policy.shapes import VagueWord

__all__ = [
    "Section",
    "clock",
    "clocks",
    "clocks_from",
    "index_classes",
    "pages",
    "retention",
    "roles",
    "small_numbers",
    "smallest",
    "vague_words",
]


def vague_words() -> tuple[VagueWord, ...]:
    return tuple(_vague_words().values())
