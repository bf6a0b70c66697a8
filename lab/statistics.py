"""How sure a share is: the interval every page draws around a rate."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

Interval = tuple[float, float]
_Draw = Callable[[Sequence[float]], Sequence[float]]
_RESAMPLES = 2000


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval for `successes` of `n`, both ends within 0..1; 0 of 0 says nothing: (0, 1).

    z = 1.96 gives 95 %. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), pp. 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share: successes must lie between 0 and n.")
    if n == 0:
        return (0.0, 1.0)
    share = successes / n
    shrink = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)  # exact at the ends, where rounding would show
    high = 1.0 if successes == n else min(1.0, centre + half)
    return (low, high)


def difference_of_shares(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    """95 % interval of the difference of two shares, (successes, n) each: first minus second.

    Newcombe's hybrid of two Wilson intervals. It holds for independent samples; for the same items met twice it is on the
    careful side whenever the two go together. Source: R. G. Newcombe, "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17 (1998), pp. 873-890, method 10.
    """
    (a, n), (b, m) = first, second
    if not n or not m:
        return (-1.0, 1.0)
    (low_a, high_a), (low_b, high_b) = wilson(a, n), wilson(b, m)
    p, q = a / n, b / m
    down = math.sqrt((p - low_a) ** 2 + (high_b - q) ** 2)
    up = math.sqrt((high_a - p) ** 2 + (q - low_b) ** 2)
    return (max(-1.0, p - q - down), min(1.0, p - q + up))


def mean_interval(values: Sequence[float], *, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the mean by the percentile bootstrap. A single value, or none, says nothing of its spread: (v, v).

    Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
    """
    return _percentiles([_mean(values)] if len(values) < 2 else _resample(seed, lambda draw: _mean(draw(values))))


def difference_of_means(first: Sequence[float], second: Sequence[float], *, paired: bool, seed: int = 0) -> Interval:
    """95 % interval of mean(first) − mean(second); paired: item by item, when both met the same items in one order."""
    if not first or not second:
        return (-math.inf, math.inf)
    if paired and len(first) == len(second):
        return mean_interval([a - b for a, b in zip(first, second, strict=True)], seed=seed)
    return _percentiles(_resample(seed, lambda draw: _mean(draw(first)) - _mean(draw(second))))


def ratio_of_means(first: Sequence[float], second: Sequence[float], *, paired: bool, seed: int = 0) -> Interval:
    """95 % interval of mean(first) / mean(second); paired as above. A mean of zero below gives (0, inf)."""
    if not first or not second or not any(second):
        return (0.0, math.inf)
    if paired and len(first) == len(second):
        places = range(len(first))

        def one(draw: _Draw) -> float:
            drawn = draw(places)
            below = sum(second[int(place)] for place in drawn)
            return sum(first[int(place)] for place in drawn) / below if below else math.inf

        return _percentiles(_resample(seed, one))

    def apart(draw: _Draw) -> float:
        below = _mean(draw(second))
        return _mean(draw(first)) / below if below else math.inf

    return _percentiles(_resample(seed, apart))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _resample(seed: int, statistic: Callable[[_Draw], float]) -> list[float]:
    chooser = random.Random(seed)
    return [statistic(lambda values: chooser.choices(values, k=len(values))) for _ in range(_RESAMPLES)]


def _percentiles(found: list[float]) -> Interval:
    ordered = sorted(found)
    return (ordered[int(0.025 * len(ordered))], ordered[min(len(ordered) - 1, int(0.975 * len(ordered)))])
