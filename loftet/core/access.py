"""Deny by default: an action asks here before it writes, whatever the page has shown."""

from collections.abc import Iterable
from enum import Enum, auto

from django.utils.translation import gettext as _

from loftet.core import clock
from loftet.core.errors import NotAllowed
from loftet.core.models import Membership, Organisation, User
from loftet.core.roles import ROLES, Permission, System

Actor = User | System


def memberships(user: User) -> list[Membership]:
    """The roles in force today, read once for each person and request."""
    kept: list[Membership] | None = getattr(user, "_memberships", None)
    if kept is None:
        today = clock.today()
        kept = list(
            Membership.objects.in_force(today).filter(user=user).select_related("organisation")
        )
        user._memberships = kept  # type: ignore[attr-defined]
    return kept


def forget(user: User) -> None:
    """Read the person's roles again next time; they have changed."""
    vars(user).pop("_memberships", None)


class Anywhere(Enum):
    """The permission is asked for as such; None is a thing that no organisation answers for."""

    ANYWHERE = auto()


ANYWHERE = Anywhere.ANYWHERE
Where = Organisation | None | Anywhere


def may(actor: Actor, permission: Permission, *, organisation: Where = ANYWHERE) -> bool:
    """Whether a role in force gives the permission, there where the thing belongs."""
    if isinstance(actor, System):
        return permission in actor.permissions
    return actor.is_active and any(
        permission in ROLES[m.role].permissions
        and (
            organisation is ANYWHERE
            or ROLES[m.role].everywhere
            or _within(organisation, m.organisation)
        )
        for m in memberships(actor)
        if m.role in ROLES
    )


def require(actor: Actor, permission: Permission, *, organisation: Where = ANYWHERE) -> None:
    require_any(actor, [permission], organisation=organisation)


def require_any(
    actor: Actor, permissions: Iterable[Permission], *, organisation: Where = ANYWHERE
) -> None:
    if not any(may(actor, permission, organisation=organisation) for permission in permissions):
        raise NotAllowed(
            "not_allowed",
            _(
                "Your role does not include this; nothing was changed. "
                "An administrator gives roles."
            ),
        )


def _within(organisation: Organisation | None, whole: Organisation) -> bool:
    at = organisation
    while at is not None:
        if at.pk == whole.pk:
            return True
        at = at.parent
    return False
