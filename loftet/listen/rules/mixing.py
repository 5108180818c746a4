"""When envelopes are opened: what an answer may keep of where it came from.

Of a code it is known which stratum it belongs to, and from a copy of the database perhaps also
whether its answer came on paper. An answer alone in its stratum and mode would be that code's.
"""

from collections import Counter
from collections.abc import Sequence

LEAST = 3  # answers that a kind must hold to be kept apart

Origin = tuple[int | None, str]  # stratum, mode


def mingled(origins: Sequence[Origin]) -> list[Origin]:
    """Leave out the mode, and then the stratum, where fewer than `LEAST` share them."""
    pairs = Counter(origins)
    few = {stratum for (stratum, _), count in pairs.items() if count < LEAST}
    without_mode = [(stratum, "" if stratum in few else mode) for stratum, mode in origins]
    strata = Counter(stratum for stratum, _ in without_mode)
    return [
        (stratum, mode) if strata[stratum] >= LEAST else (None, "")
        for stratum, mode in without_mode
    ]
