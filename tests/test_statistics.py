"""The intervals around rates, means, differences and ratios, against figures from outside this code."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from lab.statistics import difference_of_means, difference_of_shares, mean_interval, ratio_of_means, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998), pp. 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=1e-4)


def test_the_ends_are_exact_and_nothing_measured_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 60)[0] == 0.0
    assert wilson(60, 60)[1] == 1.0
    with pytest.raises(ValueError, match="61 of 60"):
        wilson(61, 60)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998), pp. 873-890, table II, method 10, contrasts (a) to (h)
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_difference_of_two_shares_is_the_published_one(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    assert difference_of_shares(first, second) == pytest.approx((low, high), abs=1e-4)
    assert difference_of_shares(second, first) == pytest.approx((-high, -low), abs=1e-4)


def test_two_shares_of_which_one_was_not_measured_may_differ_by_anything() -> None:
    assert difference_of_shares((0, 0), (3, 4)) == (-1.0, 1.0)
    assert difference_of_shares((3, 4), (0, 0)) == (-1.0, 1.0)
    with pytest.raises(ValueError, match="5 of 4"):
        difference_of_shares((5, 4), (1, 4))


def spread(seed: int, mean: float, n: int = 200) -> list[float]:
    chooser = random.Random(seed)
    return [chooser.gauss(mean, 2.0) for _ in range(n)]


def test_the_mean_of_many_values_has_the_interval_of_the_normal_law() -> None:
    values = spread(1, 10.0)
    half = 1.96 * float(np.std(values)) / math.sqrt(len(values))
    centre = float(np.mean(values))
    assert mean_interval(values) == pytest.approx((centre - half, centre + half), abs=half / 8)


def test_a_single_value_says_nothing_of_its_spread() -> None:
    assert mean_interval([3.5]) == (3.5, 3.5)
    assert mean_interval([]) == (0.0, 0.0)
    assert mean_interval([2.0] * 9) == (2.0, 2.0)


def test_the_same_seed_gives_the_same_interval_and_another_one_nearly_the_same() -> None:
    values = spread(2, 1.0)
    assert mean_interval(values) == mean_interval(values)
    other = mean_interval(values, seed=1)
    assert other != mean_interval(values)
    assert other == pytest.approx(mean_interval(values), abs=0.1)


def test_the_resamples_agree_with_every_resample_there_is() -> None:
    """Three values have 27 resamples of equal weight; their means, listed, give the shares the percentiles must meet."""
    values = [0.0, 0.0, 6.0]
    low, high = mean_interval(values)
    # a mean of 6 has 1 chance in 27, above 2.5 %; a mean of 0 has 8 in 27
    assert (low, high) == (0.0, 6.0)
    four = [0.0, 0.0, 0.0, 8.0]  # a mean of 8: 1 in 256, below 2.5 %; 6 or more: 13 in 256, above it
    assert mean_interval(four) == (0.0, 6.0)


def test_items_met_twice_are_compared_one_by_one() -> None:
    first = spread(3, 10.0)
    shift = spread(4, 1.0)
    second = [a - b for a, b in zip(first, shift, strict=True)]
    centre = float(np.mean(shift))
    half = 1.96 * float(np.std(shift)) / math.sqrt(len(shift))
    assert difference_of_means(first, second, paired=True) == pytest.approx(
        (centre - half, centre + half), abs=half / 8
    )
    apart = 1.96 * math.sqrt((float(np.var(first)) + float(np.var(second))) / len(first))
    assert difference_of_means(first, second, paired=False) == pytest.approx(
        (centre - apart, centre + apart), abs=apart / 8
    )
    assert apart > half


def test_series_of_unequal_length_cannot_pair() -> None:
    first, second = spread(5, 4.0, 50), spread(6, 3.0, 60)
    assert difference_of_means(first, second, paired=True) == difference_of_means(first, second, paired=False)
    assert ratio_of_means(first, second, paired=True) == ratio_of_means(first, second, paired=False)


def test_a_ratio_has_the_interval_of_the_delta_method() -> None:
    """The variance of a ratio of means: (var a / a² + var b / b² − 2 cov / ab) r² / n, first order."""
    first, second = spread(7, 30.0), spread(8, 20.0)
    a, b, n = float(np.mean(first)), float(np.mean(second)), len(first)
    ratio = a / b
    for paired in (True, False):
        together = float(np.cov(first, second, bias=True)[0][1]) if paired else 0.0
        variance = (float(np.var(first)) / a**2 + float(np.var(second)) / b**2 - 2 * together / (a * b)) * ratio**2 / n
        half = 1.96 * math.sqrt(variance)
        found = ratio_of_means(first, second, paired=paired)
        assert found == pytest.approx((ratio - half, ratio + half), abs=half / 8)


def test_twice_as_much_item_by_item_is_twice_as_much_for_sure() -> None:
    second = spread(9, 20.0)
    first = [2 * value for value in second]
    assert ratio_of_means(first, second, paired=True) == pytest.approx((2.0, 2.0))
    low, high = ratio_of_means(first, second, paired=False)
    assert low < 2 < high


def test_nothing_measured_or_nothing_below_says_nothing() -> None:
    assert difference_of_means([], [1.0], paired=False) == (-math.inf, math.inf)
    assert difference_of_means([1.0], [], paired=True) == (-math.inf, math.inf)
    assert ratio_of_means([], [1.0], paired=False) == (0.0, math.inf)
    assert ratio_of_means([1.0], [], paired=True) == (0.0, math.inf)
    assert ratio_of_means([1.0, 2.0], [0.0, 0.0], paired=True) == (0.0, math.inf)
