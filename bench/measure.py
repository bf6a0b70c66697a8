"""Paired timing: A and B in turn, so that a machine's drift falls on both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """How many times as long (or as fast) A is against B: the median of the pairs, with the extremes."""

    name: str
    unit: str
    a: str
    b: str
    a_median: float
    b_median: float
    median: float
    low: float
    high: float
    pairs: int
    bar: str

    def row(self) -> str:
        """One line of the Markdown table."""
        ratio = f"**{self.median:.2f}** ({self.low:.2f}–{self.high:.2f})"
        figures = f"{self.a_median:.3g} | {self.b_median:.3g}"
        return f"| {self.name} | {self.a} | {self.b} | {figures} | {self.unit} | {ratio} | {self.bar} | {self.pairs} |"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(
    name: str, unit: str, bar: str, a: tuple[str, Callable[[], float]], b: tuple[str, Callable[[], float]], pairs: int
) -> Ratio:
    """Call a and b in turn, `pairs` times after one warm-up each; both return a figure in `unit`."""
    a[1]()
    b[1]()
    figures = [(a[1](), b[1]()) for _ in range(pairs)]
    ratios = [first / second for first, second in figures]
    return Ratio(
        name=name,
        unit=unit,
        a=a[0],
        b=b[0],
        a_median=statistics.median(first for first, _ in figures),
        b_median=statistics.median(second for _, second in figures),
        median=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        pairs=pairs,
        bar=bar,
    )
