"""Every write of the map phase."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.core import clock, log
from loftet.core.access import ANYWHERE, require
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.hold import hold
from loftet.core.models import Area, User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.map import rules
from loftet.map.models import Indicator, Reading

WHY: Mapping[str, str | Promise] = {
    "only_shares_have_counts": gettext_lazy(
        "Only a share has a number counted out of another: leave these empty."
    ),
    "value_missing": gettext_lazy("Write the value."),
    "count_not_whole": gettext_lazy("A count is a whole number, zero or more."),
    "share_missing": gettext_lazy(
        "Write the number counted and out of how many; or, if unknown, the per cent alone."
    ),
    "share_outside": gettext_lazy("A share lies between 0 and 100 per cent."),
    "share_twice": gettext_lazy("Write either the per cent or the two counts, not both."),
    "counts_half": gettext_lazy(
        "A share needs both counts: the number counted and out of how many."
    ),
    "counts_impossible": gettext_lazy(
        "The number counted can be at most the number it is out of, which is at least 1."
    ),
}

TEXTS = (
    "name_sv", "name_en", "definition_sv", "definition_en", "caution_sv", "caution_en", "source",
)  # fmt: skip


@action
def add_indicator(*, indicator: Indicator, by: User) -> Indicator:
    require(by, Permission.WRITE_READING, organisation=indicator.owner or ANYWHERE)
    refuse_invalid(indicator)
    refuse_personal_data(**{name: getattr(indicator, name) for name in TEXTS})
    indicator.save(force_insert=True)
    log.record(by, "added", indicator, code=indicator.code)
    return indicator


@action
def add_reading(
    *,
    indicator: Indicator,
    starts: date,
    ends: date,
    source: str,
    extracted_on: date,
    value: Decimal | None = None,
    numerator: int | None = None,
    denominator: int | None = None,
    area: Area | None = None,
    by: User,
) -> Reading:
    require(by, Permission.WRITE_READING, organisation=indicator.owner or ANYWHERE)
    hold(indicator)
    if ends < starts:
        raise Refused("ends_before_starts", _("The last day comes before the first."), field="ends")
    if Reading.objects.filter(indicator=indicator, area=area, starts=starts, ends=ends).exists():
        raise Refused(
            "reading_exists",
            _(
                "There is already a reading for this period."
                " Correct that one instead, so that both are kept."
            ),
            field="starts",
        )
    figures = rules.Figures(value, numerator, denominator)
    return _write(indicator, figures, source, extracted_on, by, area=area, starts=starts, ends=ends)


@action
def correct_reading(
    *,
    reading: Reading,
    reason: str,
    source: str,
    extracted_on: date,
    value: Decimal | None = None,
    numerator: int | None = None,
    denominator: int | None = None,
    by: User,
) -> Reading:
    """Replace a reading; the old one is kept, with the reason."""
    require(by, Permission.WRITE_READING, organisation=reading.indicator.owner or ANYWHERE)
    hold(reading)
    if not reason.strip():
        raise Refused(
            "reason_missing",
            _("Say why the reading is corrected; it is shown in public."),
            field="reason",
        )
    if Reading.objects.filter(replaces=reading).exists():
        raise Refused(
            "already_corrected",
            _("This reading has been corrected already. Correct the newest one."),
        )
    figures = rules.Figures(value, numerator, denominator)
    if figures == reading.figures:
        raise Refused(
            "nothing_changed",
            _("The figures are the same as before. Nothing was changed."),
            field="value",
        )
    return _write(
        reading.indicator,
        figures,
        source,
        extracted_on,
        by,
        area=reading.area,
        starts=reading.starts,
        ends=reading.ends,
        replaces=reading,
        reason=reason.strip(),
    )


def _write(
    indicator: Indicator,
    figures: rules.Figures,
    source: str,
    extracted_on: date,
    by: User,
    **rest: Any,
) -> Reading:
    for problem in rules.problems(rules.Kind(indicator.kind), figures):
        raise Refused(problem.code, str(WHY[problem.code]), field=problem.field)
    refuse_personal_data(source=source, reason=rest.get("reason"))
    reading = Reading.objects.create(
        indicator=indicator,
        value=figures.value,
        numerator=figures.numerator,
        denominator=figures.denominator,
        source=source,
        extracted_on=extracted_on,
        recorded_by=by,
        recorded_at=clock.now(),
        **rest,
    )
    replaced = rest.get("replaces")
    log.record(
        by,
        "corrected" if replaced else "recorded",
        reading,
        indicator=indicator.code,
        value=figures.value,
        numerator=figures.numerator,
        denominator=figures.denominator,
        replaces=replaced and replaced.pk,
        reason=rest.get("reason", ""),
    )
    return reading
