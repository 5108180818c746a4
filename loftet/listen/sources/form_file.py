"""A questionnaire as a JSON file of our own: everything that it holds, and nothing else."""

import json
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from loftet.core.errors import Refused
from loftet.listen.actions.faults import Faulty, said
from loftet.listen.rules import checking, form

FORMAT = "questionnaire/1"
LARGEST = 5_000_000


def written(document: dict[str, Any]) -> bytes:
    content = {"loftet": FORMAT, **document}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def read(file: bytes) -> dict[str, Any]:
    """The document in the file; refused whole, with everything that is wrong, if anything is."""
    document = _content(file)
    if document.pop("loftet", None) != FORMAT:
        raise Refused(
            "not_our_file",
            _("This is not a questionnaire of ours: it must say “loftet”: “%(format)s”.")
            % {"format": FORMAT},
        )
    if stops := checking.stops(checking.problems(document)):
        raise Faulty("questionnaire_faulty", [said(problem, document) for problem in stops])
    return form.written(form.read(document))


def _content(file: bytes) -> dict[str, Any]:
    if len(file) > LARGEST:
        raise Refused("file_large", _("The file is too large to be a questionnaire."))
    try:
        content = json.loads(
            file.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        raise Refused(
            "not_json",
            _("The file cannot be read as JSON: the fault is on line %(line)d, character %(at)d.")
            % {"line": error.lineno, "at": error.colno},
        ) from error
    except (ValueError, RecursionError) as error:
        raise Refused(
            "not_json", _("The file cannot be read: %(why)s.") % {"why": error}
        ) from error
    if not isinstance(content, dict):
        raise Refused("not_our_file", _("The file holds no questionnaire."))
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
        raise ValueError(_("“%(key)s” is there twice in the same place") % {"key": twice})
    return found


def _no_number(name: str) -> float:
    raise ValueError(_("%(name)s is not a number") % {"name": name})
