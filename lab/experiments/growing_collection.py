"""The same questions while the collection grows around their passages: are they still found, and how long does it take?

First come the passages that answer, then others of the same collection, then made-up rules of other trades.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.filler import make_passages
from lab.experiments.parts.inputs import choice_field, n_field, number_field, seed_field, split_field
from lab.experiments.parts.questions import Asked, draw, gold_hits, swapped
from lab.rag.collections import DEFAULT_COLLECTION, index_collection, list_collections

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index
    from lab.rag.split import Chunk

SIZES = ("small", "medium", "large")
FOUND_AMONG = 3
ADDED = 100  # passages, for add-seconds
ADDITIONS = 3  # times that so many are added to an index
TIMED = 12  # questions whose search is timed
_AT_ONCE = 1000  # passages embedded between two reports
FIGURES = (
    Figure("found", f"the passage with the answer is among the first {FOUND_AMONG}"),
    Figure("search-seconds", "seconds to look a question up", "seconds", "less"),
    Figure("add-seconds", f"seconds to add {ADDED} passages, until one of them can be found", "seconds", "less"),
)


_SIZES = (100, 20_000, 100)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = choice_field(DEFAULT_COLLECTION, "Documents", "Whose questions are asked.", list_collections())
    small: int = number_field(200, "Small", "Passages in the index.", _SIZES)
    medium: int = number_field(600, "Medium", "Passages in the index.", _SIZES)
    large: int = number_field(1500, "Large", "Passages in the index.", _SIZES)
    n: int = n_field(24)
    seed: int = seed_field("Decides which questions are asked, and what the other passages are.")
    split: str = split_field()


def order_passages(own: Sequence[Chunk], gold: Sequence[Chunk], count: int, seed: int) -> tuple[Chunk, ...]:
    """The first `count` of: the gold passages, the collection's other ones in an order drawn by the seed, filler."""
    first = {chunk.id for chunk in gold}
    others = [chunk for chunk in own if chunk.id not in first]
    random.Random(seed).shuffle(others)
    real = (*(chunk for chunk in own if chunk.id in first), *others)[:count]
    return (*real, *make_passages(count - len(real), seed))


def look_up(index: Index, question: str) -> tuple[Hit, ...]:
    """As the app looks passages up for an answer, best first."""
    from lab.rag.decide import CANDIDATES
    from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER, retrieve

    return retrieve(index, question, CANDIDATES, retriever=DEFAULT_RETRIEVER, rerank=DEFAULT_RERANK)


def is_found(index: Index, asked: Asked, hits: Sequence[Hit]) -> bool:
    """Whether a passage with the answer is among the first three of these."""
    from lab.rag.measure import Relevance, rank_passages

    return not Relevance(index).of(asked.question)[0].isdisjoint(rank_passages(hits)[:FOUND_AMONG])


def time_search(index: Index, asked: Sequence[Asked], times_before: int) -> list[float]:
    """Seconds of each search, one at a time, on an index that was asked these questions before.

    Spaces at the end, one more each time, change nothing for any model, but no grade is remembered from an earlier time.
    """
    seconds = []
    for item in asked:
        began = time.perf_counter()
        look_up(index, item.question.question + " " * (times_before + 1))
        seconds.append(time.perf_counter() - began)
    return seconds


def time_additions(index: Index, passages: Sequence[Chunk]) -> list[float]:
    """Seconds of adding so many passages to the index and looking for one of them, for each hundred of `passages`."""
    seconds = []
    for start in range(0, len(passages), ADDED):
        fresh = passages[start : start + ADDED]
        began = time.perf_counter()
        grown, _ = index.updated([*index.chunks, *fresh])
        look_up(grown, fresh[0].text)
        seconds.append(time.perf_counter() - began)
    return seconds


def run(inputs: Inputs, report: Report) -> Measured:
    """Look every question up at three sizes. No language model is asked: an answer can be no better than its passage."""
    if not ADDED <= inputs.small < inputs.medium < inputs.large:
        raise BadInput(
            f"The sizes are {inputs.small}, {inputs.medium} and {inputs.large}: each must be larger than the one before "
            f"it, and the first at least {ADDED}."
        )
    report("reading the documents", 0.0)
    whole = index_collection(inputs.collection)
    golds = {
        item: gold_hits(whole, item.question) for item in draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    }
    asked = [item for item, hits in golds.items() if hits]
    gold = [hit.chunk for hits in golds.values() for hit in hits]
    needed = len({chunk.id for chunk in gold})
    if len(asked) < 2:
        raise BadInput(f"Questions is {inputs.n}, and {len(asked)} of the questions can be asked; choose at least 2.")
    if needed > inputs.small:
        raise BadInput(f"Small is {inputs.small}, and the questions need {needed} passages; choose a larger index.")
    passages = order_passages(whole.chunks, gold, inputs.large + ADDITIONS * ADDED, inputs.seed)
    sizes = dict(zip(SIZES, (inputs.small, inputs.medium, inputs.large), strict=True))
    arms = [Arm(name, f"{size:,} passages", "looked-up") for name, size in sizes.items()]
    control = Arm("shuffled", f"{inputs.small:,} passages, another question's words", "looked-up", control=True)
    values: dict[tuple[str, str], list[float]] = {}
    shown: list[Shown] = []
    index = whole

    def search(index: Index, arm: str, others: Sequence[Asked], begun: float) -> list[float]:
        found: list[float] = []
        for place, (item, words) in enumerate(zip(asked, others, strict=True)):
            report(f"{arm}: question {place + 1} of {len(asked)}", begun)
            hits = look_up(index, words.question.question)
            found.append(is_found(index, item, hits))
            if place < 5:
                verdict = f"{'found' if found[-1] else 'not found'}; wanted is {item.gold}"
                shown.append(Shown(words.question.question, arm, hits[0].context, verdict))
        return found

    for place, (name, size) in enumerate(sizes.items()):
        start = 0.05 + 0.3 * place
        for end in [*range(_AT_ONCE, size, _AT_ONCE), size]:
            report(f"indexing {end:,} of {size:,} passages", start)
            if end > len(index) or end == size:
                index, _ = index.updated(passages[:end])
        values[name, "found"] = search(index, name, asked, start + 0.1)
        if name == "small":
            others = [asked[other] for other in swapped(len(asked), inputs.seed)]
            values["shuffled", "found"] = search(index, "shuffled", others, start + 0.15)
        report(f"{name}: timing", start + 0.2)
        values[name, "search-seconds"] = time_search(index, asked[:TIMED], place)
        values[name, "add-seconds"] = time_additions(index, passages[inputs.large :])
    notes = {
        "index": index.fingerprint,
        "left out": f"{len(golds) - len(asked)} questions, whose answer no passage holds",
    }
    return finish(EXPERIMENT.id, inputs, [*arms, control], FIGURES, values, shown=shown, notes=notes)


EXPERIMENT = Experiment(
    id="growing-collection",
    title="The collection grows",
    claim="Ten and forty times as many passages are no trouble: they are still found, and quickly.",
    sources=("000 §1", "001 Scalable", "002 Retrieval bottleneck", "003 large docs"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(small=500, medium=3000, large=12_000, n=60, split="test"),
)
