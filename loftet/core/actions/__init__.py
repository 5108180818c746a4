"""Every write to the tables of core: who asks (`by`), one transaction, one line in the log."""

from loftet.core.actions.files import attach
from loftet.core.actions.geography import add_area, add_place
from loftet.core.actions.municipality import review_pages, update_municipality
from loftet.core.actions.people import (
    add_organisation,
    add_person,
    end_membership,
    forget_person,
    grant_role,
)
from loftet.core.actions.reading import read_log
from loftet.core.actions.year import (
    meet_clock,
    meet_deadline,
    open_cycle,
    prolong_cycle,
    set_deadline,
    start_clock,
)

__all__ = [
    "add_area",
    "add_organisation",
    "add_person",
    "add_place",
    "attach",
    "end_membership",
    "forget_person",
    "grant_role",
    "meet_clock",
    "meet_deadline",
    "open_cycle",
    "prolong_cycle",
    "read_log",
    "review_pages",
    "set_deadline",
    "start_clock",
    "update_municipality",
]
