"""What tests of experiments put in the place of trainings: nothing is trained, and the tuned model says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from langchain_core.language_models import BaseChatModel

from lab.experiments.experiment import Report
from lab.tuning.options import TrainOptions
from lab.tuning.run import TrainingRun
from lab.tuning.styles import Example
from tests.experiments.fake_lab import quoting
from tests.rag.conftest import ScriptedModel

SECONDS = 30.0  # that every training is said to have taken


@dataclass
class FakeDesk:
    """Remembers every training. `reply` makes a tuned model's answer of (options, examples by question, question)."""

    reply: Callable[[TrainOptions, dict[str, str], str], str]
    base: BaseChatModel
    trainings: list[tuple[TrainOptions, tuple[Example, ...]]] = field(default_factory=list)

    @contextmanager
    def trained(
        self,
        options: TrainOptions,
        report: Report,
        label: str,
        share: tuple[float, float],
        examples: Sequence[Example] | None = None,
    ) -> Iterator[tuple[Path, TrainingRun]]:
        self.trainings.append((options, tuple(examples or ())))
        report(f"{label}: training", share[0])
        report(f"{label}: training", share[1])
        run = TrainingRun(
            options=options,
            examples=len(examples or ()),
            held_out=0,
            steps=options.max_steps,
            seconds=SECONDS,
            tokens=1,
            tokens_per_second=1.0,
            curve=(),
            held_out_before=None,
            ended_by="steps",
            data_sha256="",
            weights_sha256="",
            precision="float32",
            machine="",
            versions={},
            adapter_sha256=f"sha-{len(self.trainings)}",
        )
        yield Path(f"adapter-{len(self.trainings) - 1}"), run

    def choose_model(self, settings: object, *, adapter: str | None = None) -> BaseChatModel:
        if adapter is None:
            return self.base
        options, examples = self.trainings[int(adapter.rpartition("-")[2])]
        known = {next(iter(example.inputs.values())): example.reply for example in examples}
        return ScriptedModel(
            reply=lambda messages: self.reply(options, known, str(messages[-1].text).removeprefix("Ticket: "))
        )


def put_in(
    monkeypatch: pytest.MonkeyPatch,
    modules: Sequence[ModuleType],
    reply: Callable[[TrainOptions, dict[str, str], str], str],
    base: BaseChatModel | None = None,
) -> FakeDesk:
    """A fake desk in place of `trained` and `choose_model` in these modules."""
    desk = FakeDesk(reply, base or quoting())
    for module in modules:
        for name in ("trained", "choose_model"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(desk, name))
    return desk


@dataclass
class Progress:
    """A report that looks whether progress goes forward."""

    last: float = 0.0

    def __call__(self, what: str, done: float) -> None:
        assert what
        assert self.last <= done <= 1
        self.last = done
