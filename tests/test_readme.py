"""The README's figures are those of the saved result, and its commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bench.quality import END, SAVED, START, render
from lab.models.adapters import find_adapter

ROOT = Path(__file__).parent.parent


def test_the_tables_are_written_from_the_saved_result() -> None:
    text = (ROOT / "README.md").read_text()
    shown = text.split(START)[1].split(END)[0].strip()
    assert shown == render(json.loads(SAVED.read_text()))


def test_the_saved_figures_belong_to_the_shipped_adapter() -> None:
    assert json.loads(SAVED.read_text())["adapter_sha256"] == find_adapter("brand-voice").sha256


def test_the_pictures_and_files_it_names_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target
