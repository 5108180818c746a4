"""When envelopes are opened: what an answer may keep of where it came from.

Of a code it is known which stratum it belongs to, and from a copy of the database perhaps also
whether its answer came on paper. Whoever is alone with that, or with a language, would be found.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAST = 3  # answers that share whatever is kept


@dataclass(frozen=True)
class Origin:
    """Where an answer comes from; None and empty is not told."""

    stratum: int | None
    mode: str
    language: str


def mingled(origins: Sequence[Origin]) -> list[Origin]:
    """Leave out language, mode and stratum, in that order, where fewer than `LEAST` share them."""
    languages = Counter((o.stratum, o.language) for o in origins)
    spoken = [
        o if languages[o.stratum, o.language] >= LEAST else replace(o, language="") for o in origins
    ]
    modes = Counter((o.stratum, o.mode) for o in spoken)
    few = {stratum for (stratum, _mode), count in modes.items() if count < LEAST}
    plain = [replace(o, mode="") if o.stratum in few else o for o in spoken]
    loose = _loose(Counter(o.stratum for o in plain))
    return [Origin(None, "", "") if o.stratum in loose else o for o in plain]


def _loose(strata: Counter[int | None]) -> set[int | None]:
    """Strata that are told of no longer: the small ones, with others until they are enough."""
    loose = {stratum for stratum, count in strata.items() if count < LEAST}
    if not loose:
        return loose
    others = [stratum for stratum, _count in reversed(strata.most_common())]
    others.sort(key=lambda stratum: stratum is not None)
    for stratum in others:
        if sum(strata[one] for one in loose) >= LEAST and None not in strata.keys() - loose:
            break
        loose.add(stratum)
    return loose
