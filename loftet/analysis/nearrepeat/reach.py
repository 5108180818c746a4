"""How far and how long the raised risk after an event reaches, for a page to say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import checks
from loftet.analysis.nearrepeat import bands
from loftet.analysis.nearrepeat.knox import Knox


@dataclass(frozen=True, slots=True)
class Reach:
    """How far and how long there are more pairs than chance would give, without a gap.

    ``metres`` and ``days`` are upper edges, which are not reached themselves; 0 where nothing is
    beyond chance.
    """

    metres: float
    days: float
    lines: tuple[str, ...]


def reach(knox: Knox, *, level: float = 0.05) -> Reach:
    """Read off a table of Knox how far and how long the risk is raised.

    Parameters
    ----------
    knox : Knox
        The result of `knox`.
    level : float
        What the adjusted p of a cell may be at most: the chance of any false alarm in the table.

    Returns
    -------
    Reach
        For each band of distance the first unbroken run of bands of time beyond chance; and of
        distances the first unbroken run that has any. The same place is read apart, as few events
        happen there; bands without end are not read. ``lines`` has a sentence for each band of
        distance that is reached, or the one that there is none, or why nothing can be told.

    Examples
    --------
    >>> from loftet.analysis.nearrepeat import knox
    >>> rng = np.random.default_rng(1)
    >>> x, t = rng.uniform(0, 9000, 200), rng.integers(0, 365, 200)
    >>> x[:50], t[:50] = x[50:100] + 20, t[50:100] + 1
    >>> found = knox(x, 0 * x, t, distances=[0, 1, 50, 100], days=[0, 1, 2, 8], rng=rng)
    >>> for line in reach(found).lines:
    ...     print(line.split(" (")[0])
    at least 1 m and less than 50 m, 1 day later: 25.5 times as many pairs as by chance
    """
    checks.fraction("level", level)
    if knox.why:
        return Reach(0.0, 0.0, (f"cannot be told: {knox.why}",))
    # All that is beyond the last edges, in one cell, makes up for what is missing elsewhere.
    told = np.isfinite(knox.distances[1:])[:, None] & np.isfinite(knox.days[1:])
    raised = told & (knox.p_adjusted <= level) & (knox.ratio > 1)
    rows = _rows(knox, raised)
    if not rows:
        return Reach(0.0, 0.0, ("nowhere beyond chance",))
    runs = [_first_run(raised[row]) for row in rows]
    return Reach(
        metres=float(knox.distances[rows[-1] + 1]),
        days=max(float(knox.days[run.stop]) for run in runs),
        lines=tuple(_line(knox, row, run) for row, run in zip(rows, runs, strict=True)),
    )


def _rows(knox: Knox, raised: NDArray[np.bool_]) -> list[int]:
    """The same place, if risk is raised there, and the first run of the other rows."""
    apart = int(bands.same_place(*knox.distances[:2].tolist()))
    near = _first_run(np.any(raised[apart:], axis=1))
    same = [0] if apart and raised[0].any() else []
    return same + [row + apart for row in range(near.start, near.stop)]


def _first_run(raised: NDArray[np.bool_]) -> slice:
    """Where the first unbroken run begins and ends."""
    begin = int(np.argmax(raised)) if raised.any() else len(raised)
    return slice(begin, begin + int(np.argmin(np.append(raised[begin:], False))))


def _line(knox: Knox, row: int, run: slice) -> str:
    observed, expected = knox.observed[row, run].sum(), knox.expected[row, run].sum()
    days = bands.day_word(*knox.days[[run.start, run.stop]].tolist(), whole=knox.whole)
    return (
        f"{knox.rows[row]}, {days}: {observed / expected:.1f} times as many pairs as by chance"
        f" ({observed:.10g} against {expected:.3g})"
    )
