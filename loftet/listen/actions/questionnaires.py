from typing import Any

from loftet.core import clock, log
from loftet.core.access import require
from loftet.core.errors import refuse_invalid
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.models import Questionnaire


@action
def add_questionnaire(*, code: str, document: dict[str, Any], by: User) -> Questionnaire:
    require(by, Permission.WRITE_SURVEY)
    questionnaire = Questionnaire(code=code, content=document)
    refuse_invalid(questionnaire)
    questionnaire.save(force_insert=True)
    log.record(by, "added", questionnaire, code=code, digest=questionnaire.digest())
    return questionnaire


def lock_questionnaire(questionnaire: Questionnaire, by: User) -> None:
    """From now on it is what people were asked; a change is a new version."""
    if questionnaire.locked_at is None:
        questionnaire.locked_at = clock.now()
        questionnaire.save(update_fields=["locked_at"])
        log.record(by, "locked", questionnaire, digest=questionnaire.digest())
