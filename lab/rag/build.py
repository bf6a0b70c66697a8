"""Documents → index in one step: how to split and what to embed with, in one options object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from lab.rag.documents import Document
    from lab.rag.index import Index
    from lab.rag.split import Chunk


@dataclass(frozen=True)
class EmbedderChoice:
    """One way of turning text into vectors, with the words a person chooses it by; `get()` gives the shared instance."""

    name: str
    title: str
    description: str
    get: Callable[[], Embeddings]


def _minilm() -> Embeddings:
    from lab.models.embedder import get_embedder

    return get_embedder()


def _static() -> Embeddings:
    from lab.models.static import get_static_embedder

    return get_static_embedder()


EMBEDDERS: dict[str, EmbedderChoice] = {
    choice.name: choice
    for choice in (
        EmbedderChoice(
            "minilm",
            "MiniLM",
            "A sentence embedder of 22 million parameters: every word is read in its context.",
            _minilm,
        ),
        EmbedderChoice(
            "static",
            "Word averages",
            "The mean of MiniLM's own word-piece vectors, before it reads them in context. A baseline: it shows what the "
            "embedding model is worth.",
            _static,
        ),
    )
}


@dataclass(frozen=True)
class IndexOptions:
    """How documents become an index; `size` and `overlap` are in tokens of the embedder."""

    splitter: str = "sentences"
    size: int = 80
    overlap: int = 0
    embedder: str = "minilm"


def get_embeddings(name: str) -> Embeddings:
    """The embedder of that name; raises BadInput naming those there are."""
    if name not in EMBEDDERS:
        raise BadInput(f"There is no embedder “{name}”. Choose one of: {', '.join(EMBEDDERS)}.")
    return EMBEDDERS[name].get()


def split_with(documents: Sequence[Document], options: IndexOptions) -> tuple[Chunk, ...]:
    """The chunks of all documents. Raises BadInput for an unknown splitter, or a size or overlap out of range."""
    from lab.rag.split import split_documents

    return split_documents(documents, splitter=options.splitter, size=options.size, overlap=options.overlap)


def build_index(documents: Sequence[Document], options: IndexOptions | None = None) -> Index:
    """Split, embed and index. Raises BadInput when an option is out of range or there is no text."""
    from lab.rag.index import Index

    options = options or IndexOptions()
    embeddings = get_embeddings(options.embedder)
    return Index.build(split_with(documents, options), embeddings)
