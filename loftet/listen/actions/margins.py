from collections.abc import Mapping

from django.utils.translation import gettext as _

from loftet.core import log
from loftet.core.access import require
from loftet.core.errors import Refused
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.models import Margin, Wave
from loftet.listen.rules import waves
from loftet.listen.rules.form import Kind, Question


@action
def set_margin(
    *, wave: Wave, variable: str, counts: Mapping[str, int], source: str, by: User
) -> None:
    """How many there are of each kind, from a register; an empty table takes the margin away."""
    require(by, Permission.WRITE_SURVEY)
    if wave.state == waves.State.SETTLED:
        raise Refused("wave_settled", _("The results are frozen; the wave no longer changes."))
    if not wave.allowed.weights:
        raise Refused("no_weights", _("Answers to this survey are not weighted."))
    known = {choice.code for choice in _question(wave, variable).choices}
    unknown = sorted(set(counts) - known)
    if unknown:
        raise Refused(
            "category_unknown",
            _("“%(category)s” is not an answer to the question.") % {"category": unknown[0]},
            field="counts",
        )
    if counts and not source.strip():
        raise Refused(
            "source_missing", _("Say which register the figures are from."), field="source"
        )
    wave.margins.filter(variable=variable).delete()
    rows = [
        Margin(wave=wave, variable=variable, category=category, count=count, source=source.strip())
        for category, count in sorted(counts.items())
    ]
    Margin.objects.bulk_create(rows)
    log.record(by, "set_margin", wave, variable=variable, counts=dict(counts), source=source)


def variables(wave: Wave) -> list[Question]:
    """Questions that a register may know the answers to: those with one answer out of several."""
    if wave.questionnaire is None:
        return []
    return [q for q in wave.questionnaire.form.questions if q.kind is Kind.SINGLE]


def _question(wave: Wave, variable: str) -> Question:
    for question in variables(wave):
        if question.code == variable:
            return question
    raise Refused(
        "variable_unknown",
        _("Choose a question of the questionnaire that has one answer."),
        field="variable",
    )
