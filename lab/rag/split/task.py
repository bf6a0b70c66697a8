"""What every splitter is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.rag.documents import Document
from lab.rag.split.ruler import Ruler

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

EmbedFunction = Callable[[list[str]], Sequence[Sequence[float]]]  # texts → one vector each


@dataclass(frozen=True)
class Task:
    """One document to be cut; `size` and `overlap` in tokens, `embed` only asked by splitters that go by meaning."""

    document: Document
    ruler: Ruler
    size: int
    overlap: int
    embed: Embeddings | EmbedFunction | None = None
