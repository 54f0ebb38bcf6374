"""Confidence intervals of what surveys measure, in closed form or by bisection; none where nothing can be said."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value with its interval (`low`, `high`: None where there is none) and how many answers it rests on."""

    value: float
    low: float | None
    high: float | None
    count: int


def quantile(level: float = LEVEL) -> float:
    """Of the normal distribution, for an interval of this level: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def share(hits: int, count: int, level: float = LEVEL) -> Estimate | None:
    """A share from 0 to 1 with the score interval of Wilson (1927); None for no answers."""
    if not count:
        return None
    z2, p = quantile(level) ** 2, hits / count
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(z2 * (p * (1 - p) / count + z2 / (4 * count**2))) / (1 + z2 / count)
    low, high = (0.0 if hits == 0 else middle - half), (1.0 if hits == count else middle + half)
    return Estimate(p, low, high, count)


def difference_of_shares(promoters: int, detractors: int, count: int, level: float = LEVEL) -> Estimate | None:
    """The share of promoters less that of detractors among the same people, from -1 to 1.

    With p = promoters/n, d = detractors/n and D = p - d, the variance of the estimate is (p + d - D^2)/n: the shares
    exclude each other, so that their covariance -p d/n is counted. The interval holds the D for which the score test
    does not reject: |p - d - D| <= z sqrt((2 q + D (1 - D))/n), q being the most likely share of detractors given D
    (Tango 1998 for paired shares, which three exclusive categories are; among the best for the NPS in Rocks 2016).
    It never leaves -1..1 and has a width also where all answers are alike. None for no answers.
    """
    if not count:
        return None
    z, found = quantile(level), (promoters - detractors) / count

    def apart(difference: float) -> float:
        return abs(found - difference) - z * math.sqrt(_variance(promoters, detractors, count, difference) / count)

    return Estimate(found, _edge(apart, found, -1.0), _edge(apart, found, 1.0), count)


def _variance(promoters: int, detractors: int, count: int, difference: float) -> float:
    """Of one answer, at the most likely shares whose difference it is: the larger root of Tango's equation for q."""
    b = (2 * count - promoters + detractors) * difference - promoters - detractors
    c = -detractors * difference * (1 - difference)
    detracting = (math.sqrt(max(0.0, b * b - 8 * count * c)) - b) / (4 * count)
    return max(0.0, 2 * detracting + difference * (1 - difference))


def _edge(apart: Callable[[float], float], inside: float, outside: float) -> float:
    """Where `apart` changes its sign between the estimate and the end of the scale."""
    if apart(outside) <= 0:
        return outside
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if apart(middle) <= 0 else (inside, middle)
    return inside


def mean(count: int, total: float, squares: float, low: float, high: float, level: float = LEVEL) -> Estimate | None:
    """A mean of answers on a scale from `low` to `high`, by Student's t, cut at the ends of the scale.

    `total` and `squares`: the sums of the answers and of their squares. No interval for fewer than two answers or where
    all are alike, since their spread is not known then. None for no answers.
    """
    if not count:
        return None
    value = total / count
    spread = max(0.0, squares / count - value * value)
    if count < 2 or spread < 1e-12 * max(1.0, value * value):
        return Estimate(value, None, None, count)
    half = t_quantile((1 + level) / 2, count - 1) * math.sqrt(spread / (count - 1))
    return Estimate(value, max(low, value - half), min(high, value + half), count)


def correlation(value: float, count: int, level: float = LEVEL) -> Estimate:
    """A correlation of ranks with the interval of Bonett and Wright (2000) on Fisher's z; none below four pairs."""
    if count < 4:
        return Estimate(value, None, None, count)
    if abs(value) >= 1:
        return Estimate(value, value, value, count)
    middle, half = math.atanh(value), quantile(level) * math.sqrt((1 + value * value / 2) / (count - 3))
    return Estimate(value, math.tanh(middle - half), math.tanh(middle + half), count)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """The difference of two estimates of different people, from their intervals (Newcombe 1998; Zou and Donner 2008).

    `count` is that of the smaller one; no interval where one of them has none.
    """
    value, count = one.value - other.value, min(one.count, other.count)
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Estimate(value, None, None, count)
    low = value - math.hypot(one.value - one.low, other.high - other.value)
    return Estimate(value, low, value + math.hypot(one.high - one.value, other.value - other.low), count)


def t_quantile(probability: float, freedom: int) -> float:
    """Of Student's t, above one half: the t at which its distribution reaches `probability`, by bisection."""
    low, high = 0.0, 1.0
    while _t_below(high, freedom) < probability:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_below(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def _t_below(t: float, freedom: int) -> float:
    """The distribution of Student's t by its finite series (Abramowitz and Stegun 26.7.3 and 26.7.4); t >= 0."""
    if freedom > 1000:
        return NormalDist().cdf(t * (1 - 1 / (4 * freedom)) / math.sqrt(1 + t * t / (2 * freedom)))  # 26.7.8
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine2 = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2 == 1
    term = total = math.cos(angle) if odd else 1.0
    for step in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine2 * (step - 1) / step
        total += term
    if not odd:
        return 0.5 + sine * total / 2
    return 0.5 + (angle + (sine * total if freedom > 1 else 0.0)) / math.pi
