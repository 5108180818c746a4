from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loftet import policy
from loftet.core import clock
from loftet.core.models import Deadline, Municipality
from loftet.core.rules import step_of_year
from loftet.publish import pages
from loftet.publish.caching import public
from loftet.publish.models import Edition


def menu(request: HttpRequest) -> list[dict[str, object]]:
    entries = [
        (_("The pledge"), reverse("publish:home")),
        (_("How it went"), reverse("publish:followups")),
        (_("How we work"), reverse("publish:how_we_work")),
    ]
    return [{"label": label, "url": url, "current": request.path == url} for label, url in entries]


@public
def home(request: HttpRequest) -> HttpResponse:
    """What is promised now, how the last one went, and how to tell us."""
    today = clock.today()
    newest = list(Edition.objects.newest())
    told = {e.period for e in newest if e.kind == Edition.Kind.FOLLOWUP}
    pledges = [e for e in newest if e.kind == Edition.Kind.PLEDGE]
    in_force = [pages.page_of(e) for e in pledges if e.starts <= today <= e.ends]
    now = in_force[0]["edition"] if in_force else None
    followups = [e for e in newest if e.kind == Edition.Kind.FOLLOWUP]
    step = step_of_year(today, now.starts, now.ends) if now else None
    context = {
        "menu": menu(request),
        "in_force": in_force,
        "last": pages.page_of(followups[0]) if followups else None,
        "awaited": [e for e in pledges if e.ends < today and e.period not in told],
        "late": Deadline.objects.public().late(today),
        "step": step,
    }
    return render(request, "publish/home.html", context)


@public
def pledge(request: HttpRequest, period: str, number: int | None = None) -> HttpResponse:
    edition = _edition(Edition.Kind.PLEDGE, period, number)
    followed = Edition.objects.of(Edition.Kind.FOLLOWUP, period).first()
    context = _page(request, edition) | {
        "followed": followed,
        "expired": edition.ends < clock.today(),
    }
    return render(request, "publish/pledge.html", context)


@public
def commitment(request: HttpRequest, period: str, code: str) -> HttpResponse:
    """One promise at its permanent address, with its outcome once there is one."""
    promised = _page(request, _edition(Edition.Kind.PLEDGE, period, None))
    followed = Edition.objects.of(Edition.Kind.FOLLOWUP, period).first()
    found = _find(promised, code)
    if found is None:
        raise Http404
    context = promised | {
        "commitment": found,
        "outcome": _find(pages.page_of(followed), code) if followed else None,
    }
    return render(request, "publish/commitment.html", context)


@public
def followups(request: HttpRequest) -> HttpResponse:
    newest = Edition.objects.newest().followups()
    told = [pages.page_of(edition) for edition in newest]
    return render(request, "publish/followups.html", {"menu": menu(request), "followups": told})


@public
def followup(request: HttpRequest, period: str, number: int | None = None) -> HttpResponse:
    edition = _edition(Edition.Kind.FOLLOWUP, period, number)
    return render(request, "publish/followup.html", _page(request, edition))


@public
def edition_data(request: HttpRequest, kind: str, period: str, number: int) -> HttpResponse:
    """An edition as open data: exactly the content that its digest is of."""
    edition = _edition(kind, period, number)
    return JsonResponse(
        {"digest": edition.digest, "content": edition.content},
        json_dumps_params={"ensure_ascii": False},
    )


@public
def how_we_work(request: HttpRequest) -> HttpResponse:
    context = {"menu": menu(request), "sections": policy.pages()}
    return render(request, "publish/how_we_work.html", context)


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "publish/accessibility.html", {"menu": menu(request)})


def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "User-agent: *\nDisallow: /arbete/\nDisallow: /konto/\n", content_type="text/plain"
    )


@public
def feed(request: HttpRequest) -> HttpResponse:
    """What has been published, newest first, for those who follow by feed."""
    here = Municipality.here()
    place = here.name if here else ""
    atom = Atom1Feed(
        title=_("The citizen pledge in %(place)s") % {"place": place},
        link=request.build_absolute_uri(reverse("publish:home")),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for edition in Edition.objects.order_by("-published_at", "-pk")[:30]:
        link = request.build_absolute_uri(edition.get_absolute_url())
        atom.add_item(
            title=pages.heading(edition),
            link=link,
            description=edition.reason,
            unique_id=link,
            updateddate=edition.published_at,
            pubdate=edition.published_at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _edition(kind: str, period: str, number: int | None) -> Edition:
    editions = Edition.objects.of(kind, period)
    if number is None:
        found = editions.first()
        if found is None:
            raise Http404
        return found
    return get_object_or_404(editions, number=number)


def _page(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    editions = list(Edition.objects.of(edition.kind, edition.period).defer("content"))
    return pages.page_of(edition) | {
        "menu": menu(request),
        "editions": editions,
        "newest": editions[0].number == edition.number,
    }


def _find(page: dict[str, Any], code: str) -> dict[str, Any] | None:
    commitments: list[dict[str, Any]] = page["content"]["commitments"]
    return next((one for one in commitments if one["code"] == code), None)
