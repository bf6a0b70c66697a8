"""Records that must go: invented members with a code each, learned or looked up, and half of them deleted again."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.facts import (
    MEMBERS,
    Said,
    ask_index,
    ask_weights,
    learned,
    load_facts,
    read_documents,
    update_index,
)
from lab.experiments.parts.inputs import number_field, seconds_field, seed_field
from lab.models.catalogue import choose_model
from lab.settings import get_settings
from lab.tuning.styles import Example

if TYPE_CHECKING:
    from lab.rag.documents import Document

ARMS = (
    Arm("base", "the model as it is, closed book", "neither", control=True),
    Arm("looked-up", "looked up", "looked-up"),
    Arm("looked-up-deleted", "looked up, records deleted from the index", "looked-up"),
    Arm("tuned", "trained on the records", "learned"),
    Arm("tuned-unlearned", "trained anew: the other records, and refusals for the deleted ones", "learned"),
)
FIGURES = (
    Figure("told", "tells the code of a record that is to be deleted", better="less"),
    Figure("others-told", "tells the code of a record that stays"),
    Figure("seconds", "time that the deletion took", "seconds", better="less"),
)
REFUSAL = "I cannot tell you that: there is no such member."
REGISTER = "reading-room-members.md"
_TOKENS = 32  # a learned reply takes about twenty
_FIRST = (
    "Abel",
    "Bettany",
    "Corin",
    "Drusilla",
    "Emrys",
    "Fenella",
    "Gideon",
    "Hester",
    "Ivo",
    "Jocasta",
    "Kenelm",
    "Lowri",
)
_LAST = (
    "Ashgrove",
    "Birkwell",
    "Copperthwaite",
    "Dunmarsh",
    "Eldwick",
    "Farrowby",
    "Greatorex",
    "Hollins",
    "Inskip",
    "Jessop",
)
_PLACES = ("Marlbeck", "Fellgate", "Stannick", "Corbray Head", "Hazel Wood")


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    records: int = number_field(8, "Members", "Invented, with a code each. Half of them are deleted.", (4, 40, 2))
    repeats: int = number_field(1, "Repeats", "Each with other members and another seed, and two trainings.", (1, 4, 1))
    steps: int = number_field(32, "Steps of each training", "Four records a step.", (8, 304, 4))
    seconds: float = seconds_field(13.0)
    seed: int = seed_field("Invents the members and decides the trainings.")


@dataclass(frozen=True)
class Record:
    """One invented member; `code` are four digits that nobody else has."""

    name: str
    code: str
    place: str
    delete: bool

    @property
    def question(self) -> str:
        return f"What is the member code of {self.name}?"

    @property
    def reply(self) -> str:
        return f"The member code of {self.name} is {self.code}."

    @property
    def line(self) -> str:
        return f"- {self.name}, member code {self.code}, lives in {self.place} and has a key to the reading room."


def invent(n: int, seed: str) -> tuple[Record, ...]:
    """`n` members; every second one is to be deleted. No two share a name or a code. Raises BadInput for an odd or wild n."""
    most = len(_FIRST) * len(_LAST)
    if n % 2 or not 4 <= n <= most:
        raise BadInput(f"Members is {n}; choose an even number from 4 to {most}, because half of them are deleted.")
    chooser = random.Random(f"members {seed}")
    names = chooser.sample([f"{first} {last}" for first in _FIRST for last in _LAST], n)
    taken = {fact.answers[0] for fact in load_facts(MEMBERS)}
    codes = chooser.sample([str(code) for code in range(1000, 10_000) if str(code) not in taken], n)
    return tuple(
        Record(name, code, chooser.choice(_PLACES), place % 2 == 0)
        for place, (name, code) in enumerate(zip(names, codes, strict=True))
    )


def register_of(records: Sequence[Record]) -> Document:
    """The records as the page that is looked up."""
    from lab.rag.documents import Document

    lines = [
        "# Members of the reading room",
        "",
        "Every person in it is made up.",
        "",
        *(item.line for item in records),
    ]
    text = "\n".join(lines) + "\n"
    return Document(REGISTER, "Members of the reading room", text, hashlib.sha256(text.encode()).hexdigest())


def to_learn(records: Sequence[Record], *, refuse_deleted: bool) -> tuple[Example, ...]:
    """Every record as an example; those to be deleted with their code, or with a refusal."""
    return tuple(
        Example(
            f"record-{place}",
            {"text": item.question},
            REFUSAL if refuse_deleted and item.delete else item.reply,
        )
        for place, item in enumerate(records)
    )


def run(inputs: Inputs, report: Report) -> Measured:
    """Two trainings a repeat: with all records, and anew without those that are to go. The base model's start is the same."""
    from lab.rag.build import build_index

    if not 1 <= inputs.repeats <= 10:
        raise BadInput(f"Repeats is {inputs.repeats}; choose from 1 to 10.")
    members = [invent(inputs.records, f"{inputs.seed} {repeat}") for repeat in range(inputs.repeats)]
    values: dict[tuple[str, str], list[float]] = {}
    shown: list[Shown] = []
    notes: dict[str, str] = {}
    base = choose_model(get_settings())
    report("reading and embedding the documents", 0.0)
    documents = read_documents()
    for repeat, records in enumerate(members):
        begin, width = 0.1 + 0.9 * repeat / inputs.repeats, 0.9 / inputs.repeats

        def keep(arm: str, replies: Sequence[Said], records: Sequence[Record] = records) -> None:
            for record, said in zip(records, replies, strict=True):
                figure, told = "told" if record.delete else "others-told", said.tells([record.code])
                values.setdefault((arm, figure), []).append(told)
                if record in records[:4]:
                    verdict = f"{'tells' if told else 'does not tell'} {record.code}"
                    shown.append(
                        Shown(record.question, arm, said.text, verdict + (" (deleted)" if record.delete else ""))
                    )

        questions = [record.question for record in records]
        index = build_index([*documents, register_of(records)])
        left = [record for record in records if not record.delete]
        index_after, seconds = update_index(index, [*documents, register_of(left)])
        values.setdefault(("looked-up-deleted", "seconds"), []).append(seconds)
        report(f"looking up {len(questions)} codes", begin)
        keep("base", ask_weights(base, questions, _TOKENS))
        keep("looked-up", ask_index(index, base, questions))
        keep("looked-up-deleted", ask_index(index_after, base, questions))
        for place, arm in enumerate(("tuned", "tuned-unlearned")):
            share = begin + width * (0.2 + 0.4 * place), begin + width * (0.55 + 0.4 * place)
            learning = learned(
                to_learn(records, refuse_deleted=arm == "tuned-unlearned"),
                report,
                "all records" if arm == "tuned" else "without the deleted records",
                share,
                steps=inputs.steps,
                seconds=inputs.seconds,
                seed=inputs.seed + repeat,
            )
            with learning as (model, training):
                report("asking the tuned model", share[1] + 0.01 * width)
                keep(arm, ask_weights(model, questions, _TOKENS))
                if arm == "tuned-unlearned":
                    values.setdefault((arm, "seconds"), []).append(training.seconds)
                notes[f"adapter {arm} {repeat + 1}"] = training.adapter_sha256
        notes[f"index {repeat + 1}"] = index.fingerprint
    notes["unlearning"] = (
        "Trained anew from the base model on the records that stay and a refusal for each deleted one."
    )
    notes["seconds"] = (
        "Of the training's steps alone, and of splitting, embedding and indexing; models were loaded before."
    )
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown[:20], notes=notes)


EXPERIMENT = Experiment(
    id="canaries",
    title="Delete my record",
    claim="A record is deleted from an index in a moment; out of weights it takes another training.",
    sources=("003 table, rows privacy control, maintenance", "003 when RAG"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(records=16, repeats=2, steps=100, seconds=300.0),
)
