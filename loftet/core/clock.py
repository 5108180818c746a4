"""What day it is here. A demonstration may stand on a day of its own, so that its year is alive."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    moment = timezone.now()
    if settings.DEMO_DAY is None:
        return moment
    local = timezone.localtime(moment)
    day = date.fromisoformat(settings.DEMO_DAY)
    return local.replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    return timezone.localdate(now())
