"""What tests of experiments put in the place of models: an embedder that counts words, no re-ranking, scripted answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from langchain_core.messages import BaseMessage

from lab.rag import build, collections, decide, rerank
from lab.rag.build import IndexOptions, build_index
from lab.rag.collections import shipped_documents
from lab.rag.index import Index
from tests.rag.conftest import HashingEmbedder, ScriptedModel

_EMBEDDER = HashingEmbedder()


@cache
def _built(name: str, options: IndexOptions) -> Index:
    return build_index(shipped_documents(name), options)


def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes are made with word counts, kept for the tests only; the stated rule decides; nothing is re-ranked."""
    monkeypatch.setattr(build, "get_embeddings", lambda name: _EMBEDDER)
    monkeypatch.setattr(collections, "_build", _built)
    monkeypatch.setitem(rerank.RERANKERS, "combined", rerank.RERANKERS["none"])
    monkeypatch.setitem(decide.CHECKS, "grader", decide.CHECKS["rule"])


def page_of(messages: list[BaseMessage]) -> str:
    """The passages in a prompt of the lab's own, "" when it is closed book."""
    human = next(str(message.text) for message in messages if message.type == "human")
    return human.partition("Text: ")[2].partition("\n\nQuestion:")[0]


def question_of(messages: list[BaseMessage]) -> str:
    """The question in a prompt of the lab's own."""
    human = next(str(message.text) for message in messages if message.type == "human")
    return human.rpartition("Question: ")[2].strip()


def quoting(closed_book: str = "It is probably twelve.") -> ScriptedModel:
    """A model that repeats the passages it is shown, and says `closed_book` where there are none."""
    return ScriptedModel(reply=lambda messages: page_of(messages) or closed_book)


def answering(reply: Callable[[str, str], str]) -> ScriptedModel:
    """A model that answers `reply(question, passages)`."""
    return ScriptedModel(reply=lambda messages: reply(question_of(messages), page_of(messages)))


def quiet(what: str, done: float) -> None:
    """A report that only looks whether it is told something sensible."""
    assert what
    assert 0 <= done <= 1
