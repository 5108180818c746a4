"""Every write of the listening phase."""

from loftet.listen.actions.counting import count_answers, destroy_keys
from loftet.listen.actions.questionnaires import add_questionnaire
from loftet.listen.actions.waves import (
    add_wave,
    close_field,
    edit_wave,
    make_keys,
    open_field,
    record_wave,
)

__all__ = [
    "add_questionnaire",
    "add_wave",
    "close_field",
    "count_answers",
    "destroy_keys",
    "edit_wave",
    "make_keys",
    "open_field",
    "record_wave",
]
