"""System checks: the policy and the program speak of the same roles."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error

from loftet.core.roles import ROLES
from loftet.policy import read
from loftet.policy.entries import PolicyError


def policy_knows_the_roles(**_kwargs: Any) -> list[CheckMessage]:
    try:
        return role_gaps(ROLES, read.roles(), {c.key: c.role for c in read.clocks().values()})
    except PolicyError:
        return []  # policy's own check tells


def role_gaps(
    coded: Iterable[str], decided: Iterable[str], clocks: dict[str, str]
) -> list[CheckMessage]:
    coded, decided = set(coded), set(decided)
    undecided = [
        Error(
            f"Nobody has decided who may have the role {role}.",
            hint="Write it in policy/roles.yaml.",
            id="core.E001",
        )
        for role in sorted(coded - decided)
    ]
    unknown = [
        Error(
            f"policy/roles.yaml: {role}: there is no such role.",
            hint="Remove it, or spell it as core/roles.py does.",
            id="core.E002",
        )
        for role in sorted(decided - coded)
    ]
    unanswered = [
        Error(
            f"policy/clocks.yaml: {clock}: there is no role {role}.",
            hint=f"Choose one of: {', '.join(sorted(coded))}.",
            id="core.E003",
        )
        for clock, role in clocks.items()
        if role not in coded
    ]
    return [*undecided, *unknown, *unanswered]
