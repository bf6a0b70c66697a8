"""The same ten passages in three orders: as found, read again by the re-ranker, and at random. The first one is read."""

from __future__ import annotations

import random
from dataclasses import dataclass

from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, n_field, seed_field, split_field
from lab.experiments.parts.passages import GoldPassages
from lab.experiments.parts.questions import ALL, answer_from, draw, in_turns, judge
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection
from lab.settings import get_settings

ARMS = (
    Arm("none", "as found", "looked-up"),
    Arm("reranked", "re-ranked", "looked-up"),
    Arm("random", "the ten in random order", "looked-up", control=True),
)
FIGURES = (
    Figure("first", "the passage with the answer comes first"),
    Figure("right", "the answer is right"),
)
TEN = 10
_SHOWN = 5  # questions


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field("Whose passages are ordered.")
    n: int = n_field(30)
    seed: int = seed_field("Decides the questions and the random order.")
    split: str = split_field()


def run(inputs: Inputs, report: Report) -> Measured:
    """Look up, order, read the first passage. Passages that come first in several orders are read once."""
    from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER, retrieve

    asked = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    names = tuple(dict.fromkeys(item.collection for item in asked))
    report("reading the documents", 0.0)
    indexes = {name: index_collection(name) for name in names}
    gold = {name: GoldPassages(index) for name, index in indexes.items()}
    firsts = []
    for place, item in enumerate(asked):
        report(f"ordering {place + 1} of {len(asked)}", 0.05 + 0.35 * place / len(asked))
        index, words = indexes[item.collection], item.question.question
        found = retrieve(index, words, TEN, retriever=DEFAULT_RETRIEVER)
        reranked = retrieve(index, words, TEN, retriever=DEFAULT_RETRIEVER, rerank=DEFAULT_RERANK)
        drawn = random.Random(f"order {inputs.seed} {place}").choice(found)  # the first of a random order
        firsts.append({"none": found[0], "reranked": reranked[0], "random": drawn})
    to_read = {
        (place, hit.chunk.id): (asked[place].question.question, hit)
        for place, orders in enumerate(firsts)
        for hit in orders.values()
    }
    model = choose_model(get_settings())
    texts = in_turns(
        lambda pair: answer_from(model, pair[0], (pair[1],)), list(to_read.values()), report, "answering", (0.4, 1.0)
    )
    read = dict(zip(to_read, texts, strict=True))
    values: dict[tuple[str, str], list[bool]] = {(arm.id, name): [] for arm in ARMS for name in ("first", "right")}
    shown = []
    for place, (item, orders) in enumerate(zip(asked, firsts, strict=True)):
        for arm in ARMS:
            hit = orders[arm.id]
            text = read[place, hit.chunk.id]
            verdict = judge(text, item.question)
            values[arm.id, "first"].append(gold[item.collection].among(item.question, (hit,)))
            values[arm.id, "right"].append(verdict.right)
            if place < _SHOWN:
                says = f"{verdict.word}; right is {item.gold}"
                shown.append(Shown(item.question.question, arm.id, f"{text} (read: “{hit.chunk.text}”)", says))
    notes = {f"index {name}": index.fingerprint for name, index in indexes.items()} | {"re-ranker": DEFAULT_RERANK}
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


EXPERIMENT = Experiment(
    id="reranking",
    title="Reading the ten found again",
    claim="A re-ranker puts the right passage first more often than the search does, and the answers get better.",
    sources=("002 reality check", "002 mistake 3", "002 FAQ 2"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=200, split="test"),
)
