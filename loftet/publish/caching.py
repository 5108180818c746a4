"""Public pages are made once for each write: while the log stands still, nothing has changed."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from loftet.core import clock, log

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Made = tuple[bytes, str, str]  # body, type, etag

KEPT = 256
_pages: OrderedDict[tuple[int, date, str, str], Made] = OrderedDict()
_lock = Lock()


def public(view: View[P]) -> View[P]:
    """Keep the finished page; browsers ask if theirs still holds, proxies keep it a minute."""

    @require_safe
    @wraps(view)
    def kept(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = (log.head(), clock.today(), f"{request.scheme}://{request.get_host()}", request.path)
        made = _pages.get(key)
        if made is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            etag = hashlib.sha256(response.content).hexdigest()[:32]
            made = (response.content, response["Content-Type"], f'"{etag}"')
            _keep(key, made)
        return _answer(request, made)

    return kept


def forget() -> None:
    """Empty the memory: for tests, where one database follows another in the same process."""
    with _lock:
        _pages.clear()


def _answer(request: HttpRequest, made: Made) -> HttpResponse:
    body, content_type, etag = made
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=0, s_maxage=60)
    return get_conditional_response(request, etag=etag, response=response) or response


def _keep(key: tuple[int, date, str, str], made: Made) -> None:
    with _lock:
        _pages[key] = made
        while len(_pages) > KEPT:
            _pages.popitem(last=False)
