"""A pattern of several steps, each following from the one before: spelled out, looked up, shown, or practised."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.errors import BadInput
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
from lab.experiments.parts.lookups import guide_page
from lab.tuning.checks.steps import StepsRight, steps_right
from lab.tuning.styles import Style, load_style

FIGURES = (
    Figure("order", "all steps there and in order, every rule kept"),
    Figure("right", "every step right"),
    Figure("steps", "share of the steps that are right", "steps right"),
)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    style: str = field(
        default="repair-triage", metadata={"label": "Behaviour", "help": "One whose replies are numbered steps."}
    )
    n: int = number_field(16, "Messages", "Drawn by the seed, for every arm.", (4, 60, 1))
    other: str = other_field()
    seed: int = seed_field("Draws the messages.")
    split: str = split_field("Messages from")


def labels_of(style: Style) -> tuple[str, ...]:
    """The names of the style's steps, in their order; raises BadInput when its replies are none."""
    judge = style.content.judge
    if not isinstance(judge, StepsRight):
        raise BadInput(f"{style.title} ({style.name}) has no numbered steps. Choose repair-triage.")
    return judge.labels


def make_ways(style: Style, page: str, other: str) -> tuple[Way, ...]:
    """The five ways. The page says the same as the prompt that spells the steps out, and stands where pages stand."""
    return (
        Way(Arm("base", "every step spelled out in the prompt", "neither"), prompted=True),
        Way(
            Arm("pattern-looked-up", "a page that describes the steps", "looked-up"),
            page=lambda message: page,
        ),
        Way(Arm("few-shot", "good replies in the prompt", "neither"), few_shot=True),
        Way(Arm("tuned", "weights that practised it", "learned"), adapter=style.name),
        Way(Arm("other-adapter", "weights that practised something else", "learned", True), adapter=other),
    )


def run(inputs: Inputs, report: Report) -> Measured:
    """Every message in five ways. The page is given whole, so nothing can go wrong in finding it."""
    style = load_style(inputs.style)
    labels = labels_of(style)
    messages = draw_messages(style, inputs.n, inputs.seed, inputs.split)
    ways = make_ways(style, guide_page(style).strip(), inputs.other)
    check_adapters(ways)

    def steps(reply: Replied) -> float:
        right = steps_right(reply.text, labels, reply.message.gold)
        return sum(right) / len(right)

    replies = ask_all(style, messages, ways, report)
    values = gather(replies, {"order": lambda reply: reply.kept, "right": lambda reply: reply.right, "steps": steps})
    return finish(
        EXPERIMENT.id,
        inputs,
        [way.arm for way in ways],
        FIGURES,
        values,
        shown=pick_shown(replies),
        notes=fingerprints(ways),
    )


EXPERIMENT = Experiment(
    id="multi-step",
    title="A pattern of several steps",
    claim="Training makes a model follow a pattern of several steps; a page that describes the pattern does not.",
    sources=("000 §3", "001 Strengths", "002 Following complex instructions"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(n=60, split="test"),
)
