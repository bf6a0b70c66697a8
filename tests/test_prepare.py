"""`make` on a machine that lacks something: one sentence that says what, and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "dirname", "df", "awk", "cmp", "grep", "cat", "cp", "tail", "sed", "printf", "id")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one small requirement, so that nothing large is installed."""
    folder = tmp_path / "checkout"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "prepare", folder / "bin" / "prepare")
    (folder / "requirements.txt").write_text("torch==2.13.0\nno-such-package-of-ours==1.0\n")
    return folder


def prepare(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "bin/prepare", "run"],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def tools_only(folder: Path) -> str:
    """A PATH with the plain tools of a system and no Python."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return str(folder)


def test_without_python_it_names_the_versions_that_work(checkout: Path, tmp_path: Path) -> None:
    run = prepare(checkout, PATH=tools_only(tmp_path / "tools"), PYTHON="")
    assert run.returncode == 1
    assert "No Python 3.11 to 3.14" in run.stderr
    assert "PYTHON=" in run.stderr


def test_without_disk_it_says_how_much_is_needed(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "full"
    tools.mkdir()
    (tools / "df").write_text('#!/bin/sh\necho "Filesystem 1024-blocks Used Available"\necho "disk 10 0 51200"\n')
    (tools / "df").chmod(0o755)
    run = prepare(checkout, PATH=f"{tools}:{os.environ['PATH']}")
    assert run.returncode == 1
    assert "This disk has 50 MB free" in run.stderr


def test_without_a_package_index_it_says_so(checkout: Path) -> None:
    run = prepare(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_EXTRA_INDEX_URL="")
    assert run.returncode == 1
    assert "package index" in run.stderr
    assert "Traceback" not in run.stderr
