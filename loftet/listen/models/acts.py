"""What the surveys wait for today: an act each, with the page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from loftet.listen.models.answering import Addressee, Mailing
from loftet.listen.models.wave import Wave
from loftet.listen.rules.waves import State
from loftet.ui import formats

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Act:
    text: str
    page: str
    wave: str


def waiting(today: date) -> list[Act]:
    open_ones = Wave.objects.filter(source="").exclude(state__in=[State.COUNTED, State.SETTLED])
    due = Mailing.objects.filter(wave=OuterRef("pk"), made_on=None, planned_on__lte=today)
    found = open_ones.annotate(
        letters_due=Exists(due), addresses=Exists(Addressee.objects.filter(wave=OuterRef("pk")))
    )
    return [act for wave in found.order_by("opens") for act in _of(wave, today)]


def _of(wave: Wave, today: date) -> Iterator[Act]:
    steps = {State.PLANNED: _planned, State.IN_FIELD: _in_field, State.CLOSED: _closed}
    for text, page in steps[State(wave.state)](wave, today):
        yield Act(text, page, wave.code)


def _planned(wave: Wave, today: date) -> Iterator[tuple[str, str]]:
    yield from _letters(wave)
    if wave.opens <= today + SOON:
        yield _("Open the field: %(title)s") % {"title": wave.title}, "wave"


def _in_field(wave: Wave, today: date) -> Iterator[tuple[str, str]]:
    yield from _letters(wave)
    if wave.closes < today:
        yield _("Close the field: %(title)s") % {"title": wave.title}, "close_field"
    elif wave.closes <= today + SOON:
        told = {"day": formats.date_long(wave.closes), "title": wave.title}
        yield _("Look whether to close on %(day)s: %(title)s") % told, "monitor"


def _closed(wave: Wave, today: date) -> Iterator[tuple[str, str]]:
    if vars(wave)["addresses"]:
        yield _("Remove the addresses: %(title)s") % {"title": wave.title}, "remove_addresses"
    else:
        yield _("Open the answers: %(title)s") % {"title": wave.title}, "count_answers"


def _letters(wave: Wave) -> Iterator[tuple[str, str]]:
    if vars(wave)["letters_due"]:
        yield _("Make the letters: %(title)s") % {"title": wave.title}, "letters"
