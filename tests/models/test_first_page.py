"""The first page opens at once: what it imports drags in none of the heavy libraries."""

from __future__ import annotations

import json
from collections.abc import Callable
from subprocess import Popen

HEAVY = ("torch", "transformers", "openvino", "openvino_genai", "faiss", "langchain", "sentence_transformers", "peft")


def imported_by(start_python: Callable[..., Popen[str]], modules: str) -> set[str]:
    """Top-level packages that a fresh process holds after the import."""
    process = start_python(
        f"import {modules}, json, sys; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    )
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return set(json.loads(output))


def test_the_first_page_waits_for_no_heavy_library(start_python: Callable[..., Popen[str]]) -> None:
    found = imported_by(start_python, "lab.settings, lab.errors, lab.models.warmup")
    assert "lab" in found
    assert [name for name in found if name.startswith(HEAVY)] == []


def test_choosing_a_model_and_listing_adapters_wait_for_none_either(start_python: Callable[..., Popen[str]]) -> None:
    found = imported_by(start_python, "lab.models.catalogue, lab.models.adapters, lab.models.weights")
    assert [name for name in found if name.startswith(HEAVY)] == []
