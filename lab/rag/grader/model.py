"""The network: MiniLM reading question and passage together, small trained additions to its layers, one logit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.models.embedder import DIMENSIONS, model_folder

if TYPE_CHECKING:
    import torch

RANK = 16
SCALING = 2.0  # of what the additions give: W + SCALING · B A
LAYERS = 6
INNER = 1536
MAX_TOKENS = 160  # of question and passage together; what comes after is not read
MAX_QUESTION_TOKENS = 64

# Every linear layer of a block: its name in the block, and its (outputs, inputs).
LINEAR = {
    "attention.self.query": (DIMENSIONS, DIMENSIONS),
    "attention.self.key": (DIMENSIONS, DIMENSIONS),
    "attention.self.value": (DIMENSIONS, DIMENSIONS),
    "attention.output.dense": (DIMENSIONS, DIMENSIONS),
    "intermediate.dense": (INNER, DIMENSIONS),
    "output.dense": (DIMENSIONS, INNER),
}


def tensor_shapes() -> dict[str, tuple[int, ...]]:
    """Name → shape of every tensor that training makes, and that a file of weights must hold."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(LAYERS):
        for name, (outputs, inputs) in LINEAR.items():
            shapes[f"layer.{layer}.{name}.A"] = (RANK, inputs)
            shapes[f"layer.{layer}.{name}.B"] = (outputs, RANK)
    shapes |= {
        "head.dense.weight": (DIMENSIONS, DIMENSIONS),
        "head.dense.bias": (DIMENSIONS,),
        "head.out.weight": (1, DIMENSIONS),
        "head.out.bias": (1,),
        "cosine.weight": (1,),
    }
    return shapes


def load_encoder() -> Any:
    """MiniLM's own layers as they are installed, in fp32; raises LabError when they are not."""
    from transformers import BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # it would report that the pooling layer, which nobody asked for, was left out
    try:
        return BertModel.from_pretrained(
            str(model_folder()), add_pooling_layer=False, attn_implementation="sdpa", local_files_only=True
        )
    finally:
        logging.set_verbosity(verbosity)


def make_tokenizer() -> Any:
    """MiniLM's tokenizer, without padding or cutting of its own."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode_pair(tokenizer: Any, question: str, passage: str, limit: int = MAX_TOKENS) -> tuple[list[int], int]:
    """([CLS] question [SEP] passage [SEP] as token ids, where the passage begins); at most `limit` ids.

    A long question keeps its end, where people ask after telling their story; a long passage keeps its beginning.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids[-MAX_QUESTION_TOKENS:]
    read = tokenizer.encode(passage, add_special_tokens=False).ids[: limit - len(asked) - 3]
    return [101, *asked, 102, *read, 102], len(asked) + 2


def pad(pairs: Sequence[tuple[list[int], int]]) -> tuple[Any, Any, Any]:
    """Encoded pairs → (ids, segment, attention mask), each (pairs, longest) int64."""
    longest = max(len(ids) for ids, _ in pairs)
    ids = np.zeros((len(pairs), longest), dtype=np.int64)
    segments, mask = np.zeros_like(ids), np.zeros_like(ids)
    for row, (tokens, second) in enumerate(pairs):
        ids[row, : len(tokens)] = tokens
        segments[row, second : len(tokens)] = 1
        mask[row, : len(tokens)] = 1
    return ids, segments, mask


def pooled(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of the states of real tokens: (pairs, tokens, 384) → (pairs, 384)."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)
