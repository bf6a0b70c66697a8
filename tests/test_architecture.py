"""The house's rules, read off the syntax tree: who may import whom, and what must not load with the first page."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("lab/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"])
HEAVY = ("torch", "transformers", "sentence_transformers", "openvino", "openvino_genai", "faiss", "peft")
MAY_IMPORT = {  # each room, and the rooms below it that it may use
    "lab.errors": set(),
    "lab.settings": {"lab.errors"},
    "lab.statistics": {"lab.errors"},
    "lab.models": {"lab.errors", "lab.settings"},
    "lab.rag": {"lab.models", "lab.errors", "lab.settings", "lab.statistics"},
    "lab.tuning": {"lab.models", "lab.errors", "lab.settings", "lab.statistics"},
    "lab.quiz": {"lab.models", "lab.errors", "lab.settings", "lab.statistics"},
    "lab.lessons": {"lab.claims", "lab.experiments", "lab.quiz", "lab.errors", "lab.settings"},
    "lab.compare": {"lab.rag", "lab.tuning", "lab.models", "lab.errors", "lab.settings", "lab.statistics"},
    "lab.claims": {"lab.experiments", "lab.quiz", "lab.errors", "lab.settings", "lab.statistics"},
    "lab.experiments": {
        "lab.rag",
        "lab.tuning",
        "lab.quiz",
        "lab.models",
        "lab.errors",
        "lab.settings",
        "lab.statistics",
    },
}


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imports(file: Path, *, top_level_only: bool = False) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = _top_level(tree) if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _top_level(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        is_type_checking = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not is_type_checking:
            yield node


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_rooms_import_only_what_lies_below_them(file: Path) -> None:
    here = room(module_name(file))
    if here not in MAY_IMPORT:
        return  # pages and the terminal stand on top and may use everything
    for name in imports(file):
        if name.startswith("lab.") and room(name) != here:
            assert room(name) in MAY_IMPORT[here], f"{module_name(file)} must not import {name}"


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_streamlit_stays_out_of_the_lab_and_models_out_of_pages(file: Path) -> None:
    name = module_name(file)
    for imported in imports(file):
        top = imported.split(".")[0]
        if name.startswith("lab"):
            assert top != "streamlit", f"{name} imports Streamlit"
        elif name.startswith("pages.") and not name.startswith("pages._ui"):
            assert top not in {*HEAVY, "langchain", "langchain_core", "langchain_community", "sqlalchemy"}
        if top == "langchain_community":
            assert name == "lab.rag.index", f"{name} imports langchain-community"


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_session_state_and_caches_live_in_pages_only(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if module_name(file).startswith("lab"):
        assert "session_state" not in text
        assert "st.cache" not in text
    assert "unsafe_allow_html" not in text
    assert "allow_dangerous_deserialization" not in text


def test_pages_stay_thin() -> None:
    for file in ROOT.glob("pages/*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 110, (
            f"{file.name} has grown: move a part to _ui or lab"
        )


def test_the_first_page_loads_no_heavy_library() -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; import lab.models.warmup as w;"
        "w.WarmUp.start = lambda self: None;"
        f"at = AppTest.from_file({str(ROOT / 'pages' / 'navigation.py')!r}, default_timeout=60).run();"
        "assert not at.exception, at.exception;"
        "assert at.title[0].value.startswith('Look it up'), at.title;"
        f"found = [m for m in {(*HEAVY, 'langchain', 'langchain_core', 'langchain_community')!r} if m in sys.modules];"
        "print(found); sys.exit(bool(found))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
