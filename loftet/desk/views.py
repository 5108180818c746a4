from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core import clock
from loftet.core.access import memberships
from loftet.core.actions import meet_deadline, read_log
from loftet.core.doors import person, staff
from loftet.core.models import Cycle, Deadline
from loftet.core.rules import step_of_year
from loftet.desk import waiting


@staff
def start(request: HttpRequest) -> HttpResponse:
    """Where in the year we are, what is due and late, and what waits for me."""
    who, today = person(request), clock.today()
    roles = memberships(who)
    cycle = Cycle.objects.covering(today).first()
    step = step_of_year(today, cycle.starts, cycle.ends) if cycle else None
    context = {
        "today": today,
        "cycle": cycle,
        "step": step,
        "late": Deadline.objects.late(today).select_related("organisation"),
        "soon": Deadline.objects.upcoming(today).select_related("organisation")[:8],
        "waiting": waiting.for_person(who),
        "roles": roles,
        "my_roles": {membership.role for membership in roles},
    }
    return render(request, "desk/start.html", context)


@staff
@require_POST
def meet(request: HttpRequest, pk: int) -> HttpResponse:
    deadline = get_object_or_404(Deadline, pk=pk)
    meet_deadline(deadline=deadline, by=person(request))
    messages.success(request, _("Noted as done: %(what)s.") % {"what": deadline.title})
    return redirect("desk:start")


@staff
def log_lines(request: HttpRequest) -> HttpResponse:
    lines = Paginator(read_log(by=person(request)), 50).get_page(request.GET.get("page"))
    return render(request, "desk/log.html", {"lines": lines})
