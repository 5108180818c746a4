from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core import seals
from loftet.core.access import may
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.listen.actions import letters as actions
from loftet.listen.forms.sample import MailingForm
from loftet.listen.models import Mailing, Wave


@staff
def letters(request: HttpRequest, code: str) -> HttpResponse:
    """The calendar of what is sent, what has been made of it, and the end of the addresses."""
    wave = get_object_or_404(Wave, code=code)
    form = MailingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.plan_mailing(wave=wave, by=person(request), **form.cleaned_data),
        )
        if made:
            messages.success(request, _("The mailing is planned."))
            return redirect("listen:letters", code)
    context = {
        "wave": wave,
        "form": form,
        "mailings": [(mailing, actions.parts(mailing)) for mailing in wave.mailings.all()],
        "usual": [(Mailing.Kind(kind).label, wave.opens + after) for kind, after in actions.USUAL],
        "unanswered": wave.codes.unanswered().count(),
        "people": wave.addressees.count(),
        "sealed": seals.exists(wave.address_key),
        "may_write": may(person(request), Permission.WRITE_SURVEY),
    }
    return render(request, "listen/letters.html", context)


@staff
@require_POST
def make_letters(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    mailing = get_object_or_404(Mailing.objects.select_related("wave"), wave__code=code, pk=pk)
    job = actions.ask_letters(mailing=mailing, by=person(request))
    return redirect("listen:job", job.pk)


@staff
@require_POST
def drop_mailing(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    actions.drop_mailing(
        mailing=get_object_or_404(Mailing, wave__code=code, pk=pk), by=person(request)
    )
    messages.success(request, _("The mailing is taken out of the plan."))
    return redirect("listen:letters", code)


@staff
@require_POST
def take_out(request: HttpRequest, code: str, pk: int, name: str) -> HttpResponse:
    """Letters to the printer; a POST, for each time is written in the log."""
    mailing = get_object_or_404(Mailing.objects.select_related("wave"), wave__code=code, pk=pk)
    content = actions.take_out(mailing=mailing, name=name, by=person(request))
    return _file(content, f"{code}-{name}.pdf", "application/pdf")


@staff
@require_POST
def take_addresses(request: HttpRequest, code: str) -> HttpResponse:
    wave = get_object_or_404(Wave, code=code)
    content = actions.take_addresses(wave=wave, by=person(request))
    return _file(content, f"{code}-adresser.csv", "text/csv; charset=utf-8")


@staff
def remove_addresses(request: HttpRequest, code: str) -> HttpResponse:
    wave = get_object_or_404(Wave, code=code)
    if request.method == "POST":
        removed = actions.remove_addresses(wave=wave, by=person(request))
        messages.success(
            request,
            _("The addresses of %(count)d people are removed and their key is destroyed.")
            % {"count": removed},
        )
        return redirect("listen:wave", code)
    context = {
        "wave": wave,
        "people": wave.addressees.count(),
        "may_write": may(person(request), Permission.WRITE_SURVEY),
    }
    return render(request, "listen/sure/remove_addresses.html", context)


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
