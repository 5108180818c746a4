"""What a result stands on, as keys that pages turn into sentences."""

from dataclasses import dataclass
from enum import StrEnum


class Assumption(StrEnum):
    """What must hold for the number to mean what it says."""

    TREND_WOULD_HAVE_GONE_ON = "trend_would_have_gone_on"
    SEASON_REPEATS = "season_repeats"
    PERIODS_ARE_INDEPENDENT = "periods_are_independent"
    SAME_COUNTING_THROUGHOUT = "same_counting_throughout"
    PARALLEL_PATHS = "parallel_paths"
    NO_EARLY_EFFECT = "no_early_effect"
    COMPARISON_UNTOUCHED = "comparison_untouched"
    GROUPS_ARE_INDEPENDENT = "groups_are_independent"
    MIXTURE_MIMICS = "mixture_mimics"
    COUNTS_ARE_POISSON = "counts_are_poisson"
    CHOSEN_BY_COUNTS_ONLY = "chosen_by_counts_only"
    REFERENCE_IS_ALIKE = "reference_is_alike"


class Threat(StrEnum):
    """What would break it, and cannot be seen in the numbers."""

    SOMETHING_ELSE_AT_THE_SAME_TIME = "something_else_at_the_same_time"
    COUNTING_CHANGED = "counting_changed"
    REPORTING_CHANGED = "reporting_changed"
    STARTED_AFTER_A_PEAK = "started_after_a_peak"
    MOVED_ELSEWHERE = "moved_elsewhere"
    COMPARISON_CHOSEN_AFTERWARDS = "comparison_chosen_afterwards"
    COMPARISON_HIT_BY_ITS_OWN_EVENT = "comparison_hit_by_its_own_event"
    GROUPS_CHANGED_WHO_IS_IN_THEM = "groups_changed_who_is_in_them"


class Sign(StrEnum):
    """What these very numbers warn of."""

    FEW_PERIODS = "few_periods"
    NEIGHBOURS_IN_TIME_ALIKE = "neighbours_in_time_alike"
    MORE_SPREAD_THAN_CHANCE = "more_spread_than_chance"
    FEW_GROUPS = "few_groups"
    FEW_TREATED_GROUPS = "few_treated_groups"
    APART_BEFORE = "apart_before"
    POOR_FIT_BEFORE = "poor_fit_before"
    LEANS_ON_ONE = "leans_on_one"
    RANK_CANNOT_CONVINCE = "rank_cannot_convince"
    SMALL_COUNTS = "small_counts"
    REGRESSION_TO_THE_MEAN = "regression_to_the_mean"
    REGRESSION_NOT_KNOWN = "regression_not_known"


@dataclass(frozen=True, slots=True)
class Warned:
    """A sign that was seen, with the number seen and the limit that it passed."""

    sign: Sign
    seen: float
    limit: float


@dataclass(frozen=True, slots=True)
class Footing:
    """Assumptions, threats and the signs seen, in the order in which a page should tell them."""

    assumes: tuple[Assumption, ...]
    broken_by: tuple[Threat, ...]
    warnings: tuple[Warned, ...]

    def warns_of(self, sign: Sign) -> bool:
        return any(warned.sign is sign for warned in self.warnings)


def above(sign: Sign, seen: float, limit: float) -> tuple[Warned, ...]:
    return (Warned(sign, float(seen), limit),) if seen > limit else ()


def below(sign: Sign, seen: float, limit: float) -> tuple[Warned, ...]:
    return (Warned(sign, float(seen), limit),) if seen < limit else ()
