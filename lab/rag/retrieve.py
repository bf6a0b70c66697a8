"""Index → the passages worth reading, by one of several retrievers; a hit's score stays its cosine in all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lab.errors import BadInput
from lab.rag.asked import asked_for, holds
from lab.rag.index import Hit, Index

DEFAULT_RETRIEVER = "right-kind"
RIGHT_KIND_BONUS = 0.05  # in cosine; on the development questions anything from 0.03 to 0.2 ranks alike
_POOL = 20  # how deep a bonus may reach: a passage further down is not pulled up


def _by_meaning(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    return index.search(question, k)


def _by_meaning_and_kind(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    kind = asked_for(question)
    hits = index.search(question, max(k, _POOL) if kind else k)
    if kind is None:
        return hits

    def worth(hit: Hit) -> float:
        return hit.score + (RIGHT_KIND_BONUS if holds(kind, hit.chunk.text, question) else 0.0)

    ordered = sorted(hits, key=worth, reverse=True)[:k]  # stable: equal worth keeps the cosine's order
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1))


@dataclass(frozen=True)
class Retriever:
    """One way of choosing passages, with the words a person chooses it by; `search(index, question, k)`."""

    name: str
    title: str
    description: str
    search: Callable[[Index, str, int], tuple[Hit, ...]]


RETRIEVERS: dict[str, Retriever] = {
    retriever.name: retriever
    for retriever in (
        Retriever(
            "right-kind",
            "Meaning and kind of answer",
            "By cosine, and a passage that holds the kind of thing asked for (a person for “who”, an amount for “how "
            f"much”, a number or a time) goes before one that is up to {RIGHT_KIND_BONUS:g} nearer and holds none.",
            _by_meaning_and_kind,
        ),
        Retriever(
            "meaning", "Meaning alone", "By the cosine of the question's and the passage's vectors.", _by_meaning
        ),
    )
}


def retrieve(index: Index, question: str, k: int, *, retriever: str = DEFAULT_RETRIEVER) -> tuple[Hit, ...]:
    """The k best passages for a question, ranked from 1; raises BadInput for an unknown retriever or k below 1."""
    if retriever not in RETRIEVERS:
        raise BadInput(f"There is no retriever “{retriever}”. Choose one of: {', '.join(RETRIEVERS)}.")
    return RETRIEVERS[retriever].search(index, question, k)
