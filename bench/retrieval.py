"""Which splitter with which retriever finds the passage: `python -m bench.retrieval [--split dev]`.

With `--split test` the result is saved in sample_data/results/retrieval.json and docs/retrieval.md is written from it.
The defaults are chosen by the development questions; the test questions only say how good they then are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lab.experiments.experiment import RESULTS
from lab.rag.answer import AskOptions
from lab.rag.build import IndexOptions
from lab.rag.collections import index_collection, list_collections, load_collection
from lab.rag.measure import Evaluation, Row, evaluate, load_questions, summarise
from lab.rag.rerank import RERANKERS
from lab.rag.retrieve import RETRIEVERS
from lab.rag.split import SPLITTERS
from lab.settings import PROJECT_FOLDER

SAVED = RESULTS / "retrieval.json"
PAGE = PROJECT_FOLDER / "docs" / "retrieval.md"
KEYS = ("passage_recall_at_1", "passage_recall_at_3", "passage_recall_at_5", "passage_mrr", "ndcg_at_10")


def measure(splitters: Sequence[IndexOptions], asked: Sequence[AskOptions], split: str) -> list[dict[str, Any]]:
    """One record a pair of splitter and retriever: the figures over all collections together and over each."""
    records = []
    for cut in splitters:
        rows: dict[int, dict[str, list[Row]]] = {place: {} for place in range(len(asked))}
        for name in list_collections():
            index = index_collection(name, cut)
            questions = load_questions(load_collection(name).questions(split))
            for place, options in enumerate(asked):
                rows[place][name] = list(evaluate(index, questions, None, options).rows)
        for place, options in enumerate(asked):
            everything = summarise([row for some in rows[place].values() for row in some], asked=False)
            by_kind = {
                kind: summarise(
                    [row for some in rows[place].values() for row in some if row.question.kind == kind], asked=False
                ).passage_recall_at_3
                for kind in sorted({row.question.kind for some in rows[place].values() for row in some})
            }
            record = {
                "splitter": cut.splitter,
                "size": cut.size,
                "overlap": cut.overlap,
                "embedder": cut.embedder,
                "retriever": options.retriever,
                "rerank": options.rerank,
                **_figures(everything),
                "recall_at_3_by_kind": by_kind,
                "collections": {name: _figures(summarise(some, asked=False)) for name, some in rows[place].items()},
            }
            records.append(record)
            print(line(record), flush=True)
    return records


def _figures(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "n": evaluation.n_answerable,
        **{key: getattr(evaluation, key) for key in KEYS},
        "intervals": {key: evaluation.intervals.get(key) for key in KEYS},
    }


def line(record: Mapping[str, Any]) -> str:
    """One row of the table."""
    cells = [f"{record['splitter']} {record['size']}", record["embedder"], record["retriever"], record["rerank"]]
    for key in ("passage_recall_at_1", "passage_recall_at_3", "ndcg_at_10"):
        low, high = record["intervals"][key]
        cells.append(f"{record[key]:.3f} [{low:.2f}, {high:.2f}]")
    cells += [f"{figures['passage_recall_at_3']:.2f}" for figures in record["collections"].values()]
    return f"| {' | '.join(cells)} |"


def render(data: Mapping[str, Any]) -> str:
    """docs/retrieval.md."""
    records = data["records"]
    names = list(records[0]["collections"])
    per = ", ".join(f"{name} {records[0]['collections'][name]['n']}" for name in names)
    head = ["splitter, size", "embedder", "retriever", "re-rank", "recall@1", "**recall@3**", "nDCG@10"]
    head += [f"recall@3, {name}" for name in names]
    best = max(records, key=lambda record: record["passage_recall_at_3"])
    return "\n".join(
        [
            "# Which splitter and which retriever find the passage",
            "",
            f"Measured {data['made']} on the {data['split']} questions by `python -m bench.retrieval`: n = "
            f"{records[0]['n']} answerable questions ({per}). A passage counts when it is of the right document and "
            "holds the answer; a question with several parts counts by the share of them found. 95 % intervals in "
            "brackets: Wilson for recall, bootstrap over questions (seed 0) for nDCG. No model writes anything here.",
            "",
            f"The app's defaults ({data['default']}) were chosen by the development questions, before this table was "
            f"made. The highest recall@3 in it: {best['splitter']} {best['size']} with {best['retriever']}"
            f"{' + ' + best['rerank'] if best['rerank'] != 'none' else ''}, {best['passage_recall_at_3']:.3f}. With so "
            "many rows the best one is partly luck: read the intervals.",
            "",
            "A larger chunk holds the answer more easily, and leaves the model more to read: recall alone does not "
            "say which splitter answers best.",
            "",
            f"| {' | '.join(head)} |",
            f"|{'---|' * len(head)}",
            *map(line, records),
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.retrieval", description=__doc__)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--splitter", action="append", help="only this one (may be repeated)")
    given = parser.parse_args()
    cuts = [
        IndexOptions(name, splitter.size) for name, splitter in SPLITTERS.items()
        if not given.splitter or name in given.splitter
    ]  # fmt: skip
    if not given.splitter:
        cuts.append(IndexOptions(embedder="static"))
    asked = [AskOptions(retriever=name, rerank="none") for name in RETRIEVERS]
    asked += [AskOptions(rerank=name) for name in RERANKERS if name != "none"]
    records = measure(cuts, asked, given.split)
    usual, ask = IndexOptions(), AskOptions()
    data = {
        "made": f"{datetime.now(UTC):%Y-%m-%d}",
        "split": given.split,
        "default": f"{usual.splitter} {usual.size}, {ask.retriever}, re-rank {ask.rerank}",
        "records": records,
    }
    if given.split == "test" and not given.splitter:
        SAVED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(render(data), encoding="utf-8")


if __name__ == "__main__":
    main()
