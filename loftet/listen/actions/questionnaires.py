from typing import Any

from django.utils.translation import gettext as _

from loftet.core import clock, log
from loftet.core.access import require
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions.faults import Faulty, said
from loftet.listen.models import Questionnaire
from loftet.listen.rules import checking, form


@action
def add_questionnaire(*, code: str, document: dict[str, Any], by: User) -> Questionnaire:
    require(by, Permission.WRITE_SURVEY)
    questionnaire = Questionnaire(code=code, content=_tidy(document))
    if Questionnaire.objects.filter(code=code).exists():
        raise Refused(
            "code_taken",
            _("There is a questionnaire with this code. Choose another, or make a new version."),
            field="code",
        )
    refuse_invalid(questionnaire)
    questionnaire.save(force_insert=True)
    _record(by, "added", questionnaire)
    return questionnaire


@action
def edit_questionnaire(
    *, questionnaire: Questionnaire, document: dict[str, Any], read: str | None = None, by: User
) -> Questionnaire:
    """Put a new document in place of the old; `read` is the digest of what was on the page."""
    require(by, Permission.WRITE_SURVEY)
    hold(questionnaire, "content", "locked_at")
    _refuse_locked(questionnaire)
    if read is not None and read != questionnaire.digest():
        raise Refused(
            "questionnaire_changed",
            _("Somebody else has changed the questionnaire. Open it again; nothing was saved."),
        )
    content = _tidy(document)
    if content != questionnaire.content:
        questionnaire.content = content
        questionnaire.save(update_fields=["content"])
        _record(by, "edited", questionnaire)
    return questionnaire


@action
def new_version(*, of: Questionnaire, by: User) -> Questionnaire:
    """The same questions again, to be changed; what people were asked stays as it was."""
    require(by, Permission.WRITE_SURVEY)
    newest = Questionnaire.objects.filter(code=of.code).latest("version")
    hold(newest, "locked_at")
    if newest.locked_at is None:
        raise Refused(
            "version_open",
            _("Version %(version)d has not been used yet. Change that one.")
            % {"version": newest.version},
        )
    made = Questionnaire.objects.create(
        code=of.code, version=newest.version + 1, content=of.content
    )
    _record(by, "added", made, after=of.version)
    return made


@action
def remove_questionnaire(*, questionnaire: Questionnaire, by: User) -> None:
    """Throw away what was never used."""
    require(by, Permission.WRITE_SURVEY)
    hold(questionnaire, "content", "locked_at")
    _refuse_locked(questionnaire)
    if questionnaire.waves.exists():
        raise Refused(
            "questionnaire_chosen",
            _("A survey is planned with this questionnaire. Choose another one there first."),
        )
    _record(by, "removed", questionnaire)
    questionnaire.delete()


def lock_questionnaire(questionnaire: Questionnaire, by: User) -> None:
    """From now on it is what people were asked; a change is a new version."""
    hold(questionnaire, "content", "locked_at")
    if questionnaire.locked_at is not None:
        return
    if unready := checking.unready(checking.problems(questionnaire.content)):
        lines = [said(problem, questionnaire.content) for problem in unready]
        raise Faulty("questionnaire_unready", lines)
    questionnaire.locked_at = clock.now()
    questionnaire.save(update_fields=["locked_at"])
    _record(by, "locked", questionnaire)


def _tidy(document: dict[str, Any]) -> dict[str, Any]:
    """As it is stored, without what is empty; refused whole if anything is wrong."""
    if stops := checking.stops(checking.problems(document)):
        lines = [said(problem, document) for problem in stops]
        raise Faulty("questionnaire_faulty", lines)
    return form.written(form.read(document))


def _refuse_locked(questionnaire: Questionnaire) -> None:
    if questionnaire.locked_at is not None:
        raise Refused(
            "questionnaire_locked",
            _("People have been asked these questions. Make a new version and change that one."),
        )


def _record(by: User, verb: str, questionnaire: Questionnaire, **data: Any) -> None:
    log.record(
        by,
        verb,
        questionnaire,
        code=questionnaire.code,
        version=questionnaire.version,
        digest=questionnaire.digest(),
        **data,
    )
