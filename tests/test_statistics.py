"""The interval around a rate, against figures from outside this code."""

from __future__ import annotations

import pytest

from lab.statistics import wilson


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
