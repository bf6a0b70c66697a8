"""The square of the whole subject, counted: {base, two learned voices} × {closed book, looked up}, facts against voice.

One voice was trained without pages and one with them, on the same rules. All six points share one prompt but for the page.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lab.experiments.experiment import Experiment, Report
from lab.experiments.four_answers import voice_template
from lab.experiments.measured import Arm, Figure, Measured, Series, Side
from lab.experiments.parts.figures import Share, reply_to_all
from lab.experiments.parts.inputs import collection_field, n_field, seed_field, split_field
from lab.experiments.parts.questions import ALL, draw
from lab.models.adapters import find_adapter
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection
from lab.settings import get_settings
from lab.tuning.styles import RuleResult, check_reply, load_style

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.models.template import Turn
    from lab.rag.measure import PairedDifference, Question

MODELS = ("base", "naive", "with-page")  # the base model, the voice trained without pages, the voice trained with them
SIDES = tuple((model, looked_up) for model in MODELS for looked_up in (False, True))
VOICE = "brand-voice"  # its prompt and its rules serve all three
MOST_FACTS_LOST = 0.05  # what a voice may cost, and how well it must be kept, to count as free
LEAST_VOICE = 0.95
NAMES = ("Mira", "Callum", "Zoë", "Jean-Baptiste", "Priya", "Tomasz", "Eleri", "Hamish", "Linh", "Yusuf", "Odile", "Bo")
_TOGETHER = 32  # replies between two reports


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field()
    n: int = n_field(15)
    seed: int = seed_field("Decides the questions and the customers' names.")
    split: str = split_field()
    naive: str = field(default="brand-voice", metadata={"label": "Voice trained without pages"})
    with_page: str = field(default="brand-voice-with-page", metadata={"label": "Voice trained with pages"})


@dataclass(frozen=True)
class Asked:
    """One question, whoever answers it. `holds`: whether the passage that was looked up holds the right answer."""

    id: str
    collection: str
    kind: str
    question: str
    first_name: str
    answers: tuple[str, ...]
    passage: str
    document: str
    holds: bool


@dataclass(frozen=True)
class Reply:
    """One answer, and what is said of it; `failed` are the rules of the voice that it breaks."""

    text: str
    right: bool
    failed: tuple[RuleResult, ...]

    @property
    def voice_kept(self) -> bool:
        return not self.failed


@dataclass(frozen=True)
class Point:
    """One of the six: its replies are in the order of the result's questions."""

    model: str
    looked_up: bool
    replies: tuple[Reply, ...]

    @property
    def facts(self) -> Share:
        """Replies that hold the right answer."""
        return Share.of([reply.right for reply in self.replies])

    @property
    def voice(self) -> Share:
        """Replies that keep every rule of the voice."""
        return Share.of([reply.voice_kept for reply in self.replies])


@dataclass(frozen=True)
class Result:
    """The six points in the order of SIDES. `made` is the day (UTC). Greedy decoding: the seed only draws questions.

    best: base + looked up with the lab's own prompt instead of the voice's, the most facts that the base model gets out
    of the same passages; only its facts mean anything. adapters: hash by model; indexes: fingerprint by collection.
    """

    inputs: Inputs
    asked: tuple[Asked, ...]
    points: tuple[Point, ...]
    best: Point
    made: str
    adapters: Mapping[str, str]
    indexes: Mapping[str, str]

    def point(self, model: str, *, looked_up: bool) -> Point:
        """One of the six by its two names."""
        return self.points[SIDES.index((model, looked_up))]

    def held(self, point: Point) -> Share:
        """Of the questions whose passage holds the answer, those that the point gets right: looking up set aside."""
        pairs = zip(point.replies, self.asked, strict=True)
        return Share.of([reply.right for reply, asked in pairs if asked.holds])

    def facts_gained(self, model: str, *, over_best: bool = False) -> PairedDifference:
        """Facts right with a voice, looked up, less those of base + looked up, on the same questions, with its interval.

        over_best: less those of the base model with the lab's own prompt.
        """
        from lab.rag.measure import paired_bootstrap

        before = self.best if over_best else self.point("base", looked_up=True)
        after = self.point(model, looked_up=True)
        return paired_bootstrap([r.right for r in after.replies], [r.right for r in before.replies])

    def is_free(self, model: str) -> bool:
        """Whether a voice, looked up, loses at most 5 points of facts against base + looked up and is kept at 0.95."""
        kept = self.point(model, looked_up=True).voice.rate or 0.0
        return self.facts_gained(model).difference >= -MOST_FACTS_LOST and kept >= LEAST_VOICE

    def to_json(self) -> dict[str, Any]:
        return {"experiment": EXPERIMENT.id, "n": len(self.asked), **asdict(self)}


def draw_questions(inputs: Inputs) -> list[tuple[str, Question]]:
    """(collection, question) pairs: answerable ones that ask for one thing. Raises BadInput for inputs that cannot work."""
    return [
        (asked.collection, asked.question) for asked in draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    ]


def run(inputs: Inputs, report: Report) -> Result:
    """Look everything up once, then let three models answer with and without the page: about a second a question."""
    from lab.rag.decide import CANDIDATES
    from lab.rag.measure import is_right
    from lab.rag.prompt import build_messages, format_context, get_template
    from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER, retrieve

    questions = draw_questions(inputs)
    adapters = {"naive": find_adapter(inputs.naive), "with-page": find_adapter(inputs.with_page)}
    style = load_style(VOICE)
    short = get_template("short")
    names = random.Random(inputs.seed).choices(NAMES, k=len(questions))
    asked: list[Asked] = []
    turns: dict[bool | str, list[list[Turn]]] = {False: [], True: [], "best": []}
    for place, ((collection, question), name) in enumerate(zip(questions, names, strict=True)):
        report(f"looking up question {place + 1} of {len(questions)}", 0.1 * place / len(questions))
        index = index_collection(collection)
        hits = retrieve(index, question.question, CANDIDATES, retriever=DEFAULT_RETRIEVER, rerank=DEFAULT_RERANK)[:1]
        passage = format_context(hits)
        for looked_up in (False, True):
            template = voice_template(style, name, with_text=looked_up)
            turns[looked_up].append(_turns(build_messages(template, question.question, hits if looked_up else ())))
        turns["best"].append(_turns(build_messages(short, question.question, hits)))
        asked.append(
            Asked(
                id=question.id,
                collection=collection,
                kind=question.kind,
                question=question.question,
                first_name=name,
                answers=question.answers,
                passage=passage,
                document=hits[0].chunk.document,
                holds=is_right(passage, question),
            )
        )

    def ask(
        model: BaseChatModel, conversations: Sequence[Sequence[Turn]], what: str, begun: float
    ) -> tuple[Reply, ...]:
        texts: list[str] = []
        for start in range(0, len(conversations), _TOGETHER):
            report(
                f"{what}: answer {start + 1} and on of {len(conversations)}", begun + 0.12 * start / len(conversations)
            )
            texts += reply_to_all(model, conversations[start : start + _TOGETHER], style.max_tokens)
        return tuple(
            Reply(
                text=text,
                right=is_right(text, question),
                failed=tuple(
                    rule
                    for rule in check_reply(style, {"first_name": item.first_name, "message": item.question}, text)
                    if not rule.passed
                ),
            )
            for text, item, (_, question) in zip(texts, asked, questions, strict=True)
        )

    models = {name: choose_model(get_settings(), adapter=_adapter(inputs, name)) for name in MODELS}
    points = tuple(
        Point(name, looked_up, ask(models[name], turns[looked_up], _says(name, looked_up), 0.1 + 0.125 * place))
        for place, (name, looked_up) in enumerate(SIDES)
    )
    best = Point("base", True, ask(models["base"], turns["best"], "base, looked up, the lab's own prompt", 0.86))
    return Result(
        inputs=inputs,
        asked=tuple(asked),
        points=points,
        best=best,
        made=datetime.now(UTC).strftime("%Y-%m-%d"),
        adapters={name: adapter.sha256 for name, adapter in adapters.items()},
        indexes={name: index_collection(name).fingerprint for name in dict.fromkeys(item.collection for item in asked)},
    )


def _adapter(inputs: Inputs, model: str) -> str | None:
    return {"base": None, "naive": inputs.naive, "with-page": inputs.with_page}[model]


def _turns(messages: Sequence[Any]) -> list[Turn]:
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    return [(roles[message.type], str(message.text)) for message in messages]


def _says(model: str, looked_up: bool) -> str:
    who = {"base": "base model", "naive": "voice trained without pages", "with-page": "voice trained with pages"}[model]
    return f"{who}, {'looked up' if looked_up else 'closed book'}"


def read(data: Mapping[str, Any]) -> Result:
    """A saved result's dictionary back to a Result."""
    return Result(
        inputs=Inputs(**data["inputs"]),
        asked=tuple(Asked(**{**item, "answers": tuple(item["answers"])}) for item in data["asked"]),
        points=tuple(_read_point(item) for item in data["points"]),
        best=_read_point(data["best"]),
        made=data["made"],
        adapters=data["adapters"],
        indexes=data["indexes"],
    )


def _read_point(data: Mapping[str, Any]) -> Point:
    replies = tuple(
        Reply(item["text"], item["right"], tuple(RuleResult(**rule) for rule in item["failed"]))
        for item in data["replies"]
    )
    return Point(data["model"], data["looked_up"], replies)


def describe(result: Result) -> list[str]:
    """The six points, and what each voice costs in facts."""
    lines = [
        f"{_says(point.model, point.looked_up):42} facts {point.facts}   voice {point.voice}" for point in result.points
    ]
    lines.append(f"{'base model, the lab’s own prompt, looked up':42} facts {result.best.facts}")
    for model in MODELS[1:]:
        gain = result.facts_gained(model)
        lines.append(
            f"{_says(model, True)}: {100 * gain.difference:+.0f} points of facts against base, looked up "
            f"[{100 * gain.low:+.0f}, {100 * gain.high:+.0f}]; "
            f"{'loses no more than it may' if result.is_free(model) else 'costs too much'}"
        )
    return lines


_FIGURES = (
    Figure("facts", "holds the right answer"),
    Figure("voice", "keeps every rule of the voice"),
    Figure("both", "right, and in the voice"),
)


def measured(result: Result) -> Measured:
    """The six points and the lab's own prompt as arms, with one value for each question."""
    arms = []
    values: dict[tuple[str, str], tuple[float, ...]] = {}

    def add(arm: Arm, point: Point) -> None:
        arms.append(arm)
        replies = point.replies
        values[arm.id, "facts"] = tuple(float(reply.right) for reply in replies)
        values[arm.id, "voice"] = tuple(float(reply.voice_kept) for reply in replies)
        values[arm.id, "both"] = tuple(float(reply.right and reply.voice_kept) for reply in replies)

    for point in result.points:
        name = point.model + ("-looked-up" if point.looked_up else "")
        label = {"base": "base", "naive": "naive voice", "with-page": "voice with pages"}[point.model]
        side: Side = "looked-up" if point.looked_up else "neither"
        if point.model != "base":
            side = "both" if point.looked_up else "learned"
        add(Arm(name, label + (" + looked up" if point.looked_up else ""), side), point)
    add(Arm("best", "base + looked up, the lab's own prompt", "looked-up"), result.best)
    series = tuple(Series(arm, figure, found) for (arm, figure), found in values.items())
    return Measured(EXPERIMENT.id, result.inputs, tuple(arms), _FIGURES, series, made=result.made)


EXPERIMENT = Experiment(
    id="square",
    title="The square: facts and voice, each with and without looking up",
    claim="Looking up moves facts and learning moves the voice; a voice trained without pages pays for it in facts.",
    sources=("000 §4", "001 The Hybrid Approach", "002 The Power of the Hybrid Approach", "004 both"),
    inputs=Inputs,
    run=run,
    read=read,
    describe=describe,
    full=Inputs(collection=ALL, n=1000, split="test"),
    measured=measured,
)
