"""A bound on the cosine: what it keeps from the model that is needed, and what it lets through that is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, n_field, number_field, seed_field, split_field
from lab.experiments.parts.passages import GoldPassages
from lab.experiments.parts.questions import ALL, Asked, draw, in_turns
from lab.rag.collections import index_collection

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

THRESHOLDS = (0, 20, 30, 40, 50, 60, 70)  # hundredths of a cosine
ARMS = tuple(Arm(f"t-{bound}", f"threshold {bound / 100:.1f}", "looked-up") for bound in THRESHOLDS)
FIGURES = (
    Figure("missed", "the passage with the answer does not reach the model", better="less"),
    Figure("irrelevant", "no answer exists, and some passage reaches the model", better="less"),
)
_SHOWN = 6  # questions of either sort


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field("Whose passages are looked up.")
    n: int = n_field(40)
    k: int = number_field(1, "Passages", "How many of those left the model may read.", (1, 10, 1))
    seed: int = seed_field("Decides which questions are asked.")
    split: str = split_field()


def passages_at(index: Index, question: str, k: int) -> Mapping[int, tuple[Hit, ...]]:
    """For each of THRESHOLDS the passages that reach the model: what `retrieve` gives with that threshold.

    The pool is looked up once, and ordered again only where a threshold left fewer of it.
    """
    from lab.rag.rerank import rerank_hits
    from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER, retrieve
    from lab.rag.retrieve.options import POOL

    pool = retrieve(index, question, max(k, POOL), retriever=DEFAULT_RETRIEVER)
    ordered: dict[int, tuple[Hit, ...]] = {}
    reached = {}
    for bound in THRESHOLDS:
        left = tuple(hit for hit in pool if hit.score >= bound / 100)
        if len(left) not in ordered:
            ordered[len(left)] = rerank_hits(question, left, DEFAULT_RERANK)[:k]
        reached[bound] = ordered[len(left)]
    return reached


def run(inputs: Inputs, report: Report) -> Measured:
    """No language model is asked: what it would be given to read says it all."""
    if inputs.k < 1:
        raise BadInput(f"k is {inputs.k}: at least 1 passage has to be read.")
    with_answer = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    without = draw(inputs.collection, inputs.n, inputs.seed, inputs.split, answerable=False)
    report("reading the documents", 0.0)
    indexes = {item.collection: index_collection(item.collection) for item in (*with_answer, *without)}
    gold = {name: GoldPassages(index) for name, index in indexes.items()}

    def look_up(item: Asked) -> Mapping[int, tuple[Hit, ...]]:
        return passages_at(indexes[item.collection], item.question.question, inputs.k)

    reached = in_turns(look_up, with_answer, report, "questions with an answer", (0.1, 0.75))
    needless = in_turns(look_up, without, report, "questions without an answer", (0.75, 1.0))
    values: dict[tuple[str, str], list[bool]] = {}
    for arm, bound in zip(ARMS, THRESHOLDS, strict=True):
        values[arm.id, "missed"] = [
            not gold[item.collection].among(item.question, hits[bound])
            for item, hits in zip(with_answer, reached, strict=True)
        ]
        values[arm.id, "irrelevant"] = [bool(hits[bound]) for hits in needless]
    notes = {f"index {name}": index.fingerprint for name, index in sorted(indexes.items())}
    shown = [
        *(_row(item, hits, missed=True) for item, hits in list(zip(with_answer, reached, strict=True))[:_SHOWN]),
        *(_row(item, hits, missed=False) for item, hits in list(zip(without, needless, strict=True))[:_SHOWN]),
    ]
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


def _row(item: Asked, reached: Mapping[int, tuple[Hit, ...]], *, missed: bool) -> Shown:
    """A question with the passage that reaches the model without a bound, and the highest bound that lets it through."""
    first = reached[THRESHOLDS[0]]
    last = max((bound for bound in THRESHOLDS if reached[bound]), default=THRESHOLDS[0])
    right = f"right is {item.gold}" if missed else "the documents hold no answer"
    text = first[0].chunk.text if first else "no passage"
    return Shown(item.question.question, f"t-{last}", text, f"up to {last / 100:.1f} something is read; {right}")


EXPERIMENT = Experiment(
    id="threshold",
    title="How near must a passage be?",
    claim="A high bound on nearness loses passages that are needed, a low one lets through what is beside the point.",
    sources=("002 reality check", "002 mistake 3"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=200, split="test"),
)
