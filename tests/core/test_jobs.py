from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from loftet.core import jobs
from loftet.core.errors import Refused
from loftet.core.models import Job, Organisation, User
from loftet.core.turn import action
from tests import make
from tests.refusal import refused

pytestmark = pytest.mark.django_db


def fine(*, progress: jobs.Progress, by: User, times: int) -> dict[str, Any]:
    for done in range(times):
        progress.tell(done, times)
    progress.tell(times, times)
    return {"times": times, "by": by.pk}


def refuses(*, progress: jobs.Progress, by: User) -> dict[str, Any]:
    raise Refused("no_frame", "The frame is gone.")


def breaks(*, progress: jobs.Progress, by: User) -> dict[str, Any]:
    raise ZeroDivisionError


def stopped_half_way(*, progress: jobs.Progress, by: User) -> dict[str, Any]:
    jobs.stop(job=Job.objects.get(pk=progress.job.pk), by=by)
    progress.tell(0, 2)
    return {"never": "here"}


@action
def asked(handler: str, **arguments: Any) -> Job:
    by = make.coordinator()
    return jobs.ask(
        handler=f"{__name__}.{handler}",
        title="Something long",
        subject=Organisation.objects.first() or make.organisation(),
        by=by,
        **arguments,
    )


def after(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_a_job_is_done_and_tells_what_came_of_it() -> None:
    job = asked("fine", times=3)
    assert jobs.work_once()
    job = after(job)
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    assert job.report == {"times": 3, "by": job.asked_by_id}
    assert not jobs.work_once()


def test_a_refusal_is_told_in_its_own_words() -> None:
    job = asked("refuses")
    jobs.work_once()
    assert after(job).state == "refused"
    assert job.report == {"message": "The frame is gone."}


def test_what_breaks_is_told_and_the_next_is_done(caplog: pytest.LogCaptureFixture) -> None:
    broken = asked("breaks")
    jobs.work_once()
    assert after(broken).state == "failed"
    assert "ZeroDivisionError" in caplog.text
    fine_one = asked("fine", times=1)
    jobs.work_once()
    assert after(fine_one).state == "done"


def test_one_may_ask_it_to_stop() -> None:
    job = asked("stopped_half_way")
    jobs.work_once()
    assert after(job).state == "stopped"
    waiting = asked("fine", times=1)
    jobs.stop(job=waiting, by=make.coordinator())
    assert after(waiting).state == "stopped"
    with refused("over"):
        jobs.stop(job=waiting, by=make.coordinator())


def test_the_same_is_not_asked_for_twice_at_a_time() -> None:
    asked("fine", times=1)
    with refused("already_under_way"):
        asked("fine", times=1)


def test_a_worker_that_was_killed_leaves_its_job_to_the_next() -> None:
    job = asked("fine", times=1)
    taken = jobs._taken()
    assert taken == job
    assert not jobs.work_once()  # it may still be alive
    Job.objects.update(beat_at=F("beat_at") - jobs.SILENCE - timedelta(seconds=1))
    assert jobs.work_once()
    assert (after(job).state, job.tries) == ("done", 2)


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = asked("fine", times=1)
    Job.objects.update(tries=jobs.TRIES)
    jobs.work_once()
    assert after(job).state == "failed"
