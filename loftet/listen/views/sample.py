from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core import vault
from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.models import Job
from loftet.core.roles import Permission
from loftet.listen.actions import sample as actions
from loftet.listen.forms.sample import WHY, ColumnsForm, FrameForm, PlanForm
from loftet.listen.models import Draw, Wave
from loftet.listen.rules import frame, precision
from loftet.listen.rules.drawing import Method


@staff
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """From a register to people with codes; the page of the step where it stands."""
    wave = get_object_or_404(Wave, code=code)
    made = Draw.objects.filter(wave=wave).select_related("drawn_by").first()
    if made is not None:
        return _drawn(request, wave, made)
    if not vault.holds(actions.frame_name(wave)):
        return _bring(request, wave)
    report = _checked(wave)
    return _plan(request, wave, report) if report else _columns(request, wave)


@staff
@require_POST
def start_over(request: HttpRequest, code: str) -> HttpResponse:
    """Undo the draw, or take another file."""
    actions.undo_draw(wave=get_object_or_404(Wave, code=code), by=person(request))
    messages.success(request, _("Everything that was drawn is removed."))
    return redirect("listen:sample", code)


def _bring(request: HttpRequest, wave: Wave) -> HttpResponse:
    form = FrameForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        header = tried(
            form, lambda: actions.bring_frame(wave=wave, content=content, by=person(request))
        )
        if header:
            return redirect("listen:sample", wave.code)
    return render(request, "listen/sample/bring.html", _context(request, wave) | {"form": form})


def _columns(request: HttpRequest, wave: Wave) -> HttpResponse:
    form = ColumnsForm(request.POST or None, header=actions.frame_table(wave).header)
    if request.method == "POST" and form.is_valid():
        mapping = {name: column for name, column in form.cleaned_data.items() if column}
        job = tried(form, lambda: actions.ask_check(wave=wave, mapping=mapping, by=person(request)))
        if job:
            return redirect("listen:job", job.pk)
    return render(request, "listen/sample/columns.html", _context(request, wave) | {"form": form})


def _plan(request: HttpRequest, wave: Wave, report: dict[str, object]) -> HttpResponse:
    populations = _populations(report)
    form = PlanForm(request.POST or None)
    plans: dict[str, precision.Plan] = {}
    if request.method == "POST" and form.is_valid():
        plans = form.plans(populations)
        if "draw" in request.POST:
            values = form.cleaned_data
            job = tried(
                form,
                lambda: actions.ask_draw(
                    wave=wave,
                    mapping=_mapping(report),
                    planned={area: plan.letters for area, plan in plans.items()},
                    seed=values["seed"],
                    method=Method(values["method"]),
                    by=person(request),
                ),
            )
            if job:
                return redirect("listen:job", job.pk)
    context = _context(request, wave) | {
        "form": form,
        "report": report,
        "problems": _problems(report),
        "told_at_most": frame.TOLD_AT_MOST,
        "plans": plans,
        "whole": precision.together(plans) if plans else None,
    }
    return render(request, "listen/sample/plan.html", context)


def _drawn(request: HttpRequest, wave: Wave, made: Draw) -> HttpResponse:
    context = _context(request, wave) | {"draw": made, "strata": wave.strata.all()}
    return render(request, "listen/sample/drawn.html", context)


def _checked(wave: Wave) -> dict[str, object] | None:
    """What the check of the file that lies here told; none of an earlier file."""
    job = Job.objects.about(wave).filter(kind=actions.CHECK, state=Job.State.DONE).first()
    brought = actions.frame_brought_at(wave)
    if job is None or brought is None or job.asked_at < brought:
        return None
    report: dict[str, object] = job.report
    return report if report["people"] else None


def _populations(report: dict[str, object]) -> dict[str, int]:
    areas = report["areas"]
    return dict(areas) if isinstance(areas, dict) else {}


def _mapping(report: dict[str, object]) -> dict[str, str]:
    mapping = report["mapping"]
    return dict(mapping) if isinstance(mapping, dict) else {}


def _problems(report: dict[str, object]) -> list[dict[str, object]]:
    """Each kind of problem with how often and in which rows."""
    counts, told = report["problems"], report["told"]
    if not (isinstance(counts, dict) and isinstance(told, list)):
        return []
    return [
        {
            "why": WHY[code],
            "count": count,
            "rows": [one["row"] for one in told if one["code"] == code][:20],
        }
        for code, count in sorted(counts.items(), key=lambda item: -item[1])
    ]


def _context(request: HttpRequest, wave: Wave) -> dict[str, object]:
    return {"wave": wave, "may_write": may(person(request), Permission.WRITE_SURVEY)}
