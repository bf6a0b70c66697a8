"""What the tests of tuning share: the shipped style, and a maker of styles of one's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.tuning.styles import Style, load_style

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as lab.tuning.train does, but before any test loads torch

SMALL_STYLE: dict[str, Any] = {
    "name": "small",
    "title": "A small style",
    "what": "For tests.",
    "licence": "CC0",
    "inputs": ["first_name", "message"],
    "input_template": "Customer: {first_name}\nMessage: {message}",
    "system": "You answer customers.",
    "prompted_system": "You answer customers. Say hello.",
    "max_tokens": 40,
    "rules": [
        {"id": "greets", "title": "Greets", "why": "Kind.", "check": "greets_by_name", "greetings": ["Hi"]},
        {"id": "length", "title": "Short", "why": "Quick.", "check": "word_count", "minimum": 3, "maximum": 5},
        {"id": "asks", "title": "Asks", "why": "Open.", "check": "ends_with_question"},
        {"id": "plain", "title": "Plain", "why": "Clear.", "check": "avoids", "phrases": ["we'll", "as per", "100%"]},
    ],
    "few_shot": [{"first_name": "Ann", "message": "Where is it?", "reply": "Hi Ann, which one?"}],
}


@pytest.fixture(scope="session")
def brand_voice() -> Style:
    return load_style("brand-voice")


@pytest.fixture
def write_style(tmp_path: Path) -> Callable[..., Path]:
    """Write the small style with some fields changed (None takes one out) and return the path of its file."""

    def write(**changes: Any) -> Path:
        fields = {key: value for key, value in {**SMALL_STYLE, **changes}.items() if value is not None}
        file = tmp_path / "small" / "style.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")
        return file

    return write


@pytest.fixture
def small(write_style: Callable[..., Path]) -> Style:
    return load_style(str(write_style()))
