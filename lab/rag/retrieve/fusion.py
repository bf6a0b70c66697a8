"""By meaning and words together: reciprocal-rank fusion."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from lab.rag.retrieve.bm25 import shared_words, word_index
from lab.rag.retrieve.reason import by_meaning, by_words, sentence

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

C = 60  # as in the paper: how little the first ranks differ
DEPTH = 50  # places of each ranking that count

T = TypeVar("T", bound=Hashable)


def fuse_rankings(rankings: Iterable[Sequence[T]], c: int = C) -> dict[T, float]:
    """Rankings, best first → each item's sum of 1 / (c + rank), largest first (Cormack, Clarke & Büttcher 2009).

    A ranking that lacks an item adds nothing to it; equal sums keep the order in which the items were first met.
    """
    sums: dict[T, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            sums[item] = sums.get(item, 0.0) + 1 / (c + rank)
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def search_hybrid(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    """The k best passages when the rankings by cosine and by BM25 are fused, each DEPTH deep."""
    depth = max(k, DEPTH)
    vector = index.embed_question(question)
    meaning = {place: (rank, cosine) for rank, (place, cosine) in enumerate(index.nearest(vector, depth), start=1)}
    words = {
        place: (rank, score) for rank, (place, score) in enumerate(word_index(index).nearest(question, depth), start=1)
    }
    hits = []
    for rank, (place, fused) in enumerate(list(fuse_rankings([list(meaning), list(words)]).items())[:k], start=1):
        scores = {"rrf": fused}
        reasons = []
        if place in meaning:
            dense_rank, cosine = meaning[place]
            scores["dense_rank"] = dense_rank
            reasons.append(by_meaning(dense_rank, cosine))
        else:
            cosine = float(index.vectors[place] @ vector)
            reasons.append(f"not among the first {depth} by meaning (cosine {cosine:.2f})")
        if place in words:
            scores["bm25_rank"], scores["bm25"] = words[place]
            reasons.append(by_words(*words[place], shared_words(question, index.stems[place])))
        else:
            reasons.append(f"not among the first {depth} by words")
        hits.append(index.hit(place, rank, cosine, scores, sentence(*reasons)))
    return tuple(hits)
