"""Edit and ask again: the answer follows the document, and only what changed is embedded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab.errors import BadInput
from lab.rag import editing
from lab.rag.answer import AskOptions
from lab.rag.build import IndexOptions
from lab.rag.collections import list_collections, load_collection, shipped_documents
from lab.rag.documents import Document, Place
from lab.rag.editing import edit_and_ask, edit_document, load_edits, replace_once
from lab.rag.index import Index
from lab.rag.measure import is_right

QUESTION = "How much does express delivery cost?"
ASK = AskOptions(abstain=False, retriever="dense")


@pytest.fixture(autouse=True)
def tiny_embedder(monkeypatch: pytest.MonkeyPatch, embedder: Any) -> None:
    """The rebuild that is timed beside the update uses the same tiny embedder."""
    monkeypatch.setattr(
        editing, "build_index", lambda documents, options: Index.build(editing.split_with(documents, options), embedder)
    )


def run(index: Index, documents: tuple[Document, ...], changed: Document | None, name: str, model: Any) -> Any:
    return edit_and_ask(index, documents, name, changed, QUESTION, model, index_options=IndexOptions(), ask_options=ASK)


def test_the_answer_follows_the_edit_and_one_text_is_embedded(
    index: Index, documents: tuple[Document, ...], quoting_model: Any, embedder: Any
) -> None:
    delivery = next(document for document in documents if document.name == "delivery.md")
    built = len(embedder.batches)
    result = run(index, documents, replace_once(delivery, "£8.50", "£9.75"), "delivery.md", quoting_model)
    assert "£8.50" in result.before.text
    assert "£9.75" in result.after.text
    assert (result.update.embedded, result.update.removed) == (1, 1)
    assert embedder.batches[built] == ["Delivery: Express delivery costs £9.75."]
    assert "£9.75" not in "".join(chunk.text for chunk in index.chunks)  # the old index is as it was


def test_a_deleted_documents_facts_are_gone(index: Index, documents: tuple[Document, ...], quoting_model: Any) -> None:
    result = run(index, documents, None, "delivery.md", quoting_model)
    assert result.deleted
    assert all(chunk.document != "delivery.md" for chunk in result.index.chunks)
    assert "£8.50" not in result.after.text
    assert "£8.50" not in result.after.prompt


def test_what_cannot_be_done_is_said(index: Index, documents: tuple[Document, ...], quoting_model: Any) -> None:
    same = documents[0]
    with pytest.raises(BadInput, match="Nothing has been changed"):
        run(index, documents, same, same.name, quoting_model)
    with pytest.raises(BadInput, match="no document called"):
        run(index, documents, None, "elsewhere.md", quoting_model)
    with pytest.raises(BadInput, match="only document"):
        run(index, documents[:1], None, documents[0].name, quoting_model)
    with pytest.raises(BadInput, match="Delete it instead"):
        edit_document(same, "  \n")
    with pytest.raises(BadInput, match="stands 2 times"):
        replace_once(edit_document(same, "a zip, a zip"), "zip", "patch")


def test_pages_move_with_the_text_before_them() -> None:
    document = Document(
        "a.pdf", "A", "first page\n\nsecond page", "0" * 64, "pdf", (Place(0, "page", 1), Place(12, "page", 2))
    )
    longer = edit_document(document, "the very first page\n\nsecond page")
    assert longer.text[longer.places[1].start :] == "second page"
    assert longer.sha256 != document.sha256
    assert edit_document(document, document.text + " and more").places == document.places


@pytest.mark.parametrize("name", list_collections())
def test_every_shipped_edit_can_be_made_and_changes_its_answer(name: str) -> None:
    documents = {document.name: document for document in shipped_documents(name)}
    edits = load_edits(load_collection(name).folder / "edits.jsonl")
    assert len(edits) == 10
    for edit in edits:
        changed = replace_once(documents[edit.document], edit.find, edit.replace)
        assert is_right(edit.find, [edit.before]), edit.id
        assert is_right(edit.replace, [edit.after]), edit.id
        assert changed.text != documents[edit.document].text
        assert not is_right(edit.replace, [edit.before]), f"{edit.id}: the old answer is still there"


def test_a_malformed_edit_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "edits.jsonl"
    file.write_text('{"id": "one"}\n')
    with pytest.raises(BadInput, match="Line 1"):
        load_edits(file)
