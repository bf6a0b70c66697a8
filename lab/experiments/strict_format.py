"""A strict format, asked for in four ways: spelled out, by samples that were looked up, by a chat of examples, by practice.

All arms but the last answer the same messages. The last one pools five behaviours, each with its own adapter and messages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, describe, finish, reader
from lab.experiments.parts.behaviours import (
    Replied,
    Way,
    ask_all,
    check_adapters,
    draw_messages,
    fingerprints,
    gather,
    pick_shown,
)
from lab.experiments.parts.inputs import number_field, other_field, seed_field, split_field
from lab.experiments.parts.lookups import nearest_examples
from lab.tuning.styles import Example, Style, load_style, messages_for

STYLE = "strict-json"
FIVE = (STYLE, "earnings-json", "ticket-labels", "text-to-sql", "three-bullets")
SAMPLES = 3
FIVE_ARM = Arm("tuned-five", "five formats, each practised by its own weights", "learned")
FIGURES = (
    Figure("parses", "a program can read it as JSON"),
    Figure("valid", "every rule of the format kept"),
)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    n: int = number_field(10, "Messages", "Drawn by the seed, for every arm.", (4, 60, 1))
    each: int = number_field(4, "Messages for each of the five", "Five formats, pooled.", (1, 60, 1))
    other: str = other_field()
    seed: int = seed_field("Draws the messages.")
    split: str = split_field("Messages from")


def parses(reply: str) -> bool:
    """Whether the whole reply is JSON, as a strict program would read it: no code fence, no word around it."""
    try:
        json.loads(reply, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON does not know


def samples_page(style: Style, samples: Sequence[Example]) -> str:
    """Examples as a text to read: each message as the style puts it, and its reply behind it."""
    return "\n\n".join(f"{messages_for(style, item.inputs)[-1][1]} {item.reply}" for item in samples)


def make_ways(style: Style, samples: Mapping[str, Sequence[Example]], other: str) -> tuple[Way, ...]:
    """The five ways of the one style; what was looked up is added to the prompt that spells the rules out."""

    def page(message: Example) -> str:
        return samples_page(style, samples[message.id])

    return (
        Way(Arm("base", "every rule spelled out in the prompt", "neither"), prompted=True),
        Way(
            Arm("looked-up-samples", "the same, with the nearest examples looked up", "looked-up"),
            prompted=True,
            page=page,
        ),
        Way(Arm("few-shot", "good replies in the prompt", "neither"), few_shot=True),
        Way(Arm("tuned", "weights that practised it", "learned"), adapter=style.name),
        Way(Arm("other-adapter", "weights that practised something else", "learned", True), adapter=other),
    )


def run(inputs: Inputs, report: Report) -> Measured:
    """Every message in five ways, then the messages of five styles, each to its own adapter."""
    style = load_style(STYLE)
    messages = draw_messages(style, inputs.n, inputs.seed, inputs.split)
    five = [(load_style(name), Way(FIVE_ARM, adapter=name)) for name in FIVE]
    five_messages = [draw_messages(item, inputs.each, inputs.seed, inputs.split) for item, _ in five]
    check_adapters([way for _, way in five])
    report("embedding the training examples", 0.0)
    samples = nearest_examples(style, messages, SAMPLES)
    ways = make_ways(style, samples, inputs.other)
    check_adapters(ways)
    replies = ask_all(style, messages, ways, report, (0.1, 0.6))
    values = gather(replies, {"parses": lambda reply: parses(reply.text), "valid": lambda reply: reply.kept})
    pooled: list[Replied] = []
    for place, ((item, way), asked) in enumerate(zip(five, five_messages, strict=True)):
        share = (0.6 + 0.08 * place, 0.6 + 0.08 * (place + 1))
        pooled += ask_all(item, asked, [way], report, share)[FIVE_ARM.id]
    values[FIVE_ARM.id, "valid"] = [float(reply.kept) for reply in pooled]
    notes = {**fingerprints(ways)}
    for name, (_, way) in zip(FIVE, five, strict=True):
        notes[f"adapter of {FIVE_ARM.id}: {name}"] = fingerprints([way])[f"adapter of {FIVE_ARM.id}"]
    result = finish(
        EXPERIMENT.id,
        inputs,
        [*(way.arm for way in ways), FIVE_ARM],
        FIGURES,
        values,
        shown=(*pick_shown(replies), *pick_shown({FIVE_ARM.id: pooled[:: inputs.each]}, len(FIVE))),
        notes=notes,
    )
    series = tuple(replace(item, paired=item.arm != FIVE_ARM.id) for item in result.series)  # it has its own items
    return replace(result, series=series)


EXPERIMENT = Experiment(
    id="strict-format",
    title="A strict format, every time",
    claim="Training makes a model keep a strict format every time; asking for it, or looking samples up, does so sometimes.",
    sources=("000 §3", "002 When to fine-tune", "003 Examples", "004 When fine-tuning fits"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(n=60, each=60, split="test"),
)
