"""What every test may ask for: the settings, the one loaded engine, and an adapter that visibly changes answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lab.models.convert import LAYERS, LINEARS, linear_layers
from lab.models.engine import Engine, get_engine
from lab.settings import Settings, get_settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of this machine: the real cache folder, with the real weights in it."""
    return get_settings()


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Engine:
    """The process's one engine, as pages and experiments get it."""
    return get_engine(settings)


@pytest.fixture(scope="session")
def make_adapter(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A maker of PEFT LoRA folders with seeded random weights, over all 210 linear layers unless `layers` says less."""

    def make(
        name: str,
        *,
        rank: int = 16,
        alpha: float = 16,
        seed: int = 0,
        layers: Iterable[int] = range(LAYERS),
        std: float = 0.1,
    ) -> Path:
        folder = tmp_path_factory.mktemp("adapters") / name
        folder.mkdir()
        random = np.random.default_rng(seed)
        wanted = set(layers)
        tensors = {}
        for layer, (rows, columns) in linear_layers().items():
            if int(layer.split(".")[2]) in wanted:
                for side, shape in (("A", (rank, columns)), ("B", (rows, rank))):
                    key = f"base_model.model.{layer}.lora_{side}.weight"
                    tensors[key] = random.normal(0, std, shape).astype(np.float32)
        save_file(tensors, folder / "adapter_model.safetensors")
        config = {
            "peft_type": "LORA",
            "task_type": "CAUSAL_LM",
            "base_model_name_or_path": None,
            "inference_mode": True,
            "r": rank,
            "lora_alpha": alpha,
            "lora_dropout": 0.0,
            "layers_to_transform": None if wanted == set(range(LAYERS)) else sorted(wanted),
            "target_modules": [name.split(".")[-1] for name, _, _ in LINEARS.values()],
        }
        (folder / "adapter_config.json").write_text(json.dumps(config))
        return folder

    return make


@pytest.fixture(scope="session")
def strong_adapter(make_adapter: Callable[..., Path]) -> Path:
    """A PEFT folder that no answer survives: rank 16 on every layer, normal(0, 0.1), lora_alpha = rank."""
    return make_adapter("strong")
