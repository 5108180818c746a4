from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from loftet.core import clock
from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.files import download
from loftet.core.roles import Permission
from loftet.followup import actions
from loftet.followup.forms import ResultForm
from loftet.followup.models import Result, outcomes, telling
from loftet.promise.models import Commitment, Pledge


@staff
def pledges(request: HttpRequest) -> HttpResponse:
    return render(
        request, "followup/pledges.html", {"pledges": Pledge.objects.signed().with_counts()}
    )


@staff
def pledge(request: HttpRequest, period: str) -> HttpResponse:
    found = get_object_or_404(Pledge.objects.signed().select_related("cycle"), period=period)
    who = person(request)
    told = [
        (
            telling.tell_in_words(outcome),
            may(who, Permission.REPORT_RESULT, organisation=outcome.responsible),
        )
        for outcome in outcomes(found, on=clock.today())
    ]
    return render(request, "followup/pledge.html", {"pledge": found, "outcomes": told})


@staff
def report(request: HttpRequest, period: str, code: str) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.in_full(), pledge__period=period, code=code)
    latest = Result.objects.current().on(commitment).first()
    form = ResultForm(
        request.POST or None,
        request.FILES or None,
        commitment=commitment,
        initial=_carried_on(latest),
    )
    if request.method == "POST" and form.is_valid():
        result = form.save(commit=False)
        result.commitment = commitment
        result.evidence = latest.evidence if latest else None
        file = form.cleaned_data["file"]
        if tried(form, lambda: actions.report(result=result, evidence=file, by=person(request))):
            messages.success(request, _("The report is kept. It is public with the next edition."))
            return redirect("followup:pledge", period)
    context = {
        "form": form,
        "commitment": commitment,
        "pledge": commitment.pledge,
        "latest": latest,
    }
    return render(request, "followup/report.html", context)


@staff
def evidence(request: HttpRequest, period: str, code: str) -> FileResponse:
    """The file behind the newest report."""
    results = Result.objects.current().with_evidence()
    found = get_object_or_404(results, commitment__pledge__period=period, commitment__code=code)
    if found.evidence is None:
        raise Http404
    return download(found.evidence)


def _carried_on(latest: Result | None) -> dict[str, object]:
    """A new report begins where the last one ended; its day is new."""
    today: dict[str, object] = {"as_of": clock.today()}
    if latest is None:
        return today
    names = [name for name in ResultForm.Meta.fields if name != "as_of"]
    return {name: getattr(latest, name) for name in names} | today
