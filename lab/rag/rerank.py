"""Hits → the same hits in a better order, by a model that reads question and passage more closely than one cosine can."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.errors import BadInput

if TYPE_CHECKING:
    from lab.rag.index import Hit

GRADED = 10  # passages that the cross-encoder reads in the combined order: the time of an answer grows with them
CROSS_WEIGHT = 0.04  # of its logit beside late interaction; on the development questions 0.02 to 0.04 rank alike
KEPT_PASSAGES = 2048  # whose token vectors are kept; about 20 KB each

Vectors = np.ndarray[Any, Any]


def late_interaction(question: Vectors, passages: Sequence[Vectors]) -> list[float]:
    """MaxSim: each question token's largest cosine with a token of a passage, averaged over the question (ColBERT, 2020).

    The question is (tokens, dimension) and so is each passage, with rows of length 1. One figure per passage, between -1
    and 1, and 0 where it or the question has no token.
    """
    figures = [0.0] * len(passages)
    places = [place for place, passage in enumerate(passages) if len(passage)]
    if not places or not len(question):
        return figures
    lengths = [len(passages[place]) for place in places]
    cosines = question @ np.concatenate([passages[place] for place in places]).astype(np.float32).T
    best = np.maximum.reduceat(cosines, np.cumsum([0, *lengths[:-1]]), axis=1)  # (question tokens, passages)
    for place, figure in zip(places, best.mean(axis=0), strict=True):
        figures[place] = float(figure)
    return figures


class TokenVectors:
    """Passages' token vectors, made when first asked for; the most recently used are kept. Safe from many threads."""

    def __init__(self, embed: Callable[[Sequence[str]], list[Vectors]], kept: int = KEPT_PASSAGES) -> None:
        self._embed = embed
        self._limit = kept
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def of(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text (tokens, dimension), in half precision."""
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            made = self._embed(missing)
            found |= {text: vectors.astype(np.float16) for text, vectors in zip(missing, made, strict=True)}
        with self._lock:
            for text in texts:
                self._vectors[text] = found[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._limit:
                self._vectors.popitem(last=False)
        return [found[text] for text in texts]


def _embed_tokens(texts: Sequence[str]) -> list[Vectors]:
    from lab.models.embedder import get_embedder

    return list(get_embedder().embed_tokens(texts))


_token_vectors = TokenVectors(_embed_tokens)


def _score_late(question: str, hits: Sequence[Hit]) -> list[float]:
    return late_interaction(_embed_tokens([question])[0], _token_vectors.of([hit.context for hit in hits]))


def _score_none(question: str, hits: Sequence[Hit]) -> list[float]:
    return [-float(hit.rank) for hit in hits]


def _score_crossed(question: str, hits: Sequence[Hit]) -> list[float]:
    from lab.rag.grader.verdict import grade_hits

    return grade_hits(question, hits, depth=len(hits))


def _score_both(question: str, hits: Sequence[Hit]) -> list[float]:
    late = _score_late(question, hits)
    nearest = sorted(range(len(hits)), key=lambda place: -late[place])[:GRADED]
    grades = _score_crossed(question, [hits[place] for place in nearest])
    figures = [
        figure - 1e3 for figure in late
    ]  # what is not graded comes after all that is, in late interaction's order
    for place, grade in zip(nearest, grades, strict=True):
        figures[place] = late[place] + CROSS_WEIGHT * grade
    return figures


@dataclass(frozen=True)
class Reranker:
    """One way of ordering hits anew; `score(question, hits)` gives each hit a figure, larger is better.

    `key` is the figure's name in `Hit.scores` (the re-ranker's own name when empty).
    """

    name: str
    title: str
    description: str
    score: Callable[[str, Sequence[Hit]], list[float]]
    key: str = ""


RERANKERS: dict[str, Reranker] = {
    reranker.name: reranker
    for reranker in (
        Reranker("none", "As found", "The retriever's own order.", _score_none),
        Reranker(
            "late-interaction",
            "Token by token",
            "Every word piece of the question looks for its best match in the passage, in context, and the matches are "
            "averaged (late interaction). It sees a telling word that one vector for the whole passage blurs.",
            _score_late,
            "late",
        ),
        Reranker(
            "cross-encoder",
            "Question and passage together",
            "MiniLM, trained here on made-up documents of other trades, reads question and passage side by side and says "
            "how well the one answers the other (a cross-encoder).",
            _score_crossed,
            "cross",
        ),
        Reranker(
            "combined",
            "Token by token, then together",
            f"Late interaction orders the passages found; the cross-encoder reads the first {GRADED} and has a say.",
            _score_both,
        ),
    )
}


def rerank_hits(question: str, hits: Sequence[Hit], name: str) -> tuple[Hit, ...]:
    """The hits in the order of a re-ranker's figures, numbered from 1; equal figures keep the order they came in.

    Raises BadInput for an unknown re-ranker.
    """
    if name not in RERANKERS:
        raise BadInput(f"There is no re-ranker “{name}”. Choose one of: {', '.join(RERANKERS)}.")
    if name == "none" or not hits:
        return tuple(hits)
    reranker = RERANKERS[name]
    figures = reranker.score(question, hits)
    order = sorted(zip(hits, figures, strict=True), key=lambda pair: -pair[1])
    return tuple(
        replace(
            hit,
            rank=rank,
            scores={**hit.scores, reranker.key or name: float(figure)},
            why=f"{hit.why} {_moved(reranker.title, hit.rank, rank, figure)}".strip(),
        )
        for rank, (hit, figure) in enumerate(order, start=1)
    )


def _moved(title: str, before: int, after: int, figure: float) -> str:
    from lab.rag.index import ordinal

    where = f"moved from {ordinal(before)} to {ordinal(after)}" if before != after else f"left at {ordinal(after)}"
    return f"Re-ranked “{title}” ({figure:.2f}): {where}."
