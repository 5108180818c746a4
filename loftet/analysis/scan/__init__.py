"""Where and when there are more cases than chance explains, after having looked everywhere.

Circles of any size about every place, and in space-time scans runs of days of any length; the p of
the likeliest one is its rank among the likeliest of data that have no cluster.
"""

from loftet.analysis.scan.controls import bernoulli
from loftet.analysis.scan.expected import expected_from_strata, person_days
from loftet.analysis.scan.permutation import space_time_permutation
from loftet.analysis.scan.rates import poisson, space_time_poisson
from loftet.analysis.scan.results import Cluster, Scan

__all__ = [
    "Cluster",
    "Scan",
    "bernoulli",
    "expected_from_strata",
    "person_days",
    "poisson",
    "space_time_permutation",
    "space_time_poisson",
]
