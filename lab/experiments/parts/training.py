"""Training inside an experiment, at the desk as everybody's, and what the model then says to a style's messages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.experiments.experiment import Report
from lab.experiments.parts.figures import Share
from lab.models.catalogue import choose_model
from lab.settings import get_settings
from lab.tuning.adherence import measure_adherence
from lab.tuning.options import TrainOptions
from lab.tuning.run import TrainingRun
from lab.tuning.styles import Example, Style

_LOOK_SECONDS = 0.3


@dataclass(frozen=True)
class Judged:
    """A style's messages answered by one model: every rule kept, fits the message (where that was judged), first reply."""

    kept: Share
    right: Share
    first_reply: str


def judge_messages(style: Style, messages: Sequence[Example], adapter: str | None) -> Judged:
    """Let the base model, or an adapter by its name or folder, answer the messages."""
    result = measure_adherence(style, messages, choose_model(get_settings(), adapter=adapter))
    judged = [row.content.passed for row in result.rows if row.content is not None]
    return Judged(Share.of([row.passed for row in result.rows]), Share.of(judged), result.rows[0].reply)


@contextmanager
def trained(
    options: TrainOptions,
    report: Report,
    label: str,
    share: tuple[float, float],
    examples: Sequence[Example] | None = None,
) -> Iterator[tuple[Path, TrainingRun]]:
    """Train as `options` say, and give the adapter's folder until the block ends.

    label is put before what is reported. share: the part of the experiment's progress that this training is, for
    example (0.25, 0.5). It waits for its turn in the queue of this machine. A `report` that raises ends the training.
    Raises LabError when it fails.
    """
    from lab.tuning.desk import get_desk

    begin, end = share
    training = get_desk(get_settings()).submit(options, examples=examples, name=label, sampled=False)
    try:
        while not training.wait(_LOOK_SECONDS).ended:
            report(f"{label}: {training.stage}", begin + (end - begin) * training.share)
        if training.result is None:
            raise LabError(training.error)
        yield training.folder, training.result
    finally:
        training.cancel()
        shutil.rmtree(training.folder.parent, ignore_errors=True)
