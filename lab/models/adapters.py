"""LoRA adapters on disk: found by name or path, checked against the model before anything is attached."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.errors import BadInput
from lab.models.convert import linear_layers
from lab.models.weights import sha256_of
from lab.settings import SAMPLE_DATA

SHIPPED = SAMPLE_DATA / "adapters"
WEIGHTS_NAME = "adapter_model.safetensors"
CONFIG_NAME = "adapter_config.json"
MAX_BYTES = 300_000_000
PEFT_ALPHA = 8  # what PEFT takes when a config names no lora_alpha
_TENSOR = re.compile(r"base_model\.model\.(?P<layer>[\w.]+)\.lora_(?P<side>[AB])\.weight")
_NUMBERS = ("F32", "F16", "BF16")
_NOT_LORA = ("use_dora", "modules_to_save", "rank_pattern", "alpha_pattern", "layer_replication", "megatron_config")


@dataclass(frozen=True)
class Adapter:
    """A checked PEFT folder. `scaling` is PEFT's lora_alpha / rank, which the served file itself does not carry."""

    name: str
    folder: Path
    sha256: str
    rank: int
    scaling: float
    layers: tuple[str, ...]

    @property
    def file(self) -> Path:
        return self.folder / WEIGHTS_NAME


def list_adapters(folder: Path = SHIPPED) -> tuple[str, ...]:
    """The names of the shipped adapters, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{CONFIG_NAME}")))


def find_adapter(name_or_path: str) -> Adapter:
    """An adapter by its shipped name (`brand-voice`) or by the path of a PEFT folder; raises BadInput."""
    shipped = list_adapters()
    if name_or_path in shipped:
        return read_adapter(SHIPPED / name_or_path)
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return read_adapter(folder)
    known = ", ".join(shipped) or "none yet"
    raise BadInput(
        f"There is no adapter called “{name_or_path}”. Shipped adapters: {known}. "
        f"A folder works too, with {WEIGHTS_NAME} and {CONFIG_NAME} in it."
    )


def read_adapter(folder: Path) -> Adapter:
    """Check a PEFT LoRA folder against the embedded model; raises BadInput saying what does not fit."""
    config = _read_config(folder)
    rank = config["r"]
    shapes = _read_shapes(folder / WEIGHTS_NAME)
    layers = _check_shapes(shapes, rank, folder.name)
    alpha = config.get("lora_alpha", PEFT_ALPHA)
    scaling = alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)
    return Adapter(folder.name, folder, sha256_of(folder / WEIGHTS_NAME), rank, scaling, layers)


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{folder.name} has no {CONFIG_NAME}: a PEFT adapter folder needs one.") from None
    except (ValueError, OSError) as error:
        raise BadInput(f"{folder.name}/{CONFIG_NAME} cannot be read as JSON ({error}).") from None
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        raise BadInput(f"{folder.name} is not a LoRA adapter: its {CONFIG_NAME} must say peft_type LORA.")
    if unsupported := [key for key in _NOT_LORA if config.get(key)]:
        raise BadInput(f"{folder.name} uses {', '.join(unsupported)}, which this app cannot serve. Plain LoRA works.")
    if not isinstance(config.get("r"), int) or config["r"] < 1:
        raise BadInput(f"{folder.name}/{CONFIG_NAME} gives no rank: r must be a whole number of at least 1.")
    alpha = config.get("lora_alpha", PEFT_ALPHA)
    if not isinstance(alpha, int | float) or not math.isfinite(alpha) or alpha == 0:
        raise BadInput(f"{folder.name}/{CONFIG_NAME}: lora_alpha must be a number, and not 0, which changes nothing.")
    return config


def _read_shapes(file: Path) -> dict[str, tuple[int, ...]]:
    """Tensor name → shape, from a safetensors header: nothing is unpickled, nothing is executed."""
    from safetensors import SafetensorError, safe_open

    if not file.is_file():
        raise BadInput(f"{file.parent.name} has no {WEIGHTS_NAME}. Only safetensors are read, never .bin or .pt files.")
    if file.stat().st_size > MAX_BYTES:
        raise BadInput(f"{file.parent.name}/{WEIGHTS_NAME} is over {MAX_BYTES // 1_000_000} MB: too large for a LoRA.")
    try:
        with safe_open(file, framework="numpy") as tensors:
            slices = {key: tensors.get_slice(key) for key in tensors.keys()}  # noqa: SIM118
            if wrong := {kind for part in slices.values() if (kind := part.get_dtype()) not in _NUMBERS}:
                raise BadInput(
                    f"{file.parent.name}/{WEIGHTS_NAME} holds {', '.join(sorted(wrong))} numbers, which cannot be "
                    f"served. Save it again as one of {', '.join(_NUMBERS)}."
                )
            return {key: tuple(part.get_shape()) for key, part in slices.items()}
    except (SafetensorError, OSError) as error:
        raise BadInput(
            f"{file.parent.name}/{WEIGHTS_NAME} is not a whole safetensors file ({error}). "
            "A renamed pickle or a broken download looks like this; nothing in it was run."
        ) from None


def _check_shapes(shapes: Mapping[str, tuple[int, ...]], rank: int, name: str) -> tuple[str, ...]:
    """The layers the adapter attaches to; refuses it when any tensor would attach to nothing or does not fit."""
    layers = linear_layers()
    sides: dict[str, set[str]] = {}
    for key, shape in shapes.items():
        match = _TENSOR.fullmatch(key)
        if match is None or match["layer"] not in layers:
            raise BadInput(
                f"{name} was trained for another model: its tensor “{key[:120]}” has no place in SmolLM2-135M, so the "
                "answer would silently be the base model's. Use an adapter trained on SmolLM2-135M-Instruct."
            )
        rows, columns = layers[match["layer"]]
        expected = (rank, columns) if match["side"] == "A" else (rows, rank)
        if shape != expected:
            raise BadInput(
                f"{name} was trained for another model: “{key}” is {list(shape)}, SmolLM2-135M needs {list(expected)}."
            )
        sides.setdefault(match["layer"], set()).add(match["side"])
    if not sides:
        raise BadInput(f"{name} holds no LoRA tensors, so it would change nothing.")
    if lonely := [layer for layer, found in sides.items() if len(found) != 2]:
        raise BadInput(f"{name} is incomplete: {lonely[0]} has only one half of its LoRA pair.")
    return tuple(sorted(sides))
