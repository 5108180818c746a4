"""Every write of the listening phase."""

from loftet.listen.actions.counting import count_answers, destroy_keys
from loftet.listen.actions.margins import set_margin
from loftet.listen.actions.outcomes import note_outcomes
from loftet.listen.actions.questionnaires import (
    add_questionnaire,
    edit_questionnaire,
    new_version,
    remove_questionnaire,
)
from loftet.listen.actions.waves import (
    add_wave,
    close_field,
    edit_wave,
    make_keys,
    open_field,
    record_wave,
    remove_wave,
    reopen_field,
)

__all__ = [
    "add_questionnaire",
    "add_wave",
    "close_field",
    "count_answers",
    "destroy_keys",
    "edit_questionnaire",
    "edit_wave",
    "make_keys",
    "new_version",
    "note_outcomes",
    "open_field",
    "record_wave",
    "remove_questionnaire",
    "remove_wave",
    "reopen_field",
    "set_margin",
]
