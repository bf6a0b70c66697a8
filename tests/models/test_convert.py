"""The converted weights are the ones in the file: compared with what transformers reads from the same GGUF."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lab.models.convert import (
    LAYERS,
    LINEARS,
    _read_with_openvino,
    ensure_serving_model,
    ensure_training_model,
    linear_layers,
)
from lab.models.weights import ensure_weights, sha256_of
from lab.settings import Settings

Matrices = dict[str, NDArray[np.float32]]
HEAD = "lm_head"
EMBEDDING = "model.embed_tokens"


def read_openvino(folder: Path) -> list[tuple[str, NDArray[np.float32]]]:
    """(MatMul's name, the weight it multiplies with) in graph order, then the embedding; de-quantised by OpenVINO."""
    import openvino
    from openvino import opset13

    core = openvino.Core()
    model = core.read_model(folder / "openvino_model.xml")
    nodes = [
        (node, node.input(1))
        for node in model.get_ordered_ops()
        if node.get_type_name() == "MatMul" and node.input(1).get_partial_shape().is_static
    ]
    nodes += [
        (node, node.input(0))
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Gather" and list(node.input(0).get_partial_shape()) == [49152, 576]
    ]
    results = [opset13.result(weight.get_source_output()) for _, weight in nodes]
    weights = openvino.Model(results, [], "weights")
    values = core.compile_model(weights, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([])
    return [(node.get_friendly_name(), values[index]) for index, (node, _) in enumerate(nodes)]


def relative_error(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """Sum of the absolute differences over the sum of the absolute values."""
    assert ours.shape == theirs.shape
    return float(np.abs(ours - theirs).sum() / np.abs(theirs).sum())


@pytest.fixture(scope="module")
def reference(settings: Settings, one_torch_thread: None) -> Matrices:
    """Every weight as transformers de-quantises it from the GGUF, float32: the oracle."""
    import torch
    from transformers import AutoModelForCausalLM

    weights = ensure_weights(settings)
    model = AutoModelForCausalLM.from_pretrained(str(weights.parent), gguf_file=weights.name, dtype=torch.float32)
    return {key.removesuffix(".weight"): value.numpy() for key, value in model.state_dict().items()}


@pytest.fixture(scope="module")
def served(settings: Settings) -> list[tuple[str, NDArray[np.float32]]]:
    return read_openvino(ensure_serving_model(settings))


@pytest.fixture(scope="module")
def as_it_comes(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, NDArray[np.float32]]]:
    """OpenVINO's own reading of the GGUF, before our repair."""
    raw = tmp_path_factory.mktemp("reader") / "raw"
    _read_with_openvino(ensure_weights(settings), raw)
    return read_openvino(raw)


def test_each_of_the_210_layers_answers_with_the_weights_in_the_file(
    served: list[tuple[str, NDArray[np.float32]]], reference: Matrices, record_property: Any
) -> None:
    ours = dict(served)
    errors = {layer: relative_error(ours[layer], reference[layer]) for layer in linear_layers()}
    record_property("largest_relative_error", max(errors.values()))
    print(
        f"mean relative error over 210 layers: {np.mean(list(errors.values())):.5%}, worst {max(errors.values()):.5%}"
    )
    assert len(errors) == 210
    assert {layer: error for layer, error in errors.items() if error > 0.005} == {}


def test_the_reader_as_it_comes_would_have_failed_that_test(
    as_it_comes: list[tuple[str, NDArray[np.float32]]], reference: Matrices, record_property: Any
) -> None:
    by_number = sorted(as_it_comes[:-2], key=lambda pair: int(pair[0].rsplit("_", 1)[-1]))
    assert len(by_number) == 210
    errors = [relative_error(raw, reference[name]) for (_, raw), name in zip(by_number, linear_layers(), strict=True)]
    record_property("smallest_relative_error_of_the_reader_as_it_comes", min(errors))
    print(f"the reader as it comes: mean {np.mean(errors):.2%}, smallest {min(errors):.2%}")
    assert min(errors) > 0.05


def test_words_go_in_and_come_out_through_the_embedding_in_the_file(
    served: list[tuple[str, NDArray[np.float32]]], reference: Matrices
) -> None:
    (_, head), (_, embedding) = served[-2:]
    assert relative_error(embedding, reference[EMBEDDING]) < 0.005
    assert relative_error(head, reference[HEAD]) < 0.005


def test_training_starts_from_the_same_weights_as_serving(settings: Settings, reference: Matrices) -> None:
    from safetensors import safe_open

    file = ensure_training_model(settings) / "model.safetensors"
    with safe_open(file, framework="numpy") as tensors:
        errors = {
            key: relative_error(tensors.get_tensor(key).astype(np.float32), reference[key.removesuffix(".weight")])
            for key in tensors.keys()  # noqa: SIM118
        }
    assert len(errors) == 272  # 210 layers, 61 norms, one embedding that is the head as well
    assert max(errors.values()) < 0.005


def test_layer_names_are_the_ones_peft_writes_into_an_adapter(settings: Settings) -> None:
    from transformers import AutoConfig, AutoModelForCausalLM

    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(ensure_training_model(settings)))
    linear = {
        name: (module.out_features, module.in_features)
        for name, module in model.named_modules()
        if type(module).__name__ == "Linear" and name != HEAD
    }
    assert linear == linear_layers()
    assert len(linear) == LAYERS * len(LINEARS) == 210


CONVERT = """
import json
from lab.models.convert import ensure_serving_model
from lab.settings import get_settings
stages = []
folder = ensure_serving_model(get_settings(), lambda stage, share: stages.append(stage))
print(json.dumps([str(folder), stages]))
"""


def test_two_apps_started_at_once_convert_once_and_replace_what_a_killed_one_left(
    settings: Settings, tmp_path: Path, start_python: Callable[..., Popen[str]]
) -> None:
    (tmp_path / "serving-1").mkdir()
    (tmp_path / "serving-1" / "openvino_tokenizer.xml").write_text("somebody deleted the rest")
    (tmp_path / "converting-killed" / "raw").mkdir(parents=True)
    environment = {"LAB_CACHE": str(tmp_path), "LAB_WEIGHTS": str(ensure_weights(settings))}
    processes = [start_python(CONVERT, environment) for _ in range(2)]
    results = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    found = [json.loads(output.splitlines()[-1]) for output, _ in results]
    assert {folder for folder, _ in found} == {str(tmp_path / "serving-1")}
    assert sorted(sum(stage.startswith("converting") for stage in stages) for _, stages in found) == [0, 3]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["convert.lock", "serving-1"]
    ours = ensure_serving_model(settings)
    made = {path.name: sha256_of(path) for path in (tmp_path / "serving-1").iterdir()}
    assert made == {path.name: sha256_of(path) for path in ours.iterdir()}  # else raise the number in SERVING_FOLDER
