"""What must hold between the rows of a file, before any database is asked."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file.document import (
    CommitmentEntry,
    Entry,
    PledgeEntry,
    PledgeFile,
    ReadingEntry,
    ReadingKey,
)
from loftet.followup.sources.pledge_file.parse import Names
from loftet.followup.sources.pledge_file.where import Problems
from loftet.promise.models import Commitment


def check(file: PledgeFile, names: Names, problems: Problems) -> None:
    if file.pledge is not None:
        _check_pledge(file.pledge, problems)
    _check_signed(file, names, problems)
    for reading in file.readings:
        _check_order(reading, reading.starts, reading.ends, problems)
    _check_revisions(file.readings, problems)
    for commitment in file.commitments:
        _check_dates(commitment, file.pledge, problems)
        _check_baseline(commitment, problems, signed=names.signed)
    _check_unused(file, names, problems)


def _check_pledge(pledge: PledgeEntry, problems: Problems) -> None:
    _check_order(pledge, pledge.starts, pledge.ends, problems)
    _check_prolonged(pledge, problems)
    if not pledge.cycle and len(pledge.period) > 20:
        problems.at(
            pledge.where,
            "cycle",
            _("The period is too long to name the cycle as well."),
            _("Write the cycle too, such as 2020 or 2023-2024."),
        )


def _check_prolonged(pledge: PledgeEntry, problems: Problems) -> None:
    if problems.touch(pledge.where):
        return
    if bool(pledge.prolonged_by) == (pledge.decided_ends is not None):
        if pledge.decided_ends and not pledge.starts <= pledge.decided_ends:
            _complain_of_order(pledge, "decided_ends", problems)
        return
    lacking = "decided_ends" if pledge.prolonged_by else "prolonged_by"
    problems.at(
        pledge.where,
        lacking,
        _("A prolonged pledge needs both its first last day and the decision."),
        _("Write decided_ends and prolonged_by, or neither."),
    )


def _check_signed(file: PledgeFile, names: Names, problems: Problems) -> None:
    if names.signed:
        return
    for result in file.results[:1]:
        problems.at(
            result.where,
            "",
            _("There are results, but the pledge is not signed."),
            _("Write the signatures, or remove the results."),
        )


def _check_order(entry: Entry, starts: date, ends: date, problems: Problems) -> None:
    if ends < starts:
        _complain_of_order(entry, "ends", problems)


def _complain_of_order(entry: Entry, column: str, problems: Problems) -> None:
    problems.at(
        entry.where,
        column,
        _("The last day comes before the first."),
        _("Change one of the two days."),
    )


def _check_revisions(readings: Iterable[ReadingEntry], problems: Problems) -> None:
    """See that a second reading of a period is a correction: it alone has a reason."""
    first: dict[ReadingKey, int] = {}
    for reading in readings:
        row, _path = reading.where.spot()
        if reading.key in first and not reading.reason and not problems.touch(reading.where):
            problems.at(
                reading.where,
                "reason",
                _("There is a reading of this period in row %(row)d already.")
                % {"row": first[reading.key]},
                _("Write the reason if this one corrects it; otherwise remove one of them."),
            )
        if reading.key not in first and reading.reason:
            problems.at(
                reading.where,
                "reason",
                _("There is a reason for a correction, but nothing above that it corrects."),
                _("Write the corrected reading first, or remove the reason."),
            )
        first.setdefault(reading.key, row)


def _check_dates(
    commitment: CommitmentEntry, pledge: PledgeEntry | None, problems: Problems
) -> None:
    if commitment.starts and commitment.ends and commitment.ends < commitment.starts:
        _complain_of_order(commitment, "ends", problems)
        return
    if pledge is None:
        return
    for column, day in (("starts", commitment.starts), ("ends", commitment.ends)):
        if day and not pledge.starts <= day <= pledge.ends:
            problems.at(
                commitment.where,
                column,
                _("%(day)s lies outside the pledge, which is from %(starts)s to %(ends)s.")
                % {"day": day, "starts": pledge.starts, "ends": pledge.ends},
                _("Change the day, or leave it out: then the pledge's own counts."),
            )


def _check_baseline(commitment: CommitmentEntry, problems: Problems, *, signed: bool) -> None:
    if problems.touch(commitment.where):
        return
    starts, ends = commitment.baseline_starts, commitment.baseline_ends
    if (starts is None) != (ends is None):
        problems.at(
            commitment.where,
            "baseline_ends" if starts else "baseline_starts",
            _("A baseline needs both its first day and its last."),
            _("Write both."),
        )
    elif starts and ends:
        _check_order_of_baseline(commitment, starts, ends, problems)
    elif _baseline_is_lacking(commitment, signed=signed):
        problems.at(
            commitment.where,
            "baseline_starts",
            _("A promise to change something needs a baseline: the figure before."),
            _("Write under baseline the first and last day of a reading of the indicator."),
        )


def _check_order_of_baseline(
    commitment: CommitmentEntry, starts: date, ends: date, problems: Problems
) -> None:
    if ends < starts:
        _complain_of_order(commitment, "baseline_ends", problems)
    if not commitment.indicator:
        problems.at(
            commitment.where,
            "indicator",
            _("There is a baseline, but no indicator that it is a reading of."),
            _("Write the code of the indicator."),
        )


def _baseline_is_lacking(commitment: CommitmentEntry, *, signed: bool) -> bool:
    """Say whether one is half written, or needed; in a draft it is advice."""
    half = commitment.baseline_area or commitment.baseline_revision is not None
    return bool(half) or (signed and commitment.kind == Commitment.Kind.CHANGE)


def _check_unused(file: PledgeFile, names: Names, problems: Problems) -> None:
    """Refuse what no commitment leads to: an export would not know of it."""
    unused: list[Entry] = [i for i in file.indicators if i.code not in names.used["indicator"]]
    unused += [o for o in file.organisations if o.name not in names.used["organisation"]]
    for entry in unused:
        problems.at(
            entry.where,
            "",
            _("No commitment in the file has any use of this."),
            _("Name it in a commitment, or remove it."),
        )
