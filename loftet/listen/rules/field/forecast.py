"""How many will have answered by a day to come, from how they have answered so far.

Each mailing wakes a share of those who have not yet answered; they do so some days after it was
sent, first many and then ever fewer (exponentially). The share of each mailing, the mean delay
and the days in the post are weighed by how well they fit the days that have passed. Days that vary
more than by chance make the interval wider in proportion. A reminder yet to come is taken to wake
as much less than the one before as that one did; before any has been seen, 40 to 100 per cent.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

DELAYS = (1.5, 2.0, 3.0, 4.0, 5.0, 6.5, 8.0, 10.0, 13.0, 17.0, 23.0)  # days, mean
POST = (0, 1, 2, 3, 4)  # days
LEAST_DAYS = 4  # before this, or with fewer answers, nothing is foretold
LEAST_ANSWERS = 20
NODES = 15
FALL = (0.2, 1.3)  # how much of the last one's effect a reminder may have
ASSUMED_FALL = (0.4, 0.6, 0.8, 1.0)
SEEN_FALL = (0.7, 1.0, 1.3)  # around the fall that has been seen
Z = 1.959964


@dataclass(frozen=True)
class Course:
    """Answers of each whole day since the first, the days of the mailings, and who may answer."""

    answers: tuple[int, ...]
    sent: tuple[int, ...]
    people: int

    def __post_init__(self) -> None:
        if not self.sent or list(self.sent) != sorted(set(self.sent)):
            raise ValueError("sent must be one day or more, each later than the one before")
        if any(count < 0 for count in self.answers) or sum(self.answers) > self.people:
            raise ValueError("answers must not be negative, nor more than people")

    @property
    def days(self) -> int:
        return len(self.answers)

    @property
    def answered(self) -> int:
        return sum(self.answers)


@dataclass(frozen=True)
class Forecast:
    """Answers in all by a day; 95 of 100 fields that go as this one end between low and high."""

    answers: float
    low: float
    high: float


@dataclass(frozen=True)
class _Stage:
    """What one mailing does, with one guess of the delay and the days in the post."""

    begins: int
    days: int  # that have passed
    asked: int
    answers: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.answers)


@dataclass(frozen=True)
class _State:
    """One way in which the field may work, and how well it fits."""

    weight: float
    delay: float
    post: int
    effect: float  # share of those left that the last mailing felt wakes in the end
    since: int  # whole days since it was felt
    felt: int  # mailings felt so far
    fall: float | None  # of the last reminder beside the one before


class Field:
    """A course that has been fitted once and can be asked about many days to come."""

    def __init__(self, course: Course) -> None:
        if sum(course.answers[: course.sent[0]]):  # some had another way in, from the first day
            course = replace(course, sent=(0, *course.sent))
        self.course = course
        self.spread = 1.0
        self.states: list[_State] = []
        self.why = _too_early(course)
        if not self.why:
            self._fit()

    def by(self, day: int, *, reminders: Sequence[int] = ()) -> Forecast:
        """By the end of a day, with those further reminders sent (days counted as in the course).

        Raises ValueError where it is too early to tell: look at `why` first.
        """
        if self.why:
            raise ValueError(f"it is too early to tell: {self.why}")
        mean = square = 0.0
        for state, (more, variance) in self._ends(day, reminders):
            mean += state.weight * more
            square += state.weight * (variance * self.spread + more**2)
        width = Z * math.sqrt(max(0.0, square - mean**2))
        answered, people = self.course.answered, self.course.people
        return Forecast(
            answers=answered + mean,
            low=max(float(answered), answered + mean - width),
            high=min(float(people), answered + mean + width),
        )

    def _fit(self) -> None:
        states = list(_states(self.course, 1.0))
        self.spread = _spread(self.course, max(states, key=lambda state: state.weight))
        self.states = _even(list(_states(self.course, self.spread)))

    def _ends(
        self, day: int, reminders: Sequence[int]
    ) -> Iterator[tuple[_State, tuple[float, float]]]:
        for state in self.states:
            for fall, weight in _falls(state):
                known = replace(state, weight=state.weight * weight)
                yield known, _to_come(self.course, known, fall, day, reminders)


def shared(more: float, left: Sequence[int], answered: Sequence[int]) -> list[float]:
    """Further answers shared between strata: by how many are left, and how willing they have been.

    A stratum's willingness is drawn towards that of all, the more so the fewer it has (as if ten
    people had answered as all do), so that chance in a small stratum is not carried on.
    """
    asked = [each + done for each, done in zip(left, answered, strict=True)]
    overall = sum(answered) / max(1, sum(asked))
    weights = [
        each * (done + 10) / (people * overall + 10)
        for each, done, people in zip(left, answered, asked, strict=True)
    ]
    scale = more / sum(weights) if sum(weights) else 0.0
    return [min(float(each), weight * scale) for each, weight in zip(left, weights, strict=True)]


def _too_early(course: Course) -> str:
    if course.days < LEAST_DAYS:
        return "days"
    return "answers" if course.answered < LEAST_ANSWERS else ""


def _states(course: Course, spread: float) -> Iterator[_State]:
    """Every guess of delay and post, and in each the likely effects of the last mailing."""
    for delay in DELAYS:
        for post in POST:
            stages = _stages(course, post)
            if stages and sum(course.answers[: stages[0].begins]) == 0:
                yield from _effects(stages, delay, post, spread)


def _stages(course: Course, post: int) -> list[_Stage]:
    starts = [day + post for day in course.sent if day + post < course.days]
    ends = [*starts[1:], course.days][: len(starts)]
    return [
        _Stage(
            begins=start,
            days=end - start,
            asked=course.people - sum(course.answers[:start]),
            answers=course.answers[start:end],
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _effects(stages: list[_Stage], delay: float, post: int, spread: float) -> Iterator[_State]:
    fit, before, fall = 0.0, None, None
    nodes: list[tuple[float, float]] = []
    for stage in stages:
        allowed = (0.0, 1.0) if before is None else (before * FALL[0], min(1.0, before * FALL[1]))
        nodes, evidence = _nodes(stage, delay, allowed, spread)
        effect = sum(weight * value for value, weight in nodes)
        fall = None if before is None else effect / before
        fit += evidence + _timing(stage, delay) / spread
        before = max(effect, 1e-6)
    last = stages[-1]
    for effect, weight in nodes:
        yield _State(
            math.log(max(weight, 1e-300)) + fit, delay, post, effect, last.days, len(stages), fall
        )


def _nodes(
    stage: _Stage, delay: float, allowed: tuple[float, float], spread: float
) -> tuple[list[tuple[float, float]], float]:
    """Likely effects of one mailing with their weights, and how well the best of them fits."""
    reach = _woken(stage.days, delay)
    share = (stage.count + 0.5) / (stage.asked + 1)
    error = 4 * math.sqrt(spread * share * (1 - share) / (stage.asked + 1))
    low = min(max(allowed[0], (share - error) / reach), allowed[1])
    high = max(min(allowed[1], (share + error) / reach), low)
    values = [low + (high - low) * (i + 0.5) / NODES for i in range(NODES)]
    fits = [_likely(stage, value * reach) / spread for value in values]
    best = max(fits)
    weights = [math.exp(fit - best) for fit in fits]
    width = (high - low + 1e-9) / (allowed[1] - allowed[0] + 1e-9)
    evidence = best + math.log(sum(weights) / NODES * width)
    return [(v, w / sum(weights)) for v, w in zip(values, weights, strict=True)], evidence


def _likely(stage: _Stage, share: float) -> float:
    share = min(max(share, 1e-9), 1 - 1e-9)
    return stage.count * math.log(share) + (stage.asked - stage.count) * math.log1p(-share)


def _timing(stage: _Stage, delay: float) -> float:
    """How likely it is that those who answered did so on these days."""
    reach = _woken(stage.days, delay)
    return sum(
        count * math.log((_woken(day + 1, delay) - _woken(day, delay)) / reach)
        for day, count in enumerate(stage.answers)
        if count
    )


def _woken(days: float, delay: float) -> float:
    return -math.expm1(-days / delay)


def _spread(course: Course, best: _State) -> float:
    """How much more days vary than chance alone would have them (1 if not more)."""
    found, cells = 0.0, 0
    stages = _stages(course, best.post)
    for stage in stages:
        reach = _woken(stage.days, best.delay)
        for day, count in enumerate(stage.answers):
            expected = stage.count * (_woken(day + 1, best.delay) - _woken(day, best.delay)) / reach
            if expected >= 1:
                found += (count - expected) ** 2 / expected
                cells += 1
    free = cells - len(stages) - 2
    return max(1.0, found / free) if free > 0 else 1.0


def _even(states: list[_State]) -> list[_State]:
    """Weights that sum to one; what weighs next to nothing is left out."""
    best = max(state.weight for state in states)
    kept = [replace(s, weight=math.exp(s.weight - best)) for s in states if s.weight > best - 9]
    total = sum(state.weight for state in kept)
    return [replace(state, weight=state.weight / total) for state in kept]


def _falls(state: _State) -> list[tuple[float, float]]:
    if state.fall is None:
        return [(fall, 1 / len(ASSUMED_FALL)) for fall in ASSUMED_FALL]
    return [(min(FALL[1], state.fall * part), 1 / len(SEEN_FALL)) for part in SEEN_FALL]


def _to_come(
    course: Course, state: _State, fall: float, day: int, reminders: Sequence[int]
) -> tuple[float, float]:
    """Mean and variance of the answers from now until the end of a day."""
    end = day + 1
    sent = [*course.sent[state.felt :], *sorted(reminders)]
    starts = [max(when + state.post, course.days) for when in sent]
    bounds = [course.days, *(min(start, end) for start in starts), end]
    effect, since = state.effect, float(state.since)
    left, variance = float(course.people - course.answered), 0.0
    for begins, ends in pairwise(bounds):
        part = _further(effect, since, max(0, ends - begins), state.delay)
        variance = variance * (1 - part) ** 2 + left * part * (1 - part)
        left -= left * part
        effect, since = effect * fall, 0.0
    return course.people - course.answered - left, variance


def _further(effect: float, since: float, days: float, delay: float) -> float:
    """Share of those left whom the mailing still wakes within so many more days."""
    before, after = _woken(since, delay), _woken(since + days, delay)
    rest = 1 - effect * before
    return effect * (after - before) / rest if rest > 0 else 0.0
