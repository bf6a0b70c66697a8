"""Whether the passage with the answer was found: the same notion as in `lab.rag.measure` and docs/retrieval.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index
    from lab.rag.measure import Question


class GoldPassages:
    """The passages of one index that hold the answers of questions. Made once an index; safe from many threads."""

    def __init__(self, index: Index) -> None:
        from lab.rag.measure import Relevance

        self._relevance = Relevance(index)

    def among(self, question: Question, hits: Sequence[Hit], k: int | None = None) -> bool:
        """Whether each part of the question has its passage among the first k hits, or among all of them."""
        from lab.rag.measure import rank_passages

        passages = rank_passages(hits)[:k]
        parts = self._relevance.of(question)
        return bool(parts) and all(not part.isdisjoint(passages) for part in parts)
