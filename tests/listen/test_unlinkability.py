"""Everything a thief could try who holds the database, its copies from the field, and every log."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from loftet.core import log, seals
from loftet.core.models import Event
from loftet.listen import actions
from loftet.listen.actions import counting, envelopes
from loftet.listen.models import AccessCode, Answer, Envelope, Keying, Wave
from loftet.listen.rules import mixing
from tests import make
from tests.listen import make as make_survey
from tests.refusal import refused

pytestmark = pytest.mark.django_db
PEOPLE = 60
CHANCE = 0.6  # a rank correlation this large between 60 pairs comes once in ten million by chance

Row = dict[str, Any]
Mixed = Callable[[Wave], list[Answer]]


@dataclass(frozen=True)
class Loot:
    """What was stolen: codes and sealed answers from the field, and all that came after."""

    codes: list[Row]
    sealed: list[Row]
    lines: list[Row]
    answers: list[Row]


def rows(model: type[models.Model]) -> list[Row]:
    """Every column as the database has it, and where the row lies in the file."""
    lies = "ctid::text AS lies, xmin::text AS wrote" if postgresql() else "rowid AS lies"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lies}, t.* FROM {model._meta.db_table} t")  # noqa: S608
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def postgresql() -> bool:
    return connection.vendor == "postgresql"


def robbed() -> tuple[Loot, dict[str, int]]:
    """A field of sixty answers; person number n writes `marker n`. The truth is: digest -> n."""
    by = make.coordinator()
    wave, codes = make_survey.in_field(people=PEOPLE, by=by)
    for number, code in enumerate(codes):
        make_survey.answered(
            wave, code, {"age": "old", "more": f"marker {number:03} " * (number + 1)}
        )
    truth = {envelopes.digest(wave, code): number for number, code in enumerate(codes)}
    sealed, codes_then = rows(Envelope), rows(AccessCode)
    make_survey.counted(wave, by)
    codes_now = {row["id"]: row for row in rows(AccessCode)}
    loot = Loot(
        codes=[
            row | {f"now_{k}": v for k, v in codes_now[row["id"]].items()} for row in codes_then
        ],
        sealed=sealed,
        lines=rows(Event),
        answers=rows(Answer),
    )
    return loot, truth


def marker(answer: Row) -> int:
    found = re.search(r"marker (\d+)", str(answer["content"]))
    assert found
    return int(found[1])


def leaks(loot: Loot, truth: dict[str, int]) -> set[str]:
    return {name for name, attack in ATTACKS.items() if attack(loot, truth)}


def by_identifier(loot: Loot, truth: dict[str, int]) -> bool:
    """Something long enough to name one row stands on both sides."""
    own = Counter(t for row in loot.answers for t in set(tokens(row)))
    theirs = Counter(
        t for row in [*loot.codes, *loot.sealed, *loot.lines] for t in set(tokens(row))
    )
    return any(count <= 2 and theirs[token] in {1, 2} for token, count in own.items())


def tokens(row: Row) -> Iterator[str]:
    text = json.dumps({k: v for k, v in row.items() if k != "lies"}, default=_plain)
    return (token for token in re.findall(r"[0-9a-zA-Z_-]{6,}", text) if token != "unsafe")


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def by_order(loot: Loot, truth: dict[str, int]) -> bool:
    """Codes in the order in which they were made, used or stored, beside answers in theirs."""
    answers = sorted(loot.answers, key=marker)
    numbers = [truth[row["digest"]] for row in loot.codes]
    in_use = list(range(PEOPLE))
    return any(
        abs(spearmanr(places(answers, column), in_order).statistic) > CHANCE
        for column in ("lies", "id")
        for in_order in (in_use, _positions(numbers))
    )


def _positions(numbers: list[int]) -> list[int]:
    return sorted(range(PEOPLE), key=lambda place: numbers[place])


def places(answers: list[Row], column: str) -> list[int]:
    ordered = sorted(answers, key=lambda row: _position(row[column]))
    return [ordered.index(row) for row in answers]


def _position(value: Any) -> Any:
    """PostgreSQL tells the block and the place in it."""
    text = str(value)
    return tuple(map(int, text.strip("()").split(","))) if text.startswith("(") else value


def by_time(loot: Loot, truth: dict[str, int]) -> bool:
    """Any day or time at all on an answer."""
    moment = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}")
    plain = [{k: v for k, v in row.items() if k not in {"id", "lies"}} for row in loot.answers]
    return any(moment.search(json.dumps(row, default=str)) for row in plain)


def by_length(loot: Loot, truth: dict[str, int]) -> bool:
    """Long answers in long envelopes."""
    return len({len(bytes(row["sealed"])) for row in loot.sealed}) > 1


def by_stratum(loot: Loot, truth: dict[str, int]) -> bool:
    """A stratum, or strata together, in which hardly anyone answered."""
    used = Counter(row["stratum_id"] for row in loot.codes if row["now_used_on"])
    told = Counter(row["stratum_id"] for row in loot.answers)
    return any(n < mixing.LEAST for n in [*told.values(), *(used - told).values()])


def by_log(loot: Loot, truth: dict[str, int]) -> bool:
    """A line for each answer would tell its time."""
    kinds = Counter((row["subject"], row["verb"]) for row in loot.lines)
    return any(count >= PEOPLE for count in kinds.values())


ATTACKS: dict[str, Callable[[Loot, dict[str, int]], bool]] = {
    "identifier": by_identifier,
    "order": by_order,
    "time": by_time,
    "length": by_length,
    "stratum": by_stratum,
    "log": by_log,
}


def test_nothing_ties_a_code_to_an_answer() -> None:
    loot, truth = robbed()
    assert len(loot.answers) == len(loot.sealed) == PEOPLE
    assert leaks(loot, truth) == set()


def test_when_the_code_is_stored_with_the_answer_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_code(wave: Wave) -> list[Answer]:
        return [
            _answer(wave, envelope, {"code": envelope.code.digest}) for envelope in _found(wave)
        ]

    monkeypatch.setattr(counting, "_mixed", with_code)
    assert "identifier" in leaks(*robbed())


def test_when_answers_keep_the_order_of_arrival_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_order(wave: Wave) -> list[Answer]:
        answers = [_answer(wave, envelope, {}) for envelope in _found(wave)]
        for number, answer in enumerate(answers):
            answer.id = UUID(int=number)
        return answers

    monkeypatch.setattr(counting, "_mixed", in_order)
    assert "order" in leaks(*robbed())


def test_when_answers_keep_the_day_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def dated(wave: Wave) -> list[Answer]:
        return [
            _answer(wave, envelope, {"day": str(envelope.finished_on)}) for envelope in _found(wave)
        ]

    monkeypatch.setattr(counting, "_mixed", dated)
    assert "time" in leaks(*robbed())


def test_when_envelopes_fit_their_answers_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def fitting(wave: Wave, about: int, draft: envelopes.Draft) -> bytes:
        plain = json.dumps({"language": draft.language, "answers": draft.answers}).encode()
        return seals.seal(wave.answer_key, plain, about=f"{wave.pk}:{about}")

    monkeypatch.setattr(envelopes, "sealed", fitting)
    assert "length" in leaks(*robbed())


def test_when_each_answer_is_logged_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    real = envelopes.keep

    def logged(**given: Any) -> None:
        real(**given)
        log.record(None, "answered", given["wave"])

    monkeypatch.setattr(envelopes, "keep", logged)
    assert "log" in leaks(*robbed())


def _found(wave: Wave) -> Iterator[Envelope]:
    return (
        Envelope.objects.filter(code__wave=wave)
        .select_related("code")
        .order_by("code_id")
        .iterator()
    )


def _answer(wave: Wave, envelope: Envelope, more: dict[str, Any]) -> Answer:
    draft = envelopes.opened(wave, envelope.code_id, envelope.sealed)
    return Answer(
        wave=wave,
        stratum=envelope.code.stratum,
        mode="web",
        language="sv",
        content=draft.answers | more,
    )


def test_sealed_answers_of_an_old_copy_can_never_be_opened(
    django_capture_on_commit_callbacks: Any,
) -> None:
    wave, codes = make_survey.in_field(people=3)
    for code in codes:
        make_survey.answered(wave, code, {"age": "old"})
    copied = [(row.code_id, bytes(row.sealed)) for row in Envelope.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        make_survey.counted(wave)
    assert not list(settings.KEYS.glob(f"wave-{wave.pk}-answers*"))
    assert not list(settings.KEYS.glob(f"wave-{wave.pk}-codes*"))
    for about, sealed in copied:
        with pytest.raises(seals.NoKeyError):
            envelopes.opened(wave, about, sealed)
    assert len(Event.objects.get(verb="opened_answers").data["destroyed_keys"]) == 2


def test_envelopes_and_typings_are_gone_once_opened() -> None:
    wave, codes = make_survey.in_field(people=4)
    for code in codes[1:]:
        make_survey.answered(wave, code, {"age": "old"})
    begun = wave.codes.get(digest=envelopes.digest(wave, codes[0]))
    envelopes.keep(
        wave=wave, code=begun, draft=envelopes.Draft("sv", {"age": "young"}), finished=False
    )
    make_survey.counted(wave)
    assert not Envelope.objects.exists()
    assert not Keying.objects.exists()
    assert [answer.content for answer in Answer.objects.all()] == [{"age": "old"}] * 3


@given(
    st.lists(
        st.builds(
            mixing.Origin,
            st.sampled_from([None, 1, 2, 3, 4]),
            st.sampled_from(["web", "paper"]),
            st.sampled_from(["sv", "ar"]),
        ),
        min_size=mixing.LEAST,
        max_size=40,
    )
)
def test_nobody_stands_alone_with_what_is_kept(origins: list[mixing.Origin]) -> None:
    kept = mixing.mingled(origins)
    pairs = list(zip(origins, kept, strict=True))
    assert all(new.stratum in {old.stratum, None} for old, new in pairs)
    assert all(new.mode in {old.mode, ""} for old, new in pairs)
    for part in ("stratum", "mode", "language"):
        shared = Counter((one.stratum, getattr(one, part)) for one in kept)
        assert min(shared.values()) >= mixing.LEAST or part != "stratum"
        assert all(
            n >= mixing.LEAST for (_, told), n in shared.items() if told or part == "stratum"
        )


def test_a_small_stratum_takes_another_with_it() -> None:
    """Else the one code used in it would own the one answer without a stratum."""
    web = [mixing.Origin(s, "web", "sv") for s, n in ((1, 50), (2, 40), (3, 1)) for _ in range(n)]
    assert Counter(one.stratum for one in mixing.mingled(web)) == {1: 50, None: 41}


def test_so_few_that_one_could_guess_are_not_opened() -> None:
    by = make.coordinator()
    wave, codes = make_survey.in_field(people=2, by=by)
    for code in codes:
        make_survey.answered(wave, code, {"age": "old"})
    actions.close_field(wave=wave, by=by)
    with refused("too_few_answers"):
        actions.count_answers(wave=wave, by=by)


def test_answers_are_not_opened_while_somebody_may_be_reminded_or_the_field_is_open() -> None:
    by = make.coordinator()
    wave, _codes = make_survey.in_field(by=by)
    with refused("not_closed"):
        actions.count_answers(wave=wave, by=by)
    wave.addressees.create(sealed=b"-")
    actions.close_field(wave=wave, by=by)
    with refused("addresses_left"):
        actions.count_answers(wave=wave, by=by)
    wave.addressees.all().delete()
    with refused("not_allowed"):
        actions.count_answers(wave=wave, by=make.person("signer"))
    assert actions.count_answers(wave=wave, by=by) == 0
