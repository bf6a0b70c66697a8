"""The shipped collections: complete, answerable where they say so, and found by the real embedder (development questions)."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from lab.models.embedder import get_embedder
from lab.rag.collections import index_collection, list_collections, load_collection, load_documents, shipped_documents
from lab.rag.measure import Question, evaluate, is_right, load_questions, same_document

KINDS = {"single-fact", "paraphrase", "table", "several-documents", "split-fact", "superseded", "unanswerable"}
FORMATS = {"md", "txt", "pdf", "docx", "html", "csv", "json", "jsonl"}
SPLITS = ("dev", "test")


def questions(name: str, split: str) -> tuple[Question, ...]:
    return load_questions(load_collection(name).questions(split))


@pytest.mark.parametrize("name", list_collections())
def test_a_collection_has_every_kind_of_file_and_nothing_is_refused(name: str) -> None:
    loaded = load_documents(name)
    assert loaded.refused == ()
    assert len(loaded.documents) >= 15
    assert {document.format for document in loaded.documents} == FORMATS
    for document in loaded.documents:
        assert 150 <= len(document.text.split()) <= 1500, document.name
        assert all(before.start <= after.start for before, after in pairwise(document.places))


@pytest.mark.parametrize("name", list_collections())
@pytest.mark.parametrize("split", SPLITS)
def test_every_gold_answer_stands_in_its_document_as_it_is_read(name: str, split: str) -> None:
    documents = shipped_documents(name)
    for question in questions(name, split):
        for part in question.parts:
            texts = [document.text for document in documents if same_document(document.name, part.document)]
            assert texts, f"{question.id}: there is no {part.document}"
            assert is_right(texts[0], part.answers), f"{question.id}: no gold string in {part.document}"
            assert not question.stale or not is_right(texts[0], question.stale), f"{question.id}: not superseded"


@pytest.mark.parametrize("name", list_collections())
def test_there_are_enough_questions_of_every_kind_and_no_one_is_in_both_files(name: str) -> None:
    dev, test = (questions(name, split) for split in SPLITS)
    assert not {item.question.lower() for item in dev} & {item.question.lower() for item in test}
    for asked in (dev, test):
        assert len(asked) >= 40
        kinds = Counter(question.kind for question in asked)
        assert set(kinds) == KINDS
        assert kinds["unanswerable"] * 5 >= len(asked)
        assert all((question.kind == "unanswerable") != question.is_answerable for question in asked)
        assert all(len(question.documents) >= 2 for question in asked if question.kind == "several-documents")


@pytest.mark.parametrize("name", list_collections())
def test_the_real_embedder_finds_the_right_passage(name: str) -> None:
    result = evaluate(index_collection(name), questions(name, "dev"), None)
    assert result.passage_recall_at_3 is not None
    assert result.passage_recall_at_3 >= 0.75
    assert result.recall_at_3 is not None
    assert result.recall_at_3 >= 0.85


def test_a_real_score_is_the_cosine_of_the_real_vectors() -> None:
    index = index_collection("tarnmoor-help")
    question = "How much does express delivery cost?"
    query = get_embedder().embed_query(question)
    for hit in index.search(question, 5):
        vector = get_embedder().embed_query(hit.context)
        assert hit.score == pytest.approx(sum(a * b for a, b in zip(query, vector, strict=True)), abs=1e-5)
