"""The scorer: committed additions are checked, merged into MiniLM once, and grade (question, passage) pairs."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lab.errors import BadInput
from lab.rag.grader.model import (
    LAYERS,
    LINEAR,
    MAX_TOKENS,
    SCALING,
    encode_pair,
    load_encoder,
    make_tokenizer,
    pad,
    pooled,
    tensor_shapes,
)
from lab.settings import SAMPLE_DATA

SHIPPED = SAMPLE_DATA / "grader"
WEIGHTS_NAME = "weights.safetensors"
RECORD_NAME = "training.json"
BATCH = 32
KEPT_PAIRS = 4096  # grades that are remembered
_MAX_BYTES = 20_000_000


def read_weights(folder: Path) -> tuple[dict[str, np.ndarray[Any, Any]], str]:
    """(tensors, SHA-256 of the file): checked against `training.json`, the names and the shapes. Nothing is unpickled.

    Raises BadInput when a file is missing, was changed, or belongs to another network.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    mend = "Fetch the repository's files again, or train anew with `python -m lab.rag.grader train`."
    try:
        if (folder / WEIGHTS_NAME).stat().st_size > _MAX_BYTES:
            raise BadInput(f"{WEIGHTS_NAME} of the grader is far too large to be ours. {mend}")
        content = (folder / WEIGHTS_NAME).read_bytes()
        record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"The grader's weights cannot be read: {error.strerror or error}. {mend}") from None
    except ValueError:
        raise BadInput(f"The grader's {RECORD_NAME} is not JSON. {mend}") from None
    digest = hashlib.sha256(content).hexdigest()
    if not isinstance(record, dict) or record.get("sha256") != digest:
        raise BadInput(f"The grader's {WEIGHTS_NAME} is not the file that was trained. {mend}")
    try:
        tensors = load(content)
    except (SafetensorError, ValueError) as error:
        raise BadInput(f"The grader's {WEIGHTS_NAME} is not a whole safetensors file ({error}). {mend}") from None
    expected = tensor_shapes()
    wrong = sorted(
        name for name in {*expected, *tensors} if name not in tensors or tensors[name].shape != expected.get(name)
    )
    if wrong:
        raise BadInput(f"The grader's weights are of another network: {wrong[0]} does not fit. {mend}")
    floats = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    if not all(np.isfinite(tensor).all() for tensor in floats.values()):
        raise BadInput(f"The grader's weights hold something that is no number. {mend}")
    return floats, digest


class Grader:
    """Grades passages against a question. Safe from many threads; the network loads at the first use.

    The logit is `w · cosine + b + cross(question, passage)`: 0 is the line between “answers it” and “does not”.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], float] = {}

    @cached_property
    def _weights(self) -> tuple[dict[str, np.ndarray[Any, Any]], str]:
        return read_weights(self.folder)

    @property
    def fingerprint(self) -> str:
        """12 hex digits of the weights' SHA-256."""
        return self._weights[1][:12]

    @cached_property
    def _network(self) -> tuple[Any, Any]:
        """(MiniLM with the additions merged in, tokenizer)."""
        import torch

        tensors, _ = self._weights
        encoder = load_encoder()
        with torch.no_grad():
            for layer in range(LAYERS):
                for name in LINEAR:
                    added = tensors[f"layer.{layer}.{name}.B"] @ tensors[f"layer.{layer}.{name}.A"]
                    weight = encoder.encoder.layer[layer].get_submodule(name).weight
                    weight += SCALING * torch.from_numpy(added)
        # bfloat16 where the processor multiplies it itself: two to three times as fast there, and slower elsewhere.
        if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported():
            encoder.to(torch.bfloat16)
        return encoder.eval().requires_grad_(False), make_tokenizer()

    def load(self) -> None:
        """Load the network now (a second or two the first time) instead of at the first question."""
        with self._lock:
            _ = self._network

    def grade(self, question: str, passages: Sequence[str], cosines: Sequence[float]) -> list[float]:
        """One logit for each passage (as embedded: with title and heading) and its cosine with the question.

        Raises ValueError when there are not as many cosines as passages (a mistake in the caller).
        """
        if len(passages) != len(cosines):
            raise ValueError(f"{len(passages)} passages and {len(cosines)} cosines")
        if not passages:
            return []
        with self._lock:  # ranking and deciding ask for the same pairs, one after the other
            unknown = [text for text in dict.fromkeys(passages) if (question, text) not in self._known]
            crossed = dict(zip(unknown, self._cross(question, unknown), strict=True)) if unknown else {}
            crossed |= {text: self._known[question, text] for text in passages if text not in crossed}
            self._known |= {(question, text): cross for text, cross in crossed.items()}
            while len(self._known) > KEPT_PAIRS:
                self._known.pop(next(iter(self._known)))
        weight = float(self._weights[0]["cosine.weight"][0])
        return [float(crossed[text] + weight * cosine) for text, cosine in zip(passages, cosines, strict=True)]

    def _cross(self, question: str, passages: Sequence[str]) -> np.ndarray[Any, Any]:
        import torch

        encoder, tokenizer = self._network
        tensors, _ = self._weights
        pairs = [encode_pair(tokenizer, question, passage, MAX_TOKENS) for passage in passages]
        order = sorted(range(len(pairs)), key=lambda place: len(pairs[place][0]))
        output = np.empty(len(pairs), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            ids, segments, mask = (torch.from_numpy(array) for array in pad([pairs[place] for place in places]))
            with torch.inference_mode():
                states = encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
                mean = pooled(states.float(), mask).numpy()  # (pairs, 384)
            hidden = np.tanh(mean @ tensors["head.dense.weight"].T + tensors["head.dense.bias"])
            output[places] = (hidden @ tensors["head.out.weight"].T + tensors["head.out.bias"])[:, 0]
        return output


_grader = Grader()


def get_grader() -> Grader:
    """The process's grader, with the shipped weights; it loads itself at the first question."""
    return _grader
