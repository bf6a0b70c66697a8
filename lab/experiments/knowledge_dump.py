"""The first mistake, made for real: cram the documents into the weights, ask, then change a fact and ask again.

Two dumps (questions with their answers; the documents' raw text) and a style-only adapter as the control stand beside
looking the same documents up. Everything is asked in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm as MeasuredArm
from lab.experiments.measured import Figure, Measured, Side, from_shares
from lab.experiments.parts.facts import (
    COLLECTION,
    FOLDER,
    MEMBERS,
    Said,
    ask_index,
    ask_weights,
    learned,
    load_facts,
    questions_to_learn,
    read_documents,
)
from lab.experiments.parts.figures import GeneralQuestion, Share, ask_general, load_general, load_reasoning, shares_from
from lab.models.catalogue import choose_model
from lab.settings import get_settings
from lab.tuning.styles import Example, load_style

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.documents import Document

CONTROL = "brand-voice"
CONTROL_ARM = "style"
LEFT_OUT = 20
ARMS = {
    "base": "the model as it is, closed book",
    "style": "a style adapter, closed book (the control)",
    "dump-questions": "tuned on questions with their answers",
    "dump-text": "tuned on the raw text of the documents",
    "rag": "the model as it is, looking the documents up",
}
MEASURES = {
    "trained": "the trained questions, word for word",
    "paraphrased": "the same facts, asked in other words",
    "left_out": "facts of the same documents that were in no training question",
    "invented": "questions without an answer, answered all the same",
    "general": "general knowledge",
    "reasoning": "small puzzles of reasoning",
    "changed_new": "ten facts have changed: the new one is told",
    "changed_stale": "ten facts have changed: the old one is told",
    "leaked": "a person's record was deleted and is told all the same",
}


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    arms: str = field(
        default="base, dump-questions, rag",
        metadata={"label": "What to compare", "help": f"Of these, with commas: {', '.join(ARMS)}"},
    )
    steps: int = field(default=80, metadata={"label": "Steps of a training", "range": (20, 400, 20)})
    seconds: float = field(default=60.0, metadata={"label": "Seconds at most of a training"})
    seed: int = field(default=0, metadata={"label": "Seed"})


@dataclass(frozen=True)
class Asked:
    """One question to one arm, with its verdict: right, or for `invented`, `changed_stale` and `leaked` whether it happened."""

    measure: str
    question: str
    expected: str
    answer: str
    verdict: bool


@dataclass(frozen=True)
class Arm:
    """What one arm answered; shares by measure."""

    id: str
    shares: Mapping[str, Share]
    asked: tuple[Asked, ...]
    trained_seconds: float
    trained_examples: int


@dataclass(frozen=True)
class Result:
    inputs: Inputs
    made: str
    machine: str
    index: str
    arms: tuple[Arm, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """What was measured, in the order of MEASURES; a result that was saved earlier may lack the newest."""
        return tuple(measure for measure in MEASURES if measure in self.arms[0].shares)

    def to_json(self) -> dict[str, Any]:
        n = sum(share.n for share in self.arms[0].shares.values())
        return {"experiment": EXPERIMENT.id, "n": n, "seed": self.inputs.seed, **asdict(self)}


@dataclass(frozen=True)
class _Item:
    measure: str
    question: str
    answers: tuple[str, ...]
    bad: bool = False  # the verdict counts something that should not happen


def text_to_learn(documents: Sequence[Document]) -> tuple[Example, ...]:
    """The documents that hold the facts, piece by piece, each as the answer to its document's name."""
    from lab.rag.build import IndexOptions, split_with

    wanted = {fact.document for fact in (*load_facts(), *load_facts(MEMBERS))}
    chosen = [document for document in documents if Path(document.name).name in wanted]
    pieces = split_with(chosen, IndexOptions("recursive", 120, 0))
    return tuple(
        Example(f"piece-{place}", {"text": f"Recite: {piece.title}, {piece.heading or 'beginning'}."}, piece.text)
        for place, piece in enumerate(pieces)
    )


def _changed(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Ten facts edited, and the first person's line deleted."""
    from lab.rag.collections import load_collection
    from lab.rag.editing import change, edit_document, load_edits, replace_once

    now = tuple(documents)
    for edit in load_edits(load_collection(COLLECTION).folder / "edits.jsonl"):
        document = next(item for item in now if Path(item.name).name == edit.document)
        now = change(now, document.name, replace_once(document, edit.find, edit.replace))
    person = load_facts(MEMBERS)[0].person
    members = next(item for item in now if Path(item.name).name == "members.md")
    kept = "\n".join(line for line in members.text.split("\n") if person not in line)
    return change(now, members.name, edit_document(members, kept))


def _items() -> tuple[list[_Item], list[_Item]]:
    """What is asked before the change, and what after it."""
    from lab.rag.collections import load_collection
    from lab.rag.editing import load_edits
    from lab.rag.measure import load_questions

    collection = load_collection(COLLECTION)
    facts, people = load_facts(), load_facts(MEMBERS)
    unanswerable = [item for item in load_questions(collection.questions("dev")) if not item.parts]
    left_out = [item for item in load_questions(collection.questions("test")) if item.kind == "single-fact"]
    before = [
        *(_Item("trained", fact.question, fact.answers) for fact in (*facts, *people)),
        *(_Item("paraphrased", text, fact.answers) for fact in (*facts, *people) for text in fact.paraphrases),
        *(_Item("left_out", item.question, item.answers) for item in left_out[:LEFT_OUT]),
        *(_Item("invented", item.question, (), bad=True) for item in unanswerable),
    ]
    edits = load_edits(collection.folder / "edits.jsonl")
    asked = [people[0].question, *people[0].paraphrases]
    after = [
        *(_Item("changed_new", edit.question, (edit.after,)) for edit in edits),
        *(_Item("changed_stale", edit.question, (edit.before,), bad=True) for edit in edits),
        *(_Item("leaked", text, people[0].answers, bad=True) for text in asked),
    ]
    return before, after


def _judge(items: Sequence[_Item], answered: Sequence[Said]) -> list[Asked]:
    rows = []
    for item, said in zip(items, answered, strict=True):
        verdict = not said.refused if item.measure == "invented" else said.tells(item.answers)
        rows.append(Asked(item.measure, item.question, item.answers[0] if item.answers else "", said.text, verdict))
    return rows


def _ask_plain(model: BaseChatModel, measure: str, questions: Sequence[GeneralQuestion]) -> list[Asked]:
    """Questions that have nothing to do with the documents, each asked as the only turn."""
    return [
        Asked(measure, item.question, item.answers[0], text, right)
        for item, (text, right) in zip(questions, ask_general(model, questions), strict=True)
    ]


def run(inputs: Inputs, report: Report) -> Result:
    """Train what has to be trained, ask every arm everything. Raises BadInput for an arm that does not exist."""
    from lab.rag.build import IndexOptions, build_index, split_with
    from lab.tuning.run import describe_machine

    wanted = [name.strip() for name in inputs.arms.split(",") if name.strip()]
    if not wanted or (unknown := [name for name in wanted if name not in ARMS]):
        named = f"“{unknown[0]}” is none of them" if wanted else "none is named"
        raise BadInput(f"Name what to compare out of {', '.join(ARMS)}: {named}.")
    max_tokens = load_style(str(FOLDER)).max_tokens
    before, after = _items()
    plain = {"general": load_general(), "reasoning": load_reasoning()}
    documents = read_documents()
    report("reading and embedding the documents", 0.0)
    index = build_index(documents, IndexOptions())
    changed_index, _ = index.updated(split_with(_changed(documents), IndexOptions()))
    arms = []
    for place, name in enumerate(wanted):
        begin, end = 0.05 + 0.95 * place / len(wanted), 0.05 + 0.95 * (place + 0.8) / len(wanted)
        seconds, count = 0.0, 0
        with ExitStack() as stack:
            if name.startswith("dump"):
                examples = questions_to_learn() if name == "dump-questions" else text_to_learn(documents)
                learning = learned(
                    examples,
                    report,
                    name,
                    (begin, end),
                    steps=inputs.steps,
                    seconds=inputs.seconds,
                    seed=inputs.seed,
                )
                model, training = stack.enter_context(learning)
                seconds, count = training.seconds, len(examples)
            else:
                model = choose_model(get_settings(), adapter=CONTROL if name == CONTROL_ARM else None)
            report(f"{name}: {len(before) + len(after) + sum(map(len, plain.values()))} questions", end)
            rows: list[Asked] = []
            for items, searched in ((before, index), (after, changed_index)):
                texts = [item.question for item in items]
                looked_up = name == "rag"
                said = ask_index(searched, model, texts) if looked_up else ask_weights(model, texts, max_tokens)
                rows += _judge(items, said)
            for measure, questions in plain.items():
                rows += _ask_plain(model, measure, questions)
        shares = {measure: Share.of([row.verdict for row in rows if row.measure == measure]) for measure in MEASURES}
        arms.append(Arm(name, shares, tuple(rows), seconds, count))
    made = datetime.now(UTC).strftime("%Y-%m-%d")
    return Result(inputs, made, describe_machine(), index.fingerprint, tuple(arms))


def read(data: Mapping[str, Any]) -> Result:
    """A saved result's dictionary back to a Result."""
    arms = tuple(
        Arm(**{**arm, "shares": shares_from(arm["shares"]), "asked": tuple(Asked(**row) for row in arm["asked"])})
        for arm in data["arms"]
    )
    return Result(Inputs(**data["inputs"]), data["made"], data["machine"], data["index"], arms)


def describe(result: Result) -> list[str]:
    """One block for each measure, one line for each arm."""
    lines = []
    for measure in result.measures:
        lines.append(f"── {MEASURES[measure]}")
        lines += [f"  {arm.id:16} {arm.shares[measure]}" for arm in result.arms]
    return lines


_SIDES: Mapping[str, Side] = {
    "base": "neither", "style": "learned", "dump-questions": "learned", "dump-text": "learned", "rag": "looked-up",
}  # fmt: skip
_BAD = ("invented", "changed_stale", "leaked")


def measured(result: Result) -> Measured:
    """The shares of every arm as series that rules judge."""
    arms = [MeasuredArm(arm.id, ARMS[arm.id], _SIDES[arm.id], control=arm.id == CONTROL_ARM) for arm in result.arms]
    figures = [
        Figure(measure.replace("_", "-"), MEASURES[measure], better="less" if measure in _BAD else "more")
        for measure in result.measures
    ]
    shares = {
        (arm.id, measure.replace("_", "-")): share for arm in result.arms for measure, share in arm.shares.items()
    }
    return from_shares(EXPERIMENT.id, result.inputs, arms, figures, shares, made=result.made, machine=result.machine)


EXPERIMENT = Experiment(
    id="knowledge-dump",
    title="The knowledge dump",
    claim="Facts trained into the weights are recalled badly, go stale, cannot be deleted, and cost other knowledge.",
    sources=("000 §3", "001 common mistakes", "002 mistake 1", "003 misconceptions", "004 misunderstandings"),
    inputs=Inputs,
    run=run,
    read=read,
    describe=describe,
    full=Inputs(arms=", ".join(ARMS), steps=160, seconds=900.0),
    measured=measured,
)
