from decimal import Decimal
from typing import Any

import pytest

from loftet.core.errors import NotAllowed, Refused
from loftet.core.models import Event
from loftet.map import actions
from loftet.map.models import Reading
from tests import make
from tests.refusal import refused

pytestmark = pytest.mark.django_db


def correct(reading: Reading, **changed: Any) -> Reading:
    asked: dict[str, Any] = {
        "reading": reading,
        "value": Decimal(161),
        "reason": "En anmälan räknades två gånger.",
        "source": "Polisen",
        "extracted_on": reading.extracted_on,
    }
    return actions.correct_reading(**asked | changed)


def test_a_correction_keeps_the_old_reading_and_the_reason() -> None:
    by = make.coordinator()
    old = make.reading(make.indicator(by=by), 2020, 162, by=by)
    new = correct(old, by=by)
    assert list(Reading.objects.current()) == [new]
    assert (new.replaces, new.reason) == (old, "En anmälan räknades två gånger.")
    assert Reading.objects.get(pk=old.pk).value == 162
    assert Event.objects.last().verb == "corrected"  # type: ignore[union-attr]


def test_a_reporter_is_refused_in_the_action_and_nothing_is_written() -> None:
    by, reporter = make.coordinator(), make.person("reporter")
    old = make.reading(make.indicator(by=by), 2020, 162, by=by)
    lines = Event.objects.count()
    with pytest.raises(NotAllowed):
        correct(old, by=reporter)
    assert (Reading.objects.count(), Event.objects.count()) == (1, lines)


def test_the_police_keep_their_own_readings_and_not_the_municipality_s() -> None:
    by = make.coordinator()
    police, city = make.organisation(kind="police"), make.organisation()
    officer = make.person("municipal_officer", police)
    assert make.reading(make.indicator(by=by, owner=police), 2020, 162, by=officer)
    with pytest.raises(NotAllowed):
        make.reading(make.indicator(by=by, owner=city), 2020, 162, by=officer)


def test_only_the_newest_reading_can_be_corrected() -> None:
    by = make.coordinator()
    old = make.reading(make.indicator(by=by), 2020, 162, by=by)
    correct(old, by=by)
    with refused("already_corrected"):
        correct(old, value=Decimal(160), by=by)


def test_a_correction_needs_a_reason_and_a_change() -> None:
    by = make.coordinator()
    old = make.reading(make.indicator(by=by), 2020, 162, by=by)
    with refused("reason_missing"):
        correct(old, reason=" ", by=by)
    with refused("nothing_changed"):
        correct(old, value=Decimal(162), by=by)


def test_a_period_has_one_reading() -> None:
    by = make.coordinator()
    followed = make.indicator(by=by)
    make.reading(followed, 2020, 162, by=by)
    with refused("reading_exists"):
        make.reading(followed, 2020, 163, by=by)


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("count", "16.5", "value"),
        ("count", "-1", "value"),
        ("count", (1, 2), "numerator"),
        ("share", "116", "value"),
        ("share", (3, 2), "numerator"),
        ("share", (0, 0), "numerator"),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_field(
    kind: str, value: str | tuple[int, int], field: str
) -> None:
    by = make.coordinator()
    followed = make.indicator(kind=kind, by=by)
    with pytest.raises(Refused) as refused:
        make.reading(followed, 2020, value, by=by)
    assert refused.value.field == field
    assert not Reading.objects.exists()


def test_a_share_shows_the_per_cent_of_its_counts() -> None:
    by = make.coordinator()
    reading = make.reading(make.indicator(kind="share", by=by), 2020, (525, 900), by=by)
    assert reading.figures.shown == Decimal("58.33")
