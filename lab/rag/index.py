"""Chunks → vectors → nearest chunks; the only module that touches langchain-community (its FAISS store)."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.errors import BadInput
from lab.rag.split import DEFAULT_TEXT_STYLE, Chunk, indexed_text
from lab.rag.words import content_stems

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

FORMAT = 1
_import_lock = threading.Lock()


@dataclass(frozen=True)
class Hit:
    """A chunk that was found. `rank` counts from 1; `score` is the cosine of question and chunk, in [-1, 1].

    `context` is the chunk's text as it was embedded, with its title and heading.
    """

    rank: int
    chunk: Chunk
    score: float
    context: str


@cache
def _faiss_store() -> tuple[Any, Any, Any]:
    """(FAISS store class, its distance strategies, its document store class), imported on first use (about a second)."""
    with _import_lock, warnings.catch_warnings():
        # langchain-community announces its end on import. It is used here on purpose, so this one notice is hidden, and
        # so are SWIG's about faiss's own types; every other warning still comes through.
        warnings.filterwarnings("ignore", "`langchain-community` is being sunset", DeprecationWarning)
        warnings.filterwarnings("ignore", "builtin type (Swig|swig)", DeprecationWarning)
        from langchain_community.docstore.in_memory import InMemoryDocstore
        from langchain_community.vectorstores.faiss import FAISS, DistanceStrategy
    return FAISS, DistanceStrategy, InMemoryDocstore


def embedder_name(embeddings: Embeddings) -> str:
    """What provenance calls an embedder: its `name`, its `model_name`, or its class."""
    for attribute in ("name", "model_name", "model"):
        value = getattr(embeddings, attribute, None)
        if isinstance(value, str) and value:
            return value
    return type(embeddings).__name__


def _unit(vectors: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Rows scaled to length 1, (n, d) float32; a row of zeros stays one. Raises BadInput for what is no such matrix."""
    matrix = np.asarray(vectors, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] == 0 or not np.isfinite(matrix).all():
        raise BadInput("The embedder gave back something that is not one vector per text. Choose another embedder.")
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.ascontiguousarray(matrix / np.where(lengths == 0, 1, lengths), dtype=np.float32)


class Index:
    """An immutable collection of embedded chunks; safe to search from many threads.

    `vectors` is (chunks, dimension) float32 with rows of length 1, in the order of `chunks`.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        vectors: np.ndarray[Any, np.dtype[np.float32]],
        embeddings: Embeddings,
        text_style: str = DEFAULT_TEXT_STYLE,
    ) -> None:
        self.chunks = tuple(chunks)
        self.vectors = vectors
        self.embeddings = embeddings
        self.embedder = embedder_name(embeddings)
        self.text_style = text_style
        self._places = {chunk.id: place for place, chunk in enumerate(self.chunks)}
        if len(self._places) != len(self.chunks):  # the store would silently mix them up
            raise BadInput("Two chunks have the same id: two documents have the same name. Rename one of them.")
        FAISS, strategies, docstore = _faiss_store()
        import faiss  # type: ignore[import-untyped,unused-ignore]

        # Inner product on unit vectors is the cosine. The store's own COSINE strategy builds an L2 index, and its
        # relevance for inner products is turned round (1 - score), hence the identity.
        self._store = FAISS(
            embedding_function=embeddings,
            index=faiss.IndexFlatIP(int(vectors.shape[1])),
            docstore=docstore(),
            index_to_docstore_id={},
            relevance_score_fn=lambda score: score,
            distance_strategy=strategies.MAX_INNER_PRODUCT,
        )
        self._store.add_embeddings(
            ((chunk.text, vector) for chunk, vector in zip(self.chunks, vectors, strict=True)),
            ids=[chunk.id for chunk in self.chunks],
        )

    @classmethod
    def build(cls, chunks: Sequence[Chunk], embeddings: Embeddings, *, text_style: str = DEFAULT_TEXT_STYLE) -> Index:
        """Embed every distinct text once, in one batch, and index the chunks. Raises BadInput when there are none."""
        if not chunks:
            raise BadInput(
                "There is nothing to look up: the documents hold no text. Add a document with some text in it."
            )
        texts = [indexed_text(chunk, text_style) for chunk in chunks]
        distinct = list(dict.fromkeys(texts))
        vectors = _unit(embeddings.embed_documents(distinct))
        if len(vectors) != len(distinct):
            raise BadInput("The embedder gave back something that is not one vector per text. Choose another embedder.")
        row = {text: place for place, text in enumerate(distinct)}
        return cls(chunks, vectors[[row[text] for text in texts]], embeddings, text_style)

    def __len__(self) -> int:
        return len(self.chunks)

    @cached_property
    def fingerprint(self) -> str:
        """12 hex digits that change with any chunk's text, place or heading, the embedder's name or the text style."""
        content = [self.embedder, self.text_style, [_chunk_record(chunk) for chunk in self.chunks]]
        return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()[:12]

    @cached_property
    def word_counts(self) -> Mapping[str, int]:
        """For each content word's stem, the number of chunks whose context (title and headings included) holds it."""
        return Counter(
            stem
            for chunk in self.chunks
            for stem in set(content_stems(f"{chunk.title} {' '.join(chunk.heading)} {chunk.text}"))
        )

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The k nearest chunks (fewer where there are fewer), best first; equal scores keep reading order.

        Raises BadInput when k is below 1.
        """
        if k < 1:
            raise BadInput(f"k is {k}: at least 1 passage has to be looked up.")
        vector = _unit([self.embeddings.embed_query(question)])
        if vector.shape[1] != self.vectors.shape[1]:
            raise BadInput(
                f"The index holds vectors of {self.vectors.shape[1]} numbers and the embedder gives {vector.shape[1]}. "
                "Build the index again."
            )
        found = self._store.similarity_search_with_score_by_vector(vector[0], k=min(k, len(self.chunks)))
        scored = sorted(
            ((float(score), self._places[str(document.id)]) for document, score in found),
            key=lambda pair: (-pair[0], pair[1]),
        )
        return tuple(
            Hit(
                rank=rank,
                chunk=self.chunks[place],
                score=max(-1.0, min(1.0, score)),
                context=indexed_text(self.chunks[place], self.text_style),
            )
            for rank, (score, place) in enumerate(scored, start=1)
        )

    def save(self, folder: Path) -> None:
        """Write `vectors.npy` and `index.json` into `folder` (made if need be); each appears whole or not at all.

        Raises BadInput when the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            vectors_temporary = folder / f"vectors.{os.getpid()}.tmp.npy"
            np.save(vectors_temporary, self.vectors, allow_pickle=False)
            record = {
                "format": FORMAT,
                "embedder": self.embedder,
                "text_style": self.text_style,
                "fingerprint": self.fingerprint,
                "vectors_sha256": hashlib.sha256(vectors_temporary.read_bytes()).hexdigest(),
                "chunks": [_chunk_record(chunk) for chunk in self.chunks],
            }
            json_temporary = folder / f"index.{os.getpid()}.tmp.json"
            json_temporary.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
            vectors_temporary.replace(folder / "vectors.npy")
            json_temporary.replace(folder / "index.json")
        except OSError as error:
            raise BadInput(f"The index cannot be saved in {folder}: {error.strerror or error}.") from None

    @classmethod
    def load(cls, folder: Path, embeddings: Embeddings) -> Index:
        """Read what `save` wrote; nothing in the files is run, and everything in them is checked.

        Raises BadInput when a file is missing or damaged, or was made with another embedder.
        """
        try:
            vectors_bytes = (folder / "vectors.npy").read_bytes()
            record = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        except OSError as error:
            raise BadInput(f"There is no saved index in {folder}: {error.strerror or error}.") from None
        except (ValueError, RecursionError):
            raise _damaged(folder, "index.json is not JSON") from None
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise _damaged(folder, "index.json is not of a format this version reads")
        if record.get("embedder") != embedder_name(embeddings):
            raise BadInput(
                f"The index in {folder} was made with the embedder “{record.get('embedder')}”, and this is "
                f"“{embedder_name(embeddings)}”. Build the index again."
            )
        if hashlib.sha256(vectors_bytes).hexdigest() != record.get("vectors_sha256"):
            raise _damaged(folder, "vectors.npy is not the file that was saved")
        records = record.get("chunks")
        if not isinstance(records, list) or not records:
            raise _damaged(folder, "index.json holds no chunks")
        chunks = tuple(_read_chunk(item, folder) for item in records)
        try:
            vectors = np.load(folder / "vectors.npy", allow_pickle=False)
        except (OSError, ValueError, EOFError):
            raise _damaged(folder, "vectors.npy is not an array of numbers") from None
        if not (
            isinstance(vectors, np.ndarray)
            and vectors.ndim == 2
            and vectors.dtype == np.float32
            and len(vectors) == len(chunks)
            and vectors.shape[1] > 0
            and bool(np.isfinite(vectors).all())
        ):
            raise _damaged(folder, "vectors.npy does not hold one vector per chunk")
        index = cls(chunks, np.ascontiguousarray(vectors), embeddings, str(record.get("text_style")))
        if index.fingerprint != record.get("fingerprint"):
            raise _damaged(folder, "the chunks are not the ones that were saved")
        return index


def _damaged(folder: Path, what: str) -> BadInput:
    return BadInput(f"The saved index in {folder} is damaged: {what}. Delete that folder and build the index again.")


def _chunk_record(chunk: Chunk) -> dict[str, Any]:
    return {**asdict(chunk), "heading": list(chunk.heading)}


def _read_chunk(item: object, folder: Path) -> Chunk:
    if not isinstance(item, dict):
        raise _damaged(folder, "a chunk is not an object")
    words = [item.get(key) for key in ("id", "document", "title", "text")]
    heading, start, end = item.get("heading"), item.get("start"), item.get("end")
    if not (
        all(isinstance(word, str) for word in words)
        and isinstance(heading, list)
        and all(isinstance(label, str) for label in heading)
        and type(start) is int
        and type(end) is int
        and 0 <= start < end
        and end - start == len(item["text"])
    ):
        raise _damaged(folder, "a chunk lacks a field or its offsets do not fit its text")
    return Chunk(item["id"], item["document"], item["title"], tuple(heading), start, end, item["text"])
