"""Replies in a style, streamed, for the compare page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lab.tuning.styles import Style, messages_for

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MESSAGES = (  # topics the adapter was not trained on
    "my sleeping bag says comfort 2 degrees, is that enough for a frosty night in october?",
    "Can I collect my order at the Fellgate shop on Sunday?",
    "Do you lend kayaks when it is windy?",
)


class ReplyStream:
    """One model's reply: iterate for text; then `text` and `provenance` are there. Closing it stops the model."""

    def __init__(self, source: Iterator[Any]) -> None:
        self._source = source
        self.text = ""
        self.provenance: Mapping[str, Any] = {}

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for chunk in self._source:
            self.provenance = chunk.response_metadata.get("provenance", self.provenance)
            if chunk.text:
                self.text += chunk.text
                return str(chunk.text)
        raise StopIteration

    def close(self) -> None:
        """Stop reading; an unfinished request is cancelled."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()


def open_reply(style: Style, inputs: Mapping[str, str], model: BaseChatModel) -> ReplyStream:
    """Begin a reply to the message in `inputs`. Raises BadInput when the message cannot be used."""
    turns = messages_for(style, dict(inputs))
    return ReplyStream(model.model_copy(update={"max_tokens": style.max_tokens}).stream(turns))
