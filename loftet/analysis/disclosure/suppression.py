"""Which cells of published tables to hide so that no small count can be worked out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack

from loftet.analysis import checks
from loftet.analysis.disclosure.tables import Cell, Table

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Suppressed:
    """A table with the cells to hide: those too small in themselves, and those that guard them.

    Publish one and the same mark for both: which is which tells about the count.
    """

    table: Table
    hidden: Flags
    small: Flags

    @property
    def shown(self) -> Floats:
        """The counts, not a number where hidden."""
        return np.where(self.hidden, np.nan, self.table.counts)


def suppress(
    tables: Sequence[Table],
    *,
    least: int = 5,
    zeros: bool = False,
    behind: Sequence[Table] = (),
    already: Sequence[Suppressed] = (),
) -> tuple[Suppressed, ...]:
    r"""Hide small counts, and enough others that subtraction does not bring them back.

    A count from 1 to ``least - 1`` is hidden. Then, for each, two other tables are sought that
    agree with everything shown: one in which the cell is 0 and one in which it is `least`, so that
    a reader can conclude neither that it is small nor that there was anybody at all. The search is
    an integer program: change the cells by whole numbers u - d that keep every sum, at the least
    cost :math:`\sum c_j (u_j + d_j)`; what must change is hidden. Large cells cost more than small
    ones, and totals more than parts. All tables are taken together, so that a margin which two of
    them share is shown or hidden in both.

    The set found is safe, not always the smallest possible. An attacker who knows single cells from
    elsewhere (his own case) is not counted with; choose `least` accordingly.

    Parameters
    ----------
    tables : sequence of Table
        Everything that is about to be published about the same things.
    least : int
        Smallest count that may be shown.
    zeros : bool
        Whether zeros must be hidden too. False by default: that nothing happened harms nobody.
    behind : sequence of Table
        Tables that are not published but that readers know to exist. Three two-way tables of three
        dimensions limit each other through the three-way table behind them: give that here.
    already : sequence of Suppressed
        What was published before; it can no longer be hidden.

    Returns
    -------
    tuple of Suppressed
        One for each of `tables`, in order.

    Raises
    ------
    ValueError
        If shared cells have different counts, or something already published makes a small count
        recoverable whatever is hidden now.

    References
    ----------
    Fischetti and Salazar-Gonzalez (2001), Management Science 47, 1008-1027; Hundepool et al.
    (2012), Statistical Disclosure Control, ch. 4.

    Examples
    --------
    >>> dimensions = {"area": ["A", "B", "C"], "kind": ["theft", "threat", "damage"]}
    >>> table = Table.of_inner(dimensions, [[20, 3, 12], [15, 25, 8], [30, 9, 11]])
    >>> (safe,) = suppress([table])
    >>> int(safe.small.sum()), int(safe.hidden.sum())
    (1, 4)
    """
    checks.count("least", least)
    system = _System(tables, behind, already)
    small = system.published & (system.counts < least) & (zeros | (system.counts > 0))
    for place in np.flatnonzero(small):
        system.hide(int(place))
    for place in np.argsort(system.counts, kind="stable"):
        if small[place]:
            system.guard(int(place), 0.0)
            system.guard(int(place), float(least))
    return tuple(_told(table, system, small) for table in tables)


def attack(
    published: Sequence[Suppressed], *, behind: Sequence[Table] = ()
) -> dict[Cell, tuple[float, float]]:
    """Work out, from what is shown, the range of each hidden cell.

    What a reader with a computer could do: the smallest and largest value of each hidden cell over
    all tables without negative cells that agree with what is shown (linear programming). Of
    `behind` only the dimensions are used.

    Parameters
    ----------
    published : sequence of Suppressed
        Everything that is shown together.
    behind : sequence of Table
        Unpublished tables that readers know to exist.

    Returns
    -------
    dict
        Lowest and highest possible count of each hidden published cell; the highest is infinite
        where nothing limits it.

    Examples
    --------
    >>> table = Table.of_inner({"area": ["A", "B", "C"]}, [2, 9, 30])
    >>> careless = Suppressed(table, table.counts == 2, table.counts == 2)
    >>> attack([careless])
    {(('area', 'A'),): (2.0, 2.0)}
    """
    system = _System([], behind, published)
    unknown = system.hidden
    sums = system.sums[:, unknown]
    right = -(system.sums[:, ~unknown] @ system.counts[~unknown])

    def bound(direction: Floats) -> float:
        found = linprog(direction, A_eq=sums, b_eq=right, bounds=(0, None))
        return float(found.fun) if found.success else -np.inf

    ranges = {}
    for column, place in enumerate(np.flatnonzero(unknown)):
        if system.published[place]:
            unit = np.zeros(int(unknown.sum()))
            unit[column] = 1.0
            ranges[system.names[place]] = (round(bound(unit), 6), round(-bound(-unit), 6))
    return ranges


class _System:
    """All cells of all tables, the sums between them, and what has been hidden so far."""

    def __init__(
        self, tables: Sequence[Table], behind: Sequence[Table], already: Sequence[Suppressed]
    ) -> None:
        every = [*tables, *behind, *(old.table for old in already)]
        self.place: dict[Cell, int] = {}
        self.counts = self._collect(every)
        self.names = list(self.place)
        self.sums = self._matrix(every)
        self.published = self._flags(tables) | self._flags([old.table for old in already])
        self.hidden = ~self.published
        self.fixed = np.zeros(len(self.counts), dtype=bool)
        for old in already:
            for index, cell in old.table.cells().items():
                self.hidden[self.place[cell]] |= old.hidden[index]
                self.fixed[self.place[cell]] |= not old.hidden[index]
        self.hidden &= ~self.fixed
        finest = max(len(table.dimensions) + bool(table.of) for table in every)
        totalled = finest - np.array([len(name) for name in self.names])
        self.cost = np.log2(self.counts + 2.0) * 8.0**totalled
        self.low, self.high = self.counts.copy(), self.counts.copy()

    def hide(self, place: int) -> None:
        if self.fixed[place]:
            raise ValueError(
                f"already shows the small count of {_named(self.names[place])}: it cannot be hidden"
                " any more; correct that publication first"
            )
        self.hidden[place] = True

    def guard(self, place: int, target: float) -> None:
        """Hide what must change for the cell to reach the target, unless it already can."""
        if self.low[place] <= target <= self.high[place]:
            return
        change = self._cheapest_change(place, target)
        self.hidden |= np.abs(change) > 0.5
        self.low = np.minimum(self.low, self.counts + change)
        self.high = np.maximum(self.high, self.counts + change)

    def _cheapest_change(self, place: int, target: float) -> Floats:
        n = len(self.counts)
        cost = np.where(self.hidden, 1e-4, self.cost)
        most = np.where(self.fixed, 0.0, np.inf)
        down = np.where(self.fixed, 0.0, self.counts)
        wanted = csr_array(([1.0], ([0], [place])), shape=(1, n))
        step = target - self.counts[place]
        found = milp(
            np.concatenate([cost, cost]),
            constraints=[
                LinearConstraint(hstack([self.sums, -self.sums], format="csr"), 0, 0),
                LinearConstraint(hstack([wanted, -wanted], format="csr"), step, step),
            ],
            bounds=Bounds(np.zeros(2 * n), np.concatenate([most, down])),
            integrality=np.ones(2 * n),
            options={"mip_rel_gap": 0.05},
        )
        if found.x is None:
            raise ValueError(
                f"tables cannot guard {_named(self.names[place])}: what is already published gives"
                " it away; join levels or leave a margin out"
            )
        change: Floats = np.round(found.x[:n] - found.x[n:])
        return change

    def _collect(self, tables: Sequence[Table]) -> Floats:
        counts: list[float] = []
        for table in tables:
            for index, cell in table.cells().items():
                count = float(table.counts[index])
                if cell not in self.place:
                    self.place[cell] = len(counts)
                    counts.append(count)
                elif counts[self.place[cell]] != count:
                    raise ValueError(
                        f"tables disagree on {_named(cell)}: {counts[self.place[cell]]:g} and"
                        f" {count:g}; if they count different things, give them different `of`"
                    )
        return np.array(counts)

    def _matrix(self, tables: Sequence[Table]) -> csr_array:
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        row = 0
        for table in tables:
            cells = table.cells()
            for line in table.sums():
                rows += [row] * len(line)
                columns += [self.place[cells[index]] for index in line]
                values += [-1.0] + [1.0] * (len(line) - 1)
                row += 1
        return csr_array((values, (rows, columns)), shape=(row, len(self.place)))

    def _flags(self, tables: Sequence[Table]) -> Flags:
        flags = np.zeros(len(self.counts), dtype=bool)
        for table in tables:
            flags[[self.place[cell] for cell in table.cells().values()]] = True
        return flags


def _told(table: Table, system: _System, small: Flags) -> Suppressed:
    def flags(of: Flags) -> Flags:
        told = np.zeros(table.counts.shape, dtype=bool)
        for index, cell in table.cells().items():
            told[index] = of[system.place[cell]]
        return told

    return Suppressed(table, flags(system.hidden), flags(small))


def _named(cell: Cell) -> str:
    return ", ".join(f"{name} {level}" for name, level in cell) or "the total of all"
