"""An outcome told, as an edition keeps it: plain values, and sentences in both languages."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import get_language

from loftet.analysis.change import RateRatio, ShareChange
from loftet.core.texts import both
from loftet.followup import rules
from loftet.followup.models.outcome import Outcome, promise_of
from loftet.followup.models.result import Result
from loftet.map.models import Reading
from loftet.ui import formats, sentences, verdicts
from loftet.ui.bilingual import bilingual, in_language

EMPTY = {"sv": "", "en": ""}


def tell(outcome: Outcome) -> dict[str, Any]:
    result = outcome.result
    return {
        **outcome.commitment.as_published(),
        "ends": outcome.commitment.until.isoformat(),
        "verdict": outcome.verdict.value,
        "late": outcome.late,
        "done": bilingual(lambda: _done(outcome)),
        "amount": bilingual(lambda: _amount(outcome)),
        "helped": bilingual(lambda: _helped(outcome)),
        "told": both(result, "text") if result else EMPTY,
        "reason": both(result, "reason") if result else EMPTY,
        "context": both(result, "context") if result else EMPTY,
        "lesson": both(result, "lesson") if result else EMPTY,
        "report": _report(result) if result else None,
        "readings": [reading.as_published() for reading in outcome.series],
        "statistic": _statistic(outcome.judgement.statistic),
    }


def tell_in_words(outcome: Outcome) -> dict[str, Any]:
    """The same for one reader, with the word of the verdict."""
    told: dict[str, Any] = in_language(tell(outcome), get_language() or "sv")
    return told | {"word": verdicts.verdict(outcome.verdict.value, late=outcome.late)}


def _done(outcome: Outcome) -> str:
    new_date = outcome.result.new_date if outcome.result and outcome.late else None
    return verdicts.done(outcome.verdict.value, outcome.commitment.kind, new_date=new_date)


def _amount(outcome: Outcome) -> str:
    commitment, result = outcome.commitment, outcome.result
    if commitment.kind == commitment.Kind.CHANGE:
        return " ".join(
            _measured(reading) for reading in (outcome.before, outcome.after) if reading
        )
    if commitment.kind == commitment.Kind.DELIVERABLE:
        return str(result.get_state_display()).capitalize() + "." if result and result.state else ""
    done = result.quantity if result else None
    return sentences.promised_and_done(
        commitment.quantity, done, commitment.unit, commitment.comparator
    )


def _measured(reading: Reading) -> str:
    return sentences.measured(
        reading.figures.shown or 0,
        reading.indicator.unit,
        formats.period(reading.starts, reading.ends),
    )


def _helped(outcome: Outcome) -> str:
    """The one sentence on effect; it never says more than the figures do."""
    before, after, judged = outcome.before, outcome.after, outcome.judgement
    if judged.helped is rules.Helped.NOT_MEASURED or before is None or after is None:
        return verdicts.effect_unknown(judged.helped.value)
    wanted = rules.direction(promise_of(outcome.commitment))
    earlier, later = before.figures.shown or 0, after.figures.shown or 0
    if isinstance(judged.statistic, RateRatio):
        return sentences.count_change(
            int(later), int(earlier), judged.statistic, wanted=wanted, unit=after.indicator.unit
        )
    if isinstance(judged.statistic, ShareChange):
        return sentences.share_change(
            _counts(after), _counts(before), judged.statistic, wanted=wanted
        )
    if judged.helped is rules.Helped.NO_COUNTS:
        return sentences.share_without_counts(later, earlier)
    return sentences.value_change(later, earlier, after.indicator.unit)


def _counts(reading: Reading) -> tuple[int, int]:
    return reading.numerator or 0, reading.denominator or 0


def _report(result: Result) -> dict[str, Any]:
    return {
        "quantity": None if result.quantity is None else float(result.quantity),
        "state": result.state,
        "new_date": result.new_date.isoformat() if result.new_date else None,
        "source": result.source,
        "as_of": result.as_of.isoformat(),
    }


def _statistic(statistic: RateRatio | ShareChange | None) -> dict[str, Any] | None:
    if statistic is None:
        return None
    ratio = isinstance(statistic, RateRatio)
    low, high = statistic.interval
    return {
        "kind": "ratio" if ratio else "difference",
        "method": "exact conditional Poisson" if ratio else "Newcombe hybrid score",
        "estimate": _finite(
            statistic.ratio if isinstance(statistic, RateRatio) else statistic.difference
        ),
        "low": _finite(low),
        "high": _finite(high),
        "p_value": statistic.p_value,
        "confidence": statistic.confidence,
    }


def _finite(number: float) -> float | None:
    """JSON knows no infinity: null stands for an open end."""
    return number if math.isfinite(number) else None
