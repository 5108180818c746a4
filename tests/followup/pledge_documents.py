"""Any pledge that a file can hold, for hypothesis; in the order that files are written in."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from loftet.core import guard
from loftet.followup.sources.pledge_file.document import (
    CommitmentEntry,
    IndicatorEntry,
    OrganisationEntry,
    PledgeEntry,
    PledgeFile,
    ReadingEntry,
    ResultEntry,
    SignatureEntry,
)

FIRST, CHANGED = date(2015, 1, 1), date(2020, 1, 1)  # the borders of the area “centrum”
ODD = [
    *("no", "Yes", "on", "~", "null", "2020", "16,2", "1e3", "2020-01-01", "=1+1", "+46", "-x"),
    *("@x", "'x", "'=x", "# x", "x # y", "a: b", ": x", "- x", "[x]", "{x", "!x", "&x", "*x"),
    *("%x", "`x", "|", "> x", "?", '"x"', "x;y,z", "\\n", "---", "...", "Å ä ö – é 😀"),
    *("x\n\ny", "x\r\ny", "x\n  y\n z", "x\ty", "\ufeffx"),
]


def _tame(text: str) -> bool:
    return bool(text) and not guard.findings(text)


letters = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], codec="utf-8")
texts = st.one_of(
    st.sampled_from(ODD), st.text(letters | st.just("\n"), max_size=30).map(str.strip).filter(_tame)
)
perhaps = st.one_of(st.just(""), texts)
codes = st.text("abcXYZ019-_", min_size=1, max_size=12)
days = st.dates(date(2016, 1, 1), date(2023, 12, 31))


def numbers(places: int, low: int = -10_000, high: int = 10_000) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False).map(lambda number: number + 0)


def areas(draw: st.DrawFn, day: date) -> str:
    other = CHANGED if day < CHANGED else FIRST
    return draw(st.sampled_from(["", "öst", "centrum", f"centrum@{other}"]))


@dataclass
class _Maker:
    draw: st.DrawFn
    signed: bool
    starts: date
    ends: date

    def organisations(self) -> list[OrganisationEntry]:
        names = self.draw(st.lists(texts.filter(lambda t: len(t) < 50), unique=True, max_size=4))
        made: list[OrganisationEntry] = []
        for name in names:
            part_of = self.draw(st.sampled_from(["", *(o.name for o in made)]))
            kind = self.draw(st.sampled_from(["police", "municipality", "other"]))
            made.append(OrganisationEntry(name=name, kind=kind, part_of=part_of))
        return made

    def indicator(self, code: str, owners: list[str]) -> IndicatorEntry:
        return IndicatorEntry(
            code=code,
            kind=self.draw(st.sampled_from(["count", "share", "value"])),
            wanted=self.draw(st.sampled_from(["up", "down", "none"])),
            owner=self.draw(st.sampled_from(["", *owners])),
            **self.some("name_sv", "unit_sv", "definition_sv", "source", of=texts),
            **self.some("name_en", "unit_en", "definition_en", "caution_sv", "caution_en"),
        )

    def some(self, *names: str, of: st.SearchStrategy[str] = perhaps) -> dict[str, Any]:
        return {name: self.draw(of) for name in names}

    def figures(self, kind: str) -> dict[str, Any]:
        if kind == "count":
            return {"value": Decimal(self.draw(st.integers(0, 10**11 - 1)))}
        if kind == "value":
            return {"value": self.draw(numbers(4))}
        if self.draw(st.booleans()):
            return {"value": self.draw(numbers(4, 0, 100))}
        denominator = self.draw(st.integers(1, 10**12))
        return {"numerator": self.draw(st.integers(0, denominator)), "denominator": denominator}

    def readings(self, indicator: IndicatorEntry) -> list[list[ReadingEntry]]:
        chains: dict[Any, list[ReadingEntry]] = {}
        for starts in self.draw(st.lists(days, max_size=3)):
            ends = starts + timedelta(self.draw(st.integers(0, 400)))
            first = ReadingEntry(
                indicator=indicator.code,
                area=areas(self.draw, starts),
                starts=starts,
                ends=ends,
                source=self.draw(texts),
                extracted_on=self.draw(days),
                **self.figures(indicator.kind),
            )
            chains[first.key] = self.corrected(first, indicator.kind)
        return sorted(chains.values(), key=lambda c: (c[0].starts, c[0].ends, c[0].area))

    def corrected(self, first: ReadingEntry, kind: str) -> list[ReadingEntry]:
        chain = [first]
        for _number in range(self.draw(st.integers(0, 2))):
            figures = self.figures(kind)
            newest = chain[-1]
            if any(getattr(newest, name) != value for name, value in figures.items()):
                reason, source = self.draw(texts), self.draw(texts)
                blank = {"value": None, "numerator": None, "denominator": None}
                chain.append(replace(newest, reason=reason, source=source, **(blank | figures)))
        return chain

    def baseline(self, chains: list[list[ReadingEntry]]) -> dict[str, Any]:
        chain = self.draw(st.sampled_from(chains))
        number = self.draw(st.integers(1, len(chain)))
        return {
            "baseline_starts": chain[0].starts,
            "baseline_ends": chain[0].ends,
            "baseline_area": chain[0].area,
            "baseline_revision": None if number == len(chain) else number,
        }

    def commitment(
        self, code: str, owners: list[str], chains: dict[str, list[list[ReadingEntry]]]
    ) -> CommitmentEntry:
        indicator = self.draw(st.sampled_from(["", *chains]))
        measured = bool(chains.get(indicator))
        kinds = ["activity", "presence", "deliverable"] + ["change"] * (measured or not self.signed)
        kind = self.draw(st.sampled_from(kinds))
        baseline = measured and (kind == "change" or self.draw(st.booleans()))
        length = (self.ends - self.starts).days
        first = self.draw(st.integers(0, length))
        last = self.draw(st.integers(first, length))
        starts = self.starts + timedelta(first)
        comparators = ["", "at_least", "at_most", "exactly", "increase", "decrease"]
        named = {areas(self.draw, starts) for _number in range(2)} - {""}
        return CommitmentEntry(
            code=code,
            kind=kind,
            actor=self.draw(st.sampled_from(["police", "municipality", "both"])),
            comparator=self.draw(st.sampled_from(comparators)),
            quantity=self.draw(st.none() | numbers(2)),
            areas=tuple(sorted(named)),
            starts=starts if first else None,
            ends=self.starts + timedelta(last) if last < length else None,
            indicator=indicator,
            target=self.draw(st.none() | numbers(4)),
            responsible=self.draw(st.sampled_from(["", *owners])),
            text_sv=self.draw(texts),
            **(self.baseline(chains[indicator]) if baseline else {}),
            **self.some("text_en", "because_sv", "because_en", "unit_sv", "unit_en", "place"),
            **self.some("counting_rule_sv", "counting_rule_en", "source"),
        )

    def result(self, commitment: CommitmentEntry) -> ResultEntry:
        state = self.draw(st.sampled_from(["done", "partly", "not_done", "ongoing"]))
        deliverable = commitment.kind == "deliverable"
        return ResultEntry(
            commitment=commitment.code,
            quantity=self.draw(st.none() | numbers(2, 0)),
            state=state if deliverable or self.draw(st.booleans()) else "",
            reason_sv=self.draw(texts),
            new_date=self.draw(st.none() | days),
            source=self.draw(texts),
            as_of=self.draw(days),
            **self.some("text_sv", "text_en", "reason_en", "context_sv", "context_en"),
            **self.some("lesson_sv", "lesson_en"),
        )

    def signatures(self) -> list[SignatureEntry]:
        parties = self.draw(st.sets(st.sampled_from(["municipality", "police"]), min_size=1))
        return [
            SignatureEntry(
                party=party,
                title=self.draw(texts),
                name=self.draw(perhaps),
                signed_on=self.draw(st.none() | days),
            )
            for party in sorted(parties)
            if self.signed
        ]

    def pledge(self) -> PledgeEntry:
        prolonged = self.ends > self.starts and self.draw(st.booleans())
        period = self.draw(codes)
        return PledgeEntry(
            period=period,
            cycle=self.draw(codes.filter(lambda code: code != period) | st.just("")),
            starts=self.starts,
            ends=self.ends,
            decided_ends=self.starts if prolonged else None,
            prolonged_by=self.draw(texts) if prolonged else "",
            **self.some("title_sv", "place", of=texts),
            **self.some("title_en", "background_sv", "background_en", "registry_number", "source"),
        )


@st.composite
def pledge_files(draw: st.DrawFn) -> PledgeFile:
    starts = draw(days)
    maker = _Maker(draw, draw(st.booleans()), starts, starts + timedelta(draw(st.integers(0, 730))))
    organisations = maker.organisations()
    owners = [organisation.name for organisation in organisations]
    cards = [maker.indicator(c, owners) for c in sorted(draw(st.sets(codes, max_size=2)))]
    chains = {card.code: maker.readings(card) for card in cards}
    named = draw(st.lists(codes, unique=True, max_size=3))
    commitments = [maker.commitment(code, owners, chains) for code in named]
    used = {commitment.indicator for commitment in commitments}
    cards = [card for card in cards if card.code in used]
    results = [
        maker.result(commitment)
        for commitment in commitments
        for _number in range(draw(st.integers(0, 2)) if maker.signed else 0)
    ]
    return PledgeFile(
        pledge=maker.pledge(),
        signatures=tuple(maker.signatures()),
        organisations=_used(organisations, commitments, cards),
        indicators=tuple(cards),
        readings=tuple(r for card in cards for chain in chains[card.code] for r in chain),
        commitments=tuple(commitments),
        results=tuple(results),
    )


def _used(
    organisations: list[OrganisationEntry],
    commitments: list[CommitmentEntry],
    cards: list[IndicatorEntry],
) -> tuple[OrganisationEntry, ...]:
    names = {c.responsible for c in commitments} | {card.owner for card in cards}
    for organisation in reversed(organisations):  # wholes stand before their parts
        if organisation.name in names:
            names.add(organisation.part_of)
    return tuple(sorted((o for o in organisations if o.name in names), key=lambda o: o.name))
