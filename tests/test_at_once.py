"""Two people who press the button in the same moment, on PostgreSQL.

One of them is done, the other is told why not, in words: never an error page, never half a write.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from loftet.core import log
from loftet.core.errors import Refused
from loftet.core.models import User
from loftet.followup import actions as followup_actions
from loftet.followup.models import Result
from loftet.map import actions as map_actions
from loftet.map.models import Reading
from loftet.promise import actions
from loftet.promise.models import Commitment, Pledge
from loftet.promise.rules import State
from loftet.publish.models import Edition
from tests import make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's writers take turns"),
]


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Let each act in a thread and a connection of its own; what each was told, or done."""
    start, told = Barrier(len(acts)), list[str]()

    def act(one: Callable[[], Any]) -> None:
        start.wait()
        try:
            one()
            told.append("done")
        except Refused as refusal:
            told.append(refusal.code)
        except Exception as error:
            told.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=act, args=[one]) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(log.verify()) == []
    return sorted(told)


def decided(by: User) -> Pledge:
    pledge = make.pledge(by=by)
    make.commitment(pledge, by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    return actions.move(pledge=pledge, to=State.DECIDED, by=by)


def test_two_publish_the_same_edition() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.commitment(pledge, by=by)
    make.signed(pledge, by=by)
    told = at_once(*[lambda: make.edition(Pledge.objects.get(), "pledge", reason="Ny.", by=by)] * 3)
    assert told == ["done", "nothing_new", "nothing_new"]
    assert Edition.objects.get().number == 1


def test_two_correct_the_same_reading() -> None:
    by = make.coordinator()
    old = make.reading(make.indicator(by=by), 2020, 162, by=by)

    def correct() -> Reading:
        return map_actions.correct_reading(
            reading=Reading.objects.get(pk=old.pk), value=Decimal(161), reason="Rättad.",
            source="Polisen", extracted_on=date(2021, 2, 1), by=by,
        )  # fmt: skip

    assert at_once(*[correct] * 3) == ["already_corrected", "already_corrected", "done"]
    assert Reading.objects.count() == 2


def test_two_add_the_reading_of_the_same_year() -> None:
    by = make.coordinator()
    followed = make.indicator(by=by)
    told = at_once(*[lambda: make.reading(followed, 2020, 162, by=by)] * 3)
    assert told == ["done", "reading_exists", "reading_exists"]


def test_both_parties_sign_in_the_same_moment() -> None:
    pledge = decided(make.coordinator())

    def sign(party: str) -> Callable[[], Any]:
        signer = make.person("signer", make.organisation(kind=party))
        return lambda: actions.sign(
            pledge=Pledge.objects.get(), party=party, title="Chef", by=signer
        )

    assert at_once(sign("police"), sign("municipality")) == ["done", "done"]
    pledge.refresh_from_db()
    assert pledge.state == State.SIGNED


def test_one_party_signs_twice() -> None:
    pledge = decided(make.coordinator())
    signer = make.person("signer", make.organisation(kind="police"))
    told = at_once(
        *[lambda: actions.sign(pledge=Pledge.objects.get(), party="police", title="C", by=signer)]
        * 3
    )
    assert told == ["already_signed", "already_signed", "done"]
    assert pledge.signatures.count() == 1


def test_the_text_is_not_written_while_it_is_signed() -> None:
    by = make.coordinator()
    pledge = decided(by)
    actions.sign(
        pledge=pledge, party="police", title="Chef",
        by=make.person("signer", make.organisation(kind="police")),
    )  # fmt: skip
    city = make.person("signer", make.organisation(kind="municipality"))

    def open_again() -> None:
        actions.move(pledge=Pledge.objects.get(), to=State.DRAFT, by=by)

    def sign() -> None:
        actions.sign(pledge=Pledge.objects.get(), party="municipality", title="O", by=city)

    told = at_once(open_again, sign)
    pledge.refresh_from_db()
    assert told in (["done", "not_decided"], ["done", "no_such_move"])
    assert (pledge.state, pledge.signatures.count()) in {(State.DRAFT, 0), (State.SIGNED, 2)}


def test_two_report_on_the_same_promise_and_both_are_kept() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, by=by)
    make.signed(pledge, by=by)

    def report() -> Result:
        result = Result(
            commitment=Commitment.objects.get(pk=promise.pk), quantity=Decimal(1),
            source="Kommunen", as_of=date(2021, 1, 15),
        )  # fmt: skip
        return followup_actions.report(result=result, by=by)

    assert at_once(*[report] * 3) == ["done"] * 3
    assert Result.objects.current().count() == 1
    assert Result.objects.count() == 3
