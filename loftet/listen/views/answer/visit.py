"""Who is answering: one cookie with the code inside, encrypted, for at most twelve hours.

It is the only cookie of these pages. A page that is posted must carry a token made from the number
in the cookie, which another site can neither read nor guess; so no CSRF cookie is needed. The first
page has no cookie yet and nothing to forge: there the browser's own word on where the post came
from is enough.
"""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from ipaddress import ip_address, ip_network
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from loftet.core.errors import Refused
from loftet.core.seals import NONCE, NoKeyError
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Wave
from loftet.listen.rules import form
from loftet.listen.views.answer.frame import shown
from loftet.listen.views.answer.words import Tongue

P = ParamSpec("P")

COOKIE = "enkat"
PATH = "/enkat/"
LONGEST = 12 * 60 * 60
ABOUT = b"the cookie of the answer pages"


@dataclass(frozen=True)
class Ticket:
    """What the cookie says."""

    code: int
    typed: str
    language: str
    number: str
    since: int

    @property
    def token(self) -> str:
        return salted_hmac("loftet.listen.token", self.number).hexdigest()[:32]


@dataclass(frozen=True)
class Visit:
    """Somebody with a code, on the way through the pages."""

    ticket: Ticket
    code: AccessCode

    @property
    def wave(self) -> Wave:
        return self.code.wave

    @cached_property
    def form(self) -> form.Form:
        return envelopes.form_of(self.wave)

    @cached_property
    def draft(self) -> envelopes.Draft:
        found = envelopes.resumed(self.code)
        return found or envelopes.Draft(self.ticket.language)

    @property
    def tongue(self) -> Tongue:
        return Tongue(self.ticket.language)

    def speaking(self, language: str) -> "Visit":
        return replace(self, ticket=replace(self.ticket, language=language))


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]


def ticket(code: AccessCode, typed: str, language: str) -> Ticket:
    return Ticket(code.pk, typed, language, secrets.token_hex(8), int(time.time()))


def let_in(response: HttpResponse, ticket: Ticket) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        _closed(ticket),
        max_age=max(0, ticket.since + LONGEST - int(time.time())),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def let_out(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[
    Concatenate[HttpRequest, P], HttpResponse
]:  # fmt: skip
    """A page before the code: nothing to protect but that the post comes from our own form."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not _from_here(request):
            return shown(request, Tongue("sv"), "stopped", status=403, reason="not_from_here")
        try:
            return view(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent):
            return shown(request, Tongue("sv"), "stopped", status=413, reason="too_much")

    return guarded


def visiting(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page behind the code; without one, or with one that has grown old, it is asked for."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visit = _visit(request)
        if visit is None:
            return let_out(_asked_again(request))
        try:
            if request.method == "POST" and not _ours(request, visit.ticket):
                return _stopped(request, visit, 403, "not_from_here")
            return view(request, visit, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent):
            return _stopped(request, visit, 413, "too_much")
        except NoKeyError:
            return _stopped(request, visit, 409, "closed")
        except Refused as refusal:
            said = visit.tongue.refusal(refusal, visit.wave)
            page = shown(request, visit.tongue, "stopped", status=409, message=said)
            return page if refusal.code == "answer_large" else let_out(page)

    return guarded


def client_address(request: HttpRequest) -> str:
    """Where the request comes from; a whole household's net where addresses are long."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "")
        address = forwarded.rsplit(",", maxsplit=1)[-1].strip() or address
    with suppress(ValueError):
        given = ip_address(address)
        plain = getattr(given, "ipv4_mapped", None) or given
        return str(ip_network((plain, 64), strict=False) if plain.version == 6 else plain)
    return address


def _stopped(request: HttpRequest, visit: Visit, status: int, reason: str) -> HttpResponse:
    back = request.path if reason != "closed" else ""
    return shown(request, visit.tongue, "stopped", status=status, reason=reason, back=back)


def _asked_again(request: HttpRequest) -> HttpResponse:
    """To the first page, which says why; in the language that was spoken, where it can be seen."""
    ticket = _opened(request.COOKIES.get(COOKIE, ""))
    spoken = {"sprak": ticket.language} if ticket else {}
    return redirect(f"{reverse('answer:code')}?{urlencode({'kod': 'igen', **spoken})}")


def _visit(request: HttpRequest) -> Visit | None:
    ticket = _opened(request.COOKIES.get(COOKIE, ""))
    if ticket is None or not 0 <= time.time() - ticket.since < LONGEST:
        return None
    code = envelopes.visited(ticket.code)
    return Visit(ticket, code) if code is not None and _is_of(code, ticket) else None


def _is_of(code: AccessCode, ticket: Ticket) -> bool:
    """Row numbers come again in a restored database; what stands on the letter does not."""
    try:
        return constant_time_compare(envelopes.digest(code.wave, ticket.typed), code.digest)
    except NoKeyError:
        return False


def _ours(request: HttpRequest, ticket: Ticket) -> bool:
    return constant_time_compare(request.POST.get("_token", ""), ticket.token)


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser says so; one too old to say anything is believed."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(str(origin)).netloc == request.get_host()


def _closed(ticket: Ticket) -> str:
    content = [ticket.code, ticket.typed, ticket.language, ticket.number, ticket.since]
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(
        nonce + _cipher().encrypt(nonce, json.dumps(content).encode(), ABOUT)
    ).decode()


def _opened(value: str) -> Ticket | None:
    try:
        sealed = urlsafe_b64decode(value)
        return Ticket(*json.loads(_cipher().decrypt(sealed[:NONCE], sealed[NONCE:], ABOUT)))
    except (InvalidTag, ValueError):
        return None


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(ABOUT + settings.SECRET_KEY.encode()).digest())
