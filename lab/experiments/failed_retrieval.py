"""When looking up fails: the right passage, none, another one, and what a small model says in each case.

The gold passage is the one that holds the answer. It is put into the prompt by hand, or taken out of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, n_field, seed_field, split_field
from lab.experiments.parts.questions import (
    ALL,
    Asked,
    answer_from,
    collections_of,
    draw,
    gold_hits,
    in_turns,
    judge,
    swapped,
)
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection
from lab.settings import get_settings

if TYPE_CHECKING:
    from lab.rag.index import Hit

ARMS = (
    Arm("closed-book", "the model alone", "neither"),
    Arm("gold", "the right passage in the prompt", "looked-up"),
    Arm("removed", "looked up, the right passage gone", "looked-up"),
    Arm("checked", "looked up, the right passage gone, refusing allowed", "looked-up"),
    Arm("swapped", "another question's passage in the prompt", "looked-up", control=True),
)
FIGURES = (
    Figure("right", "the right fact is told"),
    Figure("made-up", "something else is told as if it were so", better="less"),
    Figure("refused", "it is said that the answer is not known", better=""),
)
_SHOWN = 4  # questions


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field()
    n: int = n_field(12)
    seed: int = seed_field("Decides which questions are asked, and which passages are exchanged.")
    split: str = split_field()


def other_passages(golds: Mapping[Asked, Hit], seed: int) -> dict[Asked, Hit]:
    """For each question the gold passage of another one, drawn by the seed, that does not happen to hold its answer."""
    from lab.rag.measure import is_right

    asked = tuple(golds)
    chosen = {}
    for item, place in zip(asked, swapped(len(asked), seed), strict=True):
        others = [golds[other] for other in (*asked[place:], *asked[:place])]
        chosen[item] = next((hit for hit in others if not is_right(hit.chunk.text, item.question)), others[0])
    return chosen


def run(inputs: Inputs, report: Report) -> Measured:
    """The same questions with five prompts. A question whose answer stands whole in no passage is left out."""
    from lab.rag.answer import AskOptions
    from lab.rag.measure import gold_removed
    from lab.rag.stream import ask

    drawn = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    report("reading the documents", 0.0)
    indexes = {name: index_collection(name) for name in collections_of(inputs.collection)}
    reduced = {
        (name, question.id): index
        for name in indexes
        for question, index in gold_removed(indexes[name], [item.question for item in drawn if item.collection == name])
    }
    golds = {
        item: hits[0]
        for item in drawn
        if (hits := gold_hits(indexes[item.collection], item.question))
        and (item.collection, item.question.id) in reduced
    }
    asked = tuple(golds)
    if len(asked) < 2:
        raise BadInput(f"Questions is {inputs.n}: only {len(asked)} of them can be asked; choose at least 2 more.")
    others = other_passages(golds, inputs.seed)
    model = choose_model(get_settings())

    def without(item: Asked, *, abstain: bool) -> tuple[str, bool]:
        index = reduced[item.collection, item.question.id]
        answer = ask(item.question.question, index, model, AskOptions(abstain=abstain))
        return answer.raw_text or answer.text, answer.abstained

    ways: dict[str, Callable[[Asked], tuple[str, bool]]] = {
        "closed-book": lambda item: (answer_from(model, item.question.question, ()), False),
        "gold": lambda item: (answer_from(model, item.question.question, [golds[item]]), False),
        "removed": lambda item: without(item, abstain=False),
        "checked": lambda item: without(item, abstain=True),
        "swapped": lambda item: (answer_from(model, item.question.question, [others[item]]), False),
    }
    values: dict[tuple[str, str], list[float]] = {}
    shown: dict[str, list[Shown]] = {}
    for place, arm in enumerate(ARMS):
        share = (0.1 + 0.18 * place, 0.1 + 0.18 * (place + 1))
        answers = in_turns(ways[arm.id], asked, report, arm.label, share)
        verdicts = [judge(text, item.question, abstained=no) for item, (text, no) in zip(asked, answers, strict=True)]
        values[arm.id, "right"] = [verdict.right for verdict in verdicts]
        values[arm.id, "made-up"] = [verdict.made_up for verdict in verdicts]
        values[arm.id, "refused"] = [verdict.refused for verdict in verdicts]
        shown[arm.id] = [
            Shown(item.question.question, arm.id, text, f"{verdict.word}; right is {item.gold}")
            for item, (text, _), verdict in zip(asked, answers, verdicts, strict=True)
        ]
    rows = [shown[arm.id][place] for place in range(min(_SHOWN, len(asked))) for arm in ARMS]
    notes = {f"index {name}": index.fingerprint for name, index in indexes.items()}
    notes["left out"] = f"{len(drawn) - len(asked)} of {len(drawn)} questions, whose answer stands whole in no passage"
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=rows, notes=notes)


EXPERIMENT = Experiment(
    id="failed-retrieval",
    title="When the right passage is not found",
    claim="With the right passage a model makes up much less; when looking up fails, it makes things up again.",
    sources=("000 §1", "002 Characteristic table", "002 reality check", "003 Accuracy for facts"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=60, split="test"),
)
