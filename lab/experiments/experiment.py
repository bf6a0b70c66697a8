"""What every experiment is: a claim, inputs with their labels, a run, and a saved result that says it is saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lab.errors import LabError
from lab.settings import SAMPLE_DATA

if TYPE_CHECKING:
    from lab.experiments.measured import Measured

RESULTS = SAMPLE_DATA / "results"
Report = Callable[[str, float], None]  # what is being done, and how far it is from 0 to 1


class Result(Protocol):
    """A frozen record that carries its inputs, seed and fingerprints, so a stale picture labels itself."""

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that JSON can hold."""
        ...


def _as_it_is(result: Any) -> Measured:
    return result  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Experiment:
    """`inputs` is a frozen dataclass whose field metadata holds label, help and range; run(inputs, report) → Result.

    Its defaults are the quick run, a minute or so on two cores; `full` are the inputs of the saved result, where they
    differ. describe: a finished result in a few lines of text, for a terminal. measured: the result as series of values,
    which rules judge; a result that is one already needs none.
    """

    id: str
    title: str
    claim: str
    sources: tuple[str, ...]
    inputs: type[Any]
    run: Callable[[Any, Report], Result]
    read: Callable[[Mapping[str, Any]], Any]  # a saved result's dictionary back to a Result
    describe: Callable[[Any], list[str]]
    full: Any = None
    measured: Callable[[Any], Measured] = _as_it_is


def saved_file(experiment_id: str) -> Path:
    """Where the committed result of an experiment lies."""
    return RESULTS / f"{experiment_id}.json"


def load_saved(experiment: Experiment) -> Any | None:
    """The committed result, or None when there is none. Raises LabError when the file is damaged."""
    file = saved_file(experiment.id)
    if not file.is_file():
        return None
    try:
        return experiment.read(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise LabError(f"The saved result {file.name} cannot be read ({error}). Run the experiment again.") from None
