"""Roles as code: what each may do. Who may hold them, and for how long, is policy (roles.yaml)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    READ_WORK = "read_work"
    WRITE_SURVEY = "write_survey"
    ENTER_ANSWERS = "enter_answers"
    CODE_ANSWERS = "code_answers"
    WRITE_READING = "write_reading"
    WRITE_PLEDGE = "write_pledge"
    DECIDE_CYCLE = "decide_cycle"
    SIGN_PLEDGE = "sign_pledge"
    REPORT_RESULT = "report_result"
    PUBLISH = "publish"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PLACES = "manage_places"
    READ_LOG = "read_log"


P = Permission


@dataclass(frozen=True)
class Role:
    """What a person with this role does, and the permissions that it takes."""

    key: str
    name: str | Promise
    description: str | Promise
    permissions: frozenset[Permission]
    everywhere: bool = False  # beyond the organisation of the membership


COORDINATOR = Role(
    "coordinator",
    _("coordinator"),
    _("Keeps the whole year together: survey, readings, pledge, follow-up and publication."),
    frozenset(
        {
            P.READ_WORK,
            P.WRITE_SURVEY,
            P.ENTER_ANSWERS,
            P.CODE_ANSWERS,
            P.WRITE_READING,
            P.WRITE_PLEDGE,
            P.DECIDE_CYCLE,
            P.REPORT_RESULT,
            P.PUBLISH,
            P.MANAGE_PLACES,
        }
    ),
    everywhere=True,
)
MUNICIPAL_OFFICER = Role(
    "municipal_officer",
    _("municipal police officer"),
    _("Keeps the police's part of the pledge: readings, commitments and results."),
    frozenset({P.READ_WORK, P.WRITE_READING, P.WRITE_PLEDGE, P.REPORT_RESULT}),
)
SIGNER = Role(
    "signer",
    _("signer"),
    _("Signs the pledge for the municipality or the police and follows how it goes."),
    frozenset({P.READ_WORK, P.SIGN_PLEDGE}),
)
REPORTER = Role(
    "reporter",
    _("reporter"),
    _("Reports what the own organisation has done on its commitments."),
    frozenset({P.READ_WORK, P.REPORT_RESULT}),
)
SURVEY_ASSISTANT = Role(
    "survey_assistant",
    _("survey assistant"),
    _("Types in paper forms and puts open answers under themes."),
    frozenset({P.READ_WORK, P.ENTER_ANSWERS, P.CODE_ANSWERS}),
    everywhere=True,
)
ADMINISTRATOR = Role(
    "administrator",
    _("administrator"),
    _("Gives people their roles and reads the log; takes no part in the pledge itself."),
    frozenset({P.READ_WORK, P.MANAGE_PEOPLE, P.MANAGE_PLACES, P.READ_LOG}),
    everywhere=True,
)


@dataclass(frozen=True)
class System:
    """Who acts when a command on the server does: enough to let the first people in, no more."""

    permissions: frozenset[Permission] = frozenset({P.MANAGE_PEOPLE, P.MANAGE_PLACES})


SYSTEM = System()

# Those who take part in the work may add a file or start a clock as a part of what they do.
TAKES_PART = frozenset(
    {
        P.WRITE_SURVEY,
        P.WRITE_READING,
        P.WRITE_PLEDGE,
        P.DECIDE_CYCLE,
        P.SIGN_PLEDGE,
        P.REPORT_RESULT,
        P.PUBLISH,
    }
)

ROLES: dict[str, Role] = {
    role.key: role
    for role in (COORDINATOR, MUNICIPAL_OFFICER, SIGNER, REPORTER, SURVEY_ASSISTANT, ADMINISTRATOR)
}
