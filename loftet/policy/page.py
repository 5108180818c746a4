"""The policy as a page can show it: sections of rows, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from loftet.policy import read
from loftet.policy.shapes import (
    BASIS,
    STARTS,
    Clock,
    DayOfYear,
    IndexClasses,
    Limit,
    RolePolicy,
    Rule,
    VagueWord,
)


@dataclass(frozen=True)
class Section:
    """A table with a heading and a sentence about it; `head` names what each row holds."""

    key: str
    title: str
    intro: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sections() -> tuple[Section, ...]:
    return (_clocks(), _retention(), _roles(), _small_numbers(), _vague_words(), _index())


def _clocks() -> Section:
    return Section(
        "clocks",
        _("Days to keep"),
        _("What must be done by when, what that rests on, and who sees when it is late."),
        (_("What"), _("Last day"), _("Why"), _("Rests on"), _("Shown here when late")),
        tuple(_clock_row(clock) for clock in read.clocks().values()),
    )


def _clock_row(clock: Clock) -> tuple[str, ...]:
    form = (
        _("%(limit)s after %(start)s")
        if isinstance(clock.limit, DayOfYear)
        else _("%(limit)s, counted from %(start)s")
    )
    last_day = form % {
        "limit": clock.limit,
        "start": STARTS[clock.starts_from],
    }
    shown = _("Yes") if clock.public else _("No")
    return str(clock.title), last_day, str(clock.why), _grounds(clock), shown


def _retention() -> Section:
    return Section(
        "retention",
        _("How long we keep what"),
        _("Each table of the database has a rule. Nothing is kept because nobody decided."),
        (_("What"), _("Kept"), _("Why"), _("Rests on")),
        tuple(_rule_row(rule) for rule in read.retention().values()),
    )


def _rule_row(rule: Rule) -> tuple[str, ...]:
    kept = (
        _("for ever")
        if rule.keep is None
        else _("%(period)s after %(event)s") % {"period": rule.keep, "event": rule.after}
    )
    return str(rule.name), kept, str(rule.why), _grounds(rule)


def _roles() -> Section:
    return Section(
        "roles",
        _("Who may do what"),
        _("Each role is given by somebody, for a time, and looked at again."),
        (_("Role"), _("Given by"), _("Looked at again after"), _("Why")),
        tuple(_role_row(role) for role in read.roles().values()),
    )


def _role_row(role: RolePolicy) -> tuple[str, ...]:
    return str(role.name), str(role.decided_by), str(role.review), str(role.why)


def _small_numbers() -> Section:
    return Section(
        "small_numbers",
        _("Small numbers"),
        _("Figures about few people are left out, so that nobody can be recognised."),
        (_("What"), _("Shown from"), _("Why"), _("Rests on")),
        tuple(_limit_row(limit) for limit in read.small_numbers().values()),
    )


def _limit_row(limit: Limit) -> tuple[str, ...]:
    return str(limit.name), str(limit.value), str(limit.why), _grounds(limit)


def _index() -> Section:
    return Section(
        "index_classes",
        _("The problem index"),
        _("How large a share must see a problem for each of the points 1 to 6, by group."),
        (_("Version"), _("Points begin at"), _("Why"), _("Rests on")),
        tuple(_index_row(classes) for classes in read.index_classes().values()),
    )


def _index_row(classes: IndexClasses) -> tuple[str, ...]:
    limits = "; ".join(f"{group.name}: {_in_percent(group.limits)}" for group in classes.groups)
    return f"{classes.version} {classes.name}", limits, str(classes.why), _grounds(classes)


def _in_percent(limits: tuple[float, ...]) -> str:
    return ", ".join(f"{limit * 100:g}" for limit in limits) + " %"


def _vague_words() -> Section:
    return Section(
        "vague_words",
        _("Words that promise nothing"),
        _("When a commitment is written the editor marks these and says what to write instead."),
        (_("Phrase"), _("What it means"), _("Why not"), _("Instead")),
        tuple(_vague_word_row(word) for word in read.vague_words().values()),
    )


def _vague_word_row(word: VagueWord) -> tuple[str, ...]:
    return word.phrase, word.meaning, str(word.why), str(word.instead)


def _grounds(rule: Clock | IndexClasses | Limit | Rule) -> str:
    basis = str(BASIS[rule.basis])
    return f"{basis}: {rule.source}" if rule.source else basis
