"""Places that people pointed out: how dense they lie, never where one of them is."""

from __future__ import annotations

from typing import Any

import numpy as np

from loftet.listen.rules.form import FEELINGS, Kind, Question
from loftet.listen.rules.results.sample import Floats, Rows

SMALLEST = 500.0
LARGEST = 8000.0
DEGREES, METRES = "EPSG:4326", "EPSG:3006"


def has_places(question: Question) -> bool:
    return question.kind is Kind.PLACE


def table(rows: Rows, question: Question) -> dict[str, Any]:
    """For each feeling the squares with enough marks; a person counts once in a smallest square."""
    from loftet.analysis.disclosure import density  # noqa: PLC0415 - SciPy, in jobs alone

    told = {}
    for feeling in FEELINGS:
        points = _points(rows, question, feeling)
        found = density(points, least=rows.given.limits.group, smallest=SMALLEST, largest=LARGEST)
        middles = _degrees(np.column_stack([found.x + found.side / 2, found.y + found.side / 2]))
        told[feeling] = [
            {
                "lat": round(float(middles[at, 1]), 4),
                "lon": round(float(middles[at, 0]), 4),
                "x": float(found.x[at]),
                "y": float(found.y[at]),
                "side": float(found.side[at]),
                "group": int(group),
                "count": int(found.count[group]),
                "per_km2": round(float(found.per_km2[group]), 2),
            }
            for at, group in enumerate(found.group)
        ]
    return told


def _points(rows: Rows, question: Question, feeling: str) -> Floats:
    """East and north in metres."""
    from pyproj import Transformer  # noqa: PLC0415 - heavy, in jobs alone

    marked = [
        (person, float(mark["lat"]), float(mark["lon"]))
        for person, answer in enumerate(rows.given.answers)
        for mark in answer.content.get(question.code) or ()
        if mark.get("feeling") == feeling and mark.get("lat") is not None
    ]
    if not marked:
        return np.empty((0, 2))
    people, lat, lon = (np.array(column) for column in zip(*marked, strict=True))
    to_metres = Transformer.from_crs(DEGREES, METRES, always_xy=True)
    places = np.column_stack(to_metres.transform(lon, lat))
    squares = np.column_stack([people, np.floor(places / SMALLEST)])
    _, first = np.unique(squares, axis=0, return_index=True)
    return np.asarray(places[np.sort(first)], dtype=np.float64)


def _degrees(places: Floats) -> Floats:
    from pyproj import Transformer  # noqa: PLC0415 - heavy, in jobs alone

    to_degrees = Transformer.from_crs(METRES, DEGREES, always_xy=True)
    return np.column_stack(to_degrees.transform(places[:, 0], places[:, 1]))
