from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from loftet.analysis.change import RateRatio, detectable_change, rate_ratio, share_change
from loftet.ui import sentences
from loftet.ui.bilingual import bilingual

NBSP = "\u00a0"


def said(make: Callable[[], str], language: str = "en") -> str:
    with override(language):
        return make()


def trollhattan() -> str:
    return sentences.count_change(162, 185, rate_ratio(162, 185), wanted="down")


# --- Two counts ---------------------------------------------------------------------------------


def test_185_to_162_is_told_as_chance_in_both_languages() -> None:
    assert bilingual(trollhattan) == {
        "sv": "Antalet minskade från 185 till 162, men skillnaden ryms inom normal "
        "slumpvariation (kvot 0,88; 95 % 0,70–1,09).",
        "en": "The number fell from 185 to 162, but the difference is within normal "
        "chance variation (ratio 0.88; 95% 0.70–1.09).",
    }


FELL = "The number fell from 300 to 200, more than chance explains (ratio 0.67; 95% 0.55–0.80)."
ROSE = "The number rose from 200 to 300, more than chance explains (ratio 1.50; 95% 1.25–1.80)."
STOOD = (
    "The number was 40 both times; a change may still lie hidden"
    " within normal chance variation (ratio 1.00; 95% 0.63–1.59)."
)
CAME = (
    "The number rose from 0 to 3, but the difference is"
    " within normal chance variation (ratio ∞; 95% 0.41–∞)."
)


@pytest.mark.parametrize(
    ("after", "before", "wanted", "english"),
    [
        (200, 300, "none", FELL),
        (300, 200, "down", f"{ROSE} The aim was a fall."),
        (300, 200, "up", f"{ROSE} The aim was a rise."),
        (40, 40, "down", STOOD),
        (3, 0, "up", CAME),
        (0, 0, "down", "The number was 0 both times."),
    ],
)
def test_two_counts_are_told_with_what_chance_allows(
    after: int, before: int, wanted: str, english: str
) -> None:
    result = rate_ratio(after, before)
    told = said(lambda: sentences.count_change(after, before, result, wanted=wanted))
    assert told == english


def test_what_is_counted_may_be_named() -> None:
    def told() -> str:
        return sentences.count_change(200, 300, rate_ratio(200, 300), unit="reports")

    assert said(told).startswith("The number of reports fell from 300 to 200, ")
    assert said(told, "sv") == (
        "Antalet reports minskade från 300 till 200, mer än vad slumpen förklarar"
        " (kvot 0,67; 95 % 0,55–0,80)."
    )


@pytest.mark.parametrize(
    ("after", "before", "clause"),
    [
        (90, 100, "which is a rise over equal time, more than chance explains"),
        (20, 185, "which is a fall over equal time, more than chance explains"),
        (50, 100, "which is the same over equal time; a change may still lie hidden"),
    ],
)
def test_unlike_periods_are_not_compared_by_their_bare_numbers(
    after: int, before: int, clause: str
) -> None:
    result = rate_ratio(after, before, exposure=(1, 2))
    told = said(lambda: sentences.count_change(after, before, result))
    assert f"was {before} and then {after}, over periods of different length, {clause}" in told


def test_a_limit_close_to_one_is_not_rounded_on_to_it() -> None:
    result = RateRatio(0.9, (0.812, 0.9984), 0.04, 0.95)
    told = said(lambda: sentences.count_change(900, 1000, result))
    assert told.endswith("more than chance explains (ratio 0.900; 95% 0.812–0.998).")


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(["up", "down", "none"]))
def test_no_sentence_cheers_or_claims_what_chance_explains(
    after: int, before: int, wanted: str
) -> None:
    result = rate_ratio(after, before)
    told = said(lambda: sentences.count_change(after, before, result, wanted=wanted)).lower()
    assert "!" not in told
    assert "success" not in told
    assert ("more than chance" in told) == result.beyond_chance
    assert ("the aim was" in told) == (result.beyond_chance and wanted != "none")


# --- Two shares and two values ------------------------------------------------------------------


def shares() -> str:
    after, before = (1620, 10_000), (1600, 10_000)
    return sentences.share_change(after, before, share_change(after, before))


def test_two_shares_with_their_counts_are_compared() -> None:
    assert bilingual(shares) == {
        "sv": f"Andelen var 16,0{NBSP}% (1600 av 10{NBSP}000)"
        f" och 16,2{NBSP}% (1620 av 10{NBSP}000);"
        " skillnad 0,2 procentenheter (95 % −0,8 till 1,2): ingen förändring kan fastställas.",
        "en": "The share was 16.0% (1,600 of 10,000) and 16.2% (1,620 of 10,000);"
        " difference 0.2 percentage points (95% −0.8 to 1.2): no change can be established.",
    }


@pytest.mark.parametrize(
    ("after", "before", "finding"),
    [
        ((56, 70), (48, 80), "the share rose, more than chance explains. The aim was a fall."),
        ((48, 80), (56, 70), "the share fell, more than chance explains. The aim was a fall."),
        ((9, 70), (8, 80), "no change can be established."),
    ],
)
def test_shares_that_differ_are_said_to(
    after: tuple[int, int], before: tuple[int, int], finding: str
) -> None:
    result = share_change(after, before)
    told = said(lambda: sentences.share_change(after, before, result, wanted="down"))
    assert told.endswith(f"): {finding}")


def test_shares_without_counts_are_told_but_not_judged() -> None:
    told = bilingual(lambda: sentences.share_without_counts(Decimal("16.2"), Decimal("16.0")))
    assert told == {
        "sv": f"Andelen var 16{NBSP}% och 16,2{NBSP}%. Det kan inte bedömas: antal ärenden saknas.",
        "en": "The share was 16% and 16.2%. It cannot be judged: the number of cases is missing.",
    }


def test_bare_values_are_told_with_their_uncertainty_unknown() -> None:
    told = bilingual(lambda: sentences.value_change(1.78, 1.63))
    assert told == {
        "sv": "Värdet var 1,63 och sedan 1,78."
        " Osäkerheten är okänd, så det går inte att säga om något har förändrats.",
        "en": "The value was 1.63 and then 1.78."
        " The uncertainty is unknown, so it cannot be said whether anything has changed.",
    }


def test_a_value_carries_its_unit() -> None:
    assert "was 3 hours and then 4.5 hours." in said(
        lambda: sentences.value_change(4.5, 3, "hours")
    )
    assert "was 16% and then 16.2%." in said(lambda: sentences.value_change(16.2, 16, "percent"))
    assert said(lambda: sentences.measured(185, "reports", "2019")) == "2019: 185 reports."


# --- What a change would have to be -------------------------------------------------------------


def test_the_editor_says_what_185_a_year_can_reveal() -> None:
    told = bilingual(lambda: sentences.detectable(185, detectable_change(185)))
    assert told == {
        "sv": "Med 185 händelser om året kan en minskning på mindre än omkring"
        f" 28{NBSP}% inte säkert skiljas från slumpen.",
        "en": "With 185 cases a year, a fall of less than about"
        " 28% cannot reliably be told from chance.",
    }


def test_a_wanted_rise_few_cases_and_many_have_their_own_words() -> None:
    few, many = detectable_change(5), detectable_change(100_000)
    assert said(lambda: sentences.detectable(5, few, unit="fires")) == (
        "With 5 fires a year, not even a fall to none can reliably be told from chance."
    )
    assert said(lambda: sentences.detectable(5, few, wanted="up")) == (
        "With 5 cases a year, a rise of less than about 285% cannot reliably be told from chance."
    )
    assert "less than about 1.2% cannot" in said(lambda: sentences.detectable(100_000, many))
    assert said(lambda: sentences.detectable(1, detectable_change(1))).startswith("With 1 case a ")


# --- What was promised and done -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("promised", "done", "comparator", "told"),
    [
        (2, 4, "", ("Fyra genomfördes; två var utlovade.",
                    "Four were done; two were promised.")),
        (8, 20, "at_least", ("20 genomfördes; minst 8 var utlovade.",
                             "20 were done; at least 8 were promised.")),
        (Decimal("4.00"), Decimal("4.00"), "at_least",
         ("Fyra genomfördes; minst fyra var utlovade.",
          "Four were done; at least four were promised.")),
        (3, 1, "at_most", ("En genomfördes; högst tre var utlovade.",
                           "One was done; at most three were promised.")),
        (1, 2, "exactly", ("Två genomfördes; exakt en utlovades.",
                           "Two were done; exactly one was promised.")),
        (None, 303, "", ("303 genomfördes; inget mål sattes.",
                         "303 were done; no target was set.")),
        (50, None, "at_least", ("Inget har rapporterats; minst 50 var utlovade.",
                                "Nothing has been reported; at least 50 were promised.")),
        (None, None, "", ("Inget har rapporterats; inget mål sattes.",
                          "Nothing has been reported; no target was set.")),
        (2, 0, "", ("Inga genomfördes; två var utlovade.",
                    "None were done; two were promised.")),
        (10, 12.5, "", ("12,5 genomfördes; 10 var utlovade.",
                        "12.5 were done; 10 were promised.")),
    ],
)  # fmt: skip
def test_what_was_done_stands_beside_what_was_promised(
    promised: int | Decimal | None,
    done: float | Decimal | None,
    comparator: str,
    told: tuple[str, str],
) -> None:
    both = bilingual(lambda: sentences.promised_and_done(promised, done, comparator=comparator))
    assert (both["sv"], both["en"]) == told


@pytest.mark.parametrize(
    ("done", "swedish"),
    [
        (4, "Fyra ronder genomfördes; två var utlovade."),
        (1, "En genomfördes; två var utlovade."),
        (0, "Inga ronder genomfördes; två var utlovade."),
    ],
)
def test_what_was_promised_may_be_named(done: int, swedish: str) -> None:
    assert said(lambda: sentences.promised_and_done(2, done, "ronder"), "sv") == swedish


def test_a_single_thing_takes_its_gender() -> None:
    told = said(lambda: sentences.promised_and_done(1, 1, one="ett"), "sv")
    assert told == "Ett genomfördes; ett utlovades."
