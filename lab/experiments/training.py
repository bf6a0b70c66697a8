"""Training inside an experiment: at the desk, as everybody's, and the adapter lives as long as the experiment needs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.errors import LabError
from lab.experiments.experiment import Report
from lab.settings import get_settings
from lab.tuning.options import TrainOptions
from lab.tuning.run import TrainingRun
from lab.tuning.styles import Example

_LOOK_SECONDS = 0.3


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
