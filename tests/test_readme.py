"""The README's figures are those of the saved result, and its commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bench import retrieval
from bench.quality import END, SAVED, START, render
from lab.models.adapters import find_adapter

ORDER = ("recall_at_1", "recall_at_3", "ndcg_at_10")
SIGNALS = ("cosine", "rule", "grader", "both")
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


def test_the_page_on_retrieval_is_written_from_its_saved_result() -> None:
    saved = json.loads(retrieval.SAVED.read_text())
    assert retrieval.PAGE.read_text() == retrieval.render(saved)
    usual, ask = retrieval.IndexOptions(), retrieval.AskOptions()
    assert saved["default"] == f"{usual.splitter} {usual.size}, {ask.retriever}, re-rank {ask.rerank}"


def test_the_picture_of_growing_searches_shows_the_figures_of_its_table() -> None:
    text = (ROOT / "bench" / "README.md").read_text()
    rows = re.findall(
        r"\| Search [\d,]+ chunks \(graph built [^|]*\| exact \| graph \(HNSW\) \| (\S+) \| (\S+) \|", text
    )
    lines = re.findall(r"^    line \[(.*)\]$", text, re.MULTILINE)
    assert len(rows) == 3
    assert [line.split(", ") for line in lines] == [list(column) for column in zip(*rows, strict=True)]


def test_the_graders_card_tells_its_saved_figures() -> None:
    folder = ROOT / "sample_data" / "grader"
    card, saved = (folder / "card.md").read_text(), json.loads((folder / "figures.json").read_text())
    rows = {"all 124 questions": [saved["all"]["ordering"][by][key] for key in ORDER for by in ("cosine", "grader")]}
    for name, found in saved["collections"].items():
        rows[f"unanswerable: {name}"] = [found["auroc"][by]["unanswerable"] for by in SIGNALS]
    rows["unanswerable: all"] = [saved["all"]["auroc"][by]["unanswerable"] for by in SIGNALS]
    rows["gold passages removed: all"] = [saved["all"]["auroc"][by]["gold_removed"] for by in SIGNALS]
    for label, figures in rows.items():
        (line,) = (line for line in card.splitlines() if line.startswith(f"| {label} |"))
        told = [float(cell) for cell in re.findall(r"\d\.\d\d", line)]
        assert told == pytest.approx(figures, abs=0.0055), label  # both are rounded
    assert json.loads((folder / "training.json").read_text())["sha256"].startswith(saved["grader"])
