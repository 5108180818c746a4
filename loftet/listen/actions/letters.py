"""What is sent to those drawn, and the end of knowing who they were."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from io import StringIO

from django.db import transaction
from django.utils.translation import gettext as _

from loftet.core import clock, jobs, log, seals, vault
from loftet.core.access import require
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.hold import hold
from loftet.core.models import Job, User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions.envelopes import digest
from loftet.listen.actions.sample import Recipient, frame_name, recipients
from loftet.listen.models import Mailing, Wave
from loftet.listen.rules import codes, waves

MAKE = "loftet.listen.outlet.letters.make"
USUAL = (  # as the police have done it: a card after two weeks, the form after four
    (Mailing.Kind.LETTER, timedelta()),
    (Mailing.Kind.CARD, timedelta(weeks=2)),
    (Mailing.Kind.FORM, timedelta(weeks=4)),
)


@action
def plan_mailing(*, wave: Wave, kind: str, planned_on: date, by: User) -> Mailing:
    require(by, Permission.WRITE_SURVEY)
    _refuse_without_addresses(wave)
    if not wave.opens - timedelta(weeks=4) <= planned_on <= wave.closes:
        raise Refused(
            "day_outside",
            _("Choose a day before the field closes, at most four weeks before it opens."),
            field="planned_on",
        )
    mailing = Mailing(wave=wave, kind=kind, planned_on=planned_on)
    refuse_invalid(mailing)
    mailing.save(force_insert=True)
    log.record(by, "planned", mailing, kind=kind, on=planned_on)
    return mailing


@action
def drop_mailing(*, mailing: Mailing, by: User) -> None:
    require(by, Permission.WRITE_SURVEY)
    hold(mailing, "made_on")
    if mailing.made_on is not None:
        raise Refused("made", _("These letters have been made; they stand."))
    log.record(by, "dropped", mailing, kind=mailing.kind, on=mailing.planned_on)
    mailing.delete()


@action
def ask_letters(*, mailing: Mailing, by: User) -> Job:
    """Have the letters made for those who have not answered by now."""
    require(by, Permission.WRITE_SURVEY)
    _refuse_without_addresses(mailing.wave)
    if mailing.wave.state not in {waves.State.PLANNED, waves.State.IN_FIELD}:
        raise Refused("wave_closed", _("The survey is closed; nobody is asked any more."))
    return jobs.ask(
        handler=MAKE, title=_("Makes letters"), subject=mailing, by=by, mailing=mailing.pk
    )


def to_ask(wave: Wave) -> Iterable[Recipient]:
    """Those who may still be asked: no answer yet, and no reason not to."""
    open_ones = set(wave.codes.unanswered().values_list("digest", flat=True))
    return (one for one in recipients(wave) if digest(wave, one.code) in open_ones)


@action
def letters_made(*, mailing: Mailing, copies: int, by: User) -> None:
    mailing.made_on, mailing.copies = clock.today(), copies
    mailing.save(update_fields=["made_on", "copies"])
    log.record(by, "made_letters", mailing, copies=copies)


@action
def take_out(*, mailing: Mailing, name: str, by: User) -> bytes:
    """Letters as they go to print; each time is a line in the log."""
    require(by, Permission.WRITE_SURVEY)
    if name not in parts(mailing):
        raise Refused("no_letters", _("These letters are not here; make them again."))
    log.record(by, "took_out", mailing, name=name)
    return vault.get(mailing.wave.address_key, name)


@action
def take_addresses(*, wave: Wave, by: User) -> bytes:
    """Names, addresses and codes for a printer elsewhere; each time is a line in the log."""
    require(by, Permission.WRITE_SURVEY)
    _refuse_without_addresses(wave)
    people = list(to_ask(wave))
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["namn", "adress", "kod"])
    writer.writerows(
        [_plain(one.name), _plain(", ".join(one.address)), codes.shown(one.code)] for one in people
    )
    log.record(by, "took_addresses", wave, people=len(people))
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    """No formula: a spreadsheet runs a cell that begins as one."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def parts(mailing: Mailing) -> list[str]:
    """Names of the sealed files of a mailing, in order."""
    return vault.names(f"mailing-{mailing.pk}-")


@action
def remove_addresses(*, wave: Wave, by: User) -> int:
    """After the last reminder: nobody can be written to, or found, any more."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    if wave.state == waves.State.PLANNED:
        raise Refused("not_sent", _("Nothing has been sent yet. Undo the draw instead."))
    if not seals.exists(wave.address_key) and not wave.addressees.exists():
        raise Refused("no_addresses", _("There are no addresses to write to."))
    removed, _each = wave.addressees.all().delete()
    proof = seals.fingerprint(wave.address_key) if seals.exists(wave.address_key) else None
    log.record(by, "removed_addresses", wave, people=removed, destroyed_key=proof)
    transaction.on_commit(lambda: forget_addresses(wave))
    return removed


def forget_addresses(wave: Wave) -> None:
    """The key first: whatever is left after it cannot be read."""
    seals.destroy(wave.address_key)
    for mailing in wave.mailings.all():
        forget_letters(mailing)
    vault.remove(frame_name(wave))


def forget_letters(mailing: Mailing) -> None:
    for name in parts(mailing):
        vault.remove(name)


def tidy() -> None:
    """Address keys that a process had no time to destroy after it removed the addresses."""
    for wave in Wave.objects.exclude(state=waves.State.PLANNED).filter(addressees=None):
        forget_addresses(wave)


def _refuse_without_addresses(wave: Wave) -> None:
    if not seals.exists(wave.address_key) or not wave.addressees.exists():
        raise Refused("no_addresses", _("There are no addresses to write to."))
