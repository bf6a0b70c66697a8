"""The shipped collection with the real embedder: the right document is found, by development questions only."""

from __future__ import annotations

import pytest

from lab.models.embedder import get_embedder
from lab.rag.collections import index_collection, list_collections, load_collection, load_documents
from lab.rag.measure import evaluate, is_right, load_questions, same_document


@pytest.mark.parametrize("name", list_collections())
def test_every_gold_answer_stands_in_its_document(name: str) -> None:
    documents = load_documents(name).documents
    for split in ("dev", "test"):
        for question in load_questions(load_collection(name).questions(split)):
            if question.is_answerable:
                texts = [document.text for document in documents if same_document(document.name, question.document)]
                assert texts, f"{question.id}: there is no {question.document}"
                assert is_right(texts[0], question.answers), f"{question.id}: no gold string in {question.document}"


def test_the_real_embedder_finds_the_right_document() -> None:
    result = evaluate(
        index_collection("tarnmoor-help"), load_questions(load_collection("tarnmoor-help").questions("dev")), None
    )
    assert result.recall_at_1 is not None
    assert result.recall_at_3 is not None
    assert result.recall_at_1 >= 0.85
    assert result.recall_at_3 >= 0.95


def test_a_real_score_is_the_cosine_of_the_real_vectors() -> None:
    index = index_collection("tarnmoor-help")
    question = "How much does express delivery cost?"
    query = get_embedder().embed_query(question)
    for hit in index.search(question, 5):
        vector = get_embedder().embed_query(hit.context)
        assert hit.score == pytest.approx(sum(a * b for a, b in zip(query, vector, strict=True)), abs=1e-5)
