"""LoRA adapters on disk: found by name or path, checked against the model before anything is attached."""

from __future__ import annotations

import io
import json
import lzma
import math
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np

from lab.errors import BadInput, LabError
from lab.models.convert import linear_layers
from lab.models.weights import sha256_of
from lab.settings import SAMPLE_DATA

SHIPPED = SAMPLE_DATA / "adapters"
WEIGHTS_NAME = "adapter_model.safetensors"
CONFIG_NAME = "adapter_config.json"
MAX_BYTES = 300_000_000
MAX_TEXT_BYTES = 1_000_000  # of each of the small files beside the weights
MAX_UPLOADED_BYTES = 100_000_000  # of the weights; rank 64 on every layer in float32 has 78 MB
MAX_ARCHIVE_FILES = 100
PEFT_ALPHA = 8  # what PEFT takes when a config names no lora_alpha
_TENSOR = re.compile(r"base_model\.model\.(?P<layer>[\w.]+)\.lora_(?P<side>[AB])\.weight")
_NUMBERS = {"F32": (np.uint32, 0x7F80_0000), "F16": (np.uint16, 0x7C00), "BF16": (np.uint16, 0x7F80)}  # exponent's bits
_TEXTS = ("README.md", "training.json")  # kept beside the weights, for people to read
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
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
    _check_numbers(folder / WEIGHTS_NAME)
    alpha = config.get("lora_alpha", PEFT_ALPHA)
    scaling = alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)
    return Adapter(folder.name, folder, sha256_of(folder / WEIGHTS_NAME), rank, scaling, layers)


def read_uploaded_adapter(files: Mapping[str, bytes], folder: Path) -> Adapter:
    """Check what somebody uploaded, a ZIP or the two files by themselves, and leave it as the new PEFT folder `folder`.

    files: name → bytes. Only the two files that an adapter is made of are written, and its card and training.json; names
    and paths from outside choose nothing. The adapter is called as `folder` is. Raises BadInput saying what is wrong, and
    then nothing is left on the disk; LabError when the disk refuses.
    """
    found = _unpack(files)
    if missing := [name for name in (CONFIG_NAME, WEIGHTS_NAME) if name not in found]:
        pickles = [name for name in files if name.lower().endswith(_PICKLES)]
        why = f" {pickles[0][:60]} may be a pickle, which can run code, so it is never opened." if pickles else ""
        raise BadInput(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.{why} Upload both files of a PEFT "
            f"adapter, {CONFIG_NAME} and {WEIGHTS_NAME}, or the folder as a ZIP."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".upload-", dir=folder.parent) as temporary:
            checked = Path(temporary) / folder.name
            checked.mkdir()
            for name, data in found.items():
                (checked / name).write_bytes(data)
            adapter = read_adapter(checked)
            shutil.rmtree(folder, ignore_errors=True)
            checked.replace(folder)
    except OSError as error:
        raise LabError(
            f"The adapter could not be kept ({error.strerror or error}). Make room, then try again."
        ) from None
    return replace(adapter, folder=folder)


def _unpack(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that belong to an adapter, by their own names, whatever folder of an archive they lie in."""
    archives = [name for name in files if name.lower().endswith(".zip")]
    if not archives:
        return _take((name, partial(io.BytesIO, data)) for name, data in files.items())
    if len(files) > 1:
        raise BadInput("Upload either one ZIP or the adapter's two files, not both.")
    try:
        with zipfile.ZipFile(io.BytesIO(files[archives[0]])) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_ARCHIVE_FILES:
                raise BadInput(f"The ZIP holds {len(entries)} files; an adapter has two. Pack that folder alone.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise BadInput("The ZIP is locked with a password. Pack the folder without one.")
            return _take((entry.filename, partial(archive.open, entry)) for entry in entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise BadInput(f"The ZIP cannot be read ({error}). Pack the adapter's folder again.") from None


def _take(entries: Iterable[tuple[str, Callable[[], IO[bytes]]]]) -> dict[str, bytes]:
    """Read what is wanted. Never more than is allowed: the size that an archive states may be a lie."""
    found: dict[str, bytes] = {}
    for path, open_entry in entries:
        name = PurePosixPath(path.replace("\\", "/")).name
        if name not in (CONFIG_NAME, WEIGHTS_NAME, *_TEXTS):
            continue
        if name in found:
            raise BadInput(f"There are two files called {name}, so it is not clear which adapter is meant. Pack one.")
        most = MAX_UPLOADED_BYTES if name == WEIGHTS_NAME else MAX_TEXT_BYTES
        with open_entry() as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise BadInput(f"{name} is over {most / 1e6:g} MB, which is too large for an adapter of this model.")
        found[name] = data
    return found


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
    base = str(config.get("base_model_name_or_path") or "").lower()
    if "smollm" in base and "smollm2-135m" not in base:  # SmolLM-135M has the very same shapes
        raise BadInput(
            f"{folder.name} was trained for another model: “{base[:80]}”. Use an adapter trained on SmolLM2-135M-Instruct."
        )
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


def _check_numbers(file: Path) -> None:
    """Refuse NaN and infinity: with them every answer would be empty or noise. Any number has an exponent below all ones."""
    with file.open("rb") as stream:
        header_bytes = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(header_bytes))
        data = stream.read()
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        kind, exponent = _NUMBERS[entry["dtype"]]
        start, end = entry["data_offsets"]
        bits = np.frombuffer(data[start:end], kind)
        if bool(np.any(bits & exponent == exponent)):
            raise BadInput(
                f"{file.parent.name}/{WEIGHTS_NAME} holds values that are no numbers (NaN or infinity), in “{key[:120]}”: "
                "its training went wrong. Train it again with a lower learning rate."
            )


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
