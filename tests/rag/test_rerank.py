"""Re-ranking: MaxSim worked by hand, order and reasons after it, and the real model on a passage one vector blurs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lab.errors import BadInput
from lab.models.embedder import get_embedder
from lab.rag import rerank
from lab.rag.index import Hit, Index
from lab.rag.rerank import RERANKERS, Reranker, TokenVectors, late_interaction, rerank_hits
from lab.rag.retrieve import retrieve
from lab.rag.split import Chunk


def hit(rank: int, text: str) -> Hit:
    chunk = Chunk(f"a.md#{rank}", "a.md", "A", (), 0, len(text), text)
    return Hit(rank, chunk, 0.5, text, {"cosine": 0.5}, f"{rank} by chance.")


def test_late_interaction_is_the_mean_of_each_question_tokens_best_match() -> None:
    question = np.array([[1, 0], [0, 1]], np.float32)
    passage = np.array([[0.6, 0.8], [1, 0]], np.float32)
    empty = np.empty((0, 2), np.float32)
    assert late_interaction(question, [passage]) == pytest.approx([(1 + 0.8) / 2])
    assert late_interaction(question, [empty, passage[:1], passage, empty]) == pytest.approx([0, 0.7, 0.9, 0])
    assert late_interaction(question, [empty]) == [0]
    assert late_interaction(question, []) == []
    assert late_interaction(empty, [passage]) == [0]


def test_the_new_order_is_numbered_and_says_who_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_length(question: str, hits: Sequence[Hit]) -> list[float]:
        return [float(len(one.context)) for one in hits]

    monkeypatch.setitem(RERANKERS, "length", Reranker("length", "By length", "Longest first.", by_length))
    before = [hit(1, "short"), hit(2, "longest of all"), hit(3, "equal")]
    after = rerank_hits("q", before, "length")
    assert [one.chunk.text for one in after] == ["longest of all", "short", "equal"]
    assert [one.rank for one in after] == [1, 2, 3]
    assert after[0].scores == {"cosine": 0.5, "length": 14.0}
    assert after[0].why == "2 by chance. Re-ranked “By length” (14.00): moved from 2nd to 1st."
    assert after[2].why.endswith("left at 3rd.")
    assert all(one.score == 0.5 for one in after)


def test_no_hits_and_no_reranker_change_nothing() -> None:
    hits = (hit(1, "one"), hit(2, "two"))
    assert rerank_hits("q", hits, "none") == hits
    assert rerank_hits("q", (), "late-interaction") == ()
    with pytest.raises(BadInput, match=r"There is no re-ranker “magic”\. Choose one of: none, late-interaction"):
        rerank_hits("q", hits, "magic")


def test_a_passages_token_vectors_are_made_once_and_only_so_many_are_kept() -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> list[np.ndarray]:
        asked.extend(texts)
        return [np.full((2, 3), len(text), np.float32) for text in texts]

    vectors = TokenVectors(embed, kept=2)
    assert [found[0, 0] for found in vectors.of(["a", "bb", "a"])] == [1, 2, 1]
    vectors.of(["bb", "a"])
    assert asked == ["a", "bb"]
    vectors.of(["ccc"])
    vectors.of(["a"])  # the most recently used of the two was kept
    assert asked == ["a", "bb", "ccc"]
    vectors.of(["bb"])
    assert asked == ["a", "bb", "ccc", "bb"]


def test_token_vectors_can_be_asked_for_by_many_threads_at_once() -> None:
    vectors = TokenVectors(lambda texts: [np.full((1, 1), int(text), np.float32) for text in texts], kept=3)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: vectors.of([str(n % 7), str(n % 5)]), range(200)))
    assert all((first[0, 0], second[0, 0]) == (n % 7, n % 5) for n, (first, second) in enumerate(found))


def test_the_real_model_gives_one_vector_per_word_piece_whoever_is_embedded_with_it() -> None:
    embedder = get_embedder()
    texts = ["Boots cost £9.", "", "Tents are cheaper in winter than in spring."]
    together = embedder.embed_tokens(texts)
    assert [vectors.shape[1] for vectors in together] == [384] * 3
    assert len(together[1]) == 0
    assert 4 <= len(together[0]) < len(together[2])
    assert np.linalg.norm(together[0], axis=1) == pytest.approx(np.ones(len(together[0])), abs=1e-5)
    for text, vectors in zip(texts, together, strict=True):
        assert np.array_equal(embedder.embed_tokens([text])[0], vectors)


def test_late_interaction_puts_the_passage_with_the_telling_word_first() -> None:
    texts = ["A day ticket for the ferry is £4.", "A day ticket for the tram is £3.", "A dog rides the ferry for free."]
    chunks = [Chunk(f"a.md#{n}", "a.md", "Fares", (), 0, len(text), text) for n, text in enumerate(texts)]
    index = Index.build(chunks, get_embedder())
    hits = retrieve(index, "What is a tram day ticket?", 2, retriever="dense", rerank="late-interaction")
    assert hits[0].chunk.text == texts[1]
    assert hits[0].scores["late"] > hits[1].scores["late"]
    own = rerank._embed_tokens(["What is a tram day ticket?"])[0]
    assert hits[0].scores["late"] == pytest.approx(
        late_interaction(own, rerank._embed_tokens([hits[0].context]))[0], abs=2e-3
    )
