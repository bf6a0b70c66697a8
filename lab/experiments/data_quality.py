"""Does quality matter? The same number of examples, clean, noisy and contradictory, judged on the same messages."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm as MeasuredArm
from lab.experiments.measured import Figure, Measured, from_shares
from lab.experiments.parts.figures import Share
from lab.experiments.parts.training import judge_messages, trained
from lab.tuning.batches import draw_examples
from lab.tuning.options import TrainOptions
from lab.tuning.styles import Example, load_examples, load_style, messages_of

KINDS = {
    "clean": "as they are",
    "noisy": "a third of the replies belong to another message",
    "contradictory": "every second reply is written another way (turned to prose, without its form)",
}


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    style: str = field(default="strict-json", metadata={"label": "Behaviour"})
    examples: int = field(default=100, metadata={"label": "Examples", "range": (20, 300, 20)})
    steps: int = field(default=30, metadata={"label": "Steps of each training", "range": (10, 200, 10)})
    seconds: float = field(default=40.0, metadata={"label": "Seconds at most of each training"})
    seed: int = field(default=0, metadata={"label": "Seed"})
    split: str = field(default="dev", metadata={"label": "Messages", "options": ("dev", "test")})


@dataclass(frozen=True)
class Arm:
    """One kind of data: what share of replies keeps every rule, and what share fits its message."""

    kind: str
    kept: Share
    right: Share
    example: str  # the first reply, to look at


@dataclass(frozen=True)
class Result:
    """The arms in the order of KINDS."""

    inputs: Inputs
    made: str
    arms: tuple[Arm, ...]

    def to_json(self) -> dict[str, Any]:
        n = self.arms[0].kept.n
        return {"experiment": EXPERIMENT.id, "n": n, "seed": self.inputs.seed, **asdict(self)}


def spoil(examples: Sequence[Example], kind: str, seed: int) -> tuple[Example, ...]:
    """The same examples, `clean`, `noisy` or `contradictory`; which ones are spoilt is drawn by the seed."""
    chooser = random.Random(f"{kind} {seed}")
    if kind == "clean":
        return tuple(examples)
    share = 3 if kind == "noisy" else 2
    chosen = chooser.sample(range(len(examples)), len(examples) // share)
    spoilt = list(examples)
    if kind == "noisy":
        for place, other in zip(chosen, [*chosen[1:], *chosen[:1]], strict=True):
            spoilt[place] = replace(examples[place], reply=examples[other].reply)
        return tuple(spoilt)
    for place in chosen:
        plain = " ".join(examples[place].reply.translate(str.maketrans('{}[]":,-', "        ")).split())
        spoilt[place] = replace(
            examples[place], reply=f"Sure, here is what I think. {plain.capitalize()}. Anything else"
        )
    return tuple(spoilt)


def run(inputs: Inputs, report: Report) -> Result:
    """Three trainings of at most `seconds` each, and the answers to the style's messages after each."""
    style = load_style(inputs.style)
    messages = messages_of(style, inputs.split)
    everything = load_examples(style.folder / "train.jsonl", style, with_replies=True)
    learned, _ = draw_examples(len(everything), inputs.examples, 0, inputs.seed)
    chosen = [everything[place] for place in learned]
    if len(chosen) < inputs.examples:
        raise BadInput(f"Examples is {inputs.examples}, but {style.name} has {len(chosen)}. Choose fewer.")
    arms = []
    for place, kind in enumerate(KINDS):
        options = TrainOptions(
            style=inputs.style, seed=inputs.seed, max_steps=inputs.steps, seconds=inputs.seconds, held_out=0
        )
        share = (place / len(KINDS), (place + 0.9) / len(KINDS))
        spoilt = spoil(chosen, kind, inputs.seed)
        with trained(options, report, f"{kind} data", share, spoilt) as (folder, _):
            report(f"{kind} data: the tuned model answers", share[1])
            judged = judge_messages(style, messages, str(folder))
        arms.append(Arm(kind, judged.kept, judged.right, judged.first_reply))
    return Result(inputs, datetime.now(UTC).strftime("%Y-%m-%d"), tuple(arms))


def read(data: Mapping[str, Any]) -> Result:
    """A saved result's dictionary back to a Result."""
    arms = tuple(Arm(**{**arm, "kept": Share(**arm["kept"]), "right": Share(**arm["right"])}) for arm in data["arms"])
    return Result(Inputs(**data["inputs"]), data["made"], arms)


def describe(result: Result) -> list[str]:
    """One line for each kind of data."""
    return [
        f"{arm.kind:14} every rule kept {arm.kept}; fits its message {arm.right} ({KINDS[arm.kind]})"
        for arm in result.arms
    ]


def measured(result: Result) -> Measured:
    """The shares of every arm."""
    arms = [MeasuredArm(arm.kind, KINDS[arm.kind], "learned") for arm in result.arms]
    figures = (Figure("kept", "every rule kept"), Figure("right", "fits its message"))
    shares = {
        (arm.kind, name): share for arm in result.arms for name, share in (("kept", arm.kept), ("right", arm.right))
    }
    return from_shares(EXPERIMENT.id, result.inputs, arms, figures, shares, made=result.made)


EXPERIMENT = Experiment(
    id="data-quality",
    title="Does the quality of examples matter?",
    claim="Quality and consistency of examples count for more than their number.",
    sources=("002 mistake 4", "003 Fine-tuning checklist"),
    inputs=Inputs,
    run=run,
    read=read,
    describe=describe,
    full=Inputs(seconds=300.0, split="test"),
    measured=measured,
)
