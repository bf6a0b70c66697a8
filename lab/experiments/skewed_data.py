"""What a skewed set of examples does: as many of them, but four fifths under one label, judged on the same messages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import choice_field, number_field, seconds_field, seed_field, split_field
from lab.experiments.parts.training import trained
from lab.models.catalogue import choose_model
from lab.settings import get_settings
from lab.tuning.adherence import Adherence, measure_adherence
from lab.tuning.options import TrainOptions
from lab.tuning.styles import Example, Style, judge_content, load_examples, load_style, messages_of

STYLE = "ticket-labels"
ARMS = (
    Arm("balanced", "as many of each label", "learned"),
    Arm("skewed", "four fifths under one label", "learned"),
    Arm("base", "the model as it is", "neither", control=True),
)
FIGURES = (
    Figure("says-favoured", "says the favoured label where another is right", better="less"),
    Figure("right", "says the right label"),
)
LABELS = ("now", "repair", "missing", "money", "hire", "change", "delivery", "question")
_SHOWN_ROWS = 6


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    favoured: str = choice_field("question", "Favoured label", "Four fifths of the skewed examples carry it.", LABELS)
    examples: int = number_field(80, "Examples of each training", "The same number for both.", (40, 120, 40))
    steps: int = number_field(20, "Steps of each training", "Four examples a step.", (10, 200, 2))
    seconds: float = seconds_field(13.0)
    seed: int = seed_field("Draws examples and messages, and decides the trainings.")
    messages: int = number_field(32, "Messages", "Drawn by the seed; all, if there are fewer.", (8, 60, 4))
    split: str = split_field("Messages from")


def draw_by_label(
    examples: Sequence[Example], favoured: str, n: int, seed: int, *, skewed: bool
) -> tuple[Example, ...]:
    """`n` examples: as many of each label, or four fifths of them of the favoured one and the others alike.

    What cannot be divided evenly falls to the first labels. Raises BadInput for a label that does not exist or has too few
    examples.
    """
    by_label: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_label[example.reply].append(example)
    if favoured not in by_label:
        raise BadInput(f"The favoured label is “{favoured}”; choose one of {', '.join(sorted(by_label))}.")
    counts = _divide(n, list(by_label))
    if skewed:
        most = n * 4 // 5
        counts = _divide(n - most, [label for label in by_label if label != favoured]) | {favoured: most}
    chooser = random.Random(f"skewed data {seed}")
    drawn: list[Example] = []
    for label in sorted(by_label):
        wanted, there = counts[label], by_label[label]
        if wanted > len(there):
            raise BadInput(
                f"Examples is {n}, which takes {wanted} under “{label}”; there are {len(there)}. Choose fewer."
            )
        drawn += chooser.sample(there, wanted)
    chooser.shuffle(drawn)
    return tuple(drawn)


def _divide(n: int, labels: Sequence[str]) -> dict[str, int]:
    each, rest = divmod(n, len(labels))
    return {label: each + (place < rest) for place, label in enumerate(sorted(labels))}


def draw_messages(messages: Sequence[Example], n: int, seed: int) -> tuple[Example, ...]:
    """`n` of the messages in their order, all where there are fewer. Raises BadInput when n is below 1."""
    if n < 1:
        raise BadInput(f"Messages is {n}; choose at least 1.")
    if n >= len(messages):
        return tuple(messages)
    chosen = set(random.Random(f"messages {seed}").sample(range(len(messages)), n))
    return tuple(item for place, item in enumerate(messages) if place in chosen)


def says(style: Style, message: Example, reply: str, label: str) -> bool:
    """Whether the reply is that label, by the style's own judge."""
    verdict = judge_content(style, message.inputs, reply, label)
    return verdict is not None and verdict.passed


def run(inputs: Inputs, report: Report) -> Measured:
    """Two trainings that differ in their examples' labels alone; the base model is asked as well."""
    style = load_style(STYLE)
    messages = draw_messages(messages_of(style, inputs.split), inputs.messages, inputs.seed)
    everything = load_examples(style.folder / "train.jsonl", style, with_replies=True)
    data = {
        arm: draw_by_label(everything, inputs.favoured, inputs.examples, inputs.seed, skewed=arm == "skewed")
        for arm in ("balanced", "skewed")
    }
    notes = {
        f"examples {arm}": f"{sum(item.reply == inputs.favoured for item in chosen)} of {len(chosen)} are “{inputs.favoured}”."
        for arm, chosen in data.items()
    }
    report("the base model answers", 0.0)
    answered: dict[str, Adherence] = {"base": measure_adherence(style, messages, choose_model(get_settings()))}
    for place, (arm, chosen) in enumerate(data.items()):
        options = TrainOptions(
            style=STYLE, seed=inputs.seed, max_steps=inputs.steps, seconds=inputs.seconds, held_out=0
        )
        share = (0.1 + 0.45 * place, 0.5 + 0.45 * place)
        with trained(options, report, f"{arm} examples", share, chosen) as (folder, training):
            report(f"{arm} examples: the tuned model answers", share[1] + 0.01)
            answered[arm] = measure_adherence(style, messages, choose_model(get_settings(), adapter=str(folder)))
            notes[f"adapter {arm}"] = training.adapter_sha256
    values: dict[tuple[str, str], list[bool]] = {}
    shown = []
    for way in ARMS:
        pairs = [(item, row.reply) for item, row in zip(messages, answered[way.id].rows, strict=True)]
        others = [(item, reply) for item, reply in pairs if item.gold != inputs.favoured]
        values[way.id, "says-favoured"] = [says(style, item, reply, inputs.favoured) for item, reply in others]
        values[way.id, "right"] = [says(style, item, reply, item.gold) for item, reply in pairs]
        shown += [
            Shown(item.inputs["text"], way.id, reply, f"right is {item.gold}") for item, reply in others[:_SHOWN_ROWS]
        ]
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


EXPERIMENT = Experiment(
    id="skewed-data",
    title="Four fifths of one kind",
    claim="A skew in the examples becomes a skew in the answers.",
    sources=("003 fine-tuning checklist",),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(examples=120, steps=64, seconds=300.0, messages=60, split="test"),
)
