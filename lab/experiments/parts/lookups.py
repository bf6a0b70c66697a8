"""What a message can be given to read beside it: passages that were looked up, a page on the style, the nearest examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.settings import SAMPLE_DATA
from lab.tuning.styles import Example, Style, load_examples

if TYPE_CHECKING:
    from lab.models.embedder import Vectors
    from lab.rag.index import Hit, Index

GUIDES = SAMPLE_DATA / "style-guide"  # pages that describe a style in words, one for each style that has one


@dataclass
class Shelf:
    """An index to look a message up in, as the app does it; remembers what was found for each message, by its id."""

    index: Index
    k: int
    ask: str  # the input of the style that is looked up
    found: dict[str, tuple[Hit, ...]] = field(default_factory=dict)

    def __call__(self, message: Example) -> str:
        """The passages for the prompt, numbered when there are several. Raises BadInput when nothing is there."""
        from lab.rag.prompt import format_context

        hits = look_up(self.index, message.inputs[self.ask], self.k)
        if not hits:
            raise BadInput("Nothing was found in these documents, so there is no page to put into the prompt.")
        self.found[message.id] = hits
        return format_context(hits)


def look_up(index: Index, text: str, k: int) -> tuple[Hit, ...]:
    """The k best passages that read differently (two sentences may share the paragraph that is read), ranked from 1."""
    from lab.rag.decide import CANDIDATES
    from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER, retrieve
    from lab.rag.split import reading_text

    hits = retrieve(index, text, max(k, CANDIDATES), retriever=DEFAULT_RETRIEVER, rerank=DEFAULT_RERANK)
    distinct: dict[str, Hit] = {}
    for hit in hits:
        distinct.setdefault(reading_text(hit.chunk), hit)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate([*distinct.values()][:k], start=1))


def guide_page(style: Style) -> str:
    """The text of the page that describes a style; raises BadInput naming the styles that have one."""
    file = GUIDES / f"{style.name}.md"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in GUIDES.glob("*.md"))) or "none"
        raise BadInput(f"There is no page that describes {style.title} ({style.name}). There are pages for: {known}.")
    return file.read_text(encoding="utf-8")


def nearest_examples(style: Style, messages: Sequence[Example], count: int) -> dict[str, tuple[Example, ...]]:
    """For each message, by its id, the `count` training examples whose messages lie nearest (cosine of MiniLM), best first."""
    import numpy as np

    from lab.rag.build import get_embeddings

    known = load_examples(style.folder / "train.jsonl", style, with_replies=True)
    if not 1 <= count <= len(known):
        raise BadInput(f"{count} examples cannot be looked up; {style.name} has 1 to {len(known)}.")

    def texts(items: Sequence[Example]) -> list[str]:
        return ["\n".join(item.inputs[name] for name in style.inputs) for item in items]

    def vectors(items: Sequence[Example]) -> Vectors:
        found = np.asarray(get_embeddings("minilm").embed_documents(texts(items)), np.float32)
        unit: Vectors = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
        return unit

    cosines = vectors(messages) @ vectors(known).T  # (messages, examples)
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
    return {
        message.id: tuple(known[place] for place in row) for message, row in zip(messages, order.tolist(), strict=True)
    }
