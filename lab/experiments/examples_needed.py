"""How many examples does a behaviour take? The same training with 10, 30, 100, 300 of them, judged on the same messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, from_shares
from lab.experiments.parts.figures import Share
from lab.experiments.parts.training import judge_messages, trained
from lab.tuning.options import TrainOptions
from lab.tuning.styles import load_style, messages_of

SIZES = (10, 30, 100, 300)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set. sizes and seeds are lists of numbers, written with commas between."""

    style: str = field(default="brand-voice", metadata={"label": "Behaviour"})
    sizes: str = field(default="30", metadata={"label": "Numbers of examples", "help": "For example 10, 30, 100."})
    seeds: str = field(default="0", metadata={"label": "Seeds", "help": "Each seed draws other examples."})
    steps: int = field(default=40, metadata={"label": "Steps of each training", "range": (10, 200, 10)})
    seconds: float = field(default=45.0, metadata={"label": "Seconds at most of each training"})
    split: str = field(default="dev", metadata={"label": "Messages", "options": ("dev", "test")})


@dataclass(frozen=True)
class Point:
    """One training: `examples` of them drawn by `seed`; kept are all rules, right is the content, where it was judged."""

    examples: int
    seed: int
    kept: Share
    right: Share
    steps: int
    seconds: float
    ended_by: str


@dataclass(frozen=True)
class Result:
    """The base model's point comes first, with 0 examples; the others by size, then seed."""

    inputs: Inputs
    made: str
    machine: str
    points: tuple[Point, ...]

    def of(self, examples: int) -> Share:
        """All seeds of one size together."""
        group = [point.kept for point in self.points if point.examples == examples]
        return Share(sum(share.count for share in group), sum(share.n for share in group))

    def right_of(self, examples: int) -> Share:
        """The content, all seeds of one size together."""
        group = [point.right for point in self.points if point.examples == examples]
        return Share(sum(share.count for share in group), sum(share.n for share in group))

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(sorted({point.examples for point in self.points}))

    def to_json(self) -> dict[str, Any]:
        n = self.points[0].kept.n
        return {"experiment": EXPERIMENT.id, "n": n, "seed": self.inputs.seeds, **asdict(self)}


def numbers(text: str, what: str, lowest: int) -> list[int]:
    """“10, 30” → [10, 30], in order and once each; raises BadInput."""
    try:
        found = sorted({int(part) for part in text.split(",") if part.strip()})
    except ValueError:
        raise BadInput(f"{what} is “{text}”; write whole numbers with commas between, for example 10, 30.") from None
    if not found or found[0] < lowest or len(found) > 10:
        raise BadInput(f"{what} is “{text}”; write one to ten whole numbers of at least {lowest}.")
    return found


def run(inputs: Inputs, report: Report) -> Result:
    """One training for each size and seed (up to `seconds` each), and one more round of answers for the base model."""
    from lab.tuning.run import describe_machine

    style = load_style(inputs.style)
    messages = messages_of(style, inputs.split)
    sizes, seeds = numbers(inputs.sizes, "Numbers of examples", 1), numbers(inputs.seeds, "Seeds", 0)

    def measure(adapter: str | None, examples: int, seed: int, steps: int, seconds: float, ended_by: str) -> Point:
        judged = judge_messages(style, messages, adapter)
        return Point(examples, seed, judged.kept, judged.right, steps, seconds, ended_by)

    report("the base model answers", 0.0)
    points = [measure(None, 0, 0, 0, 0.0, "")]
    work = [(size, seed) for size in sizes for seed in seeds]
    for place, (size, seed) in enumerate(work):
        options = TrainOptions(
            style=inputs.style, examples=size, seed=seed, max_steps=inputs.steps, seconds=inputs.seconds
        )
        share = (place / len(work), (place + 0.9) / len(work))
        with trained(options, report, f"{size} examples", share) as (folder, training):
            report(f"{size} examples: the tuned model answers", share[1])
            points.append(measure(str(folder), size, seed, training.steps, training.seconds, training.ended_by))
    return Result(inputs, datetime.now(UTC).strftime("%Y-%m-%d"), describe_machine(), tuple(points))


def read(data: Mapping[str, Any]) -> Result:
    """A saved result's dictionary back to a Result."""
    points = tuple(
        Point(**{**point, "kept": Share(**point["kept"]), "right": Share(**point["right"])}) for point in data["points"]
    )
    return Result(Inputs(**data["inputs"]), data["made"], data["machine"], points)


def describe(result: Result) -> list[str]:
    """One line for each number of examples."""
    return [
        f"{size:5} examples: every rule kept {result.of(size)}; fits its message {result.right_of(size)}"
        for size in result.sizes
    ]


def measured(result: Result) -> Measured:
    """One arm for each number of examples, all its seeds together."""
    arms = [
        Arm(f"examples-{size}", f"{size} examples" if size else "base", "learned" if size else "neither")
        for size in result.sizes
    ]
    figures = (Figure("kept", "every rule kept"), Figure("right", "fits its message"))
    shares = {(f"examples-{size}", "kept"): result.of(size) for size in result.sizes}
    shares |= {(f"examples-{size}", "right"): result.right_of(size) for size in result.sizes}
    return from_shares(EXPERIMENT.id, result.inputs, arms, figures, shares, made=result.made, machine=result.machine)


EXPERIMENT = Experiment(
    id="examples-needed",
    title="How many examples?",
    claim="A consistent format or voice takes tens to hundreds of good examples; more of them help less and less.",
    sources=("002 mistake 4", "003 Fine-tuning checklist"),
    inputs=Inputs,
    run=run,
    read=read,
    describe=describe,
    full=Inputs(sizes=", ".join(map(str, SIZES)), seconds=300.0, split="test"),
    measured=measured,
)
