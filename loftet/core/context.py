from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from loftet.core import clock
from loftet.core.models import Municipality


def here(_request: HttpRequest) -> dict[str, object]:
    return {
        "municipality": SimpleLazyObject(Municipality.here),
        "demo_day": clock.today() if settings.DEMO_DAY else None,
    }
