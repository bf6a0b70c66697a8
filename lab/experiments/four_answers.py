"""One question, two switches, four answers: {as it is, learned voice} × {closed book, looked up}.

The two columns differ only in the weights and the two rows only in the prompt, so whatever changes has one cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.models.adapters import find_adapter
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection, load_collection
from lab.rag.prompt import PromptTemplate
from lab.settings import get_settings
from lab.tuning.styles import RuleResult, Style, check_reply, load_style

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.answer import Answer
    from lab.rag.stream import AnswerStream

SIDES = ((False, False), (True, False), (False, True), (True, True))  # (looked up, learned), in the order of reading
MAX_NAME = 40


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    question: str = field(
        default="How many days do I have to return a pair of boots?",
        metadata={"label": "A customer asks", "help": "About the shop Tarnmoor Outfitters, which we made up."},
    )
    first_name: str = field(
        default="Mira", metadata={"label": "Customer's first name", "help": "The learned voice greets by name."}
    )
    strength: float = field(
        default=1.0,
        metadata={"label": "Strength of the learned voice", "range": (0.0, 1.5, 0.25), "help": "0 is the base model."},
    )
    style: str = field(default="brand-voice", metadata={"label": "Voice"})
    collection: str = field(default="tarnmoor-help", metadata={"label": "Documents"})


@dataclass(frozen=True)
class Cell:
    """One of the four answers. `right` is None when nobody wrote down the right answer to this question."""

    looked_up: bool
    learned: bool
    text: str
    right: bool | None
    rules: tuple[RuleResult, ...]
    passage: str
    document: str
    provenance: Mapping[str, Any]

    @property
    def rules_kept(self) -> int:
        return sum(rule.passed for rule in self.rules)


@dataclass(frozen=True)
class Result:
    """The four cells in the order of SIDES. `made` is when (UTC); greedy decoding, so seed 0 has no effect; n is 1."""

    inputs: Inputs
    cells: tuple[Cell, ...]
    made: str
    adapter_sha256: str
    index: str
    seed: int = 0
    n: int = 1

    def to_json(self) -> dict[str, Any]:
        return {"experiment": EXPERIMENT.id, **asdict(self)}


def voice_template(style: Style, first_name: str, *, with_text: bool) -> PromptTemplate:
    """The prompt both columns share; with_text puts the passage in front of the customer's message."""
    name = first_name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise BadInput(f"The first name must have 1 to {MAX_NAME} letters: the voice greets the customer by it.")

    def literal(text: str) -> str:
        return text.replace("{", "{{").replace("}", "}}")

    message = style.input_template.replace("{first_name}", literal(name)).replace("{message}", "{question}")
    return PromptTemplate(
        name=f"{style.name}, {'with' if with_text else 'without'} the passage",
        title=style.title,
        description="The prompt the voice was trained with, plus the passage when it is looked up.",
        system=literal(style.system),
        user=f"Text: {{context}}\n\n{message}" if with_text else message,
    )


def cell_model(inputs: Inputs, *, learned: bool) -> BaseChatModel:
    """The embedded model of one column."""
    adapter = inputs.style if learned else None
    return choose_model(get_settings(), adapter=adapter, strength=inputs.strength if learned else 1.0)


def open_cell(inputs: Inputs, model: BaseChatModel, *, looked_up: bool) -> AnswerStream:
    """Begin one answer; iterate it for text. Raises BadInput for a question or name that cannot work."""
    from lab.rag.answer import AskOptions
    from lab.rag.stream import stream

    style = load_style(inputs.style)
    options = AskOptions(
        k=1,
        template=voice_template(style, inputs.first_name, with_text=looked_up),
        max_tokens=style.max_tokens,
        rag=looked_up,
        abstain=False,
    )
    index = index_collection(inputs.collection) if looked_up else None
    return stream(inputs.question, index, model, options)


def close_cell(inputs: Inputs, answer: Answer, *, looked_up: bool, learned: bool) -> Cell:
    """Judge a finished answer: the facts where the right one is known, the voice by its rules."""
    from lab.rag.measure import is_right

    gold = _gold(inputs)
    style = load_style(inputs.style)
    message = {"first_name": inputs.first_name, "message": inputs.question}
    hit = answer.hits[0] if looked_up and answer.hits else None
    return Cell(
        looked_up=looked_up,
        learned=learned,
        text=answer.raw_text,
        right=is_right(answer.raw_text, gold) if gold else None,
        rules=check_reply(style, message, answer.raw_text),
        passage=hit.chunk.text if hit else "",
        document=hit.chunk.document if hit else "",
        provenance=answer.provenance,
    )


def _gold(inputs: Inputs) -> Sequence[str]:
    """The right answer, when this is one of the collection's development questions."""
    from lab.rag.measure import load_questions

    questions = load_questions(load_collection(inputs.collection).questions("dev"))
    return next((item.answers for item in questions if item.question == inputs.question.strip()), ())


def collect(inputs: Inputs, cells: Sequence[Cell]) -> Result:
    """Four finished cells → a result with its fingerprints."""
    return Result(
        inputs=inputs,
        cells=tuple(cells),
        made=datetime.now(UTC).strftime("%Y-%m-%d"),
        adapter_sha256=find_adapter(inputs.style).sha256,
        index=index_collection(inputs.collection).fingerprint,
    )


def run(inputs: Inputs, report: Report) -> Result:
    """Ask all four ways, one after another (about five seconds)."""
    cells = []
    for place, (looked_up, learned) in enumerate(SIDES):
        report(f"answer {place + 1} of {len(SIDES)}", place / len(SIDES))
        stream = open_cell(inputs, cell_model(inputs, learned=learned), looked_up=looked_up)
        for _ in stream:
            pass
        cells.append(close_cell(inputs, stream.answer, looked_up=looked_up, learned=learned))
    return collect(inputs, cells)


def describe(result: Result) -> list[str]:
    """The four answers, each with what was switched on."""
    lines = []
    for cell in result.cells:
        helps = [name for name, on in (("looked up", cell.looked_up), ("learned", cell.learned)) if on]
        lines.append(
            f"── {' + '.join(helps) or 'as it is'}: fact right {cell.right}, {cell.rules_kept} of {len(cell.rules)} rules"
        )
        lines.append(cell.text)
    return lines


def read(data: Mapping[str, Any]) -> Result:
    """A saved result's dictionary back to a Result."""
    fields = {key: value for key, value in data.items() if key != "experiment"}
    cells = tuple(
        Cell(**{**cell, "rules": tuple(RuleResult(**rule) for rule in cell["rules"])}) for cell in data["cells"]
    )
    return Result(**{**fields, "inputs": Inputs(**data["inputs"]), "cells": cells})


EXPERIMENT = Experiment(
    id="four-answers",
    title="One question, four answers",
    claim="Looking it up changes what the answer knows; learning changes how it speaks.",
    sources=("000 §4", "001 The Hybrid Approach", "002 The Power of the Hybrid Approach", "003 Examples", "004 both"),
    inputs=Inputs,
    run=run,
    read=read,
    describe=describe,
)
