"""The first mistake, made for real: cram the documents into the weights, ask, then change a fact and ask again.

Two dumps (questions with their answers; the documents' raw text) and a style-only adapter as the control stand beside
looking the same documents up. Everything is asked in the same words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.figures import Share, load_general, reply_to_all, shares_from, side_by_side
from lab.experiments.measured import Arm as MeasuredArm
from lab.experiments.measured import Figure, Measured, Side, from_shares
from lab.experiments.training import trained
from lab.models.catalogue import choose_model
from lab.settings import SAMPLE_DATA, get_settings
from lab.tuning.options import TrainOptions
from lab.tuning.styles import Example, Style, load_style, messages_for

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.documents import Document
    from lab.rag.index import Index

FOLDER = SAMPLE_DATA / "dump"
COLLECTION = "tarnmoor-help"
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
    "changed_new": "ten facts have changed: the new one is told",
    "changed_stale": "ten facts have changed: the old one is told",
    "leaked": "a person's record was deleted and is told all the same",
}
_REFUSES = re.compile(
    r"\b(?:not (?:know|sure|find|have|say|mention)|cannot|can't|don't|doesn't|unable|no (?:information|answer))\b", re.I
)


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
class Fact:
    """One fact: how it was trained, how else one may ask for it, and where it stands."""

    id: str
    question: str
    reply: str
    paraphrases: tuple[str, ...]
    answers: tuple[str, ...]
    document: str
    person: str = ""


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

    def to_json(self) -> dict[str, Any]:
        n = sum(share.n for share in self.arms[0].shares.values())
        return {"experiment": EXPERIMENT.id, "n": n, "seed": self.inputs.seed, **asdict(self)}


@dataclass(frozen=True)
class _Item:
    measure: str
    question: str
    answers: tuple[str, ...]
    bad: bool = False  # the verdict counts something that should not happen


def load_facts(file: str = "facts.jsonl") -> tuple[Fact, ...]:
    """The facts that are crammed in, or with "members.jsonl" the records of people."""
    facts = []
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        facts.append(Fact(**{**data, "paraphrases": tuple(data["paraphrases"]), "answers": tuple(data["answers"])}))
    return tuple(facts)


def questions_to_learn() -> tuple[Example, ...]:
    """Every fact as one example: the question, and the sentence that answers it."""
    facts = [*load_facts(), *load_facts("members.jsonl")]
    return tuple(Example(fact.id, {"text": fact.question}, fact.reply) for fact in facts)


def text_to_learn(documents: Sequence[Document]) -> tuple[Example, ...]:
    """The documents that hold the facts, piece by piece, each as the answer to its document's name."""
    from lab.rag.build import IndexOptions, split_with

    wanted = {fact.document for fact in (*load_facts(), *load_facts("members.jsonl"))}
    chosen = [document for document in documents if Path(document.name).name in wanted]
    pieces = split_with(chosen, IndexOptions("recursive", 120, 0))
    return tuple(
        Example(f"piece-{place}", {"text": f"Recite: {piece.title}, {piece.heading or 'beginning'}."}, piece.text)
        for place, piece in enumerate(pieces)
    )


def _documents() -> tuple[Document, ...]:
    from lab.rag.collections import shipped_documents
    from lab.rag.load import load_paths

    settings = get_settings()
    members = load_paths(
        [FOLDER / "members.md"], max_file_bytes=settings.max_file_bytes, max_files=settings.max_files
    ).documents
    return (*shipped_documents(COLLECTION), *members)


def _changed(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Ten facts edited, and the first person's line deleted."""
    from lab.rag.collections import load_collection
    from lab.rag.editing import change, edit_document, load_edits, replace_once

    now = tuple(documents)
    for edit in load_edits(load_collection(COLLECTION).folder / "edits.jsonl"):
        document = next(item for item in now if Path(item.name).name == edit.document)
        now = change(now, document.name, replace_once(document, edit.find, edit.replace))
    person = load_facts("members.jsonl")[0].person
    members = next(item for item in now if Path(item.name).name == "members.md")
    kept = "\n".join(line for line in members.text.split("\n") if person not in line)
    return change(now, members.name, edit_document(members, kept))


def _items() -> tuple[list[_Item], list[_Item]]:
    """What is asked before the change, and what after it."""
    from lab.rag.collections import load_collection
    from lab.rag.editing import load_edits
    from lab.rag.measure import load_questions

    collection = load_collection(COLLECTION)
    facts, people = load_facts(), load_facts("members.jsonl")
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


def _ask_weights(style: Style, model: BaseChatModel, items: Sequence[_Item]) -> list[tuple[str, bool]]:
    """Closed book → answer, and whether it reads as a refusal."""
    texts = list(dict.fromkeys(item.question for item in items))
    answers = reply_to_all(model, [messages_for(style, {"text": text}) for text in texts], style.max_tokens)
    known = dict(zip(texts, answers, strict=True))
    return [(known[item.question], _REFUSES.search(known[item.question]) is not None) for item in items]


def _ask_index(index: Index, model: BaseChatModel, items: Sequence[_Item]) -> list[tuple[str, bool]]:
    """Looked up, as the app does it → answer, and whether it was refused."""
    from lab.rag.answer import AskOptions
    from lab.rag.stream import ask

    answers = side_by_side(lambda item: ask(item.question, index, model, AskOptions()), items)
    return [(answer.raw_text or answer.text, answer.abstained) for answer in answers]


def _judge(items: Sequence[_Item], answered: Sequence[tuple[str, bool]]) -> list[Asked]:
    from lab.rag.measure import is_right

    rows = []
    for item, (text, refused) in zip(items, answered, strict=True):
        verdict = not refused if item.measure == "invented" else not refused and is_right(text, item.answers)
        rows.append(Asked(item.measure, item.question, item.answers[0] if item.answers else "", text, verdict))
    return rows


def _ask_general(model: BaseChatModel) -> list[Asked]:
    from lab.experiments.figures import ask_general

    questions = load_general()
    return [
        Asked("general", item.question, item.answers[0], text, right)
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
    style = load_style(str(FOLDER))
    before, after = _items()
    documents = _documents()
    report("reading and embedding the documents", 0.0)
    index = build_index(documents, IndexOptions())
    changed_index, _ = index.updated(split_with(_changed(documents), IndexOptions()))
    settings = get_settings()
    arms = []
    for place, name in enumerate(wanted):
        begin, end = 0.05 + 0.95 * place / len(wanted), 0.05 + 0.95 * (place + 0.8) / len(wanted)
        seconds, count = 0.0, 0
        adapter = CONTROL if name == "style" else None
        with ExitStack() as stack:
            if name.startswith("dump"):
                examples = questions_to_learn() if name == "dump-questions" else text_to_learn(documents)
                options = TrainOptions(
                    style=str(FOLDER), seed=inputs.seed, max_steps=inputs.steps, seconds=inputs.seconds, held_out=0
                )
                folder, training = stack.enter_context(trained(options, report, name, (begin, end), examples))
                adapter, seconds, count = str(folder), training.seconds, len(examples)
            report(f"{name}: {len(before) + len(after) + 60} questions", end)
            model = choose_model(settings, adapter=adapter)
            answer: Callable[[Sequence[_Item], Index], list[tuple[str, bool]]]
            if name == "rag":

                def answer(
                    items: Sequence[_Item], index: Index, model: BaseChatModel = model
                ) -> list[tuple[str, bool]]:
                    return _ask_index(index, model, items)
            else:

                def answer(
                    items: Sequence[_Item], index: Index, model: BaseChatModel = model
                ) -> list[tuple[str, bool]]:
                    return _ask_weights(style, model, items)

            rows = _judge(before, answer(before, index)) + _judge(after, answer(after, changed_index))
            rows += _ask_general(model)
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
    for measure, what in MEASURES.items():
        lines.append(f"── {what}")
        lines += [f"  {arm.id:16} {arm.shares[measure]}" for arm in result.arms]
    return lines


_SIDES: Mapping[str, Side] = {
    "base": "neither", "style": "learned", "dump-questions": "learned", "dump-text": "learned", "rag": "looked-up",
}  # fmt: skip
_BAD = ("invented", "changed_stale", "leaked")


def measured(result: Result) -> Measured:
    """The shares of every arm, and the general questions by kind, as series that rules judge."""
    arms = [MeasuredArm(arm.id, ARMS[arm.id], _SIDES[arm.id], control=arm.id == CONTROL_ARM) for arm in result.arms]
    figures = [
        Figure(measure.replace("_", "-"), what, better="less" if measure in _BAD else "more")
        for measure, what in MEASURES.items()
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
