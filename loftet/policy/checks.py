"""System checks: the policy can be read, and says how long each table is kept."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from loftet.policy import read
from loftet.policy.entries import PolicyError

MIGRATIONS = "django_migrations"  # made by the framework without a model
TO_PASTE = """{table}:
  name: {{sv: , en: }}
  keep: 2 years  # or: for ever, and no `after`
  after: {{sv: , en: }}
  why:
    sv:
    en:
  basis: assumed"""


def policy_can_be_read(**_kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for file in read.FILES:
        try:
            file()
        except PolicyError as error:
            found.append(Error(str(error), id="policy.E001"))
    return found


def every_table_has_a_rule(**_kwargs: Any) -> list[CheckMessage]:
    try:
        rules = read.retention()
    except PolicyError:
        return []  # the check above tells
    return retention_gaps(tables(), rules)


def tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if m._meta.managed and not m._meta.proxy} | {
        MIGRATIONS
    }


def retention_gaps(there: Iterable[str], ruled: Iterable[str]) -> list[CheckMessage]:
    there, ruled = set(there), set(ruled)
    without = [
        Error(
            f"Nobody has decided how long the table {table} is kept.",
            hint=f"Fill in, in policy/retention.yaml:\n\n{TO_PASTE.format(table=table)}\n",
            id="policy.E002",
        )
        for table in sorted(there - ruled)
    ]
    unknown = [
        Error(
            f"policy/retention.yaml has a rule for {table}, and there is no such table.",
            hint="Remove the rule, or spell the table as the database does.",
            id="policy.E003",
        )
        for table in sorted(ruled - there)
    ]
    return [*without, *unknown]
