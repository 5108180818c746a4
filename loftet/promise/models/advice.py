"""What stands in the way of following a commitment up, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loftet.analysis.change import detectable_change
from loftet.policy import vague_words
from loftet.promise import rules
from loftet.promise.models.commitment import Commitment
from loftet.ui import sentences

WORDS: Mapping[str, str | Promise] = {
    "text_missing": _("Write what you promise."),
    "responsible_missing": _("Say which unit answers for it."),
    "place_missing": _("Say where: the whole municipality, a district or a place."),
    "source_missing": _("Say where the figures will come from, so that it can be shown."),
    "counting_rule_missing": _("Say what counts and what does not, before anyone starts counting."),
    "quantity_missing": _("Say how many. Without a number nobody can tell whether it was done."),
    "comparator_counts": _("Choose at least, at most or exactly."),
    "comparator_direction": _("Choose whether the number is to increase or decrease."),
    "unit_missing": _("Say what is counted: rounds, operations, hours."),
    "indicator_missing": _("Choose the indicator that is to change."),
    "baseline_missing": _("Choose the baseline: the reading that the change is counted from."),
}


@dataclass(frozen=True)
class Advice:
    field: str
    text: str
    stops: bool


def of(commitment: Commitment) -> list[Advice]:
    """Everything that stands in the way of following it up, what stops a signature first."""
    vague = [rules.VagueWord(word.pattern, f"{word.why} {word.instead}") for word in vague_words()]
    found = rules.gaps(commitment.as_draft(), vague)
    advice = [Advice(gap.field, gap.words or str(WORDS[gap.code]), gap.stops) for gap in found]
    return sorted(advice, key=lambda one: not one.stops)


def stops(commitment: Commitment) -> list[Advice]:
    return [advice for advice in of(commitment) if advice.stops]


def detectable(commitment: Commitment) -> str:
    """What change the chosen indicator could at all reveal, from its baseline."""
    baseline, indicator = commitment.baseline, commitment.indicator
    if baseline is None or indicator is None or indicator.kind != "count" or not baseline.value:
        return ""
    wanted = "up" if commitment.comparator == rules.Comparator.INCREASE else "down"
    change = detectable_change(int(baseline.value))
    return sentences.detectable(int(baseline.value), change, wanted=wanted, unit=indicator.unit)
