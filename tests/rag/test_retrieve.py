"""The retrievers: each against its formula worked by hand or an independent implementation, and what a hit says of itself."""

from __future__ import annotations

import math

import bm25s
import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores.utils import maximal_marginal_relevance

from lab.errors import BadInput
from lab.rag.index import Hit, Index
from lab.rag.load import read_document
from lab.rag.retrieve import RETRIEVERS, RetrievalOptions, retrieve
from lab.rag.retrieve.bm25 import WordIndex, shared_words
from lab.rag.retrieve.diversity import choose_diverse
from lab.rag.retrieve.fusion import fuse_rankings
from lab.rag.split import Chunk, split_document
from lab.rag.words import content_stems
from tests.rag.conftest import HashingEmbedder


class Compass(Embeddings):
    """Two numbers a text: those that it ends in, “north 0 1”."""

    name = "compass"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [float(number) for number in text.split()[-2:]]


def compass_index(*texts: str) -> Index:
    chunks = [Chunk(f"a.md#{n}", "a.md", "A", (), 0, len(text), text) for n, text in enumerate(texts)]
    return Index.build(chunks, Compass())


def texts(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.chunk.text for hit in hits]


def test_the_right_kind_of_passage_comes_first_and_keeps_its_cosine(embedder: HashingEmbedder) -> None:
    text = b"# Shop\n\nThe manager answers questions about the shop.\n\nAnn Bell is the manager of the shop today.\n"
    index = Index.build(split_document(read_document("a.md", text)), embedder)
    plain = retrieve(index, "Who is the manager, who answers about the shop?", 2, retriever="dense")
    kind = retrieve(index, "Who is the manager, who answers about the shop?", 2, retriever="right-kind")
    assert {hit.chunk.id: hit.score for hit in plain} == {hit.chunk.id: hit.score for hit in kind}
    assert [hit.rank for hit in kind] == [1, 2]
    with pytest.raises(BadInput, match="There is no retriever “magic”"):
        retrieve(index, "x", 1, retriever="magic")


@pytest.mark.parametrize("name", RETRIEVERS)
def test_every_retriever_scores_by_cosine_and_explains_itself(index: Index, name: str) -> None:
    question = "How much does express delivery cost?"
    cosines = {hit.chunk.id: hit.score for hit in index.search(question, len(index))}
    hits = retrieve(index, question, 3, retriever=name)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert hits[0].chunk.text == "Express delivery costs £8.50."
    for hit in hits:
        assert hit.score == pytest.approx(cosines[hit.chunk.id], abs=1e-6)
        assert hit.scores["cosine"] == hit.score
        assert f"{hit.score:.2f}" in hit.why
        assert hit.why.endswith(".")
        assert not hit.why[0].islower()


@pytest.mark.parametrize("name", RETRIEVERS)
@pytest.mark.parametrize("k", [1, 2, 100])
def test_k_bounds_the_passages_and_asking_for_more_changes_nothing_before(index: Index, name: str, k: int) -> None:
    hits = retrieve(index, "When does express delivery come?", k, retriever=name)
    assert len(hits) <= k
    assert len({hit.chunk.id for hit in hits}) == len(hits)
    deep = retrieve(index, "When does express delivery come?", 100, retriever=name)
    assert [hit.chunk for hit in deep[: len(hits)]] == [hit.chunk for hit in hits]


def test_the_reason_names_both_places_and_the_shared_words(index: Index) -> None:
    hit = retrieve(index, "How much is express delivery?", 1, retriever="hybrid")[0]
    assert hit.why == (
        f"1st by meaning (cosine {hit.score:.2f}), 1st by words (BM25 {hit.scores['bm25']:.1f}: “express”, “delivery”)."
    )
    assert {"cosine", "dense_rank", "bm25_rank", "bm25", "rrf"} == set(hit.scores)
    assert hit.scores["rrf"] == pytest.approx(2 / 61)
    kind = retrieve(index, "How much is express delivery?", 1, retriever="right-kind")[0]
    assert kind.why.endswith(", holds an amount of money, as asked.")
    assert kind.scores["kind_bonus"] > 0
    word = retrieve(index, "How much is express delivery?", 1, retriever="bm25")[0]
    words = f"1st by words (BM25 {word.scores['bm25']:.1f}: “express”, “delivery”)"
    assert word.why == f"{words}, cosine {hit.score:.2f}."
    assert words in hit.why
    assert shared_words("Do hires and hiring cost a deposit?", ["hir", "deposit"]) == ("hires", "hiring", "deposit")


def test_fused_rankings_are_those_worked_by_hand() -> None:
    fused = fuse_rankings([["a", "b", "c"], ["c", "a", "d"]])
    assert list(fused) == ["a", "c", "b", "d"]
    assert fused["a"] == pytest.approx(1 / 61 + 1 / 62)  # 0.032523
    assert fused["c"] == pytest.approx(1 / 63 + 1 / 61)  # 0.032266
    assert fused["b"] == pytest.approx(1 / 62)
    assert fused["d"] == pytest.approx(1 / 63)
    assert list(fuse_rankings([["a", "b"], ["b", "a"]])) == ["a", "b"]
    assert fuse_rankings([["a"], []], c=0) == {"a": 1.0}


def test_a_passage_that_only_one_ranking_knows_is_still_fused() -> None:
    index = compass_index(*(f"hat 1 0.{number:02}" for number in range(60)), "badger -1 0")
    near, far = retrieve(index, "badger 3.5 0", 2, retriever="hybrid")
    assert (near.chunk.text, far.chunk.text) == ("hat 1 0.00", "badger -1 0")
    assert near.scores["rrf"] == pytest.approx(far.scores["rrf"]) == pytest.approx(1 / 61)
    assert near.why == "1st by meaning (cosine 1.00), not among the first 50 by words."
    assert far.why.startswith("Not among the first 50 by meaning (cosine -1.00), 1st by words (BM25 ")
    assert "dense_rank" not in far.scores
    assert "bm25" not in near.scores


def test_diverse_passages_are_those_worked_by_hand() -> None:
    # Cosines with the question .9, .88, .6; the first two are all but the same passage.
    cosines = np.array([0.9, 0.88, 0.6], np.float32)
    alike = np.array([[1, 0.98, 0.2], [0.98, 1, 0.25], [0.2, 0.25, 1]], np.float32)
    chosen = choose_diverse(cosines, alike, 3, balance=0.7)
    assert [place for place, _, _ in chosen] == [0, 2, 1]
    assert [worth for _, worth, _ in chosen] == pytest.approx(
        [0.7 * 0.9, 0.7 * 0.6 - 0.3 * 0.2, 0.7 * 0.88 - 0.3 * 0.98], abs=1e-6
    )
    assert [likeness for _, _, likeness in chosen] == pytest.approx([0, 0.2, 0.98], abs=1e-6)
    assert [place for place, _, _ in choose_diverse(cosines, alike, 9, balance=1)] == [0, 1, 2]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("balance", [0.3, 0.7])
def test_diverse_passages_are_those_langchain_chooses(seed: int, balance: float) -> None:
    vectors = np.random.default_rng(seed).normal(size=(15, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    question = vectors[0] * 0.5 + vectors[1]
    question /= np.linalg.norm(question)
    ours = [place for place, _, _ in choose_diverse(vectors @ question, vectors @ vectors.T, 6, balance)]
    assert ours == maximal_marginal_relevance(question, list(vectors), lambda_mult=balance, k=6)


def test_a_repeated_passage_makes_room_for_another() -> None:
    index = compass_index("twin 1 0.5", "twin again 1 0.52", "other 1 -0.6")
    assert [text.split()[0] for text in texts(retrieve(index, "1 0", 2, retriever="dense"))] == ["twin", "twin"]
    assert [text.split()[0] for text in texts(retrieve(index, "1 0", 2, retriever="mmr"))] == ["twin", "other"]


CORPUS = ["Express delivery costs £8.50.", "Delivery takes five days.", "Boots can be returned.", "Delivery, delivery!"]


def test_bm25_is_the_formula() -> None:
    stems = [content_stems(text) for text in CORPUS]
    n, mean = len(stems), sum(map(len, stems)) / len(stems)
    question = "express delivery"
    scores = WordIndex(stems).scores(question)
    for words, score in zip(stems, scores, strict=True):
        expected = 0.0
        for word in content_stems(question):
            df = sum(word in other for other in stems)
            tf = words.count(word)
            expected += (
                math.log(1 + (n - df + 0.5) / (df + 0.5)) * tf / (tf + 1.5 * (1 - 0.75 + 0.75 * len(words) / mean))
            )
        assert score == pytest.approx(expected, abs=1e-5)


def test_bm25_is_what_bm25s_gives_when_used_plainly() -> None:
    stems = [content_stems(text) for text in CORPUS]
    plain = bm25s.BM25()
    plain.index(stems, show_progress=False)
    places, scores = plain.retrieve([content_stems("delivery days")], k=3, show_progress=False)
    ours = WordIndex(stems).nearest("delivery days", 3)
    assert [place for place, _ in ours] == places[0].tolist()
    assert [score for _, score in ours] == pytest.approx(scores[0].tolist(), abs=1e-5)


@pytest.mark.parametrize("question", ["zebra", "the of and", "", "!?"])
def test_words_nobody_wrote_find_nothing_by_words_and_do_not_crash(index: Index, question: str) -> None:
    assert retrieve(index, question or " ", 3, retriever="bm25") == ()
    assert len(retrieve(index, question or " ", 3, retriever="hybrid")) == 3


def test_passages_without_a_content_word_can_be_searched(embedder: HashingEmbedder) -> None:
    assert WordIndex([(), ()]).nearest("boots", 5) == []
    assert WordIndex([(), ("boot",)]).nearest("boots", 5)[0][0] == 1


@pytest.mark.parametrize("name", RETRIEVERS)
def test_a_threshold_drops_weak_passages_and_may_leave_none(index: Index, name: str) -> None:
    question = "express delivery"
    every = retrieve(index, question, 10, retriever=name)
    bar = sorted(hit.score for hit in every)[len(every) // 2]
    kept = retrieve(index, question, 10, retriever=name, threshold=bar)
    assert kept
    assert all(hit.score >= bar for hit in kept)
    assert [hit.rank for hit in kept] == list(range(1, len(kept) + 1))
    assert {hit.chunk.id for hit in kept} == {hit.chunk.id for hit in every if hit.score >= bar}
    assert retrieve(index, question, 10, retriever=name, threshold=1.0) == ()


def test_a_threshold_looks_further_for_k_passages() -> None:
    chunks = [
        Chunk("a.md#0", "a.md", "A", (), 0, 17, "badger badger 0 1"),
        Chunk("a.md#1", "a.md", "A", (), 0, 18, "badger and hat 1 0"),
    ]
    index = Index.build(chunks, Compass())
    assert texts(retrieve(index, "badger 1 0.1", 1, retriever="bm25", threshold=0.5)) == ["badger and hat 1 0"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"retriever": "magic"}, "There is no retriever “magic”. Choose one of: right-kind, dense"),
        ({"retriever": "meaning"}, "There is no retriever “meaning”"),
        ({"rerank": "magic"}, "There is no re-ranker “magic”. Choose one of: none, late-interaction"),
        ({"k": 0}, "at least 1 passage"),
        ({"threshold": 1.5}, "a cosine lies between -1 and 1"),
        ({"threshold": float("nan")}, "a cosine lies between -1 and 1"),
    ],
)
def test_options_that_cannot_be_say_what_to_choose(index: Index, options: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput) as error:
        RetrievalOptions(**options)  # type: ignore[arg-type]
    assert message in str(error.value)
    with pytest.raises(BadInput):
        retrieve(index, "x", **{"k": 1, **options})  # type: ignore[arg-type]


def test_the_plain_options_are_the_ones_that_measured_best() -> None:
    assert RetrievalOptions() == RetrievalOptions("hybrid", 1, None, "combined")
