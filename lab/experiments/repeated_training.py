"""The same facts trained again with another seed, or indexed again: is the same known each time, and how long does it take?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.facts import (
    Said,
    ask_index,
    ask_weights,
    draw_facts,
    learned,
    questions_to_learn,
    set_up_index,
    warm_up,
)
from lab.experiments.parts.inputs import number_field, seconds_field, seed_field
from lab.models.catalogue import choose_model
from lab.settings import get_settings

ARMS = (
    Arm("tuned", "trained again, each time with another seed", "learned"),
    Arm("looked-up", "indexed again each time", "looked-up", control=True),
)
FIGURES = (
    Figure("disagree", "told after some trainings and not after others", better="less"),
    Figure("always", "told after every one"),
    Figure("never", "told after none", better="less"),
    Figure("setup-seconds", "time until it can be asked", "seconds", better="less"),
)
_SHOWN_ITEMS = 5


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    facts: int = number_field(8, "Facts", "Learned in one wording, asked in two others.", (6, 46, 2))
    repeats: int = number_field(2, "Repeats", "Trainings, each with a seed of its own.", (2, 6, 1))
    steps: int = number_field(26, "Steps of each training", "Four facts a step.", (10, 300, 2))
    seconds: float = seconds_field(12.0)
    seed: int = seed_field("Draws the facts; the first training's seed.")


def compare_repeats(told: Sequence[Sequence[bool]]) -> dict[str, list[bool]]:
    """told[repeat][item] → for every item whether the repeats disagree, tell it always, or never."""
    items = list(zip(*told, strict=True))
    return {
        "disagree": [any(item) and not all(item) for item in items],
        "always": [all(item) for item in items],
        "never": [not any(item) for item in items],
    }


def run(inputs: Inputs, report: Report) -> Measured:
    """One training and one index a repeat; both are asked the same facts in words that no training saw."""
    if not 2 <= inputs.repeats <= 10:
        raise BadInput(f"Repeats is {inputs.repeats}; choose from 2 to 10, or there is nothing to compare.")
    facts = draw_facts(inputs.facts, inputs.seed)
    pairs = [(fact, text) for fact in facts for text in fact.paraphrases]
    asked = [text for _, text in pairs]
    examples = questions_to_learn(facts)
    base = choose_model(get_settings())
    said: dict[str, list[list[Said]]] = {arm.id: [] for arm in ARMS}
    setup: dict[str, list[float]] = {arm.id: [] for arm in ARMS}
    notes: dict[str, str] = {}
    report("loading the embedder", 0.0)
    warm_up()
    for repeat in range(inputs.repeats):
        begin, width = 0.05 + 0.95 * repeat / inputs.repeats, 0.95 / inputs.repeats
        report(f"index {repeat + 1} of {inputs.repeats}", begin)
        found = set_up_index()
        setup["looked-up"].append(found.seconds)
        said["looked-up"].append(ask_index(found.index, base, asked))
        notes[f"index {repeat + 1}"] = found.index.fingerprint
        learning = learned(
            examples,
            report,
            f"training {repeat + 1} of {inputs.repeats}",
            (begin + 0.2 * width, begin + 0.85 * width),
            steps=inputs.steps,
            seconds=inputs.seconds,
            seed=inputs.seed + repeat,
        )
        with learning as (model, training):
            report("asking the tuned model", begin + 0.86 * width)
            said["tuned"].append(ask_weights(model, asked))
            setup["tuned"].append(training.seconds)
            notes[f"adapter {repeat + 1}"] = training.adapter_sha256
    notes["seconds"] = (
        "Of the training's steps alone, and of reading, embedding and indexing; models were loaded before."
    )
    values: dict[tuple[str, str], Sequence[float]] = {}
    shown = []
    for arm in ARMS:
        told = [
            [reply.tells(fact.answers) for (fact, _), reply in zip(pairs, replies, strict=True)]
            for replies in said[arm.id]
        ]
        values |= {(arm.id, figure): found for figure, found in compare_repeats(told).items()}
        values[arm.id, "setup-seconds"] = setup[arm.id]
        shown += [
            Shown(text, arm.id, said[arm.id][repeat][item].text, f"{repeat + 1}: {fact.answers[0]} {_says(row[item])}")
            for item, (fact, text) in enumerate(pairs[:_SHOWN_ITEMS])
            for repeat, row in enumerate(told[:2])
        ]
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


def _says(told: bool) -> str:
    return "told" if told else "not told"


EXPERIMENT = Experiment(
    id="repeated-training",
    title="The same training, once more",
    claim="Training facts in is expensive, and what comes out differs from one training to the next.",
    sources=("000 §3", "002 table, row cost and complexity", "003 table, row setup cost"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(facts=24, repeats=3, steps=90, seconds=300.0),
)
