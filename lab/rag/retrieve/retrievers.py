"""The retrievers there are, by the id a person chooses them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.rag.retrieve.bm25 import search_words
from lab.rag.retrieve.diversity import BALANCE, POOL, search_diverse
from lab.rag.retrieve.fusion import search_hybrid
from lab.rag.retrieve.meaning import RIGHT_KIND_BONUS, search_dense, search_right_kind

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index


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
            search_right_kind,
        ),
        Retriever("dense", "Meaning alone", "By the cosine of the question's and the passage's vectors.", search_dense),
        Retriever(
            "bm25",
            "Words alone",
            "By BM25: the words that question and passage share, a rare word counting for more than a common one. A question "
            "in other words than the documents' finds nothing.",
            search_words,
        ),
        Retriever(
            "hybrid",
            "Meaning and words",
            "By both rankings at once: a passage adds up 1 / (60 + its place) in each (reciprocal-rank fusion).",
            search_hybrid,
        ),
        Retriever(
            "mmr",
            "Meaning, without repeats",
            f"One after another out of the {POOL} nearest: near the question ({BALANCE:g}) and unlike what is already "
            f"chosen ({1 - BALANCE:.1g}), which is maximal marginal relevance. It matters from two passages on.",
            search_diverse,
        ),
    )
}
