"""Training inside an experiment: an adapter that lives as long as the experiment needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.experiments.experiment import Report
from lab.settings import get_settings
from lab.tuning.options import TrainOptions
from lab.tuning.run import TrainingRun
from lab.tuning.styles import Example


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
    example (0.25, 0.5). A `report` that raises
    stops the training, as everything else.
    """
    from lab.tuning.train import train_adapter

    begin, end = share

    def pass_on(stage: str, done: float) -> None:
        report(f"{label}: {stage}", begin + (end - begin) * done)

    with tempfile.TemporaryDirectory(prefix="experiment-") as folder:
        place = Path(folder) / "adapter"
        yield place, train_adapter(options, place, get_settings(), pass_on, examples=examples)
