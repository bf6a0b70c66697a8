"""The index: scores are true cosines, saving and loading are exact, and damage is seen."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from lab.errors import BadInput
from lab.models.embedder import get_embedder, model_folder
from lab.rag.documents import Document
from lab.rag.index import Index, ordinal
from lab.rag.load import read_document
from lab.rag.retrieve.bm25 import word_index
from lab.rag.split import Chunk, Passage, split_document, split_documents
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


def as_chunks(paragraphs: dict[str, list[str]]) -> list[Chunk]:
    """Each document's paragraphs as chunks, one after another with a blank line between."""
    chunks = []
    for name, texts in paragraphs.items():
        start = 0
        for text in texts:
            end = start + len(text)
            chunks.append(Chunk(f"{name}#{start}-{end}", name, name.title(), ("Top", text[:3]), start, end, text))
            start = end + 2
    return chunks


def assert_alike(first: Index, second: Index, questions: list[str]) -> None:
    """Nobody who searches can tell the two indexes apart."""
    assert first.fingerprint == second.fingerprint
    assert first.chunks == second.chunks
    assert np.array_equal(first.vectors, second.vectors)
    assert first.word_counts == second.word_counts
    for question in questions:
        assert first.search(question, 4) == second.search(question, 4)
        assert word_index(first).nearest(question, 9) == word_index(second).nearest(question, 9)


WORDS = st.sampled_from("boots tents refunds cost ten pounds the open Monday delivery".split())
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=5)
LIBRARIES = st.dictionaries(st.sampled_from(["a.md", "b.md", "c.md"]), PARAGRAPHS).filter(
    lambda library: any(library.values())
)


@settings(max_examples=40, deadline=None)
@given(before=LIBRARIES, after=LIBRARIES, warm=st.booleans())
def test_an_index_brought_up_to_date_is_the_one_built_afresh(
    before: dict[str, list[str]], after: dict[str, list[str]], warm: bool
) -> None:
    old_chunks, new_chunks = as_chunks(before), as_chunks(after)
    embedder = HashingEmbedder()
    old = Index.build(old_chunks, embedder)
    untouched = Index.build(old_chunks, HashingEmbedder())
    questions = ["tents", "What do refunds cost?", "Monday"]
    if warm:
        assert old.word_counts
    embedder.batches.clear()
    new, update = old.updated(new_chunks)
    embedded = [text for batch in embedder.batches for text in batch]
    held = {chunk.indexed_text for chunk in old_chunks}
    assert sorted(embedded) == sorted({chunk.indexed_text for chunk in new_chunks} - held)
    assert update.kept + update.embedded == len(new)
    assert update.kept - update.removed <= len(old)
    assert_alike(new, Index.build(new_chunks, HashingEmbedder()), questions)
    assert_alike(old, untouched, questions)


def test_one_changed_paragraph_costs_one_embedding(embedder: HashingEmbedder) -> None:
    before = {"a.md": ["Boots cost £9.", "Tents cost £90.", "We open at ten."], "b.md": ["We open at ten."]}
    index = Index.build(as_chunks(before), embedder)
    embedder.batches.clear()
    edited = {**before, "a.md": ["Boots now cost £12 a pair.", "Tents cost £90.", "We open at ten."]}
    new, update = index.updated(as_chunks(edited))
    assert [len(batch) for batch in embedder.batches] == [1]
    assert (update.kept, update.embedded, update.removed) == (3, 1, 1)
    assert update.seconds > 0
    assert "£12" in new.search("What do boots cost?", 1)[0].chunk.text
    assert "£12" not in index.search("What do boots cost?", 1)[0].chunk.text


def test_the_real_embedder_updates_to_the_last_bit_and_stays_near_plain_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    before = as_chunks({"a.md": [f"Item {number} of the list costs {number} pounds." for number in range(40)]})
    index = Index.build(before, get_embedder())
    after = [*before[1:], *as_chunks({"b.md": ["Boots with red laces are kept at the back.", "Hats."]})]
    new, _ = index.updated(after)
    assert np.array_equal(new.vectors, Index.build(after, get_embedder()).vectors)
    plain = SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True).encode(
        [chunk.indexed_text for chunk in after], normalize_embeddings=True
    )
    assert np.abs(new.vectors @ new.vectors.T - plain @ plain.T).max() < 0.01


def test_a_document_taken_out_is_found_by_nothing(index: Index, embedder: HashingEmbedder) -> None:
    assert index.search("express delivery", 1)[0].chunk.document == "delivery.md"
    assert word_index(index).nearest("express delivery", 1)
    embedder.batches.clear()
    less = index.without("delivery.md")
    assert embedder.batches == []
    assert {hit.chunk.document for hit in less.search("express delivery", 100)} == {"returns.md", "people.txt"}
    assert word_index(less).nearest("express", 100) == []
    assert "express" not in less.word_counts
    assert not any("Express" in repr(part) for part in less._store.docstore._dict.values())
    assert index.search("express delivery", 1)[0].chunk.document == "delivery.md"
    with pytest.raises(BadInput, match=r"There is no document “delivery\.md”"):
        less.without("delivery.md")
    with pytest.raises(BadInput, match="There is nothing to look up"):
        less.without("returns.md").without("people.txt")


def test_two_learners_indexes_share_no_passages(embedder: HashingEmbedder) -> None:
    mine = Index.build(as_chunks({"notes.md": ["My secret is a badger."]}), embedder)
    yours = Index.build(as_chunks({"notes.md": ["Your secret is a heron."]}), embedder)
    yours, _ = yours.updated(as_chunks({"notes.md": ["Your secret is a heron.", "It flies."]}))
    assert [hit.chunk.text for hit in mine.search("heron secret", 9)] == ["My secret is a badger."]
    assert "badger" not in " ".join(hit.context for hit in yours.search("badger secret", 9))
    assert word_index(yours).nearest("badger", 9) == []


def test_updating_with_an_embedder_that_has_changed_says_so(index: Index) -> None:
    index.embeddings = RandomEmbedder()
    with pytest.raises(BadInput, match="holds vectors of 256 numbers and the embedder gives 16"):
        index.updated(as_chunks({"new.md": ["Something else."]}))


def test_an_embedder_that_skips_a_text_is_refused() -> None:
    class Forgetful(RandomEmbedder):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return super().embed_documents(texts[1:])

    with pytest.raises(BadInput, match="not one vector per text"):
        Index.build(as_chunks({"a.md": ["One.", "Two."]}), Forgetful())


def many(count: int, start: int = 0) -> list[Chunk]:
    return as_chunks({"many.md": [f"Item {number} costs {number * 7 % 911} pounds." for number in range(start, count)]})


def test_the_approximate_index_finds_nearly_all_that_the_exact_one_finds() -> None:
    exact = Index.build(many(800), RandomEmbedder(), approximate=False)
    graph = Index.build(many(800), RandomEmbedder(), approximate=True)
    assert (exact.approximate, graph.approximate) == (False, True)
    shared = total = 0
    for number in range(20):
        wanted = {round(hit.score, 5) for hit in exact.search(f"question {number}", 10)}
        shared += len(wanted & {round(hit.score, 5) for hit in graph.search(f"question {number}", 10)})
        total += len(wanted)
    assert shared / total > 0.95


def test_an_approximate_index_forgets_and_learns_too(tmp_path: Path) -> None:
    first = Index.build(many(300), HashingEmbedder(), approximate=True)
    left = many(300, start=10) + as_chunks({"new.md": ["A badger lives here."]})
    second, update = first.updated(left)
    assert (update.embedded, update.removed) == (1, 10)
    assert second._store.index.ntotal == 301  # extended, not made anew
    assert second.search("badger", 1)[0].chunk.document == "new.md"
    found = second.search("Item 3 costs 21 pounds.", 291)
    assert len({hit.chunk.id for hit in found}) == len(found) > 280
    assert not any("Item 3 " in hit.chunk.text for hit in found)
    third, _ = second.updated(many(100, start=10))
    assert third._store.index.ntotal == 90  # so much was gone that the graph was made anew
    third.save(tmp_path)
    assert Index.load(tmp_path, HashingEmbedder()).approximate


def test_small_collections_are_searched_in_full(index: Index) -> None:
    assert not index.approximate


def test_a_saved_index_keeps_page_row_and_what_the_model_reads_instead(
    embedder: HashingEmbedder, tmp_path: Path
) -> None:
    chunks = [
        Chunk("a.pdf#0-5", "a.pdf", "A", ("Top",), 0, 5, "Boots", page=3, parent=Passage(0, 11, "Boots. Hats")),
        Chunk("b.csv#0-4", "b.csv", "B", (), 0, 4, "Hats", row=7),
    ]
    index = Index.build(chunks, embedder)
    index.save(tmp_path)
    again = Index.load(tmp_path, embedder)
    assert again.chunks == tuple(chunks)
    assert again.fingerprint == index.fingerprint
    assert index.fingerprint != Index.build([replace(chunks[0], page=4), chunks[1]], embedder).fingerprint
    record = json.loads((tmp_path / "index.json").read_text())
    record["chunks"][0]["parent"]["end"] += 1
    (tmp_path / "index.json").write_text(json.dumps(record))
    with pytest.raises(BadInput, match="offsets do not fit"):
        Index.load(tmp_path, embedder)


def test_a_hit_says_why_it_was_found(index: Index) -> None:
    first, second = index.search("express delivery", 2)
    assert first.why == f"1st by meaning (cosine {first.score:.2f})."
    assert second.why.startswith("2nd by meaning")
    assert first.scores == {"cosine": first.score, "dense_rank": 1}
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == (
        "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th".split()
    )


def test_looking_up_loads_nothing_heavy_until_it_is_used() -> None:
    script = (
        "import sys, lab.rag.index, lab.rag.retrieve, lab.rag.rerank\n"
        "print([m for m in ('torch','faiss','bm25s','langchain_core','langchain_community','transformers') if m in sys.modules])"
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
