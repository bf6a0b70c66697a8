"""Figures from rankings, and how sure they are. Every one of a ranking agrees with trec_eval's, by way of ir-measures.

A ranking is a sequence of distinct items, best first. Where nothing is relevant every figure is 0, as in trec_eval.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from lab.errors import BadInput
from lab.rag.measure.marking import same_document

RESAMPLES = 10_000
Interval = tuple[float, float]

# ── Rankings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def recall(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """The share of the relevant items that are among the first k."""
    wanted = set(relevant)
    return len(wanted.intersection(ranking[:k])) / len(wanted) if wanted else 0.0


def precision(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Of k places, those with a relevant item; a ranking shorter than k has empty places."""
    return len(set(relevant).intersection(ranking[:k])) / k


def first_relevant(ranking: Sequence[str], relevant: Collection[str]) -> int | None:
    """The rank, from 1, of the first relevant item."""
    wanted = set(relevant)
    return next((rank for rank, item in enumerate(ranking, start=1) if item in wanted), None)


def mean_reciprocal(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """1 over the rank of the first relevant item, 0.0 when there is none (one question's share of MRR)."""
    rank = first_relevant(ranking, relevant)
    return 1 / rank if rank else 0.0


def ndcg(ranking: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first k, each item relevant or not.

    A relevant item at rank r is worth 1 / log2(r + 1); the sum is divided by that of the best possible ranking.
    Source: K. Järvelin and J. Kekäläinen, “Cumulated gain-based evaluation of IR techniques”, ACM TOIS 20 (2002).
    """
    wanted = set(relevant)
    gained = sum(1 / math.log2(rank + 1) for rank, item in enumerate(ranking[:k], start=1) if item in wanted)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(wanted)) + 1))
    return gained / best if best else 0.0


def recall_at_k(retrieved: Sequence[str], gold: str, k: int) -> float:
    """1.0 when the gold document is among the first k of a ranking of distinct documents, else 0.0."""
    return float(any(same_document(name, gold) for name in retrieved[:k]))


def reciprocal_rank(retrieved: Sequence[str], gold: str) -> float:
    """1 over the gold document's rank in a ranking of distinct documents, 0.0 when it is not there."""
    return next((1 / rank for rank, name in enumerate(retrieved, start=1) if same_document(name, gold)), 0.0)


# ── Intervals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bootstrap(values: Sequence[float], *, resamples: int = 2000, seed: int = 0) -> Interval:
    """The 95 % percentile-bootstrap interval of the mean (Efron & Tibshirani 1993); deterministic for a seed."""
    if not values:
        return 0.0, 1.0
    rng = random.Random(seed)
    n = len(values)
    means = sorted(sum(rng.choices(values, k=n)) / n for _ in range(resamples))
    return _middle(means)


def _middle(ordered: Sequence[float], share: float = 0.95) -> Interval:
    tail = (1 - share) / 2
    last = len(ordered) - 1
    return float(ordered[int(tail * last)]), float(ordered[math.ceil((1 - tail) * last)])


def _resampled(
    columns: Sequence[Sequence[tuple[float, float]]], resamples: int, seed: int
) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """For each column of (numerator, denominator): its ratio in each of the resamples, nan where it is not defined.

    A resample draws n of the n questions with replacement, the same ones for every column.
    """
    sums = np.array([[[pair[side] for pair in column] for side in (0, 1)] for column in columns], dtype=np.float64)
    n = sums.shape[2]
    rng = np.random.default_rng(seed)
    block = max(1, 1_000_000 // n)  # keeps the table of draws below some megabytes
    found: list[list[np.ndarray[tuple[int], np.dtype[np.float64]]]] = [[] for _ in columns]
    for begin in range(0, resamples, block):
        drawn = rng.multinomial(n, np.full(n, 1 / n), size=min(block, resamples - begin)).astype(np.float64)
        for place, (above, below) in enumerate(sums):
            total = drawn @ below
            found[place].append(np.divide(drawn @ above, total, out=np.full(len(total), np.nan), where=total > 0))
    return [np.concatenate(blocks) for blocks in found]


def ratio(pairs: Sequence[tuple[float, float]]) -> float | None:
    """The sum of numerators over the sum of denominators; None when that is 0. A mean is the case of denominators 1."""
    below = sum(pair[1] for pair in pairs)
    return sum(pair[0] for pair in pairs) / below if below else None


def bootstrap_ratio(pairs: Sequence[tuple[float, float]], *, resamples: int = 2000, seed: int = 0) -> Interval | None:
    """The 95 % percentile-bootstrap interval of `ratio`, questions being resampled; None where that is None."""
    if ratio(pairs) is None:
        return None
    (found,) = _resampled([pairs], resamples, seed)
    return _middle(np.sort(found[~np.isnan(found)]).tolist())


@dataclass(frozen=True)
class PairedDifference:
    """first − second on the same n questions: the mean, its 95 % interval, and how often either was ahead."""

    n: int
    difference: float
    low: float
    high: float
    first_better: int
    second_better: int


def paired_bootstrap(
    first: Sequence[float], second: Sequence[float], *, resamples: int = RESAMPLES, seed: int = 0
) -> PairedDifference:
    """Two systems' scores on the same questions, in the same order → the difference of their means with its interval.

    As `paired_ratios` with every question of weight 1.
    """
    return paired_ratios([(a, 1.0) for a in first], [(b, 1.0) for b in second], resamples=resamples, seed=seed)


def paired_ratios(
    first: Sequence[tuple[float, float]],
    second: Sequence[tuple[float, float]],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> PairedDifference:
    """Two systems' (numerator, denominator) on the same questions, in the same order → the difference of their ratios.

    Questions are resampled, not answers, so that hard questions count against both alike (P. Koehn, “Statistical
    significance tests for machine translation evaluation”, EMNLP 2004). Raises BadInput when the two are not of one
    length, or a ratio is not defined.
    """
    a, b = ratio(first), ratio(second)
    if len(first) != len(second) or a is None or b is None:
        raise BadInput(
            f"A paired comparison needs the same questions on both sides: got {len(first)} and {len(second)}."
        )
    ours, theirs = _resampled([first, second], resamples, seed)
    gaps = ours - theirs
    low, high = _middle(np.sort(gaps[~np.isnan(gaps)]).tolist())
    # What counts for a system minus what counts against it: right minus wrong refusals, say.
    ahead = [(2 * x[0] - x[1]) - (2 * y[0] - y[1]) for x, y in zip(first, second, strict=True)]
    return PairedDifference(len(first), a - b, low, high, sum(gap > 0 for gap in ahead), sum(gap < 0 for gap in ahead))


def sign_test(first_better: int, second_better: int) -> float:
    """The exact two-sided sign test: how likely so lopsided a split of the differing questions is by chance alone.

    For questions that are right or wrong this is McNemar's exact test. 1.0 when no question differs.
    """
    n, few = first_better + second_better, min(first_better, second_better)
    return min(1.0, float(2 * sum(math.comb(n, i) for i in range(few + 1)) / 2**n))
