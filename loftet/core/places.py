"""Positions and borders: WGS84 in and out, SWEREF 99 TM metres for everything that is measured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import shapely
from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from loftet.core.errors import Refused
from loftet.core.models import Area

WGS84, SWEREF99_TM = 4326, 3006
WEST, SOUTH, EAST, NORTH = 10.5, 55.0, 24.5, 69.5  # Sweden with its waters
POLYGONS = {"Polygon": 1, "MultiPolygon": 2}  # how deep the rings lie in the coordinates
RING = 4  # the fewest positions of a closed ring


def to_sweref(latitude: float, longitude: float) -> tuple[float, float]:
    """Easting and northing in metres."""
    easting, northing = _transformer(WGS84, SWEREF99_TM).transform(longitude, latitude)
    return float(easting), float(northing)


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in degrees."""
    longitude, latitude = _transformer(SWEREF99_TM, WGS84).transform(easting, northing)
    return float(latitude), float(longitude)


def refuse_position(latitude: float, longitude: float) -> None:
    if _in_sweden(latitude, longitude):
        return
    if _in_sweden(longitude, latitude):
        raise Refused(
            "position_swapped",
            _(
                "The position lies outside Sweden; are latitude and longitude swapped? "
                "In Sweden latitude is 55 to 69 and longitude 11 to 24."
            ),
            field="latitude",
        )
    raise Refused(
        "position_outside",
        _(
            "The position lies outside Sweden. Write degrees with decimals (WGS84): "
            "latitude 55 to 69, longitude 11 to 24."
        ),
        field="latitude",
    )


def refuse_borders(geometry: Any) -> None:
    """Stop borders that are not a whole, simple GeoJSON area, saying what is wrong and where."""
    depth = POLYGONS.get(str(geometry.get("type"))) if isinstance(geometry, dict) else None
    if depth is None:
        raise _bad_borders(
            "borders_type", _("The borders must be a GeoJSON Polygon or MultiPolygon.")
        )
    rings = list(_rings(geometry.get("coordinates"), depth))
    if not rings:
        raise _bad_borders("borders_empty", _("The borders have no positions."))
    for ring in rings:
        _refuse_ring(ring)
    shape = shapely.geometry.shape(geometry)
    if not shape.is_valid:
        raise _bad_borders(
            "borders_invalid",
            _("The borders cross themselves or each other: %(where)s. Draw them anew there.")
            % {"where": shapely.is_valid_reason(shape)},
        )


def area_at(latitude: float, longitude: float, on: date) -> Area | None:
    """The innermost area that holds the point on that day."""
    return AreaIndex.on(on).find(*to_sweref(latitude, longitude))


@dataclass(frozen=True)
class AreaIndex:
    """Finds the area of many points; the innermost is the one with the smallest surface.

    A point on a border belongs to the areas on both sides; among equals the first code in the
    alphabet decides, so that the same point always gets the same answer.
    """

    areas: tuple[Area, ...]
    tree: shapely.STRtree

    @classmethod
    def on(cls, day: date) -> "AreaIndex":
        return cls.of(Area.objects.on(day))

    @classmethod
    def of(cls, areas: Iterable[Area]) -> "AreaIndex":
        drawn = [(in_metres(area.geometry), area) for area in areas]
        drawn.sort(key=lambda pair: (pair[0].area, pair[1].code))
        return cls(
            tuple(area for _shape, area in drawn), shapely.STRtree([s for s, _area in drawn])
        )

    def find(self, easting: float, northing: float) -> Area | None:
        hits = self.tree.query(shapely.Point(easting, northing), predicate="intersects")
        return self.areas[int(hits.min())] if len(hits) else None


def in_metres(geometry: dict[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry as a shape in SWEREF 99 TM."""
    shape = shapely.force_2d(shapely.geometry.shape(geometry))
    eastings, northings = _transformer(WGS84, SWEREF99_TM).transform(
        *shapely.get_coordinates(shape).T
    )
    moved: BaseGeometry = shapely.set_coordinates(
        shape, list(zip(eastings, northings, strict=True))
    )
    return moved


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _in_sweden(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def _rings(coordinates: Any, depth: int) -> Iterator[Any]:
    if not isinstance(coordinates, list):
        raise _bad_borders(
            "borders_shape", _("The borders' coordinates are not lists of positions.")
        )
    for part in coordinates:
        if depth == 1:
            yield part
        else:
            yield from _rings(part, depth - 1)


def _refuse_ring(ring: Any) -> None:
    if not isinstance(ring, list) or not all(_is_position(position) for position in ring):
        raise _bad_borders(
            "borders_position", _("Each position must be [longitude, latitude] in numbers.")
        )
    if len(ring) < RING or ring[0] != ring[-1]:
        raise _bad_borders(
            "borders_open",
            _("A border is not closed: its last position must repeat its first, with two between."),
        )
    for longitude, latitude, *_height in ring:
        try:
            refuse_position(latitude, longitude)
        except Refused as refusal:
            raise _bad_borders(refusal.code, refusal.message) from refusal


def _is_position(position: Any) -> bool:
    return (
        isinstance(position, list)
        and len(position) in {2, 3}
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in position)
    )


def _bad_borders(code: str, message: str) -> Refused:
    return Refused(code, message, field="geometry")
