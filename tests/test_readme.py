"""The README's figures are those of the saved result, and its commands exist."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench import adapters, claims, retrieval
from bench.quality import END, SAVED, START, render
from lab.claims.ledger import judge_all
from lab.compare.run import is_stale, load_run
from lab.experiments import square
from lab.experiments.experiment import load_saved
from lab.models.adapters import find_adapter, list_adapters
from lab.models.weights import sha256_of
from lab.tuning.run import read_training
from lab.tuning.styles import load_style

ORDER = ("recall_at_1", "recall_at_3", "ndcg_at_10")
SIGNALS = ("cosine", "rule", "grader", "both")
ROOT = Path(__file__).parent.parent


def test_the_tables_are_written_from_the_saved_result() -> None:
    text = (ROOT / "README.md").read_text()
    shown = text.split(START)[1].split(END)[0].strip()
    assert shown == render(json.loads(SAVED.read_text()))


def test_the_table_of_adapters_is_written_from_its_saved_result_which_belongs_to_the_shipped_ones() -> None:
    text, saved = (ROOT / "README.md").read_text(), json.loads(adapters.SAVED.read_text())
    assert text.split(adapters.START)[1].split(adapters.END)[0].strip() == adapters.render(saved)
    assert list(saved["adapters"]) == list(list_adapters())
    for name, row in saved["adapters"].items():
        assert row["adapter_sha256"] == find_adapter(name).sha256
        assert row["data_sha256"] == sha256_of(load_style(name).folder / "train.jsonl")


def test_the_list_of_claims_and_the_readmes_sentence_are_written_from_the_saved_results() -> None:
    entries = judge_all()
    assert claims.TABLE.read_text(encoding="utf-8") == claims.render(entries)
    text = (ROOT / "README.md").read_text()
    assert text.split(claims.START)[1].split(claims.END)[0].strip() == claims.summary(entries)


def test_no_verdict_turns_from_reproduced_to_not_here_with_another_seed() -> None:
    seeds = json.loads(claims.SAVED.read_text())["seeds"]
    assert all(set(by_seed) == {"1", "2", "3"} for by_seed in seeds.values())
    assert claims.turned(judge_all()) == []


@pytest.mark.parametrize("name", list_adapters())
def test_a_shipped_adapter_was_trained_by_its_recipe_and_can_be_trained_again(name: str) -> None:
    run = read_training(find_adapter(name).folder)
    assert replace(run.options, threads=None) == replace(adapters.RECIPES[name], threads=None)
    assert run.ended_by == "steps"
    assert adapters.command(run, name) in (find_adapter(name).folder / "README.md").read_text()


@pytest.mark.parametrize("name", list_adapters())
def test_an_adapters_card_tells_what_it_is_and_its_measured_figures(name: str) -> None:
    card, style = (find_adapter(name).folder / "README.md").read_text(), load_style(name)
    assert style.what in card
    ways = json.loads(adapters.SAVED.read_text())["adapters"][name]["ways"]
    assert "tuned" in ways
    for way, row in ways.items():
        shares = [f"{row['rules'][rule.id]:.2f}" for rule in style.rules]
        fits = "not judged" if row["fits"] is None else f"{row['fits']:.2f}"
        low, high = row["interval"]
        cells = [way, f"**{row['rate']:.2f}**", f"{low:.2f} to {high:.2f}", *shares, fits]
        assert f"| {' | '.join(cells)} |" in card.splitlines()


@pytest.mark.parametrize("name", list_adapters())
def test_what_stands_on_the_compare_page_was_said_by_the_shipped_adapter(name: str) -> None:
    run = load_run(load_style(name))
    assert run is not None
    assert not is_stale(run)
    assert {"base", "prompted", "few-shot", "tuned"} <= {reply.pane for reply in run.replies}
    assert all(reply.text and not reply.error for reply in run.replies)


def test_the_saved_square_was_asked_the_test_questions_with_the_shipped_voices() -> None:
    saved = load_saved(square.EXPERIMENT)
    assert saved is not None
    assert saved.inputs.split == "test"
    voices = {"naive": saved.inputs.naive, "with-page": saved.inputs.with_page}
    assert {model: saved.adapters[model] for model in voices} == {
        model: find_adapter(name).sha256 for model, name in voices.items()
    }


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
