"""What may be shown of small numbers: tables, shares and points."""

from loftet.analysis.disclosure.points import Density, density
from loftet.analysis.disclosure.shares import RoundedShare, round_share
from loftet.analysis.disclosure.suppression import Suppressed, attack, suppress
from loftet.analysis.disclosure.tables import Cell, Table

__all__ = [
    "Cell",
    "Density",
    "RoundedShare",
    "Suppressed",
    "Table",
    "attack",
    "density",
    "round_share",
    "suppress",
]
