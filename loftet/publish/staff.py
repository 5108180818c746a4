"""The staff's side of publication: see what would be frozen, say what is new, publish."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core import clock
from loftet.core.access import may
from loftet.core.actions import review_pages
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.promise.models import Pledge
from loftet.publish import actions, pages
from loftet.publish.forms import PublishForm
from loftet.publish.models import Edition


@staff
def pledges(request: HttpRequest) -> HttpResponse:
    newest = {(e.kind, e.period): e for e in Edition.objects.newest().defer("content")}
    rows = [
        {
            "pledge": pledge,
            "promised": newest.get((Edition.Kind.PLEDGE, pledge.period)),
            "told": newest.get((Edition.Kind.FOLLOWUP, pledge.period)),
        }
        for pledge in Pledge.objects.signed().select_related("cycle")
    ]
    may_publish = may(person(request), Permission.PUBLISH)
    context = {"rows": rows, "may_publish": may_publish}
    return render(request, "publish/staff/pledges.html", context)


@staff
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """Somebody has read the public pages through."""
    review_pages(by=person(request))
    messages.success(request, _("Noted: the public pages are read through today."))
    return redirect("publishing:pledges")


@staff
def publish(request: HttpRequest, kind: str, period: str) -> HttpResponse:
    """What the page will look like above, what differs from the last edition, one button."""
    if kind not in Edition.Kind.values:
        raise Http404
    pledge = get_object_or_404(Pledge.objects.signed().select_related("cycle"), period=period)
    newest = Edition.objects.of(kind, period).first()
    form = PublishForm(request.POST or None, newest=newest)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.publish(
                pledge=pledge, kind=kind, by=person(request), **form.cleaned_data
            ),
        )
        if made:
            messages.success(request, _("Edition %(number)s is public.") % {"number": made.number})
            return redirect("publishing:pledges")
    content = actions.content_of(pledge, kind)
    preview = Edition(
        kind=kind,
        period=period,
        content=content,
        starts=pledge.cycle.starts,
        ends=pledge.cycle.ends,
        number=newest.number + 1 if newest else 1,
        published_at=clock.now(),
    )
    context = pages.page_of(preview) | {
        "form": form,
        "pledge": pledge,
        "kind": kind,
        "latest": newest,
        "news": not newest or bool(actions.differences(newest.content, content)),
        "changes": pages.changes(newest.content, content) if newest else None,
        "may_publish": may(person(request), Permission.PUBLISH),
    }
    return render(request, "publish/staff/publish.html", context)
