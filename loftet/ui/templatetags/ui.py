from itertools import zip_longest

from django import template
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from loftet.ui import charts

register = template.Library()

ICONS = {  # each its own outline, so that no reader needs the colour
    "kept": "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20Z"
    "M10.6 17 5.7 12.1l1.8-1.8 3.1 3.1 6-6 1.8 1.8Z",
    "partly": "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20ZM12 4.5v15a7.5 7.5 0 0 0 0-15Z",
    "not_kept": "M8 2h8l6 6v8l-6 6H8l-6-6V8ZM12 10.2 8.3 6.5 6.5 8.3 10.2 12l-3.7 3.7 1.8 1.8"
    " 3.7-3.7 3.7 3.7 1.8-1.8-3.7-3.7 3.7-3.7-1.8-1.8Z",
    "cannot_tell": "M12 1 23 12 12 23 1 12Z"
    "M8.6 9.6h2.1c.1-1 .7-1.5 1.5-1.5s1.3.5 1.3 1.2c0 .6-.4.9-1"
    " 1.4-.9.7-1.5 1.4-1.5 2.8v.5h2.1v-.3c0-.7.2-1 .8-1.5.9-.7 1.7-1.4 1.7-2.9 0-1.8-1.4-3-3.4-3"
    "s-3.5 1.3-3.6 3.3ZM10.9 15.3v2.4h2.3v-2.4Z",
    "ongoing": "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20ZM12 4.4a7.6 7.6 0 1 1 0 15.2a7.6 7.6 0 0 1"
    " 0-15.2ZM10.9 7h2.2v4.6l3.3 2-1.1 1.9-4.4-2.7Z",
    "info": "M4 2h16l2 2v16l-2 2H4l-2-2V4ZM10.8 6v2.4h2.4V6ZM10.8 10.2V18h2.4v-7.8Z",
    "warn": "M12 1.5 23.5 22H.5ZM10.8 9v6.5h2.4V9ZM10.8 17v2.4h2.4V17Z",
    "error": "M8 2h8l6 6v8l-6 6H8l-6-6V8ZM10.8 6v7.5h2.4V6ZM10.8 15.4v2.4h2.4v-2.4Z",
}


@register.inclusion_tag("ui/icon.html")
def icon(name: str) -> dict[str, str]:
    return {"path": ICONS[name]}


@register.inclusion_tag("ui/verdict.html")
def verdict(key: str, label: str) -> dict[str, str]:
    return {"key": key, "label": label}


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info") -> SafeString:
    return render_to_string("ui/notice.html", {"content": content, "kind": kind})


@register.inclusion_tag("ui/notices.html", takes_context=True)
def notices(context: Context) -> dict[str, object]:
    """Show what an action just said; a tag, so that public pages never ask for a session."""
    request = context.get("request")
    return {"messages": get_messages(request) if request else []}


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*words_and_addresses: str) -> dict[str, object]:
    """`crumbs name address name address here`: the last has no address."""
    pairs = zip_longest(words_and_addresses[::2], words_and_addresses[1::2])
    return {"crumbs": [{"label": label, "url": url} for label, url in pairs]}


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pages(context: Context, page: Page[object]) -> dict[str, object]:
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("ui/table.html")
def table(table: charts.Table) -> dict[str, object]:
    return {"table": table}


@register.inclusion_tag("ui/chart.html")
def chart(chart: charts.Chart) -> dict[str, object]:
    return {"chart": chart}


@register.inclusion_tag("ui/wheel.html")
def year_wheel(
    present: str | None, *, explained: bool = False, name: str = "year-wheel"
) -> dict[str, object]:
    return {"wheel": charts.year_wheel(present, name=name), "explained": explained}
