from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loftet.core.access import may
from loftet.core.actions import prolong_cycle
from loftet.core.doors import person, staff, tried
from loftet.core.roles import Permission
from loftet.promise import actions, rules
from loftet.promise.forms import (
    CommitmentForm,
    NewPledgeForm,
    PledgeForm,
    ProlongForm,
    SignForm,
    steps,
)
from loftet.promise.models import Commitment, Pledge, advice


@staff
def pledges(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "promise/pledges.html",
        {
            "pledges": Pledge.objects.with_counts(),
            "may_write": may(person(request), Permission.WRITE_PLEDGE),
        },
    )


@staff
def pledge(request: HttpRequest, period: str) -> HttpResponse:
    found = get_object_or_404(Pledge.objects.select_related("cycle"), period=period)
    commitments = list(found.commitments.in_full())
    return render(
        request,
        "promise/pledge.html",
        {
            "pledge": found,
            "commitments": [(commitment, advice.stops(commitment)) for commitment in commitments],
            "signatures": found.signatures.all(),
            "moves": steps.moves(found),
            "may_write": may(person(request), Permission.WRITE_PLEDGE),
            "may_sign": may(person(request), Permission.SIGN_PLEDGE),
        },
    )


@staff
def add_pledge(request: HttpRequest) -> HttpResponse:
    form = NewPledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("starts", "ends")}
        made = tried(
            form,
            lambda: actions.add_pledge(pledge=form.save(commit=False), **days, by=person(request)),
        )
        if made:
            messages.success(request, _("The pledge is begun. Now add what you promise."))
            return redirect("promise:pledge", made.period)
    return render(request, "promise/pledge_form.html", {"form": form})


@staff
def edit_pledge(request: HttpRequest, period: str) -> HttpResponse:
    found = get_object_or_404(Pledge, period=period)
    form = PledgeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        kept = tried(
            form, lambda: actions.edit_pledge(pledge=form.save(commit=False), by=person(request))
        )
        if kept:
            messages.success(request, _("The text is kept."))
            return redirect("promise:pledge", period)
    return render(request, "promise/pledge_form.html", {"form": form, "pledge": found})


@staff
@require_POST
def move(request: HttpRequest, period: str, to: str) -> HttpResponse:
    if to not in Pledge.State.values:
        raise Http404
    found = get_object_or_404(Pledge, period=period)
    actions.move(pledge=found, to=rules.State(to), by=person(request))
    messages.success(
        request, _("The pledge is now: %(state)s.") % {"state": found.get_state_display()}
    )
    return redirect("promise:pledge", period)


@staff
def sign(request: HttpRequest, period: str) -> HttpResponse:
    found = get_object_or_404(Pledge.objects.select_related("cycle"), period=period)
    form = SignForm(request.POST or None, initial={"party": steps.party_of(person(request))})
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: actions.sign(
                pledge=found,
                read=request.POST.get("read", ""),
                by=person(request),
                **form.cleaned_data,
            ),
        )
        if made:
            messages.success(request, _("Signed."))
            return redirect("promise:pledge", period)
    context = {
        "form": form,
        "pledge": found,
        "commitments": found.commitments.in_full(),
        "digest": found.digest(),
    }
    return render(request, "promise/sign.html", context)


@staff
def prolong(request: HttpRequest, period: str) -> HttpResponse:
    found = get_object_or_404(Pledge.objects.select_related("cycle"), period=period)
    form = ProlongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form, lambda: prolong_cycle(cycle=found.cycle, by=person(request), **form.cleaned_data)
        )
        if made:
            messages.success(request, _("The pledge is prolonged."))
            return redirect("promise:pledge", period)
    return render(request, "promise/prolong.html", {"form": form, "pledge": found})


@staff
def add_commitment(request: HttpRequest, period: str) -> HttpResponse:
    found = get_object_or_404(Pledge.objects.select_related("cycle"), period=period)
    new = Commitment(
        pledge=found,
        code=steps.next_code(found),
        position=found.commitments.count() + 1,
        place=found.place,
        starts=found.cycle.starts,
        ends=found.cycle.ends,
    )
    return _edit(request, new, actions.add_commitment)


@staff
def edit_commitment(request: HttpRequest, period: str, code: str) -> HttpResponse:
    found = get_object_or_404(Commitment.objects.in_full(), pledge__period=period, code=code)
    return _edit(request, found, actions.edit_commitment)


@staff
@require_POST
def remove_commitment(request: HttpRequest, period: str, code: str) -> HttpResponse:
    found = get_object_or_404(Commitment.objects.in_full(), pledge__period=period, code=code)
    actions.remove_commitment(commitment=found, by=person(request))
    messages.success(request, _("The commitment %(code)s is removed.") % {"code": code})
    return redirect("promise:pledge", period)


def _edit(request: HttpRequest, commitment: Commitment, write: steps.Write) -> HttpResponse:
    """Keep and stay: the checks to the right are read again for what was just written."""
    if not commitment.pledge.open_for_writing:
        return redirect("promise:pledge", commitment.pledge.period)
    checks = advice.of(commitment) if commitment.pk else []
    detectable = advice.detectable(commitment)
    form = CommitmentForm(request.POST or None, instance=commitment)
    if request.method == "POST" and form.is_valid():
        areas = form.cleaned_data["areas"]
        kept = tried(
            form,
            lambda: write(commitment=form.save(commit=False), areas=areas, by=person(request)),
        )
        if kept:
            messages.success(request, _("The commitment is kept."))
            return redirect("promise:edit_commitment", kept.pledge.period, kept.code)
    context = {
        "form": form,
        "commitment": commitment,
        "pledge": commitment.pledge,
        "advice": checks,
        "detectable": detectable,
    }
    return render(request, "promise/commitment_form.html", context)
