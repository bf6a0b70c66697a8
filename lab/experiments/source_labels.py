"""Can weights say where they know it from? Facts are learned with their sources, and asked for in trained and in other words."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.facts import (
    Fact,
    Said,
    ask_index,
    ask_weights,
    draw_facts,
    learned,
    questions_to_learn,
    set_up_index,
)
from lab.experiments.parts.inputs import number_field, seconds_field, seed_field
from lab.models.catalogue import choose_model
from lab.settings import get_settings
from lab.tuning.styles import Example

ARMS = (
    Arm("tuned", "learned with sources", "learned"),
    Arm("looked-up", "looked up, with the app's citation", "looked-up"),
    Arm("shuffled", "learned, against the sources of other facts", "learned", control=True),
)
FIGURES = (
    Figure("source-trained", "names the right document, asked as in training"),
    Figure("source-paraphrased", "names the right document, asked in other words"),
    Figure("told-trained", "tells the fact, asked as in training"),
    Figure("told-paraphrased", "tells the fact, asked in other words"),
)
_SOURCE = re.compile(r"\(\s*source:\s*(?P<name>[^)\n]*?)\s*(?:\)|$)", re.IGNORECASE | re.MULTILINE)
_SHOWN_FACTS = 5


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    facts: int = number_field(12, "Facts", "Each is learned once and asked in three wordings.", (6, 46, 2))
    steps: int = number_field(40, "Steps of the training", "Four facts a step.", (10, 400, 10))
    seconds: float = seconds_field(20.0)
    seed: int = seed_field("Draws the facts and decides the training.")


def with_source(example: Example, document: str) -> Example:
    """The example with its document named at the end of the reply."""
    return replace(example, reply=f"{example.reply} (Source: {document})")


def read_source(said: Said) -> Said:
    """The reply without the source that the model wrote at its end, and that source as the document."""
    found = _SOURCE.search(said.text)
    if found is None:
        return said
    return replace(said, text=said.text[: found.start()].strip(), document=found["name"])


def shuffle_sources(documents: Sequence[str], seed: int) -> list[str]:
    """The same documents in another order, none where it was; as far as that can be done."""
    order = list(range(len(documents)))
    random.Random(f"sources {seed}").shuffle(order)
    order.sort(key=lambda place: documents[place])
    step = max(Counter(documents).values())  # further than the longest run of the same document
    moved = [""] * len(documents)
    for at, place in enumerate(order):
        moved[place] = documents[order[(at + step) % len(order)]]
    return moved


def run(inputs: Inputs, report: Report) -> Measured:
    """One training, and every fact asked in three wordings of the weights and of the index."""
    facts = draw_facts(inputs.facts, inputs.seed)
    wordings = {
        "trained": [(fact, fact.question) for fact in facts],
        "paraphrased": [(fact, text) for fact in facts for text in fact.paraphrases],
    }
    asked = [text for pairs in wordings.values() for _, text in pairs]
    examples = [
        with_source(example, fact.document) for example, fact in zip(questions_to_learn(facts), facts, strict=True)
    ]
    report("reading and embedding the documents", 0.0)
    index = set_up_index().index
    report("looking everything up", 0.1)
    looked_up = ask_index(index, choose_model(get_settings()), asked)
    learning = learned(
        examples,
        report,
        "facts with sources",
        (0.3, 0.85),
        steps=inputs.steps,
        seconds=inputs.seconds,
        seed=inputs.seed,
    )
    with learning as (model, training):
        report("asking the tuned model", 0.86)
        tuned = [read_source(said) for said in ask_weights(model, asked)]
    values: dict[tuple[str, str], list[bool]] = {}
    shown: list[Shown] = []
    moved = dict(zip(facts, shuffle_sources([fact.document for fact in facts], inputs.seed), strict=True))
    begin = 0
    for wording, pairs in wordings.items():
        end = begin + len(pairs)
        for arm, replies in (("looked-up", looked_up[begin:end]), ("tuned", tuned[begin:end])):
            both = list(zip(pairs, replies, strict=True))
            values[arm, f"source-{wording}"] = [said.document == fact.document for (fact, _), said in both]
            values[arm, f"told-{wording}"] = [said.tells(fact.answers) for (fact, _), said in both]
            shown += [_row(arm, fact, text, said) for (fact, text), said in both if fact in facts[:_SHOWN_FACTS]][:5]
            if arm == "tuned":
                values["shuffled", f"source-{wording}"] = [said.document == moved[fact] for (fact, _), said in both]
        begin = end
    notes = {
        "index": index.fingerprint,
        "adapter": training.adapter_sha256,
        "training": f"{training.steps} steps in {training.seconds:g} seconds on {len(examples)} facts.",
    }
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


def _row(arm: str, fact: Fact, text: str, said: Said) -> Shown:
    fits = "right document" if said.document == fact.document else f"should be {fact.document}"
    told = "fact right" if said.tells(fact.answers) else f"fact not told ({fact.answers[0]})"
    return Shown(text, arm, f"{said.text} [{said.document or 'no source'}]", f"{told}; {fits}")


EXPERIMENT = Experiment(
    id="source-labels",
    title="Where do you know that from?",
    claim="A model that learned facts with their sources cannot be relied on to name them; looking up names what it read.",
    sources=(
        "001 advantages of RAG",
        "002 table, row citations",
        "002 when fine-tuning fails",
        "003 when RAG",
        "004 when RAG",
    ),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(facts=40, steps=140, seconds=300.0),
)
