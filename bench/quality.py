"""The figures in the README on answers from documents: how right, how grounded. `python -m bench.quality [--split dev]`.

With `--split test` (the default) the result is saved in sample_data/results/quality.json and the README's table is
written from it; tests/test_readme.py fails when the two disagree. Nothing is ever chosen by the test questions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from lab.experiments.experiment import RESULTS
from lab.models.catalogue import choose_model
from lab.models.convert import serving_fingerprint
from lab.rag.answer import AskOptions
from lab.rag.collections import index_collection, list_collections, load_collection
from lab.rag.measure import evaluate, load_questions, measure_gold_removed, question_only_gate, summarise
from lab.rag.measure.unanswerable import GATE
from lab.settings import PROJECT_FOLDER, get_settings
from lab.statistics import wilson

SAVED = RESULTS / "quality.json"
README = PROJECT_FOLDER / "README.md"
START, END = "<!-- quality -->", "<!-- end of quality -->"
PLAIN = AskOptions(  # RAG as one would first write it
    template="short", retriever="dense", rerank="none", divide=False, abstain=False
)
ANSWERS = {
    "closed book": replace(PLAIN, rag=False),
    "base + RAG, plain": PLAIN,
    "plain, with a long honest prompt": replace(PLAIN, template="instructed"),
    "plain + words beside meaning (hybrid)": replace(PLAIN, retriever="hybrid"),
    "… + ranked again": replace(AskOptions(), divide=False, abstain=False),
    "… + asked for several things one by one": replace(AskOptions(), abstain=False),
    "… + may refuse: **as the app does it**": AskOptions(),
    "… and refuses when in doubt": AskOptions(abstain_unsure=True),
}
SHARES = (
    "answer_accuracy", "abstention_precision", "abstention_recall", "citation_precision",
)  # fmt: skip
KEPT = (
    *SHARES, "abstention_f1", "passage_recall_at_1", "passage_recall_at_3", "n", "n_answerable", "n_unanswerable",
    "intervals", "counts", "by_kind", "failures",
)  # fmt: skip


def measure(split: str) -> dict[str, Any]:
    """Every figure, with n and interval, on the `dev` or the `test` questions."""
    model = choose_model(get_settings())
    questions = {name: load_questions(load_collection(name).questions(split)) for name in list_collections()}
    answers: dict[str, Any] = {}
    for name, options in ANSWERS.items():
        runs = {
            collection: evaluate(index_collection(collection), asked, model, options)
            for collection, asked in questions.items()
        }
        whole = summarise([row for run in runs.values() for row in run.rows]).to_json()
        answers[name] = {key: whole[key] for key in KEPT}
        answers[name]["collections"] = {
            collection: {key: getattr(run, key) for key in (*SHARES, "abstention_f1", "n_answerable", "n_unanswerable")}
            for collection, run in runs.items()
        }
        print(name, share(whole["answer_accuracy"], whole["intervals"]["answer_accuracy"]), flush=True)
    removed = [
        measure_gold_removed(index_collection(collection), asked, None, AskOptions())
        for collection, asked in questions.items()
    ]
    refused, of = sum(item.refused for item in removed), sum(item.n for item in removed)
    every = [question for asked in questions.values() for question in asked]
    gate = question_only_gate(every)
    return {
        "made": f"{datetime.now(UTC):%Y-%m-%d}",
        "split": split,
        "decoding": "greedy",
        "weights": serving_fingerprint(),
        "indexes": {name: index_collection(name).fingerprint for name in questions},
        "answers": answers,
        "riddles": riddles(split, model),
        "gold_removed": {"refused": refused, "n": of, "interval": wilson(refused, of)},
        "question_only": {"auroc": gate.auroc, "interval": gate.interval, "n": gate.n},
    }


def riddles(split: str, model: BaseChatModel) -> dict[str, Any]:
    """Paraphrases that avoid the document's words on purpose, in the app's order: how many are right, never refusing."""
    name = "tarnmoor-help"
    asked = load_questions(load_collection(name).questions(f"hard-{split}"))
    found = evaluate(index_collection(name), asked, model, replace(AskOptions(), abstain=False))
    return {"right": found.counts["answer_accuracy"][0], "n": found.n_answerable}


def share(value: float | None, interval: Any) -> str:
    """0.81 [0.66, 0.91], or a dash."""
    return "–" if value is None else f"{value:.2f} [{interval[0]:.2f}, {interval[1]:.2f}]"


def render(data: Mapping[str, Any]) -> str:
    """The README's table."""
    first = next(iter(data["answers"].values()))
    removed, gate, hard = data["gold_removed"], data["question_only"], data["riddles"]
    lines = [
        f"Measured {data['made']} on the {data['split']} questions; greedy decoding; 95 % intervals in brackets.",
        "",
        f"| {first['n_answerable']} answerable + {first['n_unanswerable']} unanswerable questions, three collections "
        "| answered right | refusals that were due | unanswerable ones refused | F1 of refusing | citations that hold |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in data["answers"].items():
        cells = [share(row[key], row["intervals"].get(key)) for key in SHARES]
        cells.insert(3, share(row["abstention_f1"], row["intervals"].get("abstention_f1")))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "",
        f"Riddles, which avoid the document's words on purpose and are kept apart: {hard['right']} of {hard['n']} right.",
        "",
        f"With the passage that holds the answer taken out of the index, {removed['refused']} of {removed['n']} answerable "
        f"questions are refused: {share(removed['refused'] / removed['n'], removed['interval'])}. A classifier that sees "
        f"the questions alone tells answerable from unanswerable with AUROC {share(gate['auroc'], gate['interval'])} "
        f"(0.5 is chance; we ask for at most {GATE:g}): {_gate(gate['auroc'])}",
    ]
    return "\n".join(lines)


def _gate(auroc: float) -> str:
    if auroc <= GATE:
        return "the refusals above do not come from the questions' wording."
    return "the wording gives a little away, so trust the removed passages more than the F1."


def write_readme(data: Mapping[str, Any], file: Path = README) -> None:
    """Put the table between the README's marks."""
    text = file.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    file.write_text(f"{before}{START}\n{render(data)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    given = parser.parse_args()
    data = measure(given.split)
    print(render(data))
    if given.split == "test":
        SAVED.parent.mkdir(parents=True, exist_ok=True)
        SAVED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write_readme(data)


if __name__ == "__main__":
    main()
