"""What a model cannot know: facts of a small organisation, asked closed book, looked up, and looked up in the wrong place."""

from __future__ import annotations

from dataclasses import dataclass

from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, n_field, seed_field, split_field
from lab.experiments.parts.questions import ALL, Asked, draw, in_turns, judge
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection, list_collections
from lab.settings import get_settings

ARMS = (
    Arm("closed-book", "the model alone", "neither"),
    Arm("looked-up", "looked up", "looked-up"),
    Arm("wrong-documents", "looked up in another organisation's documents", "looked-up", control=True),
)
FIGURES = (
    Figure("right", "the right fact is told"),
    Figure("made-up", "something else is told as if it were so", better="less"),
)
_SHOWN = 4  # questions


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field()
    n: int = n_field(20)
    seed: int = seed_field()
    split: str = split_field()


def other_collection(name: str) -> str:
    """The collection whose documents are the wrong ones for this one: the next in the list."""
    names = list_collections()
    return names[(names.index(name) + 1) % len(names)]


def run(inputs: Inputs, report: Report) -> Measured:
    """The same questions three ways; nothing is refused for the model, so that what it makes up can be seen."""
    from lab.rag.answer import AskOptions
    from lab.rag.stream import ask

    asked = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    names = dict.fromkeys(item.collection for item in asked)
    report("reading the documents", 0.0)
    indexes = {name: index_collection(name) for name in {*names, *map(other_collection, names)}}
    model = choose_model(get_settings())
    looked_up, closed = AskOptions(abstain=False), AskOptions(abstain=False, rag=False)

    def answer(item: Asked, arm: str) -> str:
        if arm == "closed-book":
            return ask(item.question.question, None, model, closed).raw_text
        name = item.collection if arm == "looked-up" else other_collection(item.collection)
        return ask(item.question.question, indexes[name], model, looked_up).raw_text

    values: dict[tuple[str, str], list[float]] = {}
    shown: dict[str, list[Shown]] = {}
    for place, arm in enumerate(ARMS):
        share = (0.1 + 0.3 * place, 0.4 + 0.3 * place)
        texts = in_turns(lambda item, arm=arm.id: answer(item, arm), asked, report, arm.label, share)  # type: ignore[misc]
        verdicts = [judge(text, item.question) for text, item in zip(texts, asked, strict=True)]
        values[arm.id, "right"] = [verdict.right for verdict in verdicts]
        values[arm.id, "made-up"] = [verdict.made_up for verdict in verdicts]
        shown[arm.id] = [
            Shown(item.question.question, arm.id, text, f"{verdict.word}; right is {item.gold}")
            for item, text, verdict in zip(asked, texts, verdicts, strict=True)
        ]
    rows = [shown[arm.id][place] for place in range(min(_SHOWN, len(asked))) for arm in ARMS]
    notes = {f"index {name}": index.fingerprint for name, index in sorted(indexes.items())}
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=rows, notes=notes)


EXPERIMENT = Experiment(
    id="missing-knowledge",
    title="What the model was never told",
    claim="A model does not know what it was never taught, makes something up instead, and looking it up mends that.",
    sources=("000 §1", "001 Retrieval-Augmented Generation", "002 mistake 1", "003 When to use RAG", "004 RAG"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=80, split="test"),
)
