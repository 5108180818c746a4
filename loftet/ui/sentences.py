"""Results as sentences, in the language of the reader.

A change that chance explains is never called anything else, and no sentence judges more than the
figures do. A sentence is put together only of whole clauses, so that each language keeps its order.
"""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from loftet.analysis.change import DetectableChange, RateRatio, ShareChange
from loftet.ui import formats

Counts = tuple[int, int]
Number = formats.Number
PER_CENT = {"%", "percent", "per cent", "procent"}


# --- What changed -------------------------------------------------------------------------------


def count_change(
    after: int, before: int, result: RateRatio, *, wanted: str = "none", unit: str = ""
) -> str:
    """Two counts; `wanted` (up, down or none) is told only where there is a change beside it."""
    change = _count_clause(after, before, result, unit)
    if before == after == 0:
        return f"{change}."
    if result.beyond_chance:
        beyond = _("%(change)s, %(beyond_chance)s.")
        return _with_aim(
            beyond % {"change": change, "beyond_chance": _beyond_chance(result)}, wanted
        )
    whole = (
        _("%(change)s; a change may still lie hidden %(within_chance)s.")
        if result.ratio == 1
        else _("%(change)s, but the difference is %(within_chance)s.")
    )
    return whole % {"change": change, "within_chance": _within_chance(result)}


def share_change(
    after: Counts, before: Counts, result: ShareChange, *, wanted: str = "none"
) -> str:
    """Two shares, each given as (cases with the property, all cases)."""
    low, high = (100 * limit for limit in result.interval)
    decimals = _decimals(low, high, neutral=0, fewest=1)
    values = {
        "before": _share_of(before),
        "after": _share_of(after),
        "difference": formats.number(100 * result.difference, decimals),
        "confidence": _confidence(result.confidence),
        "interval": formats.interval(low, high, decimals),
        "finding": _share_finding(result),
    }
    told = _(
        "The share was %(before)s and %(after)s; difference %(difference)s percentage points"
        " (%(confidence)s%% %(interval)s): %(finding)s."
    )
    return _with_aim(told % values, wanted if result.beyond_chance else "none")


def share_without_counts(after: Number, before: Number) -> str:
    told = _(
        "The share was %(before)s and %(after)s."
        " It cannot be judged: the number of cases is missing."
    )
    return told % {"before": formats.percent(before), "after": formats.percent(after)}


def value_change(after: Number, before: Number, unit: str = "") -> str:
    """Two measured values of which nobody knows how uncertain they are."""
    told = _(
        "The value was %(before)s and then %(after)s."
        " The uncertainty is unknown, so it cannot be said whether anything has changed."
    )
    return told % {"before": _measure(before, unit), "after": _measure(after, unit)}


def measured(value: Number, unit: str, when: str) -> str:
    return f"{when}: {_measure(value, unit)}."


def _count_clause(after: int, before: int, result: RateRatio, unit: str) -> str:
    subject = _("The number of %(unit)s") % {"unit": unit} if unit else _("The number")
    values = {
        "subject": subject,
        "before": formats.number(before),
        "after": formats.number(after),
    }
    return _movement(after, before, result.ratio) % values


def _movement(after: int, before: int, ratio: float) -> str:
    if before and abs(ratio * before - after) > 1e-9 * after:
        return _uneven_movement(ratio)
    if after == before:
        return _("%(subject)s was %(before)s both times")
    if after > before:
        return _("%(subject)s rose from %(before)s to %(after)s")
    return _("%(subject)s fell from %(before)s to %(after)s")


def _uneven_movement(ratio: float) -> str:
    """Words for counts over unlike periods, where the numbers as they stand could mislead."""
    if ratio == 1:
        return _(
            "%(subject)s was %(before)s and then %(after)s, over periods of different length,"
            " which is the same over equal time"
        )
    if ratio > 1:
        return _(
            "%(subject)s was %(before)s and then %(after)s, over periods of different length,"
            " which is a rise over equal time"
        )
    return _(
        "%(subject)s was %(before)s and then %(after)s, over periods of different length,"
        " which is a fall over equal time"
    )


def _within_chance(result: RateRatio) -> str:
    text = _("within normal chance variation (ratio %(ratio)s; %(confidence)s%% %(interval)s)")
    return text % _figures(result)


def _beyond_chance(result: RateRatio) -> str:
    text = _("more than chance explains (ratio %(ratio)s; %(confidence)s%% %(interval)s)")
    return text % _figures(result)


def _figures(result: RateRatio) -> dict[str, str]:
    decimals = _decimals(*result.interval, neutral=1, fewest=2)
    return {
        "ratio": formats.number(result.ratio, decimals),
        "confidence": _confidence(result.confidence),
        "interval": formats.interval(*result.interval, decimals),
    }


def _decimals(*limits: float, neutral: float, fewest: int) -> int:
    """So many that no limit is rounded on to the very value that it is compared with."""
    for decimals in range(fewest, 5):
        if all(round(limit, decimals) != neutral or limit == neutral for limit in limits):
            return decimals
    return 5


def _confidence(confidence: float) -> str:
    return formats.number(round(100 * confidence, 6))


def _share_of(counts: Counts) -> str:
    k, n = counts
    values = {"k": formats.number(k), "n": formats.number(n), "share": formats.share(k / n, 1)}
    return _("%(share)s (%(k)s of %(n)s)") % values


def _share_finding(result: ShareChange) -> str:
    if not result.beyond_chance:
        return _("no change can be established")
    if result.difference > 0:
        return _("the share rose, more than chance explains")
    return _("the share fell, more than chance explains")


def _with_aim(told: str, wanted: str) -> str:
    aims = {"up": _("The aim was a rise."), "down": _("The aim was a fall.")}
    return f"{told} {aims[wanted]}" if wanted in aims else told


def _measure(value: Number, unit: str) -> str:
    if unit in PER_CENT:
        return formats.percent(value)
    return f"{formats.number(value)} {unit}".rstrip()


# --- What a change would have to be -------------------------------------------------------------


def detectable(
    count: Number, result: DetectableChange, *, wanted: str = "down", unit: str = ""
) -> str:
    """How large a change must be to be seen, beside the promise while it is written."""
    size = result.rise if wanted == "up" else result.fall
    values = {
        "count": formats.number(count),
        "unit": unit or npgettext("what is counted", "case", "cases", _plural(count)),
        "size": formats.share(size or 0, 0 if (size or 0) >= 0.1 else 1),
    }
    return _detectable(result, wanted) % values


def _detectable(result: DetectableChange, wanted: str) -> str:
    if wanted == "up":
        return _(
            "With %(count)s %(unit)s a year, a rise of less than about %(size)s"
            " cannot reliably be told from chance."
        )
    if result.fall is None:
        return _(
            "With %(count)s %(unit)s a year, not even a fall to none"
            " can reliably be told from chance."
        )
    return _(
        "With %(count)s %(unit)s a year, a fall of less than about %(size)s"
        " cannot reliably be told from chance."
    )


# --- What was promised and done -----------------------------------------------------------------


def promised_and_done(
    promised: Number | None,
    done: Number | None,
    unit: str = "",
    comparator: str = "",
    *,
    one: formats.One = "en",
) -> str:
    """Two amounts; the comparator is at_least, at_most, exactly or nothing.

    The unit is a word in the plural and left out beside a single one; `one` is its Swedish gender.
    """
    words = all(_is_small(amount) for amount in (promised, done))

    def write(amount: Number) -> str:
        return formats.count_word(int(amount), one=one) if words else formats.number(amount)

    told = f"{_done(done, unit, write)}; {_promised(promised, comparator, write)}."
    return told[0].upper() + told[1:]


def _done(done: Number | None, unit: str, write: Callable[[Number], str]) -> str:
    if done is None:
        return _("nothing has been reported")
    if done == 0:
        return _("no %(unit)s were done") % {"unit": unit} if unit else _("none were done")
    amount = f"{write(done)} {unit}" if unit and done != 1 else write(done)
    return ngettext("%(amount)s was done", "%(amount)s were done", _plural(done)) % {
        "amount": amount
    }


def _promised(promised: Number | None, comparator: str, write: Callable[[Number], str]) -> str:
    if promised is None:
        return _("no target was set")
    return _promise(comparator, _plural(promised)) % {"amount": write(promised)}


def _promise(comparator: str, n: int) -> str:
    if comparator == "at_least":
        return ngettext("at least %(amount)s was promised", "at least %(amount)s were promised", n)
    if comparator == "at_most":
        return ngettext("at most %(amount)s was promised", "at most %(amount)s were promised", n)
    if comparator == "exactly":
        return ngettext("exactly %(amount)s was promised", "exactly %(amount)s were promised", n)
    return ngettext("%(amount)s was promised", "%(amount)s were promised", n)


def _is_small(amount: Number | None) -> bool:
    return amount is None or (amount == int(amount) and 0 <= amount <= 12)


def _plural(amount: Number) -> int:
    """Give the number that decides between singular and plural: only a single one is singular."""
    return 1 if amount == Decimal(1) else 2
