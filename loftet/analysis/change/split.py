"""How a total splits in two: the binomial distribution, exactly, by the incomplete beta function.

Everything is kept as logarithms, and shares as logits, so that nothing vanishes far out in a tail.
"""

import math

TIES = math.log1p(1e-7)  # R's allowance for outcomes exactly as probable as the observed one
TINY = 1e-300  # keeps the continued fraction from dividing by nothing


def p_value(after: int, before: int, log_odds: float) -> float:
    """Chance of all splits of the total at most as probable as the observed one."""
    total = after + before
    if total == 0:
        return 1.0
    if after * _logistic(-log_odds) > before * _logistic(log_odds):  # make `after` the lower side
        after, before, log_odds = before, after, -log_odds
    limit = log_chance(after, total, log_odds) + TIES
    other = _first_below(limit, total, log_odds)
    upper = math.exp(log_tail(other, total - other + 1, log_odds)) if other <= total else 0.0
    lower = math.exp(log_tail(before, after + 1, -log_odds))
    return min(1.0, lower + upper)


def _first_below(limit: float, total: int, log_odds: float) -> int:
    """Smallest outcome at or above the mean whose log-probability is at most the limit."""
    low, high = math.ceil(total * _logistic(log_odds)), total + 1
    while low < high:
        middle = (low + high) // 2
        if log_chance(middle, total, log_odds) <= limit:
            high = middle
        else:
            low = middle + 1
    return low


def log_chance(k: int, total: int, log_odds: float) -> float:
    """Log of the binomial probability of k out of the total."""
    ways = math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
    return ways + k * _log_logistic(log_odds) + (total - k) * _log_logistic(-log_odds)


def quantile(wanted: float, a: float, b: float) -> float:
    """Logit of the quantile of a beta distribution; `wanted` is the log of the tail below it.

    On this scale the logarithm of its distribution function is concave and rising, so that Newton's
    method comes from the left after its first step and cannot go astray.
    """
    u = math.log(a / b)
    for _ in range(200):
        reached = log_tail(a, b, u)
        step = (wanted - reached) * math.exp(reached - _log_front(a, b, u))
        u += step
        if abs(step) < 1e-11:
            break
    return u


def mid_p_value(after: int, before: int, log_odds: float) -> float:
    """Twice the smaller tail, in which the observed split counts by half."""
    if after + before == 0:
        return 1.0
    low = _log_mid_tail(before, after + 1, -log_odds)
    high = _log_mid_tail(after, before + 1, log_odds)
    return min(1.0, 2 * math.exp(min(low, high)))


def mid_quantile(wanted: float, a: float, b: float) -> float:
    """Logit of the share at which a tail of which the first outcome counts by half is `wanted`.

    The whole tail is larger, so that its quantile is a start from the left, as Newton wants it.
    """
    if b == 1:  # the tail is a single outcome, x to the power of a
        log_share = (wanted + math.log(2)) / a
        return log_share - math.log(-math.expm1(log_share))
    u = quantile(wanted, a, b)
    for _ in range(200):
        reached = _log_mid_tail(a, b, u)
        slopes = math.exp(_log_front(a, b, u)) + math.exp(_log_front(a + 1, b - 1, u))
        step = (wanted - reached) * math.exp(reached) / (slopes / 2)
        u += step
        if abs(step) < 1e-11:
            break
    return u


def _log_mid_tail(a: float, b: float, u: float) -> float:
    """Log of the mean of the tails from a and from a + 1 on, out of a + b - 1."""
    first = log_tail(a, b, u) if a > 0 else 0.0
    if b <= 1:
        return first - math.log(2)
    return first + math.log1p(math.exp(log_tail(a + 1, b - 1, u) - first)) - math.log(2)


def log_tail(a: float, b: float, u: float) -> float:
    """Log of the regularised incomplete beta function I_x(a, b) where u is the logit of x."""
    x = _logistic(u)
    if x > (a + 1) / (a + b + 2):
        return math.log1p(-math.exp(log_tail(b, a, -u)))
    return _log_front(a, b, u) - math.log(a) + math.log(_beta_fraction(a, b, x))


def _log_front(a: float, b: float, u: float) -> float:
    """Log of x^a (1-x)^b / B(a, b), which is also the density of u."""
    ways = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return ways + a * _log_logistic(u) + b * _log_logistic(-u)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22)."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 1_000_000):  # about the square root of the larger argument is enough
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _away_from_zero(1 + even * d)
        c = _away_from_zero(1 + even / c)
        value *= c * d
        d = 1 / _away_from_zero(1 + odd * d)
        c = _away_from_zero(1 + odd / c)
        value *= c * d
        if abs(c * d - 1) < 2e-15:
            break
    return value


def _away_from_zero(x: float) -> float:
    return x if abs(x) > TINY else TINY


def _logistic(u: float) -> float:
    return math.exp(_log_logistic(u))


def _log_logistic(u: float) -> float:
    return -math.log1p(math.exp(-u)) if u > 0 else u - math.log1p(math.exp(u))
