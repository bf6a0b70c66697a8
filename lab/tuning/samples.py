"""Sample answers on the way: what the newest snapshot of a training says to messages that it does not learn from."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.settings import Settings
from lab.tuning.styles import Example, Style, load_examples, messages_for

if TYPE_CHECKING:
    from lab.tuning.desk import Training

SAMPLES = 3  # unseen messages that are answered at each snapshot
Answer = Callable[[Style, Sequence[Example], Path | None], Sequence[str]]  # None: the base model


@dataclass(frozen=True)
class Sample:
    """What the model said to some unseen messages after `step` steps (0: before any), as it would be served."""

    step: int
    replies: tuple[tuple[Example, str], ...]


class Sampler:
    """Lets the newest snapshot answer some unseen messages, in a thread of its own, so that training never waits for it."""

    def __init__(self, training: Training, answer: Answer, snapshots: Path) -> None:
        """`snapshots` is deleted when the last one has been answered."""
        self._training = training
        self._answer = answer
        self._snapshots = snapshots
        self._messages = pick_messages(unseen_messages(training.style), SAMPLES) if training.sampled else ()
        self._offers: queue.SimpleQueue[tuple[int, Path | None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="training-samples", daemon=True)
        if self._messages:
            training.sampling = True
            self._thread.start()

    def offer(self, step: int, folder: Path | None) -> None:
        """There is something new to ask; an older offer that still waits is passed over."""
        self._offers.put((step, folder))

    def close(self) -> None:
        """No more offers; the last one is still answered, then the snapshots go."""
        self._offers.put(None)
        if not self._messages:
            shutil.rmtree(self._snapshots, ignore_errors=True)

    def _run(self) -> None:
        try:
            self._answer_offers()
        finally:
            self._training.sampling = False
            shutil.rmtree(self._snapshots, ignore_errors=True)

    def _answer_offers(self) -> None:
        closed = False
        while not closed:
            offer = self._offers.get()
            while not self._offers.empty() and offer is not None and offer[0] > 0:
                newer = self._offers.get()
                closed = newer is None
                offer = offer if closed else newer
            if offer is None:
                break
            step, folder = offer
            if self._training.state in ("failed", "cancelled"):
                break
            try:
                replies = self._answer(self._training.style, self._messages, folder)
                sample = Sample(step, tuple(zip(self._messages, replies, strict=True)))
            except Exception:  # noqa: BLE001 - samples are a courtesy: no failure of theirs may cost the training
                continue
            self._training.samples = (*self._training.samples, sample)


def unseen_messages(style: Style) -> tuple[Example, ...]:
    """The messages a training may be watched on: the style's dev.jsonl, else the held-back test.jsonl of one's own."""
    for name in ("dev.jsonl", "test.jsonl"):
        file = style.folder / name
        if file.is_file():
            return load_examples(file, style)
    return ()


def pick_messages(messages: Sequence[Example], count: int) -> tuple[Example, ...]:
    """`count` messages from all over the list, of different topics as far as there are some."""
    picked: list[Example] = []
    count = min(count, len(messages))
    for at in range(count):
        start = at * len(messages) // count
        left = [item for item in (*messages[start:], *messages[:start]) if item not in picked]
        topics = {item.topic for item in picked}
        picked.append(next((item for item in left if item.topic not in topics), left[0]))
    return tuple(picked)


def let_answer(settings: Settings, style: Style, messages: Sequence[Example], folder: Path | None) -> list[str]:
    """What the serving engine says, all messages at once."""
    from lab.models.catalogue import choose_model
    from lab.tuning.adherence import to_messages

    model = choose_model(settings, adapter=None if folder is None else str(folder), max_tokens=style.max_tokens)
    asked: list[Any] = [to_messages(messages_for(style, message.inputs)) for message in messages]
    return [str(answer.text).strip() for answer in model.batch(asked)]
