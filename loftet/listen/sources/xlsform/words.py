"""Why a row of an XLSForm cannot be read here, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MESSAGES: dict[str, str | Promise] = {
    # The workbook
    "no_survey": gettext_lazy("there is no sheet called survey."),
    "old_sheet": gettext_lazy(
        "what stands here is not read. Write the choices in the sheet choices, and take this "
        "sheet away."
    ),
    "no_swedish": gettext_lazy(
        "there are no texts in Swedish. Add columns such as label::Svenska (sv)."
    ),
    "no_column": gettext_lazy("there is no column “%(column)s”."),
    "unknown_column": gettext_lazy("the column “%(column)s” is not known here; take it away."),
    "unnamed_column": gettext_lazy("column %(number)d has cells but no name in the first row."),
    "column_twice": gettext_lazy("the column “%(column)s” is there twice; keep one of them."),
    "unknown_language": gettext_lazy(
        "the language “%(language)s” is not known. Write its tag too, as in label::Svenska (sv)."
    ),
    "setting": gettext_lazy("the setting “%(column)s” has no counterpart here; take it away."),
    # What XLSForm has and we have not
    "calculation": gettext_lazy(
        "nothing is computed here. Take this away, or ask the question outright."
    ),
    "default": gettext_lazy(
        "no answer is filled in beforehand: it would be taken for one. Empty the column “default”."
    ),
    "choice_filter": gettext_lazy(
        "choices cannot depend on earlier answers. Make a question for each case, with “relevant”."
    ),
    "external": gettext_lazy("choices are not read from other files. Write them in the sheet."),
    "readonly": gettext_lazy("every question can be answered. Make this one a note instead."),
    "repeat": gettext_lazy(
        "a group cannot be asked several times. Write its questions as often as they are needed."
    ),
    "media": gettext_lazy(
        "pictures, sound and film are neither shown nor received. Say it in words, or take it away."
    ),
    "metadata": gettext_lazy(
        "“%(type)s” would be collected behind the back of those who answer. Take the row away."
    ),
    "time": gettext_lazy(
        "“%(type)s” has no counterpart here. Ask with choices, or with a number such as a year."
    ),
    "type": gettext_lazy("“%(type)s” has no counterpart here. Take the row away or rewrite it."),
    "unknown_type": gettext_lazy("“%(type)s” is not a type of question in XLSForm."),
    "no_type": gettext_lazy("the row has no type. Write one, or empty the row."),
    "or_other": gettext_lazy(
        "“or other” has no counterpart. Add a choice, and a text question with “relevant”."
    ),
    "parameters": gettext_lazy("the parameter “%(found)s” has no counterpart here; take it away."),
    "appearance": gettext_lazy("the appearance “%(found)s” has no counterpart here; take it away."),
    "guidance_hint": gettext_lazy("write what is in “guidance_hint” in the column “hint” instead."),
    "required_message": gettext_lazy(
        "the page has its own words for a question without an answer. Empty “required_message”."
    ),
    "text_reference": gettext_lazy(
        "earlier answers cannot be put into texts. Take away “%(found)s”."
    ),
    # What is not right
    "yes_or_no": gettext_lazy("“%(column)s” must be yes or no, not “%(found)s”."),
    "not_number": gettext_lazy("“%(column)s” must be a number, not “%(found)s”."),
    "no_list": gettext_lazy("there is no list “%(list)s” in the sheet choices."),
    "no_list_name": gettext_lazy("the choice has no list_name."),
    "range": gettext_lazy(
        "a range needs start and end as whole numbers, with at most %(most)d points between them."
    ),
    "unknown_kind": gettext_lazy("“%(found)s” in loftet::kind does not go with the type."),
    "limits_differ": gettext_lazy(
        "the constraint was changed, but not the columns loftet:: of the same row. It should be "
        "%(wanted)s. Empty those columns to keep what stands under constraint."
    ),
    "not_opened": gettext_lazy("this ends a group that has not begun."),
    "not_closed": gettext_lazy("the group is never ended. Add a row of the type end_group."),
    "nested": gettext_lazy(
        "a page cannot stand inside another. End the first group before the next begins."
    ),
    "note_place": gettext_lazy(
        "a note must come first in its group or right before a question, and always be shown."
    ),
    "grid_row": gettext_lazy(
        "every row of a table must be select_one from the same list, required or not as the "
        "others, and without rules and hints of its own."
    ),
    "grid_empty": gettext_lazy("the table has no rows."),
    "grid_rule": gettext_lazy("a table cannot be required or have a constraint as a whole."),
}


@dataclass(frozen=True)
class Fault:
    """Rows are counted as Excel shows them; 0 is the sheet as a whole."""

    sheet: str
    row: int
    code: str
    args: Mapping[str, str | int] = field(default_factory=dict)


def said(fault: Fault) -> str:
    return line(fault.sheet, fault.row, str(MESSAGES[fault.code]) % fault.args)


def line(sheet: str, row: int, told: str) -> str:
    place = {"sheet": sheet, "row": row}
    where = _("Sheet %(sheet)s, row %(row)d") if row else _("Sheet %(sheet)s")
    return f"{where % place}: {told}"
