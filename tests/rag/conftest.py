"""What the tests of looking up share: a tiny embedder, a chat model that says what it is told, a handful of documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from lab.rag.documents import Document
from lab.rag.index import Index
from lab.rag.load import read_document
from lab.rag.split import split_documents
from lab.rag.words import content_stems


class HashingEmbedder(Embeddings):
    """Each content word adds one to one of 256 places: texts that share words are near each other."""

    name = "hashing-256"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.batches.append(list(texts))
        return [self._embed(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._embed(text)

    def _embed(self, text: str) -> list[float]:
        vector = [0.0] * 256
        for word in content_stems(text):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 256] += 1.0
        return vector


class ScriptedModel(BaseChatModel):
    """Streams what `reply` makes of the messages, word by word, and remembers how it was called and closed."""

    reply: Callable[[list[BaseMessage]], str]
    metadata: dict[str, Any] = Field(default_factory=dict)
    calls: list[dict[str, Any]] = Field(default_factory=list)
    closed: list[bool] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self.reply(messages)))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.calls.append({"messages": messages, "stop": stop, **kwargs})
        try:
            for word in self.reply(messages).split(" "):
                yield ChatGenerationChunk(message=AIMessageChunk(word + " "))
            yield ChatGenerationChunk(message=AIMessageChunk("", response_metadata=dict(self.metadata)))
        finally:
            self.closed.append(True)


def says(text: str, **metadata: Any) -> ScriptedModel:
    """A model that answers `text` to everything."""
    return ScriptedModel(reply=lambda _: text, metadata=metadata)


TEXTS = {
    "returns.md": "# Returns\n\nBoots can be returned within 60 days.\n\n## Costs\n\nWe take £3.95 off your refund.\n",
    "delivery.md": "# Delivery\n\nExpress delivery costs £8.50. Standard delivery takes five working days.\n",
    "people.txt": "Our people\n\nDelphine Marsh is the manager at Harrowby Quay.\n\nMarek Dunstall repairs tents.\n",
}


@pytest.fixture
def documents() -> tuple[Document, ...]:
    return tuple(read_document(name, text.encode()) for name, text in TEXTS.items())


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def index(documents: tuple[Document, ...], embedder: HashingEmbedder) -> Index:
    return Index.build(split_documents(documents), embedder)


@pytest.fixture
def make_model() -> Callable[..., ScriptedModel]:
    """`make_model("the text it always answers", provenance={…})`."""
    return says


@pytest.fixture
def quoting_model() -> ScriptedModel:
    """A model that repeats the text of its prompt, as a good reader of one sentence would."""

    def quote(messages: list[BaseMessage]) -> str:
        human = next(message.text for message in messages if message.type == "human")
        return human.split("Text: ", 1)[1].split("\n\nQuestion:", 1)[0] if "Text: " in human else "It is 12."

    return ScriptedModel(reply=quote)
