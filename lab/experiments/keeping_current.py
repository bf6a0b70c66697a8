"""Set up once, then keep current: facts change, an index takes them in, and weights have to be trained again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.facts import (
    COLLECTION,
    Fact,
    Said,
    SetUp,
    ask_index,
    ask_weights,
    draw_facts,
    learned,
    questions_to_learn,
    set_up_index,
    update_index,
    warm_up,
)
from lab.experiments.parts.inputs import number_field, seconds_field, seed_field
from lab.models.catalogue import choose_model
from lab.settings import get_settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.documents import Document
    from lab.rag.editing import Edit

ARMS = (
    Arm("looked-up", "looked up, changed pages indexed again", "looked-up"),
    Arm("tuned", "trained, and trained again after the change", "learned"),
    Arm("untouched", "trained, and not trained again", "learned", control=True),
)
FIGURES = (
    Figure("setup-seconds", "time until it can be asked", "seconds", better="less"),
    Figure("first-answer-seconds", "from the files to the first right answer", "seconds", better="less"),
    Figure("round-seconds", "time that taking in a change took", "seconds", better="less"),
    Figure("current", "tells the new value of a changed fact, asked in three wordings"),
)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    facts: int = number_field(10, "Facts", "Each repeat trains these.", (10, 46, 2))
    changed: int = number_field(4, "Facts that change", "Divided among the repeats.", (1, 10, 1))
    repeats: int = number_field(1, "Repeats", "Each sets up anew, and takes in a change: two trainings.", (1, 4, 1))
    steps: int = number_field(28, "Steps of each training", "Four facts a step.", (8, 300, 4))
    seconds: float = seconds_field(12.0)
    seed: int = seed_field("Draws the facts and decides the trainings.")


def edit_fact(fact: Fact, edit: Edit) -> Fact:
    """The fact as it is after the edit. Raises BadInput when its sentence does not hold the old value."""
    if edit.before not in fact.reply:
        raise BadInput(f"“{fact.reply}” does not hold “{edit.before}”, so {edit.id} cannot change it.")
    return replace(fact, reply=fact.reply.replace(edit.before, edit.after), answers=(edit.after,))


def edit_documents(documents: Sequence[Document], edits: Sequence[Edit]) -> tuple[Document, ...]:
    """The documents after the edits."""
    from lab.rag.editing import change, replace_once

    now = tuple(documents)
    for edit in edits:
        document = next(item for item in now if Path(item.name).name == edit.document)
        now = change(now, document.name, replace_once(document, edit.find, edit.replace))
    return now


def answer_first(found: SetUp, model: BaseChatModel, facts: Sequence[Fact]) -> float:
    """Seconds from the files to the first right answer, one question after another; all of them if none is right."""
    start = time.perf_counter()
    for fact in facts:
        (said,) = ask_index(found.index, model, [fact.question])
        if said.tells(fact.answers):
            break
    return found.seconds + time.perf_counter() - start


def run(inputs: Inputs, report: Report) -> Measured:
    """A repeat: set up on the facts as they were, change some, bring both up to date, and ask for the new values."""
    from lab.rag.collections import load_collection
    from lab.rag.editing import load_edits

    edits = load_edits(load_collection(COLLECTION).folder / "edits.jsonl")
    if not 1 <= inputs.repeats <= inputs.changed <= len(edits):
        raise BadInput(
            f"{inputs.changed} facts cannot change in {inputs.repeats} repeats; choose from 1 to {len(edits)} facts, and no "
            "more repeats than facts."
        )
    edits = edits[: inputs.changed]
    facts = draw_facts(inputs.facts, inputs.seed, always=[edit.id for edit in edits])
    base = choose_model(get_settings())
    values: dict[tuple[str, str], list[float]] = {}
    shown: list[Shown] = []
    notes: dict[str, str] = {}
    report("loading the embedder", 0.0)
    warm_up()
    for repeat in range(inputs.repeats):
        begin, width = 0.05 + 0.95 * repeat / inputs.repeats, 0.95 / inputs.repeats
        changes = {edit.id: edit for edit in edits[repeat :: inputs.repeats]}
        now = [edit_fact(fact, changes[fact.id]) if fact.id in changes else fact for fact in facts]
        asked = [(fact, text) for fact in now if fact.id in changes for text in (fact.question, *fact.paraphrases)]
        texts = [text for _, text in asked]

        def keep(arm: str, figure: str, *found: float) -> None:
            values.setdefault((arm, figure), []).extend(found)

        def keep_current(
            arm: str, replies: Sequence[Said], asked: Sequence[tuple[Fact, str]] = asked, repeat: int = repeat
        ) -> None:
            told = [said.tells(fact.answers) for (fact, _), said in zip(asked, replies, strict=True)]
            keep(arm, "current", *told)
            if repeat == 0:
                shown.extend(
                    Shown(text, arm, said.text, f"{fact.answers[0]} {'told' if right else 'not told'}")
                    for (fact, text), said, right in list(zip(asked, replies, told, strict=True))[:6]
                )

        report("reading and embedding the documents", begin)
        found = set_up_index()
        keep("looked-up", "setup-seconds", found.seconds)
        keep("looked-up", "first-answer-seconds", answer_first(found, base, facts))
        index, seconds = update_index(found.index, edit_documents(found.documents, list(changes.values())))
        keep("looked-up", "round-seconds", seconds)
        keep_current("looked-up", ask_index(index, base, texts))
        notes[f"index {repeat + 1}"] = f"{found.index.fingerprint}, then {index.fingerprint}"
        for place, (arm, wanted) in enumerate((("untouched", list(facts)), ("tuned", now))):
            share = begin + width * (0.2 + 0.4 * place), begin + width * (0.55 + 0.4 * place)
            learning = learned(
                questions_to_learn(wanted),
                report,
                "facts as they were" if arm == "untouched" else "facts as they are now",
                share,
                steps=inputs.steps,
                seconds=inputs.seconds,
                seed=inputs.seed + repeat,
            )
            with learning as (model, training):
                report("asking the tuned model", share[1] + 0.01 * width)
                keep_current(arm, ask_weights(model, texts))
                keep("tuned", "setup-seconds" if arm == "untouched" else "round-seconds", training.seconds)
                notes[f"adapter {arm} {repeat + 1}"] = training.adapter_sha256
    notes["seconds"] = (
        "Of the training's steps alone, and of reading, embedding and indexing; models were loaded before."
    )
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


EXPERIMENT = Experiment(
    id="keeping-current",
    title="Set up, and kept current",
    claim="An index is set up and brought up to date in seconds; weights have to be trained again for every change.",
    sources=(
        "000 §3",
        "002 table, row knowledge update",
        "002 when fine-tuning fails",
        "003 table, rows setup, maintenance",
    ),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(facts=24, changed=10, repeats=2, steps=80, seconds=300.0),
)
