"""Fields that are made up day by day: the forecast must hold what it says."""

import math
from itertools import pairwise
from random import Random

import pytest

from loftet.listen.rules import precision
from loftet.listen.rules.field import forecast, rates, waiting
from loftet.listen.rules.field.forecast import Course, Field
from loftet.listen.rules.field.rates import Counts


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - made-up people


def simulated(
    random: Random,
    *,
    people: int = 1200,
    days: int = 50,
    sent: tuple[int, ...] = (0, 14, 28),
    effects: tuple[float, ...] = (0.28, 0.2, 0.12),
    delay: float = 5.0,
    post: int = 2,
    weekday: tuple[float, ...] = (1.0,) * 7,
) -> list[int]:
    """Each mailing wakes a share of those left, each after a delay of their own."""
    due = [math.inf] * people
    for when, effect in zip(sent, effects, strict=True):
        for person in range(people):
            if due[person] > when + post and random.random() < effect:
                due[person] = min(due[person], when + post + random.expovariate(1 / delay))
    answers = [0] * days
    for moment in due:
        day = moment
        while day < days and random.random() > weekday[int(day) % 7]:
            day += 1
        if day < days:
            answers[int(day)] += 1
    return answers


def share_within(runs: int, now: int, end: int, **how: object) -> float:
    """How often the true end lies within the interval that was given on a day before it."""
    random, held = seeded(7), 0
    for _ in range(runs):
        answers = simulated(random, days=end + 1, **how)  # type: ignore[arg-type]
        sent = how.get("sent", (0, 14, 28))
        assert isinstance(sent, tuple)
        seen = tuple(day for day in sent if day < now)
        field = Field(Course(tuple(answers[:now]), seen, 1200))
        told = field.by(end, reminders=[day for day in sent if day >= now])
        held += told.low <= sum(answers) <= told.high
    return held / runs


@pytest.mark.parametrize("now", [12, 24, 40])
def test_the_interval_holds_the_end_as_often_as_it_says(now: int) -> None:
    assert share_within(40, now, 49) >= 0.9


def test_it_holds_though_people_answer_less_at_weekends() -> None:
    uneven = (1.0, 1.0, 1.0, 1.0, 0.8, 0.4, 0.4)
    assert share_within(40, 24, 49, weekday=uneven) >= 0.9


def test_it_holds_without_any_reminder() -> None:
    assert share_within(40, 10, 30, sent=(0,), effects=(0.35,)) >= 0.9


def test_the_interval_says_something() -> None:
    answers = simulated(seeded(1))
    early = Field(Course(tuple(answers[:24]), (0, 14), 1200)).by(49)
    late = Field(Course(tuple(answers[:45]), (0, 14, 28), 1200)).by(49)
    assert 0 < early.high - early.low < 150
    assert late.high - late.low < early.high - early.low


def test_the_forecast_never_falls_and_never_exceeds_those_who_may_answer() -> None:
    answers = simulated(seeded(3))
    field = Field(Course(tuple(answers[:20]), (0, 14), 1200))
    ends = [field.by(day) for day in range(20, 90)]
    assert all(a.answers <= b.answers + 1e-9 for a, b in pairwise(ends))
    assert all(sum(answers[:20]) <= end.low <= end.answers <= end.high <= 1200 for end in ends)


def test_one_more_reminder_gives_more_and_makes_it_less_sure() -> None:
    field = Field(Course(tuple(simulated(seeded(4))[:35]), (0, 14, 28), 1200))
    without, reminded = field.by(60), field.by(60, reminders=[36])
    assert reminded.answers > without.answers + 10
    assert reminded.high - reminded.low > without.high - without.low


def test_a_day_that_has_passed_is_what_it_was() -> None:
    answers = tuple(simulated(seeded(5))[:20])
    field = Field(Course(answers, (0, 14), 1200))
    assert field.by(19).answers == pytest.approx(sum(answers))


def test_uneven_days_make_the_interval_wider() -> None:
    even = (0, 40, 33, 27, 22, 18, 15, 12, 10, 8, 7, 6)
    uneven = (0, 70, 3, 57, 2, 38, 5, 2, 20, 0, 17, 4)
    told = [Field(Course(each, (0,), 1000)).by(30) for each in (even, uneven)]
    assert told[1].high - told[1].low > 1.5 * (told[0].high - told[0].low)


@pytest.mark.parametrize(
    ("answers", "why"), [((30, 30, 30), "days"), ((1, 2, 3, 2, 1, 1), "answers"), ((), "days")]
)
def test_it_says_when_it_is_too_early(answers: tuple[int, ...], why: str) -> None:
    field = Field(Course(answers, (0,), 1000))
    assert field.why == why
    with pytest.raises(ValueError, match="too early"):
        field.by(30)


def test_answers_before_any_letter_can_have_come_do_not_stop_it() -> None:
    field = Field(Course((9, 8, 7, 6, 5, 4), (4,), 1000))
    assert field.by(10).answers > 39


def test_everybody_may_answer_at_once() -> None:
    field = Field(Course((0, 40, 50, 10, 0), (0,), 100))
    told = field.by(20)
    assert told.low == told.high == 100


@pytest.mark.parametrize(
    ("course", "named"),
    [
        (((1, 2), (), 10), "sent"),
        (((1, 2), (3, 1), 10), "sent"),
        (((8, 9), (0,), 10), "answers"),
        (((-1, 9), (0,), 10), "answers"),
    ],
)
def test_an_impossible_course_is_refused(course: tuple[tuple[int, ...], tuple[int, ...], int],
                                         named: str) -> None:  # fmt: skip
    with pytest.raises(ValueError, match=named):
        Course(*course)


def test_further_answers_are_shared_by_who_is_left_and_how_willing_they_are() -> None:
    even = forecast.shared(30, [50, 50, 50], [50, 50, 50])
    assert even == pytest.approx([10, 10, 10])
    keen = forecast.shared(30, [50, 50], [50, 150])
    assert keen[1] > keen[0]
    assert sum(keen) == pytest.approx(30)
    assert forecast.shared(5, [0, 0], [3, 4]) == [0, 0]


def test_rates_by_hand() -> None:
    counts = Counts(drawn=1000, answered=450, begun=20, ineligible=40, returned=60, refused=30)
    assert counts.gross == 0.45
    assert counts.net == pytest.approx(450 / 960)
    assert counts.reached == pytest.approx(450 / 900)
    assert counts.cooperation == pytest.approx(450 / 500)
    assert counts.able == 870


def test_rates_of_nobody_are_no_rates() -> None:
    nobody = rates.together([])
    assert (nobody.gross, nobody.net, nobody.reached, nobody.cooperation) == (None,) * 4


def test_strata_sum_to_the_whole() -> None:
    whole = rates.together([Counts(10, 4, 1, 1, 1, 1), Counts(20, 8, 2, 2, 2, 2)])
    assert whole == Counts(30, 12, 3, 3, 3, 3)


def test_what_one_can_choose_between() -> None:
    now, planned, week, reminder = waiting.choices(today=20, closes=30, sent=[0], planned=[14, 25])
    assert (now.until, now.reminders) == (19, ())
    assert (planned.until, planned.reminders) == (30, (25,))
    assert (week.until, week.reminders) == (37, (25,))
    assert (reminder.until, reminder.reminders) == (60, (25, 39))


def test_when_the_last_day_has_passed_there_is_still_a_choice() -> None:
    now, planned, _week, reminder = waiting.choices(today=20, closes=15, sent=[0], planned=[])
    assert (now.until, planned.until) == (19, 20)
    assert reminder.reminders == (21,)


def test_more_answers_make_each_stratum_and_the_whole_surer() -> None:
    answers = tuple(simulated(seeded(6))[:35])
    field = Field(Course(answers, (0, 14, 28), 1200))
    done = sum(answers)
    parts = [(9000, Counts(600, done // 2)), (21_000, Counts(600, done - done // 2))]
    ways = waiting.choices(today=35, closes=49, sent=[0, 14, 28], planned=[])
    told = [waiting.outcome(field, way, parts) for way in ways]
    margins = [each.whole.margin or 1.0 for each in told]
    assert margins == sorted(margins, reverse=True)
    assert margins[0] > margins[-1]
    assert told[0].parts[0].margin == precision.margin(done // 2, 9000)
    assert sum(plan.answers for plan in told[3].parts) == pytest.approx(told[3].forecast.answers)


def test_a_part_of_unknown_size_has_no_margin() -> None:
    field = Field(Course(tuple(simulated(seeded(6))[:35]), (0, 14, 28), 1200))
    told = waiting.outcome(
        field, waiting.Choice(waiting.Way.PLANNED, 49), [(None, Counts(1200, 500))]
    )
    assert told.whole.margin is None
    assert told.parts[0].margin is None
