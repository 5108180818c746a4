from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from loftet.core.access import may, require
from loftet.core.errors import NotAllowed
from loftet.core.models import Membership
from loftet.core.roles import ROLES, SYSTEM, Permission
from tests import make

pytestmark = pytest.mark.django_db


def test_a_person_without_a_role_may_nothing() -> None:
    person = make.person()
    assert not any(may(person, permission) for permission in Permission)


def test_nobody_logged_in_may_nothing() -> None:
    assert not any(may(AnonymousUser(), permission) for permission in Permission)  # type: ignore[arg-type]


def test_a_role_gives_its_permissions_and_no_other() -> None:
    for key, role in ROLES.items():
        person = make.person(key)
        assert {p for p in Permission if may(person, p)} == role.permissions


def test_a_role_that_ended_yesterday_gives_nothing_today() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    assert not may(make.person("coordinator", valid_to=yesterday), Permission.READ_WORK)


def test_a_role_that_begins_tomorrow_gives_nothing_today() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert not may(make.person("coordinator", valid_from=tomorrow), Permission.READ_WORK)


def test_the_first_and_last_day_of_a_role_count() -> None:
    today = timezone.localdate()
    assert may(make.person("reporter", valid_from=today, valid_to=today), Permission.REPORT_RESULT)


def test_a_role_reaches_the_own_organisation_and_its_units_only() -> None:
    city = make.organisation("Trollhättans Stad")
    parks = make.organisation("Park", parent=city)
    police = make.organisation("Polisen", kind="police")
    reporter = make.person("reporter", city)
    assert may(reporter, Permission.REPORT_RESULT, organisation=parks)
    assert not may(reporter, Permission.REPORT_RESULT, organisation=police)
    assert not may(make.person("reporter", parks), Permission.REPORT_RESULT, organisation=city)


def test_a_coordinator_reaches_every_organisation() -> None:
    assert may(make.coordinator(), Permission.WRITE_PLEDGE, organisation=make.organisation())


def test_two_roles_add_up() -> None:
    police = make.organisation("Polisen", kind="police")
    person = make.person("signer", police)
    Membership.objects.create(
        user=person, organisation=police, role="reporter", valid_from=make.LONG_AGO
    )
    assert may(person, Permission.SIGN_PLEDGE)
    assert may(person, Permission.REPORT_RESULT)


def test_an_inactive_person_may_nothing() -> None:
    person = make.coordinator()
    person.is_active = False
    assert not may(person, Permission.READ_WORK)


def test_a_command_may_let_people_in_but_neither_sign_nor_publish() -> None:
    assert {p for p in Permission if may(SYSTEM, p)} == {
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_PLACES,
    }


def test_a_lacking_permission_is_refused_in_words() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(make.person(), Permission.PUBLISH)
    assert refusal.value.code == "not_allowed"
    assert refusal.value.message


def test_a_role_that_the_program_no_longer_has_gives_nothing() -> None:
    person = make.person()
    Membership.objects.create(
        user=person, organisation=make.organisation(), role="gone", valid_from=make.LONG_AGO
    )
    assert not may(person, Permission.READ_WORK)
