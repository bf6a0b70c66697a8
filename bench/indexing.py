"""What indexing and searching cost: against LangChain used plainly, an edit against a rebuild, a graph against a full search.

The 2,000 chunks are real: those of the shipped collections, cut in two ways. The 1,000 to 100,000 vectors of the searches are
made up: each lies between two real chunks' vectors, with noise added; the questions are real.
"""

from __future__ import annotations

import itertools
import json
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from bench.measure import Ratio, paired, seconds
from lab.models.embedder import get_embedder, model_folder
from lab.rag.collections import list_collections, load_collection, load_documents
from lab.rag.index import Index, Vectors
from lab.rag.split import Chunk, indexed_text, split_documents
from lab.rag.words import occurs, tokens

CHUNKS = 2000
SIZES = (1_000, 10_000, 100_000)
NOISE = 0.4  # length of the noise added to a made-up vector of length 1


def run(pairs: int) -> Iterator[Ratio]:
    """Indexing speed and recall, the cost of an edit, and searches at three sizes."""
    chunks = _real_chunks()
    plain = _plain_embeddings()
    get_embedder().load()

    def ours() -> float:
        return CHUNKS / seconds(lambda: Index.build(chunks, get_embedder()))

    def theirs() -> float:
        return CHUNKS / seconds(lambda: _plain_store([indexed_text(chunk) for chunk in chunks], plain))

    yield paired(
        f"Index {CHUNKS:,} chunks",
        "chunks a second",
        "≥ 2",
        ("Index.build", ours),
        ("LangChain HuggingFaceEmbeddings + FAISS.from_documents", theirs),
        pairs,
    )
    shares = _recall_at_3(plain)
    yield paired(
        f"Gold passage among the first 3 (n = {shares[2]} development questions)",
        "share",
        "≥ 0.995",
        ("Index.search", lambda: shares[0]),
        ("LangChain, as above", lambda: shares[1]),
        1,
    )

    index = Index.build(chunks, get_embedder())
    edits = itertools.count(1)

    def edit() -> float:
        text = f"{chunks[1000].text} This was changed {next(edits)} times."
        edited = [*chunks[:1000], replace(chunks[1000], text=text, end=chunks[1000].start + len(text)), *chunks[1001:]]
        return seconds(lambda: index.updated(edited))

    yield paired(
        f"One paragraph of {CHUNKS:,} changes",
        "seconds",
        "≥ 50",
        ("build again", lambda: seconds(lambda: Index.build(chunks, get_embedder()))),
        ("Index.updated", edit),
        pairs,
    )

    questions = _question_vectors()
    exact: dict[int, Index] = {}
    for size in SIZES:
        made, vectors = _made_up(size)
        exact[size] = Index(made, vectors, get_embedder(), approximate=False)
        start = time.perf_counter()
        graph = Index(made, vectors, get_embedder(), approximate=True)
        built = time.perf_counter() - start
        yield paired(
            f"Search {size:,} chunks (graph built in {built:.1f} s)",
            "milliseconds",
            "",
            ("exact", lambda size=size: _search(exact[size], questions)),  # type: ignore[misc]
            ("graph (HNSW)", lambda graph=graph: _search(graph, questions)),  # type: ignore[misc]
            pairs,
        )
        recall = _overlap(graph, exact[size], questions)
        yield paired(
            f"The 10 nearest of {size:,} that are found",
            "share",
            "≥ 0.95",
            ("graph (HNSW)", lambda recall=recall: recall),  # type: ignore[misc]
            ("exact", lambda: 1.0),
            1,
        )
        yield paired(
            f"Search {size:,} chunks exactly, against embedding the question",
            "milliseconds",
            "",
            ("exact", lambda size=size: _search(exact[size], questions)),  # type: ignore[misc]
            ("embed the question", _embed_a_question),
            pairs,
        )
    small, large = SIZES[0], SIZES[-1]
    yield paired(
        f"Exact search, {large // small} times the chunks",
        "milliseconds",
        "",
        (f"{large:,}", lambda: _search(exact[large], questions)),
        (f"{small:,}", lambda: _search(exact[small], questions)),
        pairs,
    )


@cache
def _shipped() -> tuple[tuple[str, tuple[Chunk, ...]], ...]:
    """Each shipped collection's name and sentences."""
    return tuple((name, split_documents(load_documents(name).documents)) for name in list_collections())


def _real_chunks() -> tuple[Chunk, ...]:
    """CHUNKS chunks of different texts."""
    cut = [chunk for _, chunks in _shipped() for chunk in chunks]
    for size in (30, 50, 15):
        for name in list_collections():
            cut += split_documents(load_documents(name).documents, splitter="recursive", size=size)
    distinct = list({indexed_text(chunk): chunk for chunk in cut}.values())[:CHUNKS]
    if len(distinct) < CHUNKS:
        raise SystemExit(f"The shipped collections give only {len(distinct)} chunks of {CHUNKS}.")
    return tuple(replace(chunk, id=str(number)) for number, chunk in enumerate(distinct))


def _plain_embeddings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_community.embeddings import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(model_name=str(model_folder()), encode_kwargs={"normalize_embeddings": True})


def _plain_store(texts: list[str], embeddings: Any) -> Any:
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document

    return FAISS.from_documents([Document(page_content=text) for text in texts], embeddings)


def _questions(name: str) -> list[dict[str, Any]]:
    file = load_collection(name).questions("dev")
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _recall_at_3(embeddings: Any) -> tuple[float, float, int]:
    """Ours, LangChain's, and the number of questions whose gold passage is a sentence of its collection."""
    found: list[tuple[bool, bool]] = []
    for name, chunks in _shipped():
        index = Index.build(chunks, get_embedder())
        plain = _plain_store([chunk.id for chunk in chunks[:1]], embeddings)  # an empty one cannot be made
        plain.delete(list(plain.index_to_docstore_id.values()))
        texts = [indexed_text(chunk) for chunk in chunks]
        plain.add_texts(texts, ids=[chunk.id for chunk in chunks])
        for item in _questions(name):
            if not item.get("answers") or not item.get("document"):
                continue
            answers = [tokens(answer) for answer in item["answers"]]
            gold = {
                chunk.id
                for chunk in chunks
                if chunk.document == item["document"] and any(occurs(answer, tokens(chunk.text)) for answer in answers)
            }
            if gold:
                first = {hit.chunk.id for hit in index.search(item["question"], 3)}
                second = {document.id for document in plain.similarity_search(item["question"], k=3)}
                found.append((bool(first & gold), bool(second & gold)))
    return sum(ours for ours, _ in found) / len(found), sum(theirs for _, theirs in found) / len(found), len(found)


@cache
def _real_vectors() -> Vectors:
    return Index.build(_real_chunks(), get_embedder()).vectors


def _made_up(count: int) -> tuple[tuple[Chunk, ...], Vectors]:
    rng = np.random.default_rng(count)
    real = _real_vectors()
    first, second = rng.integers(len(real), size=(2, count))
    share = rng.uniform(0.5, 1, (count, 1)).astype(np.float32)
    vectors = share * real[first] + (1 - share) * real[second]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors += rng.normal(0, NOISE / vectors.shape[1] ** 0.5, vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    chunks = (Chunk(str(number), "made-up.md", "Made up", (), 0, 1, "x") for number in range(count))
    return tuple(chunks), vectors


def _question_vectors() -> Vectors:
    texts = [item["question"] for name in list_collections() for item in _questions(name)][:100]
    return np.array(get_embedder().embed_documents(texts), np.float32)


def _search(index: Index, questions: Vectors) -> float:
    """Milliseconds a question for its 10 nearest."""
    return 1000 * seconds(lambda: [index.nearest(question, 10) for question in questions]) / len(questions)


def _embed_a_question() -> float:
    texts = [f"How much does express delivery cost on day {number}?" for number in range(20)]
    return 1000 * seconds(lambda: [get_embedder().embed_query(text) for text in texts]) / len(texts)


def _overlap(graph: Index, exact: Index, questions: Vectors) -> float:
    shared = 0
    for question in questions:
        wanted = {place for place, _ in exact.nearest(question, 10)}
        shared += len(wanted & {place for place, _ in graph.nearest(question, 10)})
    return shared / (10 * len(questions))
