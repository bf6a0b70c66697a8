"""By meaning without repeating oneself: maximal marginal relevance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab.rag.retrieve.reason import by_meaning, sentence

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

BALANCE = 0.7  # λ: 1 asks for nearness to the question alone, 0 for difference from what is already chosen
POOL = 20  # nearest passages that are chosen from


def choose_diverse(
    cosines: np.ndarray[Any, np.dtype[np.float32]],
    alike: np.ndarray[Any, np.dtype[np.float32]],
    k: int,
    balance: float = BALANCE,
) -> list[tuple[int, float, float]]:
    """k of n passages one after another, each time the one with the largest balance · cosine - (1 - balance) · likeness.

    `cosines` (n,) are with the question, `alike` (n, n) with one another; likeness is the largest with any chosen one, 0 for
    the first. Gives (place, that worth, likeness); ties go to the earlier place. Carbonell & Goldstein 1998.
    """
    chosen: list[tuple[int, float, float]] = []
    left = list(range(len(cosines)))
    likeness = np.zeros(len(cosines))
    while left and len(chosen) < k:
        worth = balance * cosines - (1 - balance) * likeness
        best = max(left, key=lambda place: worth[place])
        chosen.append((best, float(worth[best]), float(likeness[best])))
        left.remove(best)
        likeness = alike[best].astype(float) if len(chosen) == 1 else np.maximum(likeness, alike[best])
    return chosen


def search_diverse(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    """k passages near the question and unlike one another, out of the POOL nearest."""
    found = index.nearest(index.embed_question(question), max(k, POOL))
    vectors = index.vectors[[place for place, _ in found]]
    cosines = np.array([cosine for _, cosine in found], np.float32)
    hits = []
    for rank, (position, worth, likeness) in enumerate(choose_diverse(cosines, vectors @ vectors.T, k), start=1):
        place, cosine = found[position]
        reasons = [by_meaning(position + 1, cosine)]
        if rank > 1:
            reasons.append(f"and like the passages before it by a cosine of {likeness:.2f} at most")
        hits.append(index.hit(place, rank, cosine, {"dense_rank": position + 1, "mmr": worth}, sentence(*reasons)))
    return tuple(hits)
