"""From opened answers to frozen results, and on to priorities that a pledge can point to."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from loftet import policy
from loftet.core import clock, jobs, log
from loftet.core.access import require
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import Job, User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.models import AccessCode, Coding, Compilation, Priority, Wave
from loftet.listen.models.questionnaire import digest
from loftet.listen.rules import designs, waves
from loftet.listen.rules.form import Texts, text
from loftet.listen.rules.results import (
    Classes,
    Drawn,
    Filled,
    Given,
    Limits,
    Sent,
    Themed,
    compiled,
    microdata,
)
from loftet.listen.rules.results.ranking import is_list

COMPILE = "loftet.listen.actions.results.compute"
OPENED = {waves.State.COUNTED, waves.State.SETTLED}
WHOLE = "+"  # the one stratum of a wave that was drawn from everybody at once


@action
def compile_results(*, wave: Wave, reason: str = "", by: User) -> Job:
    """Have everything computed in the background; a second time only for a reason."""
    require(by, Permission.WRITE_SURVEY)
    _refuse_unopened(wave)
    reason = reason.strip()
    if wave.compilations.exists() and not reason:
        raise Refused("reason_missing", _("Say what is new since the last time."), field="reason")
    return jobs.ask(
        handler=COMPILE,
        title=_("Computes the results"),
        subject=wave,
        by=by,
        wave=wave.pk,
        reason=reason,
    )


def compute(*, progress: jobs.Progress, by: User, wave: int, reason: str) -> dict[str, Any]:
    """A job: compute everything and freeze it."""
    found = Wave.objects.select_related("questionnaire", "comparable_with").get(pk=wave)
    basis = given(found)
    content = compiled(basis, progress.tell) | {
        "questionnaire": found.questionnaire.digest() if found.questionnaire else "",
        "strata": [asdict(stratum) for stratum in basis.strata],
        "sent": asdict(basis.sent) if basis.sent else None,
        "seed": basis.seed,
    }
    kept = keep(wave=found, content=_plain(content), reason=reason, by=by)
    return {"number": kept.number, "digest": kept.digest}


def _plain(content: dict[str, Any]) -> dict[str, Any]:
    """As both databases give it back: without minus zero, and with text for keys."""
    text = json.dumps(content, allow_nan=False)
    plain: dict[str, Any] = json.loads(text, parse_float=lambda number: float(number) + 0.0)
    return plain


@action
def keep(*, wave: Wave, content: dict[str, Any], reason: str, by: User) -> Compilation:
    """Freeze what was computed under the next number."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    _refuse_unopened(wave)
    newest = wave.compilations.first()
    if newest is not None and not reason:
        raise Refused("reason_missing", _("Say what is new since the last time."), field="reason")
    kept = Compilation.objects.create(
        wave=wave,
        number=newest.number + 1 if newest else 1,
        content=content,
        digest=digest(content),
        computed_at=clock.now(),
        computed_by=by,
        reason=reason,
    )
    log.record(by, "computed", kept, wave=wave.code, number=kept.number, digest=kept.digest)
    if wave.state == waves.State.SETTLED:
        _prioritise(wave, kept)
    return kept


@action
def freeze_results(*, wave: Wave, by: User) -> Compilation:
    """Settle the wave on its newest results; its priorities can be pointed to from now on."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    newest = wave.compilations.first()
    if wave.state != waves.State.COUNTED or newest is None:
        raise Refused("nothing_to_freeze", _("Compute the results first, and only once freeze."))
    wave.state = waves.State.SETTLED
    wave.save(update_fields=["state"])
    _prioritise(wave, newest)
    log.record(by, "settled", wave, number=newest.number, digest=newest.digest)
    return newest


@action
def take_rows(*, wave: Wave, by: User) -> list[microdata.Row | list[str]]:
    """Answers one by one without names, in random order; each time is a line in the log."""
    require(by, Permission.WRITE_SURVEY)
    _refuse_unopened(wave)
    found = given(wave, alone=True)
    log.record(by, "took_rows", wave, answers=len(found.answers))
    return [microdata.header(found), *microdata.rows(found)]


def given(wave: Wave, *, alone: bool = False) -> Given:
    """The wave's answers and whatever its design lets them be weighed by."""
    questionnaire = wave.questionnaire
    if questionnaire is None:
        raise Refused("no_questionnaire", _("Choose a questionnaire first."))
    limits = Limits(
        group=policy.smallest("respondents"),
        cell=policy.smallest("answers_alike"),
        whole=policy.smallest("whole_percent"),
    )
    classes = list(policy.index_classes().values())[-1]
    strata = _strata(wave)
    return Given(
        form=questionnaire.form,
        design=designs.Design(wave.design),
        answers=_answers(wave),
        strata=strata,
        population=wave.population_size or sum(s.population for s in strata) or None,
        margins=_margins(wave),
        limits=limits,
        sent=_sent(wave),
        classes=[
            Classes(g.key, g.items, frozenset(g.sees), frozenset(g.leaves_out), g.limits)
            for g in classes.groups
        ],
        version=classes.version,
        themed=() if alone else _themed(wave),
        before=None if alone else _before(wave),
        seed=wave.pk,
    )


def _answers(wave: Wave) -> list[Filled]:
    rows = wave.answers.values_list("stratum__code", "mode", "content").order_by("pk")
    return [Filled(stratum, mode, content) for stratum, mode, content in rows.iterator()]


def _strata(wave: Wave) -> list[Drawn]:
    """How many could have answered; those found not to belong shrink the register in proportion."""
    if not wave.allowed.weights:
        return []
    kept = wave.compilations.first()
    if kept is not None and not wave.codes.exists():
        return [Drawn(**one) for one in kept.content["strata"]]  # the codes have been removed
    codes = Counter(wave.codes.values_list("stratum", flat=True))
    ineligible = wave.codes.filter(outcome=AccessCode.Outcome.INELIGIBLE)
    out = Counter(ineligible.values_list("stratum", flat=True))
    found = [
        _drawn(s.code, s.name, s.population, codes[s.pk], out[s.pk]) for s in wave.strata.all()
    ]
    if found or not wave.population_size:
        return found
    return [_drawn(WHOLE, "", wave.population_size, codes.total(), out.total())]


def _drawn(code: str, name: str, population: int, drawn: int, ineligible: int) -> Drawn:
    asked = drawn - ineligible
    people = round(population * asked / drawn) if drawn else population
    return Drawn(code, name, people, asked)


def _margins(wave: Wave) -> dict[str, dict[str, int]]:
    margins: dict[str, dict[str, int]] = {}
    for margin in wave.margins.all():
        margins.setdefault(margin.variable, {})[margin.category] = margin.count
    return margins


def _sent(wave: Wave) -> Sent | None:
    if not wave.allowed.response_rate:
        return None
    kept = wave.compilations.first()
    if kept is not None and not wave.codes.exists():
        return Sent(**kept.content["sent"])
    outcomes = Counter(wave.codes.values_list("outcome", flat=True))
    return Sent(
        drawn=outcomes.total(),
        ineligible=outcomes[AccessCode.Outcome.INELIGIBLE],
        returned=outcomes[AccessCode.Outcome.RETURNED],
        refused=outcomes[AccessCode.Outcome.REFUSED],
    )


def _themed(wave: Wave) -> list[Themed]:
    """Each passage by the coding that settles it, else by what all its coders found."""
    themes: dict[str, list[str]] = {}
    for theme in wave.themes.all():
        themes.setdefault(theme.question, []).append(theme.code)
    codings = Coding.objects.filter(passage__answer__wave=wave)
    found: dict[int, list[tuple[bool, str, frozenset[str]]]] = {}
    for coding in codings.select_related("passage").prefetch_related("themes"):
        under = frozenset(theme.code for theme in coding.themes.all())
        line = (coding.settles, coding.passage.question, under)
        found.setdefault(coding.passage_id, []).append(line)
    return [
        Themed(
            question,
            tuple(codes),
            [_agreed(lines) for lines in found.values() if lines[0][1] == question],
        )
        for question, codes in themes.items()
    ]


def _agreed(lines: list[tuple[bool, str, frozenset[str]]]) -> frozenset[str]:
    settled = [under for settles, _question, under in lines if settles]
    return settled[-1] if settled else frozenset.intersection(*(line[2] for line in lines))


def _before(wave: Wave) -> Given | None:
    """The wave that this may be compared with, for as long as its answers are kept."""
    earlier = wave.comparable_with
    if earlier is None or earlier.questionnaire is None or not earlier.answers.exists():
        return None
    return given(earlier, alone=True)


def _prioritise(wave: Wave, kept: Compilation) -> None:
    """Keep the rows that are pointed to; only what they say changes."""
    form = wave.questionnaire.form if wave.questionnaire else None
    asked = [question for question in form.questions if is_list(question)] if form else []
    for question in asked[:1]:
        labels = {choice.code: choice.label for choice in question.choices}
        for row in kept.content["priorities"][question.code]["rows"]:
            if "rank" in row:
                values = _said(row, labels[row["code"]])
                Priority.objects.update_or_create(wave=wave, code=row["code"], defaults=values)


def _said(row: Mapping[str, Any], label: Texts) -> dict[str, Any]:
    return {
        "title_sv": text(label, "sv")[:200],
        "title_en": text(label, "en")[:200],
        "chosen_by": row["chosen_by"],
        "out_of": row["out_of"],
        "share": row["share"],
        "share_low": row.get("low"),
        "share_high": row.get("high"),
        "rank": row["rank"],
        "rank_best": row.get("best"),
        "rank_worst": row.get("worst"),
    }


def _refuse_unopened(wave: Wave) -> None:
    if wave.state not in OPENED or wave.source:
        raise Refused("not_opened", _("Close the field and open the answers first."))
    if not wave.answers.exists():
        raise Refused("no_answers", _("There are no answers here to compute from."))
