"""Squares and hexagons over a map, that lie where they lay last year."""

import math
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats

Whole = NDArray[np.int64]
Form = Literal["square", "hexagon"]
Touching = Literal["queen", "rook"]
Extent = tuple[float, float, float, float]  # west, south, east, north in metres

MOST_CELLS = 50_000_000
ROOT_3 = math.sqrt(3)
SIDES = ((-1, 0), (0, -1), (0, 1), (1, 0))  # rows and columns away
CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))
SQUARE = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))  # in cells, anticlockwise
HEXAGON = tuple(
    (math.sin(turn * math.pi / 3) / ROOT_3, -math.cos(turn * math.pi / 3) / ROOT_3)
    for turn in range(6)
)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Events in each cell (or each cell and period), and how many lay outside the grid."""

    counts: Whole
    outside: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells that cover a piece of the map, row by row from the south-west.

    `cell` is the distance in metres between the centres of cells that share a side: the side of a
    square, the width of a hexagon (which stands on a corner). `column` and `row` place the first
    cell in the one lattice that covers the country: lattice lines do not depend on the data, so
    that grids of the same form and size always share their cells, and `addresses` names them.

    A point on the line between two cells belongs to the one to the east or north.
    """

    form: Form
    cell: float
    column: int
    row: int
    columns: int
    rows: int

    @classmethod
    def over(cls, extent: Extent, *, cell: float, form: Form = "square") -> Self:
        """Cells over a rectangle.

        Parameters
        ----------
        extent : (float, float, float, float)
            West, south, east and north in metres (SWEREF 99 TM). Squares whose sides lie on the
            east or north line of the rectangle are not among the cells.
        cell : float
            Size of the cells in metres.
        form : {"square", "hexagon"}
            Squares are what official statistics come in; hexagons have neighbours of one kind.

        Returns
        -------
        Grid

        Raises
        ------
        ValueError
            If the rectangle is turned over or empty, the cell is not above 0, or the cells would be
            more than fifty million.

        Examples
        --------
        >>> grid = Grid.over((319_100, 6_399_900, 320_000, 6_400_400), cell=250)
        >>> len(grid), grid.rows, grid.extent
        (12, 3, (319000.0, 6399750.0, 320000.0, 6400500.0))
        """
        west, south, east, north = arrays.numbers("extent", extent, length=4).tolist()
        if west >= east or south >= north:
            raise ValueError(f"extent must be west, south, east, north; {extent} is turned over")
        return cls._spanning((west, south, east, north), cell, form, inclusive=False)

    @classmethod
    def of_points(cls, x: ArrayLike, y: ArrayLike, *, cell: float, form: Form = "square") -> Self:
        """Cells over the rectangle of some points, none of which is outside.

        >>> len(Grid.of_points([319_100, 319_800], [6_400_000, 6_400_600], cell=250))
        12
        """
        east, north = arrays.points(x, y)
        if len(east) == 0:
            raise ValueError("x and y hold no points: give an extent to Grid.over")
        extent = float(east.min()), float(north.min()), float(east.max()), float(north.max())
        return cls._spanning(extent, cell, form, inclusive=True)

    @classmethod
    def _spanning(cls, extent: Extent, cell: float, form: Form, *, inclusive: bool) -> Self:
        checks.positive("cell", cell)
        checks.choice("form", form, ("square", "hexagon"))
        within = _squares_within if form == "square" else _hexagons_within
        column, row, last_column, last_row = within(extent, cell, inclusive)
        columns, rows = last_column - column + 1, last_row - row + 1
        if columns * rows > MOST_CELLS:
            raise ValueError(f"cell = {cell:g} makes {columns * rows} cells: take larger ones")
        return cls(form, float(cell), column, row, columns, rows)

    def __len__(self) -> int:
        return self.columns * self.rows

    @property
    def area(self) -> float:
        """Square metres of one cell."""
        return self.cell**2 * (1.0 if self.form == "square" else ROOT_3 / 2)

    @property
    def extent(self) -> Extent:
        """West, south, east and north of all cells together."""
        centres = self.centres()
        reach = np.max(SQUARE if self.form == "square" else HEXAGON, axis=0) * self.cell
        low, high = centres.min(axis=0) - reach, centres.max(axis=0) + reach
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def addresses(self) -> Whole:
        """Column and row of each cell in the lattice of the country, shape (cells, 2).

        The same cell has the same address in every grid of this form and size.
        """
        row, column = np.divmod(np.arange(len(self)), self.columns)
        return np.column_stack([column + self.column, row + self.row])

    def cell_of(self, x: ArrayLike, y: ArrayLike) -> Whole:
        """Number of the cell that each point lies in, -1 for points outside the grid.

        >>> grid = Grid.over((0, 0, 1000, 1000), cell=500)
        >>> grid.cell_of([100, 600, 600, -1], [100, 100, 500, 100]).tolist()
        [0, 1, 3, -1]
        """
        places = np.column_stack(arrays.points(x, y))
        lattice = (_squares if self.form == "square" else _hexagons)(places, self.cell)
        column, row = lattice[:, 0] - self.column, lattice[:, 1] - self.row
        within = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(within, row * self.columns + column, -1).astype(np.int64)

    def counts(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        period: ArrayLike | None = None,
        periods: int | None = None,
    ) -> Counts:
        """Events in each cell.

        Parameters
        ----------
        x, y : array of shape (n,)
            Places in metres (SWEREF 99 TM).
        period : array of shape (n,), optional
            Number of the week (or other period) of each event, from 0.
        periods : int, optional
            How many periods there are, when the last ones may be without events.

        Returns
        -------
        Counts
            `counts` of shape (cells,), or (cells, periods) when `period` is given.

        Raises
        ------
        ValueError
            If a coordinate is missing, or a period is not whole or lies beyond `periods`.

        Examples
        --------
        >>> grid = Grid.over((0, 0, 1000, 500), cell=500)
        >>> grid.counts([100, 700, 9000], [50, 50, 50], period=[0, 2, 2])
        Counts(counts=array([[1, 0, 0],
               [0, 0, 1]]), outside=1)
        """
        cell = self.cell_of(x, y)
        inside = cell >= 0
        outside = int(len(cell) - np.count_nonzero(inside))
        if period is None:
            return Counts(np.bincount(cell[inside], minlength=len(self)), outside)
        when = arrays.counts("period", period, length=len(cell)).astype(np.int64)
        columns = int(when.max(initial=-1)) + 1 if periods is None else periods
        checks.count("periods", columns)
        if (when >= columns).any():
            raise ValueError(f"period reaches {when.max()}, but periods is {columns}")
        flat = cell[inside] * columns + when[inside]
        counted = np.bincount(flat, minlength=len(self) * columns)
        return Counts(counted.reshape(len(self), columns), outside)

    def centres(self) -> Floats:
        """East and north of the middle of each cell, shape (cells, 2)."""
        column, row = self.addresses().T.astype(float)
        if self.form == "square":
            return np.column_stack([column + 0.5, row + 0.5]) * self.cell
        return np.column_stack([column + 0.5 * (row % 2), row * ROOT_3 / 2]) * self.cell

    def corners(self) -> Floats:
        """East and north of the corners of each cell, anticlockwise, shape (cells, 4 or 6, 2)."""
        around = np.array(SQUARE if self.form == "square" else HEXAGON) * self.cell
        found: Floats = self.centres()[:, None, :] + around
        return found

    def shares_within(self, border: shapely.Geometry) -> Floats:
        """Share of the area of each cell that lies within a border, shape (cells,).

        Examples
        --------
        >>> grid = Grid.over((0, 0, 1000, 500), cell=500)
        >>> grid.shares_within(shapely.box(0, 0, 750, 500)).tolist()
        [1.0, 0.5]
        """
        cells = np.asarray(shapely.polygons(self.corners()))
        shapely.prepare(border)
        shares = shapely.contains(border, cells).astype(float)
        crossed = np.flatnonzero((shares == 0) & shapely.intersects(border, cells))
        parts = shapely.area(shapely.intersection(cells[crossed], border))
        shares[crossed] = np.minimum(parts / self.area, 1.0)
        return shares

    def neighbours(
        self,
        touching: Touching = "queen",
        *,
        include_self: bool = False,
        among: ArrayLike | None = None,
    ) -> sparse.csr_array:
        """Which cells touch: ones in a sparse matrix with a row for each cell.

        Parameters
        ----------
        touching : {"queen", "rook"}
            Squares that share a side or a corner (eight), or a side only (four). A hexagon has six
            neighbours, whatever is said here.
        include_self : bool
            Whether a cell is its own neighbour, as Gi* wants it.
        among : array of bool of shape (cells,), optional
            Only these cells, such as those within the border, in their order: the matrix has a row
            for each of them and knows no others.

        Returns
        -------
        scipy.sparse.csr_array

        Examples
        --------
        >>> touching = Grid.over((0, 0, 1000, 1000), cell=500).neighbours("rook")
        >>> touching.toarray().astype(int).tolist()
        [[0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]]
        """
        checks.choice("touching", touching, ("queen", "rook"))
        kept = np.ones(len(self), bool) if among is None else _chosen(among, len(self))
        number = np.where(kept, np.cumsum(kept) - 1, -1).reshape(self.rows, self.columns)
        framed = np.pad(number, 1, constant_values=-1).astype(np.int32)
        found = self._around(framed, self._steps(touching, include_self))
        indices = found[kept]
        there = indices >= 0
        starts = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))])
        ones = np.ones(int(starts[-1]))
        index = starts.astype(np.int32) if starts[-1] < 2**31 else starts
        size = len(indices)
        return sparse.csr_array((ones, indices[there], index), shape=(size, size))

    def _steps(self, touching: Touching, include_self: bool) -> list[list[tuple[int, int]]]:
        """Rows and columns from a cell to its neighbours, for even and for odd rows, in order."""
        own = ((0, 0),) if include_self else ()
        if self.form == "square":
            steps = sorted(SIDES + own + (CORNERS if touching == "queen" else ()))
            return [steps, steps]
        shifted = (((-1, left), (-1, left + 1), (1, left), (1, left + 1)) for left in (-1, 0))
        return [sorted(((0, -1), (0, 1), *own, *slanting)) for slanting in shifted]

    def _around(
        self, framed: NDArray[np.int32], steps: list[list[tuple[int, int]]]
    ) -> NDArray[np.int32]:
        """Number of the cell at each step from each cell, -1 beyond the edge."""
        found = np.empty((self.rows, self.columns, len(steps[0])), dtype=np.int32)
        for parity in (0, 1):
            rows = np.arange((parity - self.row) % 2, self.rows, 2)
            for place, (up, right) in enumerate(steps[parity]):
                found[rows, :, place] = framed[rows + 1 + up, 1 + right : 1 + right + self.columns]
        return found.reshape(len(self), -1)


def _squares(places: Floats, cell: float) -> Whole:
    lattice: Whole = np.floor(places / cell).astype(np.int64)
    return lattice


def _hexagons(places: Floats, cell: float) -> Whole:
    """Nearest centre: that of the nearest even row or that of the nearest odd row."""
    x, y = (places / cell).T
    ways = [_nearest(x, y, odd) for odd in (0, 1)]
    nearer = ways[1][2] < ways[0][2]
    column, row = (np.where(nearer, ways[1][part], ways[0][part]) for part in (0, 1))
    return np.column_stack([column, row]).astype(np.int64)


def _nearest(x: Floats, y: Floats, odd: int) -> tuple[Floats, Floats, Floats]:
    """Column, row and squared distance of the nearest centre among the even or the odd rows."""
    column = np.floor(x - 0.5 * odd + 0.5)
    row = 2 * np.floor((y / (ROOT_3 / 2) - odd) / 2 + 0.5) + odd
    return column, row, (x - column - 0.5 * odd) ** 2 + (y - row * ROOT_3 / 2) ** 2


def _squares_within(extent: Extent, cell: float, inclusive: bool) -> tuple[int, int, int, int]:
    """First column and row, last column and row."""
    west, south, east, north = (bound / cell for bound in extent)
    first = math.floor(west), math.floor(south)
    if inclusive:
        return *first, math.floor(east), math.floor(north)
    return *first, max(first[0], math.ceil(east) - 1), max(first[1], math.ceil(north) - 1)


def _hexagons_within(extent: Extent, cell: float, _: bool) -> tuple[int, int, int, int]:
    """First column and row, last column and row, of all in which a point of the extent can lie."""
    west, south, east, north = (bound / cell for bound in extent)
    reach = 2 / 3 + 1e-9  # from a centre to its upper corner, in rows; a little more for rounding
    low, high = south / (ROOT_3 / 2) - reach, north / (ROOT_3 / 2) + reach
    return math.floor(west), math.ceil(low), math.floor(east + 0.5), math.floor(high)


def _chosen(among: ArrayLike, cells: int) -> NDArray[np.bool_]:
    chosen = np.asarray(among)
    if chosen.dtype != np.bool_ or chosen.shape != (cells,):
        raise ValueError(f"among must say true or false for each of the {cells} cells")
    return chosen
