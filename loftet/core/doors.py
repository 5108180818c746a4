"""What staff pages share: who may come in, who it is, and how a refusal meets a form."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from loftet.core.access import require
from loftet.core.errors import NotAllowed, Refused
from loftet.core.models import User
from loftet.core.roles import Permission

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff(view: View[P]) -> View[P]:
    """Only for people with a role that reads the working material; nobody else caches it."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        require(person(request), Permission.READ_WORK)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return login_required(guarded)


def person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("not_logged_in", "Log in first.")
    return request.user


def tried(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """Do it, or show in the form why not; a lacking permission is a page of its own."""
    try:
        return act()
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def localised(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Form fields as people here write: the comma in numbers, the day from a calendar."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = DateInput
    if isinstance(field, models.DecimalField):
        kwargs["localize"] = True
    if isinstance(field, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
    made: forms.Field | None = field.formfield(**kwargs)
    return made
