"""The same pages cut in four ways: whether the passage with the answer comes first, and whether the answer is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, n_field, seed_field, split_field, window_field
from lab.experiments.parts.passages import GoldPassages
from lab.experiments.parts.questions import ALL, Asked, draw, in_turns, judge, swapped
from lab.models.catalogue import choose_model
from lab.rag.build import IndexOptions
from lab.rag.collections import index_collection
from lab.settings import get_settings

if TYPE_CHECKING:
    from lab.rag.answer import Answer
    from lab.rag.index import Index

ARMS = (
    Arm("broken", "windows that cut sentences", "looked-up"),
    Arm("recursive", "the largest piece that fits", "looked-up"),
    Arm("semantic", "by meaning", "looked-up"),
    Arm("sentences", "one sentence each", "looked-up"),
    Arm("shuffled", "one sentence each, asked with another question's words", "looked-up", control=True),
)
FIGURES = (
    Figure("found", "the passage with the answer comes first"),
    Figure("right", "the answer is right"),
)
_SHOWN = 4  # questions


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field("Whose pages are cut.")
    n: int = n_field(12)
    window: int = window_field()
    seed: int = seed_field("Decides which questions are asked.")
    split: str = split_field()


def cut_as(arm: str, window: int) -> IndexOptions:
    """How an arm's index is cut: each splitter at its own size, without overlap."""
    from lab.rag.split import SPLITTERS

    if arm == "broken":
        return IndexOptions("fixed", window)
    splitter = "sentences" if arm == "shuffled" else arm
    return IndexOptions(splitter, SPLITTERS[splitter].size)


def run(inputs: Inputs, report: Report) -> Measured:
    """Every question against every index, looked up as the app does it and never refused. One passage is read."""
    from lab.rag.answer import AskOptions
    from lab.rag.stream import ask

    asked = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    names = tuple(dict.fromkeys(item.collection for item in asked))
    own = [(item, item.question.question) for item in asked]
    other = [(item, own[place][1]) for item, place in zip(asked, swapped(len(asked), inputs.seed), strict=True)]
    model = choose_model(get_settings())
    options = AskOptions(abstain=False)
    indexes: dict[str, Index] = {}

    def look_up(pair: tuple[Asked, str]) -> Answer:
        item, words = pair
        return ask(words, indexes[item.collection], model, options)

    values: dict[tuple[str, str], list[bool]] = {}
    rows: list[list[Shown]] = []
    notes: dict[str, str] = {}
    for place, arm in enumerate(ARMS):
        begin, end = place / len(ARMS), (place + 1) / len(ARMS)
        report(f"{arm.label}: cutting and indexing", begin)
        cut = cut_as(arm.id, inputs.window)
        indexes |= {name: index_collection(name, cut) for name in names}
        gold = {name: GoldPassages(indexes[name]) for name in names}
        answers = in_turns(look_up, other if arm.control else own, report, arm.label, ((begin + end) / 2, end))
        told = list(zip(asked, answers, strict=True))
        verdicts = [judge(answer.raw_text, item.question) for item, answer in told]
        values[arm.id, "found"] = [
            gold[item.collection].among(item.question, answer.hits, options.k) for item, answer in told
        ]
        values[arm.id, "right"] = [verdict.right for verdict in verdicts]
        rows.append(
            [
                Shown(item.question.question, arm.id, f"{answer.raw_text} (read: “{_first(answer)}”)", verdict.word)
                for (item, answer), verdict in zip(told, verdicts, strict=True)
            ][:_SHOWN]
        )
        if not arm.control:
            notes |= {f"index {name}, {arm.id}": indexes[name].fingerprint for name in names}
    shown = [row for of_one_question in zip(*rows, strict=True) for row in of_one_question]
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


def _first(answer: Answer) -> str:
    return answer.hits[0].chunk.text if answer.hits else ""


EXPERIMENT = Experiment(
    id="chunking",
    title="Where the pages are cut",
    claim="How documents are cut decides what is found: windows that cut sentences do worse than whole ones.",
    sources=("002 reality check", "002 mistake 3", "002 FAQ 2"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=80, split="test"),
)
