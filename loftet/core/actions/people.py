from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from loftet.core import access, clock, log
from loftet.core.access import Actor, require
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.models import Area, Membership, Organisation, User
from loftet.core.roles import ROLES, Permission
from loftet.core.turn import action
from loftet.policy import read as policy


@action
def add_person(*, email: str, name: str, password: str | None = None, by: Actor) -> User:
    """A person without a password sets one through the link for a forgotten password."""
    require(by, Permission.MANAGE_PEOPLE)
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(
            "person_exists", _("A person with this e-mail address is already here."), field="email"
        )
    person = User(email=email.strip(), name=name.strip())
    _set_password(person, password)
    refuse_invalid(person)
    person.save(force_insert=True)
    log.record(by, "added", person)
    return person


@action
def forget_person(*, person: User, by: Actor) -> User:
    """Remove name and address of someone who no longer has a role; the number stays in the log."""
    require(by, Permission.MANAGE_PEOPLE)
    if Membership.objects.not_ended(clock.today()).filter(user=person).exists():
        raise Refused(
            "has_role", _("The person still has a role. End it first, then remove the person.")
        )
    person.email = f"{person.pk}@removed.invalid"
    person.name = ""
    person.is_active = False
    person.set_unusable_password()
    person.save()
    EmailAddress.objects.filter(user=person).delete()
    log.record(by, "forgot", person)
    return person


@action
def add_organisation(
    *, name: str, kind: str, parent: Organisation | None = None, by: Actor
) -> Organisation:
    require(by, Permission.MANAGE_PEOPLE)
    organisation = Organisation(name=name.strip(), kind=kind, parent=parent)
    refuse_invalid(organisation)
    organisation.save(force_insert=True)
    log.record(by, "added", organisation, name=organisation.name)
    return organisation


@action
def grant_role(
    *,
    person: User,
    role: str,
    organisation: Organisation,
    valid_from: date,
    valid_to: date | None = None,
    area: Area | None = None,
    by: Actor,
) -> Membership:
    require(by, Permission.MANAGE_PEOPLE)
    _refuse_role(person, role, by)
    membership = Membership(
        user=person,
        organisation=organisation,
        role=role,
        area=area,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    refuse_invalid(membership)
    membership.save(force_insert=True)
    access.forget(person)
    log.record(
        by,
        "granted",
        membership,
        person=person.pk,
        role=role,
        organisation=organisation.pk,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return membership


@action
def end_membership(*, membership: Membership, last_day: date, by: Actor) -> Membership:
    require(by, Permission.MANAGE_PEOPLE)
    if last_day < membership.valid_from:
        raise Refused(
            "ends_before_starts", _("The last day comes before the first."), field="last_day"
        )
    membership.valid_to = last_day
    membership.save(update_fields=["valid_to"])
    access.forget(membership.user)
    log.record(by, "ended", membership, last_day=last_day)
    return membership


def _set_password(person: User, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("password_weak", error.messages[0], field="password") from error
    person.set_password(password)


def _refuse_role(person: User, role: str, by: Actor) -> None:
    if role not in ROLES:
        raise Refused(
            "role_unknown",
            _("There is no such role. Choose one of: %(roles)s.") % {"roles": ", ".join(ROLES)},
            field="role",
        )
    if by == person and policy.roles()[role].two_persons:
        raise Refused(
            "own_role",
            _("Nobody gives this role to themselves. Ask another administrator."),
            field="role",
        )
