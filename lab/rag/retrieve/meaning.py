"""By meaning: the cosine alone, or with a bonus for the kind of answer that the question asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.rag.asked import Kind, asked_for, holds
from lab.rag.retrieve.reason import by_meaning, sentence

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

RIGHT_KIND_BONUS = 0.05  # in cosine; on the development questions anything from 0.03 to 0.2 ranks alike
POOL = 20  # how deep a bonus may reach: a passage further down is not pulled up

_THINGS: dict[Kind, str] = {
    "person": "name of a person",
    "money": "amount of money",
    "number": "number",
    "time": "time or duration",
}


def search_dense(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    """The k nearest passages."""
    return index.search(question, k)


def search_right_kind(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    """The k nearest passages, where one that holds the kind of thing asked for counts as RIGHT_KIND_BONUS nearer."""
    kind = asked_for(question)
    if kind is None:
        return index.search(question, k)
    thing = _THINGS[kind]
    found = []
    for place, (chunk_place, cosine) in enumerate(index.nearest(index.embed_question(question), max(k, POOL)), start=1):
        bonus = RIGHT_KIND_BONUS if holds(kind, index.chunks[chunk_place].text, question) else 0.0
        found.append((chunk_place, cosine, {"dense_rank": float(place), "kind_bonus": bonus}))
    found.sort(
        key=lambda one: one[1] + one[2]["kind_bonus"], reverse=True
    )  # stable: equal worth keeps the cosine's order
    hits = []
    for rank, (chunk_place, cosine, scores) in enumerate(found[:k], start=1):
        why = f"holds a {thing}, as asked" if scores["kind_bonus"] else f"holds no {thing}, which is asked for"
        why = why.replace("a amount", "an amount")
        hits.append(
            index.hit(chunk_place, rank, cosine, scores, sentence(by_meaning(scores["dense_rank"], cosine), why))
        )
    return tuple(hits)
