"""The index: scores are true cosines, saving and loading are exact, and damage is seen."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from lab.errors import BadInput
from lab.rag.index import Index
from lab.rag.load import Document, read_document
from lab.rag.retrieve import retrieve
from lab.rag.split import split_document, split_documents
from tests.rag.conftest import HashingEmbedder


class RandomEmbedder(Embeddings):
    """Vectors of any length, negative numbers among them."""

    name = "random-16"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        seed = sum(text.encode())
        return (np.random.default_rng(seed).normal(0, 3, 16)).tolist()


def cosine(first: list[float], second: list[float]) -> float:
    a, b = np.array(first), np.array(second)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_scores_are_the_cosines_of_question_and_chunk(documents: tuple[Document, ...]) -> None:
    embedder = RandomEmbedder()
    index = Index.build(split_documents(documents), embedder)
    hits = index.search("When do you open?", 100)
    assert len(hits) == len(index)
    query = embedder.embed_query("When do you open?")
    for hit in hits:
        assert hit.score == pytest.approx(cosine(query, embedder.embed_query(hit.context)), abs=1e-6)
        assert hit.context == hit.chunk.indexed_text
    assert min(hit.score for hit in hits) < 0  # an inner product turned round would have no negative ones
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_every_distinct_text_is_embedded_once_in_one_batch(embedder: HashingEmbedder) -> None:
    text = b"# Same\n\nThe same sentence stands here.\n\nThe same sentence stands here."
    index = Index.build(split_document(read_document("a.md", text)), embedder)
    assert len(index) == 2
    assert [len(batch) for batch in embedder.batches] == [1]
    assert [hit.chunk.start for hit in index.search("same sentence", 2)] == sorted(
        chunk.start for chunk in index.chunks
    )


def test_the_fingerprint_changes_with_text_place_and_embedder(documents: tuple[Document, ...]) -> None:
    chunks = split_documents(documents)
    fingerprint = Index.build(chunks, HashingEmbedder()).fingerprint
    assert len(fingerprint) == 12
    assert fingerprint == Index.build(chunks, HashingEmbedder()).fingerprint
    assert fingerprint != Index.build(chunks[:-1], HashingEmbedder()).fingerprint
    assert fingerprint != Index.build(chunks, RandomEmbedder()).fingerprint
    assert fingerprint != Index.build(chunks, HashingEmbedder(), text_style="title").fingerprint


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_and_nothing_to_index_say_so(index: Index, k: int) -> None:
    with pytest.raises(BadInput, match="at least 1 passage"):
        index.search("x", k)
    with pytest.raises(BadInput, match="There is nothing to look up"):
        Index.build([], HashingEmbedder())


def test_two_documents_of_one_name_are_refused(documents: tuple[Document, ...]) -> None:
    chunks = split_documents(documents)
    with pytest.raises(BadInput, match="two documents have the same name"):
        Index.build([*chunks, chunks[0]], HashingEmbedder())


def test_a_saved_index_answers_alike(index: Index, embedder: HashingEmbedder, tmp_path: Path) -> None:
    index.save(tmp_path / "saved")
    again = Index.load(tmp_path / "saved", embedder)
    assert again.fingerprint == index.fingerprint
    assert again.search("express delivery", 3) == index.search("express delivery", 3)
    assert sorted(path.name for path in (tmp_path / "saved").iterdir()) == ["index.json", "vectors.npy"]


def test_a_damaged_saved_index_is_not_used(index: Index, embedder: HashingEmbedder, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    index.save(folder)
    good = (folder / "index.json").read_text()

    def refuse(message: str) -> None:
        with pytest.raises(BadInput) as error:
            Index.load(folder, embedder)
        assert message in str(error.value)

    record = json.loads(good)
    record["chunks"][0]["text"] = record["chunks"][0]["text"].upper()
    (folder / "index.json").write_text(json.dumps(record))
    refuse("the chunks are not the ones that were saved")
    record["chunks"][0]["end"] += 1
    (folder / "index.json").write_text(json.dumps(record))
    refuse("offsets do not fit")
    (folder / "index.json").write_text("{")
    refuse("is not JSON")
    (folder / "index.json").write_text("{}")
    refuse("not of a format this version reads")
    (folder / "index.json").write_text(good)
    np.save(folder / "vectors.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    refuse("vectors.npy is not the file that was saved")
    (folder / "vectors.npy").unlink()
    refuse("There is no saved index")


def test_a_pickle_with_a_right_hash_is_still_not_opened(
    index: Index, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    import hashlib

    index.save(tmp_path)
    np.save(tmp_path / "vectors.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    record = json.loads((tmp_path / "index.json").read_text())
    record["vectors_sha256"] = hashlib.sha256((tmp_path / "vectors.npy").read_bytes()).hexdigest()
    (tmp_path / "index.json").write_text(json.dumps(record))
    with pytest.raises(BadInput, match=r"vectors\.npy is not an array of numbers"):
        Index.load(tmp_path, embedder)


def test_an_index_of_another_embedder_is_refused(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path)
    with pytest.raises(BadInput, match="made with the embedder “hashing-256”, and this is “random-16”"):
        Index.load(tmp_path, RandomEmbedder())


def test_a_folder_that_cannot_be_written_says_so(index: Index, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be saved in"):
        index.save(tmp_path / "file")


def test_the_right_kind_of_passage_comes_first_and_keeps_its_cosine(embedder: HashingEmbedder) -> None:
    text = b"# Shop\n\nThe manager answers questions about the shop.\n\nAnn Bell is the manager of the shop today.\n"
    index = Index.build(split_document(read_document("a.md", text)), embedder)
    plain = retrieve(index, "Who is the manager, who answers about the shop?", 2, retriever="meaning")
    kind = retrieve(index, "Who is the manager, who answers about the shop?", 2)
    assert {hit.chunk.id: hit.score for hit in plain} == {hit.chunk.id: hit.score for hit in kind}
    assert [hit.rank for hit in kind] == [1, 2]
    with pytest.raises(BadInput, match="There is no retriever “magic”"):
        retrieve(index, "x", 1, retriever="magic")


def test_looking_up_loads_nothing_heavy_until_it_is_used() -> None:
    script = (
        "import sys, lab.rag.answer, lab.rag.measure, lab.rag.index, lab.rag.split\n"
        "print([m for m in ('torch','faiss','langchain_core','langchain_community','transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_end_of_langchain_community_is_not_announced_to_the_learner() -> None:
    script = "from lab.rag.index import _faiss_store; _faiss_store()"
    done = subprocess.run([sys.executable, "-W", "always", "-c", script], capture_output=True, text=True, check=True)
    assert "sunset" not in done.stderr


def test_other_warnings_still_come_through() -> None:
    from lab.rag.index import _faiss_store

    _faiss_store()
    with pytest.warns(DeprecationWarning, match="something else"):
        warnings.warn("something else", DeprecationWarning, stacklevel=1)
