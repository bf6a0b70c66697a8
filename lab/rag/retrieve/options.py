"""How to look passages up: the options, checked, and the way through them: retrieve, drop, re-rank, cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.rag.rerank import RERANKERS, rerank_hits
from lab.rag.retrieve.retrievers import RETRIEVERS

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

DEFAULT_RETRIEVER = "hybrid"  # both defaults by the development questions: docs/retrieval.md
DEFAULT_RERANK = "combined"
POOL = 20  # passages a threshold or a re-ranker chooses from


@dataclass(frozen=True)
class RetrievalOptions:
    """Which passages to look up: `k` of them by `retriever`, in the order of `rerank`, none under the cosine `threshold`.

    Raises BadInput for an unknown name, k below 1, or a threshold that is no cosine.
    """

    retriever: str = DEFAULT_RETRIEVER
    k: int = 1
    threshold: float | None = None
    rerank: str = DEFAULT_RERANK

    def __post_init__(self) -> None:
        if self.retriever not in RETRIEVERS:
            raise BadInput(f"There is no retriever “{self.retriever}”. Choose one of: {', '.join(RETRIEVERS)}.")
        if self.rerank not in RERANKERS:
            raise BadInput(f"There is no re-ranker “{self.rerank}”. Choose one of: {', '.join(RERANKERS)}.")
        if self.k < 1:
            raise BadInput(f"k is {self.k}: at least 1 passage has to be looked up.")
        if self.threshold is not None and not -1 <= self.threshold <= 1:
            raise BadInput(f"The threshold is {self.threshold}, and a cosine lies between -1 and 1. Set one of those.")


def retrieve(
    index: Index,
    question: str,
    k: int,
    *,
    retriever: str = DEFAULT_RETRIEVER,
    threshold: float | None = None,
    rerank: str = "none",
) -> tuple[Hit, ...]:
    """The k best passages for a question, ranked from 1: fewer where there are fewer, none where none is good enough.

    A threshold drops passages whose cosine is below it, whatever they were found by. A re-ranker and a threshold choose from
    the first 20 (or k). Raises BadInput as `RetrievalOptions` does.
    """
    options = RetrievalOptions(retriever, k, threshold, rerank)
    chooses = threshold is not None or rerank != "none"
    hits = RETRIEVERS[options.retriever].search(index, question, max(k, POOL) if chooses else k)
    if threshold is not None:
        hits = tuple(hit for hit in hits if hit.score >= threshold)
    hits = rerank_hits(question, hits, options.rerank)[:k]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))
