"""What one training was: its options, its losses, its machine; kept as training.json beside the adapter."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lab.errors import BadInput, LabError
from lab.models.adapters import CONFIG_NAME, WEIGHTS_NAME
from lab.models.weights import sha256_of
from lab.tuning.options import TrainOptions

TRAINING_NAME = "training.json"
BASE_MODEL = "SmolLM2-135M-Instruct"
_PACKAGES = ("torch", "transformers", "peft", "safetensors", "tokenizers")


@dataclass(frozen=True)
class LossPoint:
    """The loss after one step, in nats a token of the replies; held_out_loss only where it was measured.

    step counts from 1; train_loss is that step's batch before it was learned; seconds since training began; tokens
    read in all steps so far.
    """

    step: int
    seconds: float
    train_loss: float
    held_out_loss: float | None = None
    tokens: int = 0


@dataclass(frozen=True)
class TrainingRun:
    """One finished training. `options` say everything that repeats it (threads resolved, the style by its name).

    tokens: read in all steps, prompts and replies, padding not counted. tokens_per_second: without the held-out checks.
    ended_by: "steps" (all were made at their own pace: repeatable to the byte), "time" (the time limit shortened or
    hurried it) or "stop".
    """

    options: TrainOptions
    examples: int
    held_out: int
    steps: int
    seconds: float
    tokens: int
    tokens_per_second: float
    curve: tuple[LossPoint, ...]
    held_out_before: float | None
    ended_by: str
    data_sha256: str
    weights_sha256: str
    precision: str
    machine: str
    versions: Mapping[str, str]
    adapter_sha256: str = ""
    adapter_bytes: int = 0

    @property
    def style(self) -> str:
        return self.options.style

    @property
    def seed(self) -> int:
        return self.options.seed

    @property
    def stopped_early(self) -> bool:
        """Whether it ended before all its steps were made."""
        return self.steps < self.options.max_steps

    @property
    def held_out_after(self) -> float | None:
        """The last held-out loss that was measured, None where nothing was held out."""
        measured = [point.held_out_loss for point in self.curve if point.held_out_loss is not None]
        return measured[-1] if measured else None

    def to_json(self) -> dict[str, Any]:
        """Everything, as training.json and `train --json` give it."""
        fields = asdict(self)
        return {"style": self.style, "seed": self.seed, "stopped_early": self.stopped_early, **fields}


@dataclass(frozen=True)
class Snapshots:
    """Unfinished adapters, every `every` steps, as PEFT folders step-0016, step-0032 … in `folder`, which must exist.

    on_taken hears of each, with its step, once it is whole. Only the last `keep` stay.
    """

    folder: Path
    every: int
    on_taken: Callable[[int, Path], None] = lambda step, folder: None
    keep: int = 2

    def take(self, step: int, tensors: Mapping[str, Any], peft_config: Mapping[str, Any]) -> None:
        """Write one folder whole; raises LabError when the disk refuses."""
        from safetensors.torch import save_file

        place = self.folder / f"step-{step:04d}"
        try:
            with tempfile.TemporaryDirectory(prefix=".saving-", dir=self.folder) as temporary:
                new = Path(temporary) / "adapter"
                new.mkdir()
                save_file(dict(sorted(tensors.items())), new / WEIGHTS_NAME, metadata={"format": "pt"})
                _write_json(new / CONFIG_NAME, peft_config)
                new.replace(place)
            for old in sorted(self.folder.glob("step-*"))[: -self.keep]:
                shutil.rmtree(old)
        except OSError as error:
            raise LabError(
                f"The unfinished adapter could not be saved ({error.strerror or error}). Make room."
            ) from None
        self.on_taken(step, place)


def read_training(folder: Path) -> TrainingRun:
    """The training.json of an adapter folder; raises BadInput where it is missing or of another make."""
    file = folder / TRAINING_NAME
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        for derived in ("style", "seed", "stopped_early"):
            del data[derived]
        options = data.pop("options")
        options["modules"] = tuple(options["modules"])
        curve = tuple(LossPoint(**point) for point in data.pop("curve"))
        return TrainingRun(options=TrainOptions(**options), curve=curve, **data)
    except FileNotFoundError:
        raise BadInput(f"{folder.name} has no {TRAINING_NAME}, so nothing is known of its training.") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadInput(f"{folder.name}/{TRAINING_NAME} cannot be read ({error}).") from None


def check_target(out_folder: Path) -> None:
    """Raise before any work is done: BadInput for a folder with other things in it, LabError for one without access."""
    if out_folder.exists():
        if not out_folder.is_dir():
            raise BadInput(f"{out_folder} is a file. Name a folder that is new or holds an adapter.")
        if any(out_folder.iterdir()) and not (out_folder / CONFIG_NAME).is_file():
            raise BadInput(f"{out_folder} holds other things than an adapter, so it is left alone. Name a new folder.")
    try:
        out_folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out_folder.parent):
            pass
    except OSError as error:
        raise LabError(
            f"Nothing can be saved in {out_folder.parent} ({error.strerror or error}). Name another folder."
        ) from None


def save_adapter(
    tensors: Mapping[str, Any], peft_config: Mapping[str, Any], run: TrainingRun, out_folder: Path
) -> TrainingRun:
    """Write the PEFT folder whole or not at all; gives the run back with the adapter's hash and size.

    tensors: PEFT's names → torch tensors (rank, columns) and (rows, rank). Raises LabError when the disk refuses.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        with tempfile.TemporaryDirectory(prefix=".saving-", dir=out_folder.parent) as temporary:
            folder = Path(temporary) / "adapter"
            folder.mkdir()
            file = folder / WEIGHTS_NAME
            save_file(dict(sorted(tensors.items())), file, metadata={"format": "pt"})
            file.chmod(0o644)
            run = replace(run, adapter_sha256=sha256_of(file), adapter_bytes=file.stat().st_size)
            _write_json(folder / CONFIG_NAME, peft_config)
            _write_json(folder / TRAINING_NAME, run.to_json())
            _swap(folder, out_folder, Path(temporary) / "old")
    except (OSError, SafetensorError) as error:
        free = shutil.disk_usage(out_folder.parent).free / 1e6
        reason = getattr(error, "strerror", None) or error
        raise LabError(
            f"The adapter could not be saved in {out_folder} ({reason}; {free:.0f} MB are free there). "
            "Nothing was left half-written. Make room or name another folder, then train again."
        ) from None
    return run


def _swap(new: Path, place: Path, old: Path) -> None:
    """Put `new` where `place` is; what lay there goes to `old`, and comes back when that fails."""
    if not place.exists():
        new.replace(place)
        return
    place.replace(old)
    try:
        new.replace(place)
    except OSError:
        old.replace(place)
        raise


def describe_versions() -> dict[str, str]:
    """The versions that can change what comes out, by package."""
    return {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in _PACKAGES}}


def describe_machine() -> str:
    """The kind of machine, without anything that names this one."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass  # not Linux, or a processor that does not say
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def _write_json(file: Path, data: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
