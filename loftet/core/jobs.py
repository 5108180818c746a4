"""Long work behind the pages: asked for by an action, done by `loftet work`, one at a time.

The table of jobs is the queue. A worker that is killed leaves a job without a sign of life; the
next worker takes it up again, so a handler must be able to start over.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from loftet.core import log
from loftet.core.access import require_any
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import Job, User
from loftet.core.roles import TAKES_PART
from loftet.core.turn import action, take_turn

SILENCE = timedelta(minutes=2)
TRIES = 3
logger = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Somebody asked the job to stop."""


class Progress:
    """What a handler tells while it works."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told_at = timezone.now()

    def tell(self, done: int, total: int) -> None:
        """How far it has come; stops the work if that was asked for."""
        now = timezone.now()
        if done not in {0, total} and now - self.told_at < timedelta(seconds=0.5):
            return
        self.told_at = now
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, beat_at=now)
        if Job.objects.filter(pk=self.job.pk, stop_wanted=True).exists():
            raise Stopped


class Handler(Protocol):
    """Does the work; what it returns is the report. Named by its dotted path."""

    def __call__(self, *, progress: Progress, by: User, **arguments: Any) -> dict[str, Any]: ...


def ask(*, handler: str, title: str, subject: models.Model, by: User, **arguments: Any) -> Job:
    """Put work in the queue, from within an action that has asked whether the person may."""
    about = {"subject": subject._meta.label_lower, "subject_id": str(subject.pk)}
    if Job.objects.unfinished().filter(kind=handler, **about).exists():
        raise Refused("already_under_way", _("This is being done already; wait until it is ready."))
    job = Job.objects.create(
        kind=handler,
        arguments=arguments,
        title=title,
        asked_by=by,
        asked_at=timezone.now(),
        **about,
    )
    log.record(by, "asked_for", job, kind=handler, about=about)
    return job


@action
def stop(*, job: Job, by: User) -> None:
    require_any(by, TAKES_PART)
    hold(job, "state", "stop_wanted")
    if job.over:
        raise Refused("over", _("This has ended already."))
    job.stop_wanted = True
    if job.state == Job.State.WAITING:
        job.state, job.ended_at = Job.State.STOPPED, timezone.now()
    job.save(update_fields=["stop_wanted", "state", "ended_at"])
    log.record(by, "stopped", job)


def tidy() -> None:
    """Finish what a process that died left undone after its write: keys that should be gone."""
    for name in settings.TIDYING:
        import_string(name)()


def work_once() -> bool:
    """Do the job that has waited longest; whether there was one."""
    job = _taken()
    if job is None:
        return False
    _end(job, *_done(job))
    return True


@transaction.atomic
def _taken() -> Job | None:
    take_turn()
    now = timezone.now()
    silent = Q(state=Job.State.RUNNING, beat_at__lt=now - SILENCE)
    job = Job.objects.filter(Q(state=Job.State.WAITING) | silent).order_by("pk").first()
    if job is None:
        return None
    job.state, job.beat_at, job.tries = Job.State.RUNNING, now, job.tries + 1
    job.save(update_fields=["state", "beat_at", "tries"])
    return job


def _done(job: Job) -> tuple[str, dict[str, Any]]:
    if job.tries > TRIES:
        return Job.State.FAILED, {"message": _("It broke off several times and was given up.")}
    handler: Callable[..., dict[str, Any]] = import_string(job.kind)
    try:
        return Job.State.DONE, handler(progress=Progress(job), by=job.asked_by, **job.arguments)
    except Stopped:
        return Job.State.STOPPED, {}
    except Refused as refusal:
        return Job.State.REFUSED, {"message": refusal.message}
    except Exception:
        logger.exception("Job %s failed", job.pk)
        return Job.State.FAILED, {"message": _("Something went wrong here. Nothing was kept.")}


def _end(job: Job, state: str, report: dict[str, Any]) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(state=state, report=report, ended_at=now, beat_at=now)
