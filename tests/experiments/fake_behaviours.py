"""A model for experiments on behaviours: a test says what each set of weights replies to a prompt, and it is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from lab.experiments.parts import behaviours

Prompt = list[tuple[str, str]]  # (system | human | ai, text)
Reply = Callable[[str | None, Prompt], str]  # adapter (None is the base model), prompt → reply


class FakeModel(BaseChatModel):
    """One token is one word; `seen` is shared by the models of one test, in the order of asking."""

    reply: Reply
    adapter: str | None
    max_tokens: int
    seen: list[tuple[str | None, int, Prompt]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        prompt = [(message.type, str(message.text)) for message in messages]
        self.seen.append((self.adapter, self.max_tokens, prompt))
        words = self.reply(self.adapter, prompt).split(" ")[: self.max_tokens]
        read = sum(len(text.split()) for _, text in prompt)
        usage = UsageMetadata(input_tokens=read, output_tokens=len(words), total_tokens=read + len(words))
        message = AIMessage(content=" ".join(words), usage_metadata=usage)
        return ChatResult(generations=[ChatGeneration(message=message)])


def let_reply(monkeypatch: pytest.MonkeyPatch, reply: Reply) -> list[tuple[str | None, int, Prompt]]:
    """Every model of the experiment replies so; returns what will be asked: (adapter, max_tokens, prompt)."""
    seen: list[tuple[str | None, int, Prompt]] = []

    def choose(settings: object, *, adapter: str | None, max_tokens: int) -> FakeModel:
        model = FakeModel(reply=reply, adapter=adapter, max_tokens=max_tokens)
        model.seen = seen
        return model

    monkeypatch.setattr(behaviours, "choose_model", choose)
    return seen
