from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from loftet.core.access import ANYWHERE, may
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.map import actions
from loftet.map.forms import CorrectionForm, IndicatorForm, ReadingForm
from loftet.map.models import Indicator, Reading
from loftet.ui import charts, formats


@staff
def indicators(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "map/indicators.html",
        {
            "indicators": Indicator.objects.with_newest(),
            "may_write": may(person(request), Permission.WRITE_READING),
        },
    )


@staff
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Indicator.objects.select_related("owner"), code=code)
    readings = list(found.readings.select_related("recorded_by", "area", "replaced_by"))
    current = [reading for reading in readings if reading.is_current]
    return render(
        request,
        "map/indicator.html",
        {
            "indicator": found,
            "readings": current,
            "replaced": [reading for reading in readings if not reading.is_current],
            "chart": _chart(found, [reading for reading in current if reading.area_id is None]),
            "may_write": may(
                person(request), Permission.WRITE_READING, organisation=found.owner or ANYWHERE
            ),
        },
    )


@staff
def add_indicator(request: HttpRequest) -> HttpResponse:
    form = IndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.add_indicator(indicator=form.save(commit=False), by=person(request)),
        )
        if made:
            messages.success(request, _("The indicator is kept. Now add its first reading."))
            return redirect("map:indicator", made.code)
    return render(request, "map/indicator_form.html", {"form": form})


@staff
def add_reading(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Indicator, code=code)
    form = ReadingForm(request.POST or None, indicator=found, initial={"source": found.source})
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.add_reading(indicator=found, by=person(request), **form.cleaned_data),
        )
        if made:
            messages.success(request, _("The reading is kept."))
            return redirect("map:indicator", code)
    return render(request, "map/reading_form.html", {"form": form, "indicator": found})


@staff
def correct_reading(request: HttpRequest, pk: int) -> HttpResponse:
    reading = get_object_or_404(Reading.objects.select_related("indicator__owner", "area"), pk=pk)
    form = CorrectionForm(
        request.POST or None, indicator=reading.indicator, initial=_as_it_stands(reading)
    )
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.correct_reading(
                reading=reading, by=person(request), **form.cleaned_data
            ),
        )
        if made:
            messages.success(
                request,
                _(
                    "The reading is corrected, and the old one is kept."
                    " Published pages change with the next edition."
                ),
            )
            return redirect("map:indicator", reading.indicator.code)
    context = {"form": form, "indicator": reading.indicator, "reading": reading}
    return render(request, "map/reading_form.html", context)


def _as_it_stands(reading: Reading) -> dict[str, object]:
    names = ("value", "numerator", "denominator", "source", "extracted_on")
    kept = {name: getattr(reading, name) for name in names}
    return kept | {"value": reading.value and formats.plain(reading.value)}


def _chart(found: Indicator, readings: list[Reading]) -> charts.Chart | None:
    points = [
        charts.Point(formats.period(r.starts, r.ends), float(r.figures.shown))
        for r in readings
        if r.figures.shown is not None
    ]
    if len(points) < 2:
        return None
    return charts.line(
        f"indicator-{found.code}",
        title=found.name,
        description=_("Each point is one reading of the indicator."),
        points=points,
        unit=found.unit,
    )
