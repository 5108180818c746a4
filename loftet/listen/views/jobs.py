from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core import jobs
from loftet.core.doors import person, staff
from loftet.core.models import Job
from loftet.listen.models import Mailing, Wave


@staff
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How long work goes; the page asks again by itself until it is over."""
    found = get_object_or_404(Job, pk=pk)
    response = render(request, "listen/job.html", {"job": found, "wave": _wave(found)})
    if not found.over:
        response["Refresh"] = "2"
    return response


@staff
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    jobs.stop(job=get_object_or_404(Job, pk=pk), by=person(request))
    messages.success(request, _("It is asked to stop."))
    return redirect("listen:job", pk)


def _wave(job: Job) -> Wave | None:
    if job.subject == Wave._meta.label_lower:
        return Wave.objects.filter(pk=job.subject_id).first()
    mailing = Mailing.objects.filter(pk=job.subject_id).select_related("wave").first()
    return mailing.wave if mailing else None
