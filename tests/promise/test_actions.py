from datetime import date
from decimal import Decimal

import pytest

from loftet.core.errors import NotAllowed, Refused
from loftet.core.models import User
from loftet.promise import actions
from loftet.promise.models import Commitment, Pledge
from loftet.promise.rules import State
from tests import make
from tests.refusal import refused

pytestmark = pytest.mark.django_db


def decided(by: User) -> Pledge:
    pledge = make.pledge(by=by)
    make.commitment(pledge, by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    return actions.move(pledge=pledge, to=State.DECIDED, by=by)


def signer(kind: str) -> User:
    return make.person("signer", make.organisation(kind=kind))


def test_the_text_is_locked_when_both_parties_have_signed() -> None:
    by = make.coordinator()
    pledge = decided(by)
    actions.sign(pledge=pledge, party="police", title="Chef", by=signer("police"))
    assert pledge.state == State.DECIDED
    actions.sign(pledge=pledge, party="municipality", title="Ordförande", by=signer("municipality"))
    assert pledge.state == State.SIGNED
    with refused("locked"):
        make.commitment(pledge, by=by)


def test_nobody_signs_for_the_other_party() -> None:
    pledge = decided(make.coordinator())
    with pytest.raises(NotAllowed):
        actions.sign(pledge=pledge, party="police", title="Ordförande", by=signer("municipality"))
    assert not pledge.signatures.exists()


def test_the_coordinator_cannot_sign() -> None:
    by = make.coordinator()
    with pytest.raises(NotAllowed):
        actions.sign(pledge=decided(by), party="municipality", title="Samordnare", by=by)


def test_a_signature_is_put_under_the_text_as_it_stands() -> None:
    by = make.coordinator()
    pledge = decided(by)
    first = actions.sign(pledge=pledge, party="police", title="Chef", by=signer("police"))
    assert first.digest == pledge.digest()
    Commitment.objects.update(text_sv="Något annat.")
    assert first.digest != pledge.digest()


def test_opening_a_decided_text_again_takes_the_signatures_away() -> None:
    by = make.coordinator()
    pledge = decided(by)
    actions.sign(pledge=pledge, party="police", title="Chef", by=signer("police"))
    actions.move(pledge=pledge, to=State.DRAFT, by=by)
    assert (pledge.state, pledge.signatures.count()) == (State.DRAFT, 0)


def test_a_pledge_that_cannot_be_followed_up_is_not_decided() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.commitment(pledge, "20-1", quantity=None, by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    with pytest.raises(Refused, match="20-1"):
        actions.move(pledge=pledge, to=State.DECIDED, by=by)


def test_an_empty_pledge_is_not_decided() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    with refused("empty"):
        actions.move(pledge=pledge, to=State.DECIDED, by=by)


def test_a_step_cannot_be_skipped() -> None:
    by = make.coordinator()
    with refused("no_such_move"):
        actions.move(pledge=make.pledge(by=by), to=State.DECIDED, by=by)


def test_the_days_lie_within_the_pledge_s_own() -> None:
    by = make.coordinator()
    with pytest.raises(Refused) as refused:
        make.commitment(make.pledge(by=by), ends=date(2021, 6, 30), by=by)
    assert refused.value.field == "starts"


def test_the_baseline_belongs_to_the_indicator() -> None:
    by = make.coordinator()
    other = make.reading(make.indicator(by=by), 2019, 185, by=by)
    with refused("other_indicator"):
        make.commitment(
            make.pledge(by=by),
            kind="change",
            indicator=make.indicator(by=by),
            baseline=other,
            by=by,
        )


def test_the_police_write_their_own_commitments_only() -> None:
    by = make.coordinator()
    police = make.organisation(kind="police")
    officer = make.person("municipal_officer", police)
    pledge = make.pledge(by=by)
    assert make.commitment(pledge, responsible=police, by=officer)
    with pytest.raises(NotAllowed):
        make.commitment(pledge, responsible=make.organisation(), by=officer)


def test_a_code_is_used_once_in_a_pledge() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.commitment(pledge, "20-1", by=by)
    with pytest.raises(Refused):
        make.commitment(pledge, "20-1", by=by)
    assert pledge.commitments.count() == 1


def test_a_number_with_decimals_is_kept_exactly() -> None:
    by = make.coordinator()
    made = make.commitment(make.pledge(by=by), quantity=Decimal("2.50"), by=by)
    assert Commitment.objects.get(pk=made.pk).quantity == Decimal("2.50")
