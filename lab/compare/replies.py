"""One pane's reply, in the making and finished: all panes write at the same time, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from lab.compare.panes import ModelFactory, Pane, find_passage, model_for, turns_for
from lab.errors import LabError
from lab.tuning.adherence import to_messages
from lab.tuning.styles import Style, check_inputs

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index

_PATIENCE_SECONDS = 0.05  # how long a reader waits for one pane before it looks at the next
_BROKE_OFF = "This pane broke off before its end. Press the button again."


@dataclass(frozen=True)
class Reply:
    """A finished pane: its text and where it comes from, or the error in its place."""

    pane: str
    text: str
    provenance: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    passage: str = ""
    document: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class ReplyStream:
    """A pane's reply in the making: iterate it for pieces of text; then `text`, `provenance` and `error` are there.

    It is read in its own thread from the beginning on, so a slow reader or a slow neighbour holds nothing up. A piece is
    empty when nothing came for a moment. Trouble that a person can understand ends it, with the sentence in `error`.
    Closing it stops the model's work.
    """

    def __init__(self, pane: Pane, read: Callable[[ReplyStream], Iterator[Any]]) -> None:
        self.pane = pane
        self.text = ""
        self.provenance: Mapping[str, Any] = {}
        self.error = ""
        self.hit: Hit | None = None
        self._handed = 0  # characters that the reader has
        self._done = False
        self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._work, args=(read,), name=f"pane-{pane.id}", daemon=True).start()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        with self._changed:
            self._changed.wait_for(lambda: self._done or len(self.text) > self._handed, _PATIENCE_SECONDS)
            piece = self.text[self._handed :]
            self._handed = len(self.text)
            if not piece and self._done:
                raise StopIteration
            return piece

    def close(self) -> None:
        """Stop: the model is told at its next token. Safe to call twice, and when it has ended."""
        self._closed = True

    def finish(self) -> Reply:
        """Read to the end; returns the reply."""
        for _ in self:
            pass
        return self.reply

    @property
    def reply(self) -> Reply:
        """What is there by now."""
        passage, document = ("", "") if self.hit is None else (self.hit.chunk.text, self.hit.chunk.document)
        return Reply(self.pane.id, self.text, self.provenance, self.error, passage, document)

    def _work(self, read: Callable[[ReplyStream], Iterator[Any]]) -> None:
        error = _BROKE_OFF
        try:
            source = read(self)
            try:
                for chunk in source:
                    with self._changed:
                        self.provenance = chunk.response_metadata.get("provenance", self.provenance)
                        self.text += str(chunk.text)
                        self._changed.notify_all()
                    if self._closed:
                        break
            finally:
                close = getattr(source, "close", None)
                if close is not None:
                    close()
            error = ""
        except LabError as trouble:
            error = str(trouble)
        finally:
            with self._changed:
                self.error = error
                self._done = True
                self._changed.notify_all()


def open_pane(
    pane: Pane,
    style: Style,
    inputs: Mapping[str, str],
    model_factory: ModelFactory,
    *,
    strength: float = 1.0,
    adapter: str | None = None,
    index: Index | None = None,
) -> ReplyStream:
    """Begin a pane's reply. Raises BadInput when the message cannot be used; what is wrong with this pane alone (no
    such adapter, a server that fails) comes out as the stream's `error`, so that its neighbours go on.

    adapter: a shipped name or a PEFT folder, for tuned panes; index: for panes that look it up.
    """
    check_inputs(style, inputs, "The message")
    message = dict(inputs)
    model: BaseChatModel | LabError
    try:
        model = model_for(pane, style, model_factory, adapter=adapter, strength=strength)
    except LabError as trouble:
        model = trouble

    def read(stream: ReplyStream) -> Iterator[Any]:
        if isinstance(model, LabError):
            raise model
        if pane.looked_up and index is not None:
            stream.hit = find_passage(style, message, index)
        return model.stream(to_messages(turns_for(pane, style, message, stream.hit)))

    return ReplyStream(pane, read)


def open_panes(
    panes: Sequence[Pane],
    style: Style,
    inputs: Mapping[str, str],
    model_factory: ModelFactory,
    *,
    strength: float = 1.0,
    adapter: str | None = None,
    index: Index | None = None,
) -> dict[str, ReplyStream]:
    """Begin all panes at once; by id, in their order."""
    return {
        pane.id: open_pane(pane, style, inputs, model_factory, strength=strength, adapter=adapter, index=index)
        for pane in panes
    }
