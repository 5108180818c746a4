from datetime import date
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from loftet.core import actions, log
from loftet.core.access import may
from loftet.core.errors import NotAllowed, Refused
from loftet.core.models import Deadline, Event, Municipality, Organisation, User
from loftet.core.roles import SYSTEM, Permission
from loftet.policy import read as policy
from loftet.policy.shapes import Start
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2020-01-02"


def test_clocks_that_ran_out_before_the_year_came_here_do_not_start(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"
    cycle = make.cycle()
    assert [d.clock for d in Deadline.objects.about(cycle)] == ["year_end_follow_up"]


def verbs() -> list[str]:
    return [f"{event.verb} {event.subject}" for event in Event.objects.all()]


def refused(act: Any, **values: Any) -> Refused:
    before = log.head()
    with pytest.raises(Refused) as refusal:
        act(**values)
    assert log.head() == before
    return refusal.value


def test_each_action_writes_a_line_that_names_who_did_it() -> None:
    by = make.administrator()
    before = log.head()
    person = actions.add_person(email="a@example.org", name="Anna", by=by)
    city = actions.add_organisation(name="Staden", kind="municipality", by=by)
    membership = actions.grant_role(
        person=person, role="reporter", organisation=city, valid_from=date(2020, 1, 1), by=by
    )
    actions.end_membership(membership=membership, last_day=date(2020, 12, 31), by=by)
    assert verbs()[before:] == [
        "added core.user",
        "added core.organisation",
        "granted core.membership",
        "ended core.membership",
    ]
    assert {event.by for event in Event.objects.filter(number__gt=before)} == {by}


def test_the_log_never_holds_a_name_or_an_address_of_a_person() -> None:
    person = make.person("reporter", name="Anna Andersson")
    lines = str([event.data for event in Event.objects.all()])
    assert person.name not in lines
    assert person.email not in lines


@pytest.mark.parametrize("role", [None, "reporter", "signer", "coordinator"])
def test_only_an_administrator_lets_people_in(role: str | None) -> None:
    by = make.person(role)
    refusal = refused(actions.add_person, email="a@example.org", name="Anna", by=by)
    assert isinstance(refusal, NotAllowed)


def test_the_same_address_in_other_letters_is_the_same_person() -> None:
    actions.add_person(email="a@example.org", name="Anna", by=SYSTEM)
    refusal = refused(actions.add_person, email="A@Example.org", name="Anna", by=SYSTEM)
    assert (refusal.code, refusal.field) == ("person_exists", "email")


def test_a_weak_password_and_a_broken_address_are_refused() -> None:
    weak = refused(
        actions.add_person, email="a@example.org", name="Anna", password="hemligt", by=SYSTEM
    )
    assert (weak.code, weak.field) == ("password_weak", "password")
    assert refused(actions.add_person, email="anna", name="Anna", by=SYSTEM).field == "email"


def test_a_role_holds_at_once_and_ends_at_once() -> None:
    person, by = make.person(), make.administrator()
    assert not may(person, Permission.REPORT_RESULT)
    membership = actions.grant_role(
        person=person,
        role="reporter",
        organisation=make.organisation(),
        valid_from=date(2020, 1, 1),
        by=by,
    )
    assert may(person, Permission.REPORT_RESULT)
    actions.end_membership(membership=membership, last_day=date(2020, 1, 1), by=by)
    assert not may(person, Permission.REPORT_RESULT)


def test_nobody_gives_a_role_to_themselves() -> None:
    by = make.administrator()
    role = {"person": by, "organisation": make.organisation(), "valid_from": date(2020, 1, 1)}
    assert refused(actions.grant_role, role="coordinator", by=by, **role).code == "own_role"


def test_a_role_must_exist_be_new_and_end_after_it_begins() -> None:
    person, city = make.person(), make.organisation()
    role: dict[str, Any] = {
        "person": person,
        "organisation": city,
        "valid_from": date(2020, 1, 1),
        "by": SYSTEM,
    }
    assert refused(actions.grant_role, role="king", **role).code == "role_unknown"
    assert refused(actions.grant_role, role="signer", valid_to=date(2019, 1, 1), **role)
    actions.grant_role(role="signer", **role)
    assert refused(actions.grant_role, role="signer", **role).code == "invalid"


def test_a_person_with_a_role_is_not_forgotten_and_one_without_is() -> None:
    by = make.administrator()
    person = make.person("reporter", name="Anna Andersson")
    assert refused(actions.forget_person, person=person, by=by).code == "has_role"
    membership = person.memberships.get()
    actions.end_membership(membership=membership, last_day=date(2020, 1, 1), by=by)
    EmailAddress.objects.create(user=person, email="another@example.org")
    actions.forget_person(person=person, by=by)
    assert not EmailAddress.objects.exists()
    person.refresh_from_db()
    assert "Anna" not in person.name + person.email
    assert not person.is_active
    assert list(log.verify()) == []


def test_the_municipality_is_written_once_and_then_changed() -> None:
    make.municipality("Trollhättan")
    actions.update_municipality(website="https://www.example.org/", by=SYSTEM)
    municipality = Municipality.objects.get()
    assert (municipality.name, municipality.website) == ("Trollhättan", "https://www.example.org/")
    assert refused(actions.update_municipality, website="no address", by=SYSTEM).field == "website"


def test_opening_a_year_starts_the_clocks_that_count_from_its_days() -> None:
    cycle = make.cycle()
    due = {d.clock: d.due_on for d in Deadline.objects.about(cycle).open()}
    assert due["pledge_signed"] == date(2020, 1, 31)
    assert due["half_year_follow_up"] == date(2020, 6, 30)
    assert due["year_end_follow_up"] == date(2021, 3, 1)
    assert "mid_term_follow_up" not in due
    started = {Start.CYCLE_STARTS, Start.FIRST_YEAR_ENDS, Start.CYCLE_ENDS}
    assert due.keys() == {c.key for c in policy.clocks().values() if c.starts_from in started} - {
        "mid_term_follow_up"
    }


def test_a_two_year_pledge_has_a_mid_term() -> None:
    cycle = make.cycle("2021-2022", date(2021, 1, 1), date(2022, 12, 31))
    mid_term = Deadline.objects.about(cycle).get(clock="mid_term_follow_up")
    assert mid_term.due_on == date(2022, 3, 1)
    assert mid_term.is_public


def test_a_prolonged_year_moves_its_end_and_keeps_the_first_decision() -> None:
    by = make.coordinator()
    cycle = make.cycle("2021", date(2021, 1, 1), date(2021, 12, 31), by=by)
    actions.prolong_cycle(cycle=cycle, ends=date(2022, 12, 31), decision="KS 2021/00456", by=by)
    assert cycle.prolonged
    assert cycle.decided_ends == date(2021, 12, 31)
    ends = Deadline.objects.about(cycle).open()
    assert ends.get(clock="year_end_follow_up").due_on == date(2023, 2, 28)
    assert ends.get(clock="mid_term_follow_up").due_on == date(2022, 3, 1)


def test_a_year_is_prolonged_only_forward_and_by_a_decision() -> None:
    by, cycle = make.coordinator(), make.cycle()
    prolong = {"cycle": cycle, "by": by}
    earlier = {"ends": date(2020, 6, 30), "decision": "KS 1"}
    assert refused(actions.prolong_cycle, **earlier, **prolong).code == "not_later"
    silent = {"ends": date(2021, 6, 30), "decision": " "}
    assert refused(actions.prolong_cycle, **silent, **prolong).code == "decision_missing"


def test_a_year_ends_after_it_begins_and_has_its_own_name() -> None:
    by = make.coordinator()
    backwards = {"period": "2020", "starts": date(2020, 2, 1), "ends": date(2020, 1, 1), "by": by}
    assert refused(actions.open_cycle, **backwards).code == "ends_before_starts"
    make.cycle(by=by)
    again = {"period": "2020", "starts": date(2020, 1, 1), "ends": date(2020, 12, 31), "by": by}
    assert refused(actions.open_cycle, **again).field == "period"


def test_only_a_coordinator_opens_a_year() -> None:
    with pytest.raises(NotAllowed):
        make.cycle(by=make.administrator())


def test_a_running_clock_that_is_started_again_moves() -> None:
    by, cycle = make.coordinator(), make.cycle()
    first = actions.set_deadline(
        clock="pledge_comments", subject=cycle, start=date(2020, 1, 7), by=by
    )
    second = actions.set_deadline(
        clock="pledge_comments", subject=cycle, start=date(2020, 1, 14), by=by
    )
    assert first.pk == second.pk
    assert second.due_on == date(2020, 2, 4)


def test_deadlines_are_late_the_day_after_and_not_once_met() -> None:
    by, cycle = make.coordinator(), make.cycle()
    late = Deadline.objects.about(cycle).filter(clock="pledge_signed")
    assert not late.late(date(2020, 1, 31)).exists()
    assert late.late(date(2020, 2, 1)).exists()
    assert late.due_by(date(2020, 1, 31)).exists()
    actions.meet_clock(clock="pledge_signed", subject=cycle, on=date(2020, 1, 21), by=by)
    assert not late.late(date(2020, 2, 1)).exists()
    assert late.get().met_on == date(2020, 1, 21)
    actions.meet_clock(clock="pledge_signed", subject=cycle, by=by)  # not running: nothing to meet
    assert late.get().met_on == date(2020, 1, 21)
    assert refused(actions.meet_deadline, deadline=late.get(), by=by).code == "already_met"


def test_deadlines_go_to_those_who_answer_for_them() -> None:
    by, cycle = make.coordinator(), make.cycle()
    police, school = make.organisation(kind="police"), make.organisation(kind="school")
    actions.set_deadline(
        clock="survey_closes", subject=cycle, start=date(2020, 9, 28), organisation=police, by=by
    )
    mine = Deadline.objects.filter(clock="survey_closes")
    assert not mine.for_roles(["reporter"]).exists()
    assert mine.for_roles(["coordinator"]).exists()
    assert mine.for_roles(["coordinator"], organisations=[police]).exists()
    assert not mine.for_roles(["coordinator"], organisations=[school]).exists()
    assert mine.public().exists()


def test_only_those_who_take_part_start_a_clock() -> None:
    cycle = make.cycle()
    clock = {"clock": "survey_closes", "subject": cycle, "start": date(2020, 9, 28)}
    assert isinstance(refused(actions.set_deadline, by=make.administrator(), **clock), NotAllowed)
    assert isinstance(refused(actions.set_deadline, by=SYSTEM, **clock), NotAllowed)


def test_reading_the_pages_through_meets_the_clock_and_starts_it_anew() -> None:
    municipality, by = make.municipality(), make.coordinator()
    actions.review_pages(on=date(2020, 3, 2), by=by)
    actions.review_pages(on=date(2021, 2, 26), by=by)
    municipality.refresh_from_db()
    assert municipality.pages_reviewed_on == date(2021, 2, 26)
    first, second = Deadline.objects.about(municipality)
    assert (first.due_on, first.met_on) == (date(2021, 3, 2), date(2021, 2, 26))
    assert (second.due_on, second.met_on) == (date(2022, 2, 28), None)


def test_new_borders_end_the_old_ones_the_day_before() -> None:
    old = make.area("centre", valid_from=date(2015, 1, 1))
    make.area("centre", valid_from=date(2021, 1, 1))
    old.refresh_from_db()
    assert old.valid_to == date(2020, 12, 31)


def test_two_borders_of_one_area_never_hold_on_the_same_day() -> None:
    make.area("centre", valid_from=date(2015, 1, 1), valid_to=date(2020, 12, 31))
    with pytest.raises(Refused) as refusal:
        make.area("centre", valid_from=date(2020, 6, 1))
    assert refusal.value.code == "area_overlaps"
    make.area("centre", valid_from=date(2010, 1, 1), valid_to=date(2014, 12, 31))


def test_a_place_outside_sweden_and_one_named_by_a_number_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        make.place(latitude=12.289, longitude=58.284)
    assert refusal.value.code == "position_swapped"
    with pytest.raises(Refused) as refusal:
        make.place("Hos 811218-9876")
    assert refusal.value.field == "name"


def test_the_command_lets_the_first_administrator_in() -> None:
    out = StringIO()
    arguments = ["a@example.org", "Anna", "--role", "administrator", "--organisation", "Staden"]
    call_command("add_person", *arguments, stdout=out)
    person = User.objects.get()
    assert may(person, Permission.MANAGE_PEOPLE)
    assert not person.has_usable_password()
    assert Organisation.objects.get().kind == "municipality"
    assert {event.by for event in Event.objects.all()} == {None}


def test_the_command_writes_nothing_when_a_part_is_refused() -> None:
    make.person(name="Anna")
    email = User.objects.get().email
    before = log.head()
    with pytest.raises(CommandError):
        call_command("add_person", email, "Anna", "--role", "signer", "--organisation", "Ny")
    assert log.head() == before
    assert not Organisation.objects.exists()
