"""The words of a judgement: Klart, Delvis, Inte klart, Kan inte visas, Pågår; and why."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from loftet.ui import formats

WORDS: Mapping[str, str | Promise] = {
    "kept": pgettext_lazy("verdict", "Done"),
    "partly": pgettext_lazy("verdict", "Partly"),
    "not_kept": pgettext_lazy("verdict", "Not done"),
    "cannot_tell": pgettext_lazy("verdict", "Cannot be shown"),
    "ongoing": pgettext_lazy("verdict", "Ongoing"),
}
ACTORS: Mapping[str, str | Promise] = {
    "police": gettext_lazy("police"),
    "municipality": gettext_lazy("municipality"),
    "both": gettext_lazy("police and municipality"),
}
DONE: Mapping[tuple[str, str], str | Promise] = {
    ("change", "kept"): gettext_lazy("The number moved as promised, by more than chance explains."),
    ("change", "partly"): gettext_lazy(
        "The number moved the right way, but not as far as promised."
    ),
    ("change", "not_kept"): gettext_lazy(
        "The number moved the wrong way, by more than chance explains."
    ),
    ("change", "cannot_tell"): gettext_lazy(
        "The figures cannot show whether the promise was kept."
    ),
    ("deliverable", "kept"): gettext_lazy("It is in place."),
    ("deliverable", "partly"): gettext_lazy("A part of it is in place."),
    ("deliverable", "not_kept"): gettext_lazy("It is not in place."),
    ("counted", "kept"): gettext_lazy("What was promised was done."),
    ("counted", "partly"): gettext_lazy("Less was done than promised, or not in the way promised."),
    ("counted", "not_kept"): gettext_lazy("What was promised was not done."),
}
NOT_SHOWN: Mapping[str, str | Promise] = {
    "not_measured": gettext_lazy("It has not been measured whether it helped."),
    "no_reading": gettext_lazy("It cannot be judged: a reading for the period is missing."),
}


def verdict(key: str, *, late: bool = False) -> str:
    return _("Not done, late") if late else str(WORDS[key])


def actor(key: str) -> str:
    return str(ACTORS[key])


def done(verdict_key: str, kind: str, new_date: date | None = None) -> str:
    """Was it done: one sentence, and the new date of what is late."""
    if verdict_key == "ongoing":
        return _("The time has not run out yet.")
    if new_date is not None:
        return _("It is late. It is expected in %(when)s.") % {"when": formats.month(new_date)}
    group = kind if kind in {"change", "deliverable"} else "counted"
    missing = _("No figure or document shows what was done.")
    return str(DONE.get((group, verdict_key), missing))


def effect_unknown(helped: str) -> str:
    return str(NOT_SHOWN.get(helped, NOT_SHOWN["no_reading"]))


def summary(counts: Mapping[str, int]) -> str:
    """The sum in words: Fyra löften: ett är klart, två kan inte visas, ett är försenat."""
    total = sum(counts.values())
    if not total:
        return _("There is nothing to follow up.")
    parts = [_part(key, counts[key]) for key in ORDER if counts.get(key)]
    promises = ngettext("%(count)s promise", "%(count)s promises", total)
    told = promises % {"count": formats.count_word(total, one="ett")}
    return f"{told[0].upper()}{told[1:]}: {formats.list_words(parts)}."


ORDER = ("kept", "partly", "not_kept", "late", "cannot_tell", "ongoing")


def _part(key: str, n: int) -> str:
    words = {
        "kept": ngettext("%(count)s is done", "%(count)s are done", n),
        "partly": ngettext("%(count)s is partly done", "%(count)s are partly done", n),
        "not_kept": ngettext("%(count)s is not done", "%(count)s are not done", n),
        "late": ngettext("%(count)s is late", "%(count)s are late", n),
        "cannot_tell": ngettext("%(count)s cannot be shown", "%(count)s cannot be shown", n),
        "ongoing": ngettext("%(count)s is ongoing", "%(count)s are ongoing", n),
    }
    return words[key] % {"count": formats.count_word(n, one="ett")}
