"""A prolonged pledge: its promises for the whole time run on, the others do not."""

from datetime import date
from typing import Any

import pytest

from loftet.core.actions import prolong_cycle
from loftet.promise.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db


def test_what_ran_to_the_last_day_runs_to_the_new_one(settings: Any) -> None:
    settings.DEMO_DAY = "2020-06-01"
    by = make.coordinator()
    pledge = make.pledge(by=by)
    whole = make.commitment(pledge, by=by)
    spring = make.commitment(pledge, ends=date(2020, 6, 30), by=by)
    signed = make.signed(pledge, by=by).digest()
    prolong_cycle(cycle=pledge.cycle, ends=date(2021, 12, 31), decision="KS 2020/12", by=by)
    found = {one.code: one.until for one in pledge.commitments.in_full()}
    assert found == {whole.code: date(2021, 12, 31), spring.code: date(2020, 6, 30)}
    assert list(Commitment.objects.over(date(2021, 6, 1))) == [spring]
    assert pledge.digest() == signed  # the signatures stand under the text as it was
