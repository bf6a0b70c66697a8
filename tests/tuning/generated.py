"""The data that comes with a behaviour, as its tests look at it: the lines of each split, and the code that made them."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

SPLITS = ("train", "dev", "test")


def read_splits(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Split → its lines, as they stand."""
    return {
        split: [json.loads(line) for line in (folder / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()]
        for split in SPLITS
    }


def load_generator(folder: Path) -> ModuleType:
    """make_data.py as a module: it lies with the data and belongs to no package."""
    spec = importlib.util.spec_from_file_location(
        f"make_data_of_{folder.name.replace('-', '_')}", folder / "make_data.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module
