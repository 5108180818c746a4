"""Which themes a text might belong to, and which words might make a theme: proposals, no more."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST = 3  # texts that a beginning must stand in to be proposed
LENGTH = 5  # letters that words of one kind mostly share
SHORTEST = 4
WORD = re.compile(r"[^\W\d_]+")
MASK = re.compile(r"\[[^\]\s]+\]")
WORDS_OF_ALL_TEXTS = """
    alla allt andra annat aldrig alltid bara behöver borde bland både denna deras dessa detta där
    därför eftersom efter eller finns flera från före genom gjort gärna göra handlar hela
    heller hos igen inga ingen inget innan inom inte ibland kanske klart komma kommer
    kunna känner känns lite längre medan mellan mera mest mycket måste många någon något
    några nästan också olika omkring under utan upp vara varit varje vilket vill vore väldigt
    själv skulle sedan samma samt speciellt ställe större sätt tycker till tillbaka trots tror
    about after also because been before being could does even every from have here into just like
    many more most much need never only other people should some than that their them then there
    these they this very want well were what when where which will with would your
"""
COMMON = frozenset(WORDS_OF_ALL_TEXTS.split())


@dataclass(frozen=True)
class Beginning:
    """Letters that several texts have words with, and the commonest of these words."""

    letters: str
    texts: int
    words: tuple[str, ...]


def suggested(text: str, themes: Mapping[str, Iterable[str]]) -> set[str]:
    """Themes of which a word of the text begins with one of the theme's beginnings."""
    words = _words(text)
    return {
        theme
        for theme, beginnings in themes.items()
        if any(word.startswith(start) for start in tidy(beginnings) for word in words)
    }


def tidy(beginnings: Iterable[str]) -> list[str]:
    return [start.strip().casefold() for start in beginnings if start.strip()]


def beginnings(
    texts: Sequence[str], known: Iterable[str], *, least: int = LEAST, most: int = 30
) -> list[Beginning]:
    """What many write about and no theme has yet; commonest first."""
    taken = tuple(tidy(known))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    count: Counter[str] = Counter()
    for text in texts:
        words = {word for word in _words(text) if _tells(word) and not word.startswith(taken)}
        for word in words:
            found[word[:LENGTH]][word] += 1
        count.update({word[:LENGTH] for word in words})
    common = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [
        Beginning(start, times, tuple(word for word, _times in found[start].most_common(3)))
        for start, times in common[:most]
        if times >= least
    ]


def _words(text: str) -> list[str]:
    return WORD.findall(MASK.sub(" ", text).casefold())


def _tells(word: str) -> bool:
    return len(word) >= SHORTEST and word not in COMMON
