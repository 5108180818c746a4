from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from loftet.ui import samples


def components(request: HttpRequest) -> HttpResponse:
    """Show every component and chart once: the page to look at when the stylesheet changes."""
    context = {
        "menu": samples.menu(request.path),
        "charts": samples.pictures(),
        "verdicts": samples.words(),
        "answers": samples.answers(),
        "table": samples.table(),
        "form": samples.Question(),
        "wrong_form": samples.Question({"place": "x" * 61}, prefix="wrong"),
        "page": Paginator(range(60), 20).page(2),
    }
    return render(request, "ui/components.html", context)
