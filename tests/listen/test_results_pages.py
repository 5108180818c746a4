"""Results from the button to frozen pages and files, and who may have them."""

import csv
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loftet.analysis.survey import Design as Sample
from loftet.core import jobs, triggers
from loftet.core.models import Event, Job
from loftet.listen.actions import results as actions
from loftet.listen.models import Answer, Compilation, Priority, Wave
from loftet.listen.models.results import FROZEN
from loftet.listen.outlet import exports
from loftet.promise import actions as promises
from loftet.promise.models import Commitment
from tests import make
from tests.listen import survey
from tests.refusal import refused
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
PAGES = ("", "omraden/", "platser/", "forandring/", "metod/", "fragor/safety/", "fragor/order/")


def computed(wave: Wave, reason: str = "") -> Compilation:
    job = actions.compile_results(wave=wave, reason=reason, by=make.coordinator())
    jobs.work_once()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.report
    kept = wave.compilations.first()
    assert kept is not None
    return kept


def at(wave: Wave, page: str = "") -> str:
    return f"/arbete/fraga/{wave.code}/resultat/{page}"


def test_from_the_button_to_every_page_and_to_frozen_priorities() -> None:
    wave, client = survey.opened(), as_person(make.coordinator())
    assert "Nothing is computed yet" in read(client, at(wave)) or "Inget är" in read(
        client, at(wave)
    )
    went_to(client.post(at(wave, "rakna/"), {}))
    jobs.work_once()
    kept = Compilation.objects.get()
    assert kept.number == 1
    assert kept.intact
    for page in PAGES:
        read(client, at(wave, page))
    assert client.get(at(wave, "fragor/nowhere/")).status_code == 404
    assert client.get(at(wave, "frys/")).status_code == 200
    went_to(client.post(at(wave, "frys/")))
    wave.refresh_from_db()
    assert wave.state == "settled"
    order = kept.content["priorities"]["priorities"]["rows"]
    first = Priority.objects.get(wave=wave, rank=1)
    assert first.code == order[0]["code"]
    assert (first.share, first.rank_best) == (order[0]["share"], order[0]["best"])


def test_pages_ask_the_same_few_questions_and_never_read_an_answer() -> None:
    wave, person = survey.opened(60), make.coordinator()
    computed(wave)
    client = as_person(person)
    for page in PAGES:
        client.get(at(wave, page))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(wave, page)).status_code == 200
        assert Answer._meta.db_table not in str(asked.captured_queries)
        assert len(asked) <= 10, page


def test_a_second_number_needs_a_reason_and_the_first_stays() -> None:
    wave = survey.opened(60)
    first = computed(wave)
    with refused("reason_missing"):
        actions.compile_results(wave=wave, by=make.coordinator())
    second = computed(wave, "The codes of the free texts are settled.")
    assert (first.number, second.number) == (1, 2)
    assert first.digest == second.digest  # the same answers, the same document
    with pytest.raises(DatabaseError), transaction.atomic():
        Compilation.objects.update(reason="other")
    client = as_person(make.coordinator())
    page = words(client.post(at(wave, "rakna/"), {}, follow=True))
    assert "since the last time" in page or "sedan förra gången" in page


def test_nothing_is_computed_before_the_answers_are_opened() -> None:
    wave = survey.opened(60)
    Wave.objects.filter(pk=wave.pk).update(state="closed")
    wave.refresh_from_db()
    with refused("not_opened"):
        actions.compile_results(wave=wave, by=make.coordinator())
    with refused("nothing_to_freeze"):
        actions.freeze_results(wave=wave, by=make.coordinator())


def test_only_those_who_keep_the_survey_compute_freeze_and_take_rows() -> None:
    wave, other = survey.opened(60), make.person("signer")
    for act in (actions.compile_results, actions.freeze_results, actions.take_rows):
        with refused("not_allowed"):
            act(wave=wave, by=other)
    computed(wave)
    client = as_person(other)
    assert client.get(at(wave)).status_code == 200
    assert client.post(at(wave, "svar/")).status_code == 403


def test_an_open_link_shows_no_interval_on_any_page() -> None:
    wave = survey.opened(design="open")
    kept = computed(wave)
    client = as_person(make.coordinator())
    for page in ("", "fragor/safety/", "forandring/", "metod/"):
        text = read(client, at(wave, page))
        assert "95 %" not in text, page
        assert "±" not in text, page
        assert 'class="one span"' not in text, page
    assert client.get(at(wave, "omraden/")).status_code == 404
    actions.freeze_results(wave=wave, by=make.coordinator())
    assert not Priority.objects.exclude(rank_best=None, share_low=None).exists()
    assert kept.content["response"].get("rate") is None


def test_results_are_those_of_the_analysis_run_on_the_rows_taken_out() -> None:
    wave = survey.opened()
    kept = computed(wave)
    client = as_person(make.coordinator())
    file = client.post(at(wave, "svar/")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert len(rows) == wave.answers.count()
    sample = Sample([float(row["weight"]) for row in rows])
    for code in ("alone_late", "worried.burglary", "disturbances.drugs"):
        answers: Any = [row[code] or None for row in rows]
        for level, told in kept.content["tables"][code][0]["levels"].items():
            found = sample.share(answers, level, missing="omit")
            if "share" in told:
                assert told["share"] == round(found.value, 3), (code, level)
    assert Event.objects.filter(verb="took_rows").count() == 1


def test_the_table_of_figures_holds_what_the_pages_hold() -> None:
    wave = survey.opened(60)
    kept = computed(wave)
    client = as_person(make.coordinator())
    file = client.get(at(wave, "fil/tabell/")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert tuple(rows[0]) == exports.COLUMNS
    hidden = [row for row in rows if row["hidden"]]
    assert hidden
    assert all(row["share"] == row["low"] == row["high"] == row["mean"] == "" for row in hidden)
    told = kept.content["tables"]["alone_late"][0]
    line = next(
        r
        for r in rows
        if (r["question"], r["area"], r["answer"]) == ("alone_late", "", "very_safe")
    )
    assert float(line["share"]) == told["levels"]["very_safe"]["share"]
    assert int(line["n"]) == told["n"]
    book = client.get(at(wave, "fil/koder/")).content.decode("utf-8-sig")
    codes = {(r["question"], r["answer"]) for r in csv.DictReader(io.StringIO(book), delimiter=";")}
    lists = {"yes", "no"}
    assert all((r["question"], r["answer"]) in codes or r["answer"] in lists | {""} for r in rows)


def test_the_workbook_opens_with_a_sheet_for_each_page() -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only here

    wave = survey.opened(60)
    computed(wave)
    file = as_person(make.coordinator()).get(at(wave, "fil/excel/")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    assert len(book.sheet_names) >= len(survey.FORM.pages)
    assert all(len(name) <= 31 for name in book.sheet_names)


def test_a_change_is_told_only_between_waves_that_may_be_compared() -> None:
    before = survey.opened(seed=2, opens="2024-09-01", closes="2024-10-31")
    wave = survey.opened(comparable_with=before)
    found = computed(wave).content["changes"]
    assert found["alone_late"]["levels"]["very_safe"]["before"] > 0
    client = as_person(make.coordinator())
    computed(before)
    chart = read(client, at(wave, "forandring/?answer=alone_late%7Cvery_safe"))
    assert chart.count('class="path one"') == 1


def test_years_asked_in_other_ways_stand_without_a_line() -> None:
    open_one = survey.opened(60, design="open", opens="2020-09-01", closes="2020-10-31")
    drawn = survey.opened(60, opens="2022-09-01", closes="2022-10-31")
    for wave in (open_one, drawn):
        computed(wave)
    client = as_person(make.coordinator())
    chart = read(client, at(drawn, "forandring/?answer=alone_late%7Cvery_safe"))
    assert 'class="path' not in chart
    assert ">2020<" in chart
    assert ">2022<" in chart


def test_results_changed_behind_the_back_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    wave = survey.opened(60)
    kept = computed(wave)
    call_command("verify_results")
    assert "1" in capsys.readouterr().out
    triggers.take_down(connection, FROZEN)
    content = kept.content | {"answered": 10_000}
    Compilation.objects.filter(pk=kept.pk).update(content=content)
    with pytest.raises(SystemExit):
        call_command("verify_results")
    assert len(capsys.readouterr().err.splitlines()) == 2  # changed, and no longer guarded
    triggers.put_up(connection, FROZEN)


def test_a_promise_points_at_a_priority_and_the_published_pledge_says_so() -> None:
    by = make.coordinator()
    make.municipality()
    wave = survey.opened(by=by)
    computed(wave)
    actions.freeze_results(wave=wave, by=by)
    first = Priority.objects.get(wave=wave, rank=1)
    pledge = make.pledge(2030, by=by)
    without = make.commitment(pledge, by=by)
    assert "priority" not in without.as_published()  # pledges of before keep their digest
    page = read(as_person(by), f"/arbete/loften/{pledge.period}/lofte/{without.code}/")
    assert first.title in page
    assert "14" in page
    promise = promises.edit_commitment(
        commitment=replaced(without, priority=first), areas=[], by=by
    )
    told: Any = promise.as_published()["priority"]
    assert told["rank"] == 1
    assert told["out_of"] == Priority.objects.filter(wave=wave).count()
    make.signed(pledge, by=by)
    make.edition(pledge, "pledge", by=by)
    public = read(Client(), f"/medborgarlofte/{pledge.period}/")
    assert " ".join(told["told"]["sv"].split()) in public


def replaced(commitment: Commitment, **values: Any) -> Commitment:
    for name, value in values.items():
        setattr(commitment, name, value)
    return commitment
