"""GGUF → OpenVINO, once, in the cache folder: exact 4-bit weights, and every linear layer named so adapters attach.

OpenVINO's own GGUF reader does most of it and leaves two faults that this module mends (measured in bench/README.md):
it rounds Q4_1's minimum to an integer zero point, and it leaves the MatMuls nameless, so that a LoRA adapter attaches
to nothing and the "tuned" answer is silently the base model's.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.errors import LabError
from lab.models.weights import SMOLLM2, Report, cache_lock, ensure_weights, no_report, work_folder
from lab.settings import Settings

LAYERS = 30
HEADS = {"attn_q": 9, "attn_k": 3}  # llama.cpp stores the rows of q and k permuted, per head
LINEARS = {  # name in the GGUF → (name in Hugging Face's model, output width, input width), in the order of the graph
    "attn_q": ("self_attn.q_proj", 576, 576),
    "attn_k": ("self_attn.k_proj", 192, 576),
    "attn_v": ("self_attn.v_proj", 192, 576),
    "attn_output": ("self_attn.o_proj", 576, 576),
    "ffn_gate": ("mlp.gate_proj", 1536, 576),
    "ffn_up": ("mlp.up_proj", 1536, 576),
    "ffn_down": ("mlp.down_proj", 576, 1536),
}
SERVING_FOLDER = "serving-1"  # raise the number when the conversion changes: old caches are then left alone
TRAINING_FOLDER = "training-2"
SCAFFOLD_NAME = "scaffold.safetensors"  # a rank-1 adapter of zeros over every layer (see lab.models.engine)
_BLOCK_BYTES = 20  # Q4_1, for 32 weights: a scale and a minimum (float16), then sixteen bytes of two 4-bit codes each


def linear_layers() -> dict[str, tuple[int, int]]:
    """Every linear layer an adapter may attach to: its Hugging Face name → (output width, input width); 210 of them."""
    return {
        f"model.layers.{layer}.{name}": (rows, columns)
        for layer in range(LAYERS)
        for name, rows, columns in LINEARS.values()
    }


@dataclass(frozen=True)
class Q41:
    """One Q4_1 matrix, rows in Hugging Face's order; weight = scale · code + minimum.

    codes: uint8 (rows, blocks, 32), 0..15; scales and minima: float16 (rows, blocks).
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]
    minima: NDArray[np.float16]

    def zero_points(self) -> NDArray[np.float16]:
        """(rows, blocks): the code that stands for zero, as OpenVINO wants it: weight = scale · (code − zero point)."""
        return (-self.minima.astype(np.float32) / self.scales.astype(np.float32)).astype(np.float16)


def read_q4_1(data: NDArray[np.uint8], heads: int | None) -> Q41:
    """Take apart the bytes of one Q4_1 tensor, (rows, blocks · 20); `heads` undoes llama.cpp's row permutation.

    Layout: ggml's block_q4_1 {half d; half m; uint8 qs[16]}, low nibbles first.
    """
    blocks = data.reshape(data.shape[0], -1, _BLOCK_BYTES)
    scales = blocks[..., 0:2].copy().view(np.float16)[..., 0]
    minima = blocks[..., 2:4].copy().view(np.float16)[..., 0]
    codes = np.concatenate([blocks[..., 4:] & 15, blocks[..., 4:] >> 4], axis=-1)
    if heads is None:
        return Q41(codes, scales, minima)

    def unpermute(rows: NDArray[Any]) -> NDArray[Any]:
        split = rows.reshape(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:])
        return split.swapaxes(1, 2).reshape(rows.shape)

    return Q41(unpermute(codes), unpermute(scales), unpermute(minima))


def ensure_serving_model(settings: Settings, report: Report = no_report) -> Path:
    """The folder with the OpenVINO model and tokenizer, made on first use (about 10 s). Raises LabError."""
    folder = settings.cache_folder / SERVING_FOLDER
    if (folder / "openvino_model.xml").is_file():
        return folder
    weights = ensure_weights(settings, report)
    with cache_lock(settings, "convert", report) as cache:
        if (folder / "openvino_model.xml").is_file():
            return folder
        with work_folder(cache, "converting-") as temporary:
            raw, done = temporary / "raw", temporary / "done"
            report("converting the model for this machine (1 of 3: reading)", 0.1)
            _read_with_openvino(weights, raw)
            report("converting the model for this machine (2 of 3: exact weights, named layers)", 0.5)
            convert(weights, raw, done)
            report("converting the model for this machine (3 of 3: keeping)", 0.9)
            _keep(done, folder)
    return folder


def _keep(done: Path, folder: Path) -> None:
    """Give the finished folder its name, in place of what somebody left of an earlier one."""
    shutil.rmtree(folder, ignore_errors=True)
    done.replace(folder)


def _read_with_openvino(weights: Path, folder: Path) -> None:
    """Let OpenVINO's reader write its graph and tokenizer beside (a link to) the GGUF."""
    import openvino_genai

    folder.mkdir()
    link = folder / "model.gguf"
    try:
        os.link(weights, link)
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(weights, link)
    try:
        openvino_genai.LLMPipeline(str(link), "CPU", enable_save_ov_model=True)
    except RuntimeError as error:
        raise LabError(f"OpenVINO could not read the weights {weights}: {str(error).splitlines()[-1]}") from error
    link.unlink()


def convert(weights: Path, raw: Path, done: Path) -> None:
    """Copy the folder `raw` that OpenVINO wrote to `done`, its weights exact and its layers named; refuses loudly."""
    import gguf
    import openvino
    from openvino import opset13

    model = openvino.Core().read_model(raw / "openvino_model.xml")
    matmuls = [
        node
        for node in model.get_ops()
        if node.get_type_name() == "MatMul" and node.input(1).get_partial_shape().is_static
    ]
    matmuls.sort(key=lambda node: int(node.get_friendly_name().rsplit("_", 1)[-1]))
    expected = [(layer, name) for layer in range(LAYERS) for name in LINEARS]
    if len(matmuls) != len(expected) + 1:  # and the output head, which stays as it is: its Q8_0 is read exactly
        raise LabError(f"The model's graph has {len(matmuls)} weight products instead of {len(expected) + 1}.")
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(weights).tensors}
    for node, (layer, name) in zip(matmuls, expected, strict=False):
        target, rows, columns = LINEARS[name]
        shape = tuple(node.input(1).get_partial_shape().to_shape())
        if shape != (rows, columns):
            raise LabError(f"Layer {layer} of the graph: {name} is {shape} instead of {(rows, columns)}.")
        matrix = read_q4_1(tensors[f"blk.{layer}.{name}.weight"].data, HEADS.get(name))
        subtract, codes, scales = _decompression(node)
        if not (np.array_equal(codes, matrix.codes) and np.array_equal(scales, matrix.scales)):
            raise LabError(f"Layer {layer} of the graph: {name} does not hold the codes of the weights file.")
        if not np.all(matrix.scales):
            raise LabError(f"Layer {layer}: {name} has a block with scale 0, which has no zero point.")
        exact = opset13.constant(matrix.zero_points()[..., None])
        subtract.input(1).replace_source_output(exact.output(0))
        node.set_friendly_name(f"model.layers.{layer}.{target}")
    done.mkdir()
    openvino.save_model(model, done / "openvino_model.xml", compress_to_fp16=False)
    for path in raw.iterdir():
        if "tokenizer" in path.name:
            shutil.copy2(path, done / path.name)
    _write_scaffold(done / SCAFFOLD_NAME)


def _write_scaffold(path: Path) -> None:
    from safetensors.numpy import save_file

    tensors = {}
    for layer, (rows, columns) in linear_layers().items():
        tensors[f"base_model.model.{layer}.lora_A.weight"] = np.zeros((1, columns), np.float16)
        tensors[f"base_model.model.{layer}.lora_B.weight"] = np.zeros((rows, 1), np.float16)
    save_file(tensors, path)


def _decompression(matmul: Any) -> tuple[Any, NDArray[np.uint8], NDArray[np.float16]]:
    """The Subtract node that takes the zero point off, the codes (rows, blocks, 32) and the scales (rows, blocks)."""
    node = matmul.input(1).get_source_output().get_node()
    while node.get_type_name() != "Subtract":
        node = node.input(0).get_source_output().get_node()
    codes_node = node.input(0).get_source_output().get_node().input(0).get_source_output().get_node()
    packed = np.asarray(codes_node.data).reshape(-1).view(np.uint8)
    codes = np.stack([packed & 15, packed >> 4], axis=-1).reshape(tuple(codes_node.get_output_shape(0)))
    multiply = next(iter(node.output(0).get_target_inputs())).get_node()
    scales = np.asarray(multiply.input(1).get_source_output().get_node().data)[..., 0]
    return node, codes, scales


def ensure_training_model(settings: Settings, report: Report = no_report) -> Path:
    """A Hugging Face folder (float16 safetensors, tokenizer, template) for torch, made on first use (about 15 s)."""
    folder = settings.cache_folder / TRAINING_FOLDER
    if (folder / "config.json").is_file():
        return folder
    weights = ensure_weights(settings, report)
    with cache_lock(settings, "convert", report) as cache:
        if (folder / "config.json").is_file():
            return folder
        report("unpacking the weights for training (once)", 0.2)
        with work_folder(cache, "converting-") as temporary:
            done = temporary / "done"
            _unpack_for_torch(weights, done)
            _keep(done, folder)
    return folder


def _unpack_for_torch(weights: Path, done: Path) -> None:
    import torch
    from tokenizers import pre_tokenizers
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    source = {"pretrained_model_name_or_path": str(weights.parent), "gguf_file": weights.name}
    read = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32)
    plain = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(**source))  # one from a GGUF cannot be saved
    plain.load_state_dict(read.state_dict())
    plain.to(torch.float16).save_pretrained(done)
    tokenizer = AutoTokenizer.from_pretrained(**source)
    # The file says tokenizer.ggml.pre = smollm: every digit by itself. transformers forgets it, OpenVINO does not, and
    # then "\n\n1" would be trained as other tokens than it is served.
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.save_pretrained(done)


def serving_fingerprint() -> str:
    """What names the embedded model in provenance: the weights' hash and the conversion's version."""
    return f"{SMOLLM2.member_sha256[:12]}/{SERVING_FOLDER}"
