from datetime import date
from typing import Any

import pytest

from loftet.core import places
from loftet.core.errors import Refused
from tests import make

# Lantmäteriet, "Kontrollpunkter för SWEREF 99 TM", 2007-11-20.
CONTROL = [
    ((55.0, 12.75), (356083.438, 6097106.672)),
    ((57.0, 19.5), (773251.054, 6326392.707)),
    ((59.0, 11.25), (284626.066, 6546096.724)),
    ((63.0, 12.0), (348083.148, 6989134.048)),
    ((67.0, 24.0), (891298.142, 7459745.672)),
    ((69.0, 21.0), (739639.195, 7666089.698)),
]
BOW_TIE = [[12.0, 58.0], [12.1, 58.1], [12.1, 58.0], [12.0, 58.1], [12.0, 58.0]]
OPEN = [[12.0, 58.0], [12.1, 58.0], [12.1, 58.1], [12.0, 58.1]]


@pytest.mark.parametrize(("degrees", "metres"), CONTROL)
def test_sweref_agrees_with_published_control_points(
    degrees: tuple[float, float], metres: tuple[float, float]
) -> None:
    assert places.to_sweref(*degrees) == pytest.approx(metres, abs=0.001)
    assert places.to_wgs84(*metres) == pytest.approx(degrees, abs=1e-8)


def test_a_swapped_position_is_refused_with_a_hint() -> None:
    with pytest.raises(Refused) as refusal:
        places.refuse_position(12.289, 58.284)
    assert refusal.value.code == "position_swapped"


@pytest.mark.parametrize("position", [(0.0, 0.0), (48.8, 2.3), (float("nan"), 12.0)])
def test_a_position_outside_sweden_is_refused(position: tuple[float, float]) -> None:
    with pytest.raises(Refused) as refusal:
        places.refuse_position(*position)
    assert refusal.value.code == "position_outside"


@pytest.mark.parametrize(
    ("code", "geometry"),
    [
        ("borders_type", None),
        ("borders_type", {"type": "Point", "coordinates": [12.0, 58.0]}),
        ("borders_type", {"type": ["Polygon"], "coordinates": []}),
        ("borders_empty", {"type": "Polygon", "coordinates": []}),
        ("borders_shape", {"type": "Polygon"}),
        ("borders_shape", {"type": "MultiPolygon", "coordinates": ["x"]}),
        ("borders_position", {"type": "Polygon", "coordinates": [["x"]]}),
        ("borders_position", {"type": "Polygon", "coordinates": [[[True, 1]]]}),
        ("borders_open", {"type": "Polygon", "coordinates": [OPEN]}),
        ("borders_open", {"type": "Polygon", "coordinates": [[OPEN[0], OPEN[0]]]}),
        ("borders_invalid", {"type": "Polygon", "coordinates": [BOW_TIE]}),
        ("position_swapped", {"type": "Polygon", "coordinates": [[p[::-1] for p in BOW_TIE]]}),
    ],
)
def test_borders_that_are_no_area_are_refused(code: str, geometry: Any) -> None:
    with pytest.raises(Refused) as refusal:
        places.refuse_borders(geometry)
    assert (refusal.value.code, refusal.value.field) == (code, "geometry")


def test_an_area_with_a_hole_and_one_of_two_parts_are_borders() -> None:
    outer, hole = make.square(12, 58)["coordinates"], make.square(12.02, 58.02, 0.02)["coordinates"]
    places.refuse_borders({"type": "Polygon", "coordinates": [*outer, *hole]})
    places.refuse_borders(
        {"type": "MultiPolygon", "coordinates": [outer, make.square(13, 59)["coordinates"]]}
    )


@pytest.mark.django_db
def test_the_smallest_area_wins() -> None:
    make.area("town", kind="municipality", geometry=make.square(12.0, 58.0, 1.0))
    inner = make.area("centre", geometry=make.square(12.2, 58.2, 0.1))
    make.area("east", geometry=make.square(12.6, 58.2, 0.1))
    assert places.area_at(58.25, 12.25, date(2020, 6, 1)) == inner


@pytest.mark.django_db
def test_a_point_on_a_shared_border_always_gets_the_same_area() -> None:
    make.area("b", geometry=make.square(12.25, 58.0, 0.25))
    first = make.area("a", geometry=make.square(12.0, 58.0, 0.25))
    index = places.AreaIndex.on(date(2020, 6, 1))
    assert index.find(*places.to_sweref(58.1, 12.25)) == first


@pytest.mark.django_db
def test_a_point_in_no_area_has_none() -> None:
    assert places.area_at(58.25, 12.25, date(2020, 6, 1)) is None
    make.area(geometry=make.square(15.0, 59.0))
    assert places.area_at(58.25, 12.25, date(2020, 6, 1)) is None


@pytest.mark.django_db
def test_only_borders_of_that_day_count() -> None:
    old = make.area("centre", valid_from=date(2015, 1, 1), geometry=make.square(12.2, 58.2))
    new = make.area("centre", valid_from=date(2021, 1, 1), geometry=make.square(12.2, 58.2, 0.2))
    assert places.area_at(58.25, 12.25, date(2020, 12, 31)) == old
    assert places.area_at(58.25, 12.25, date(2021, 1, 1)) == new
    assert places.area_at(58.25, 12.25, date(2014, 12, 31)) is None


@pytest.mark.django_db
def test_a_place_keeps_metres_and_area() -> None:
    area = make.area(geometry=make.square(12.2, 58.2))
    place = make.place()
    assert place.area == area
    assert (place.easting, place.northing) == pytest.approx(
        places.to_sweref(place.latitude, place.longitude)
    )
