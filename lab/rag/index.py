"""Chunks → vectors → nearest chunks; the only module that touches langchain-community (its FAISS store)."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.errors import BadInput
from lab.rag.split import DEFAULT_TEXT_STYLE, Chunk, Passage, indexed_text
from lab.rag.words import content_stems

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Vectors = np.ndarray[Any, np.dtype[np.float32]]

FORMAT = 2
APPROXIMATE_FROM = 50_000  # chunks; see `Index.build`
LINKS = 32  # HNSW's M: neighbours each vector is linked to
BUILD_WIDTH = 200  # HNSW's efConstruction: candidates kept open while linking
SEARCH_WIDTH = 128  # HNSW's efSearch: candidates kept open while searching
_LARGEST_GONE = 0.2  # of a graph's vectors that may be crossed out before it is made anew
_SLICE = 4096  # texts embedded at a time: a vector is a list of Python numbers on its way, ten times its size
_GONE = ""  # the id of a vector whose chunk is no more
_import_lock = threading.Lock()


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@dataclass(frozen=True)
class Hit:
    """A chunk that was found. `rank` counts from 1; `score` is the cosine of question and chunk, in [-1, 1].

    `context` is the chunk's text as it was embedded, with its title and heading. `scores` holds every figure that was
    computed on the way, by name (cosine, dense_rank, bm25, bm25_rank, rrf, mmr, …); `why` says in a sentence what put the
    hit where it is.
    """

    rank: int
    chunk: Chunk
    score: float
    context: str
    scores: Mapping[str, float] = field(default_factory=dict, hash=False)
    why: str = ""


@dataclass(frozen=True)
class Update:
    """What bringing an index up to date took: chunks whose vector was there already, chunks whose text was embedded, chunks
    of the old index that are gone, and the seconds of it all."""

    kept: int
    embedded: int
    removed: int
    seconds: float


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


def _unit(vectors: Any) -> Vectors:
    """Rows scaled to length 1, (n, d) float32; a row of zeros stays one. Raises BadInput for what is no such matrix."""
    matrix = np.asarray(vectors, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] == 0 or not np.isfinite(matrix).all():
        raise BadInput("The embedder gave back something that is not one vector per text. Choose another embedder.")
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.ascontiguousarray(matrix / np.where(lengths == 0, 1, lengths), dtype=np.float32)


class Index:
    """An immutable collection of embedded chunks; safe to search from many threads.

    `vectors` is (chunks, dimension) float32 with rows of length 1, in the order of `chunks`. `updated` and `without` make
    another index and leave this one as it is: whoever is searching it goes on undisturbed.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        embeddings: Embeddings,
        text_style: str = DEFAULT_TEXT_STYLE,
        *,
        approximate: bool | None = None,
        before: Index | None = None,
    ) -> None:
        """`before` is an older index of which what still holds is used again: the store's records, a graph."""
        self.chunks = tuple(chunks)
        self.vectors = vectors
        self.embeddings = embeddings
        self.embedder = embedder_name(embeddings)
        self.text_style = text_style
        self.approximate = len(self.chunks) >= APPROXIMATE_FROM if approximate is None else approximate
        self._approximate_asked = approximate
        self._places = {chunk.id: place for place, chunk in enumerate(self.chunks)}
        if len(self._places) != len(self.chunks):  # the store would silently mix them up
            raise BadInput("Two chunks have the same id: two documents have the same name. Rename one of them.")
        self._store = self._make_store(before)

    @classmethod
    def build(
        cls,
        chunks: Sequence[Chunk],
        embeddings: Embeddings,
        *,
        text_style: str = DEFAULT_TEXT_STYLE,
        approximate: bool | None = None,
    ) -> Index:
        """Embed every distinct text once and index the chunks. Raises BadInput when there are none.

        approximate: search by a graph (HNSW) that looks at some of the vectors, instead of at all of them; None does so from
        APPROXIMATE_FROM chunks on. There, looking at all of them takes about as long as embedding the question (13 and
        11 ms, measured together); the graph takes about 1 ms, finds 99.9 of 100 neighbours, and is half a minute's work to make.
        """
        if not chunks:
            raise _nothing()
        texts = [indexed_text(chunk, text_style) for chunk in chunks]
        distinct = list(dict.fromkeys(texts))
        vectors = _embed(distinct, embeddings)
        row = {text: place for place, text in enumerate(distinct)}
        return cls(chunks, vectors[[row[text] for text in texts]], embeddings, text_style, approximate=approximate)

    def updated(self, chunks: Sequence[Chunk]) -> tuple[Index, Update]:
        """The index of `chunks`, embedding only those texts that this one does not hold, and what that took.

        It is the index that `build` makes of them: the same fingerprint, the same hits. (An approximate one extends the old
        graph, so it may miss other chunks than a new graph would.) Raises BadInput when there are no chunks.
        """
        start = time.perf_counter()
        if not chunks:
            raise _nothing()
        known = {self._content(chunk): place for place, chunk in enumerate(self.chunks)}
        contents = [self._content(chunk) for chunk in chunks]
        fresh = {content: chunk for content, chunk in zip(contents, chunks, strict=True) if content not in known}
        vectors = self.vectors
        if fresh:
            known |= {content: len(vectors) + place for place, content in enumerate(fresh)}
            embedded = _embed([indexed_text(chunk, self.text_style) for chunk in fresh.values()], self.embeddings)
            if embedded.shape[1] != vectors.shape[1]:
                raise self._other_length(embedded.shape[1])
            vectors = np.concatenate([vectors, embedded])
        index = Index(
            chunks,
            vectors[[known[content] for content in contents]],
            self.embeddings,
            self.text_style,
            approximate=self._approximate_asked,
            before=self,
        )
        if "stems" in self.__dict__:
            stems = {_worded(chunk): stems for chunk, stems in zip(self.chunks, self.stems, strict=True)}
            index.__dict__["stems"] = tuple(stems.get(_worded(chunk)) or _stems(chunk) for chunk in index.chunks)
        added = sum(content in fresh for content in contents)
        gone = Counter(map(self._content, self.chunks)) - Counter(contents)
        return index, Update(len(contents) - added, added, gone.total(), time.perf_counter() - start)

    def without(self, document_name: str) -> Index:
        """The index without a document's chunks; nothing of them is left in it.

        Raises BadInput when there is no such document, or no other one.
        """
        left = [chunk for chunk in self.chunks if chunk.document != document_name]
        if len(left) == len(self.chunks):
            raise BadInput(f"There is no document “{document_name}” in the index, so there is nothing to take out.")
        return self.updated(left)[0]

    def _content(self, chunk: Chunk) -> Hashable:
        """What decides a chunk's vector: equal contents have equal indexed texts."""
        return chunk.text, chunk.title, chunk.heading[-1:]

    def _make_store(self, before: Index | None) -> Any:
        FAISS, strategies, docstore = _faiss_store()
        import faiss  # type: ignore[import-untyped,unused-ignore]
        from langchain_core.documents import Document

        old = before._store.docstore._dict if before else {}
        documents = {}
        for chunk in self.chunks:
            document = old.get(chunk.id)
            if document is None or document.page_content != chunk.text:
                document = Document(id=chunk.id, page_content=chunk.text)
            documents[chunk.id] = document
        dimension = int(self.vectors.shape[1])
        ids = {place: chunk.id for place, chunk in enumerate(self.chunks)}
        extended = before._extend_graph(self) if before and before.approximate and self.approximate else None
        if extended:
            nearest, ids = extended
            documents[_GONE] = Document(id=_GONE, page_content="")
        elif self.approximate:
            nearest = faiss.IndexHNSWFlat(dimension, LINKS, faiss.METRIC_INNER_PRODUCT)
            nearest.hnsw.efConstruction, nearest.hnsw.efSearch = BUILD_WIDTH, SEARCH_WIDTH
            nearest.add(self.vectors)
        else:
            nearest = faiss.IndexFlatIP(dimension)
            nearest.add(self.vectors)
        # A store is never changed once it is made, so that no id is ever added twice. Inner product on unit vectors is the
        # cosine. The store's own COSINE strategy builds an L2 index, and its relevance for inner products is turned
        # round (1 - score), hence the identity.
        return FAISS(
            embedding_function=self.embeddings,
            index=nearest,
            docstore=docstore(documents),
            index_to_docstore_id=ids,
            relevance_score_fn=lambda score: score,
            distance_strategy=strategies.MAX_INNER_PRODUCT,
        )

    def _extend_graph(self, after: Index) -> tuple[Any, dict[int, str]] | None:
        """This index's graph with the vectors that are new in `after`, and whose chunk each of its vectors is.

        A graph gives up no vector, so those of chunks that are gone stay as way-marks without a name. None when they are
        too many.
        """
        import faiss

        rows = defaultdict(list)
        for row, name in reversed(self._store.index_to_docstore_id.items()):
            if name != _GONE:
                rows[self._content(self.chunks[self._places[name]])].append(row)
        ids = dict.fromkeys(range(self._store.index.ntotal), _GONE)
        added: list[int] = []
        for place, chunk in enumerate(after.chunks):
            free = rows.get(self._content(chunk))
            if free:
                ids[free.pop()] = chunk.id
            else:
                ids[self._store.index.ntotal + len(added)] = chunk.id
                added.append(place)
        if len(ids) * (1 - _LARGEST_GONE) > len(after.chunks):
            return None
        graph = faiss.clone_index(self._store.index)
        if added:
            graph.add(np.ascontiguousarray(after.vectors[added]))
        return graph, ids

    def __len__(self) -> int:
        return len(self.chunks)

    @cached_property
    def fingerprint(self) -> str:
        """12 hex digits that change with any chunk's text, place or heading, the embedder's name or the text style."""
        content = [self.embedder, self.text_style, [_chunk_record(chunk) for chunk in self.chunks]]
        return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()[:12]

    @cached_property
    def stems(self) -> tuple[tuple[str, ...], ...]:
        """Each chunk's content words as stems, repeats kept, title and headings included; in the order of `chunks`."""
        return tuple(_stems(chunk) for chunk in self.chunks)

    @cached_property
    def word_counts(self) -> Mapping[str, int]:
        """For each content word's stem, the number of chunks whose context (title and headings included) holds it."""
        return Counter(stem for stems in self.stems for stem in set(stems))

    def embed_question(self, question: str) -> Vectors:
        """The question's vector, (dimension,) of length 1; raises BadInput when it does not fit the index's."""
        vector = _unit([self.embeddings.embed_query(question)])
        if vector.shape[1] != self.vectors.shape[1]:
            raise self._other_length(vector.shape[1])
        row: Vectors = vector[0]
        return row

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """(place in `chunks`, cosine) of the k chunks nearest to a unit vector, best first; ties keep reading order.

        Raises BadInput when k is below 1.
        """
        if k < 1:
            raise BadInput(f"k is {k}: at least 1 passage has to be looked up.")
        width, total = min(k, len(self.chunks)), self._store.index.ntotal
        while True:
            found = self._store.similarity_search_with_score_by_vector(vector, k=width)
            named = [(self._places[str(document.id)], score) for document, score in found if document.id != _GONE]
            if len(named) >= min(k, len(self.chunks)) or width >= total:
                break
            width = min(2 * width, total)  # chunks that are gone stood in the way
        scored = ((place, max(-1.0, min(1.0, float(score)))) for place, score in named)
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]

    def hit(self, place: int, rank: int, cosine: float, scores: Mapping[str, float], why: str = "") -> Hit:
        """The chunk at `place` as a hit."""
        chunk = self.chunks[place]
        return Hit(rank, chunk, cosine, indexed_text(chunk, self.text_style), {"cosine": cosine, **scores}, why)

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The k nearest chunks (fewer where there are fewer), best first; equal scores keep reading order.

        Raises BadInput when k is below 1.
        """
        found = self.nearest(self.embed_question(question), k)
        return tuple(
            self.hit(place, rank, cosine, {"dense_rank": rank}, f"{ordinal(rank)} by meaning (cosine {cosine:.2f}).")
            for rank, (place, cosine) in enumerate(found, start=1)
        )

    def _other_length(self, numbers: int) -> BadInput:
        return BadInput(
            f"The index holds vectors of {self.vectors.shape[1]} numbers and the embedder gives {numbers}. "
            "Build the index again."
        )

    def save(self, folder: Path) -> None:
        """Write `vectors.npy` and `index.json` into `folder` (made if need be); each appears whole or not at all.

        An approximate index's graph is not kept: `load` makes it again from the vectors. Raises BadInput when the folder
        cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            vectors_temporary = folder / f"vectors.{os.getpid()}.tmp.npy"
            np.save(vectors_temporary, self.vectors, allow_pickle=False)
            record = {
                "format": FORMAT,
                "embedder": self.embedder,
                "text_style": self.text_style,
                "approximate": self._approximate_asked,
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
        approximate = record.get("approximate")
        if approximate is not None and not isinstance(approximate, bool):
            raise _damaged(folder, "“approximate” is neither true, false nor null")
        vectors = np.ascontiguousarray(vectors)
        index = cls(chunks, vectors, embeddings, str(record.get("text_style")), approximate=approximate)
        if index.fingerprint != record.get("fingerprint"):
            raise _damaged(folder, "the chunks are not the ones that were saved")
        return index


def _damaged(folder: Path, what: str) -> BadInput:
    return BadInput(f"The saved index in {folder} is damaged: {what}. Delete that folder and build the index again.")


def _nothing() -> BadInput:
    return BadInput("There is nothing to look up: the documents hold no text. Add a document with some text in it.")


def _embed(texts: Sequence[str], embeddings: Embeddings) -> Vectors:
    """One row of length 1 per text, (texts, dimension); raises BadInput when the embedder gives something else."""
    slices = [
        _unit(embeddings.embed_documents(list(texts[start : start + _SLICE]))) for start in range(0, len(texts), _SLICE)
    ]
    if sum(map(len, slices)) != len(texts) or len({part.shape[1] for part in slices}) != 1:
        raise BadInput("The embedder gave back something that is not one vector per text. Choose another embedder.")
    return np.concatenate(slices)


def _worded(chunk: Chunk) -> Hashable:
    return chunk.text, chunk.title, chunk.heading


def _stems(chunk: Chunk) -> tuple[str, ...]:
    return tuple(content_stems(f"{chunk.title} {' '.join(chunk.heading)} {chunk.text}"))


def _chunk_record(chunk: Chunk) -> dict[str, Any]:
    parent = chunk.parent and {"start": chunk.parent.start, "end": chunk.parent.end, "text": chunk.parent.text}
    return {**vars(chunk), "heading": list(chunk.heading), "parent": parent}


def _fits(record: Mapping[str, Any]) -> bool:
    """Whether a record's `start` and `end` are offsets that fit its `text`."""
    start, end, text = record.get("start"), record.get("end"), record.get("text")
    if type(start) is not int or type(end) is not int or not isinstance(text, str):
        return False
    return 0 <= start < end and end - start == len(text)


def _read_chunk(item: object, folder: Path) -> Chunk:
    if not isinstance(item, dict):
        raise _damaged(folder, "a chunk is not an object")
    heading, parent = item.get("heading"), item.get("parent")
    if not (
        all(isinstance(item.get(key), str) for key in ("id", "document", "title"))
        and isinstance(heading, list)
        and all(isinstance(label, str) for label in heading)
        and all(item.get(key) is None or type(item[key]) is int for key in ("page", "row"))
        and _fits(item)
        and (parent is None or (isinstance(parent, dict) and _fits(parent)))
    ):
        raise _damaged(folder, "a chunk lacks a field or its offsets do not fit its text")
    return Chunk(
        item["id"],
        item["document"],
        item["title"],
        tuple(heading),
        item["start"],
        item["end"],
        item["text"],
        item.get("page"),
        item.get("row"),
        Passage(parent["start"], parent["end"], parent["text"]) if parent else None,
    )
