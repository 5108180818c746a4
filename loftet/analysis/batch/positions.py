"""Where events happened, in SWEREF 99 TM metres; degrees outside Sweden are not believed."""

from array import array
from collections.abc import Sequence
from functools import cache

import numpy as np
from pyproj import Transformer

from loftet.analysis.arrays import Floats
from loftet.analysis.batch.events import LeftOut

WGS84, SWEREF99_TM = 4326, 3006
WEST, SOUTH, EAST, NORTH = 10.5, 55.0, 24.5, 69.5  # Sweden with its waters

NONE = "no position"
UNREADABLE = "a position that cannot be read"
OUTSIDE = "a position outside Sweden"


class Positions:
    """Gathers one position an event, from one column or two; not a number where there is none."""

    def __init__(self, columns: int, *, metres: bool) -> None:
        self.columns, self.in_metres = columns, metres
        self.first, self.second = array("d"), array("d")  # x and y, or longitude and latitude
        self.unplaced = LeftOut()

    def take(self, row: int, texts: Sequence[str]) -> None:
        place = self._read(row, texts) if self.columns else None
        first, second = place or (np.nan, np.nan)
        self.first.append(first)
        self.second.append(second)

    def _read(self, row: int, texts: Sequence[str]) -> tuple[float, float] | None:
        if not any(text.strip() for text in texts[: self.columns]):
            self.unplaced.add(NONE, row)
            return None
        try:
            first, second = (float(part) for part in self._parts(texts))
        except ValueError:
            first, second = np.nan, np.nan
        if not np.isfinite(first + second):
            self.unplaced.add(UNREADABLE, row)
            return None
        if not (self.in_metres or in_sweden(first, second)):
            self.unplaced.add(OUTSIDE, row)
            return None
        return first, second

    def _parts(self, texts: Sequence[str]) -> list[str]:
        if self.columns == 1:
            latitude, _comma, longitude = texts[0].partition(",")
            return [longitude, latitude]
        return [text.replace(",", ".") for text in texts[:2]]  # decimal commas

    def metres(self) -> tuple[Floats, Floats]:
        first, second = np.array(self.first), np.array(self.second)
        if self.in_metres or not self.columns:
            return first, second
        known = np.isfinite(first)
        if known.any():
            first[known], second[known] = _to_metres(first[known], second[known])
        return first, second


def in_sweden(longitude: float, latitude: float) -> bool:
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def _to_metres(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    x, y = _transformer().transform(longitude, latitude)
    return x, y


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs(WGS84, SWEREF99_TM, always_xy=True)
