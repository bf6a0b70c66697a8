"""The right passage among two that look alike: whether practice in reading pages keeps a small model from the wrong one.

Every arm has the same prompt, the short one of the behaviour `answer-from-pages`; only the passages and the weights differ.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.behaviours import Replied, Way, ask_all, check_adapters, fingerprints
from lab.experiments.parts.inputs import choice_field, collection_field, n_field, other_field, seed_field, split_field
from lab.experiments.parts.questions import collections_of, draw, gold_hits
from lab.rag.words import is_number, occurs, tokens
from lab.tuning.styles import Example, Style, load_style

if TYPE_CHECKING:
    from lab.rag.measure import Question

STYLE = "answer-from-pages"
SOURCES = ("collections", "generated")
WRONG_PASSAGES = 2
FIGURES = (
    Figure("right", "the right fact is told, and none of another passage"),
    Figure("misled", "a fact of another passage is told", better="less"),
)
_SHOWN = 3  # questions
_MARK = re.compile(r"\[\d{1,2}\]")  # a citation, and no figure of the answer
_NAME = re.compile(r"(?<![.!?:|]\s)(?<=\s)[A-Z][^\W\d_]{2,}")  # a capital within a sentence


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    data: str = choice_field(
        "collections", "Questions about", "The lab's documents, or the trades that no training page was about.", SOURCES
    )
    collection: str = collection_field()
    n: int = n_field(12)
    adapter: str = field(default=STYLE, metadata={"label": "Adapter that practised reading pages"})
    other: str = other_field()
    seed: int = seed_field("Decides which questions are asked, and the order of the passages.")
    split: str = split_field()


@dataclass(frozen=True)
class Case:
    """One question, the passage that answers it and those that resemble it. misleading: what only those tell."""

    question: Question
    gold: str
    wrong: tuple[str, ...]
    misleading: tuple[str, ...]

    def text(self, seed: int, *, alone: bool = False) -> str:
        """The passages as the model reads them; `seed` decides their order."""
        if alone:
            return self.gold
        passages = [self.gold, *self.wrong]
        random.Random(f"{seed} {self.question.id}").shuffle(passages)
        return "\n".join(f"[{place}] {passage}" for place, passage in enumerate(passages, start=1))

    def right(self, reply: str) -> bool:
        """Whether the reply tells the right fact and none of another passage: whoever repeats every page answers nothing."""
        from lab.rag.measure import is_right

        return is_right(reply, self.question) and not self.misled(reply)

    def misled(self, reply: str) -> bool:
        """Whether the reply tells something that only a wrong passage tells."""
        said = tokens(_MARK.sub(" ", reply))
        return any(occurs(tokens(value), said) for value in self.misleading)


def find_values(wrong: Sequence[str], known: str) -> tuple[str, ...]:
    """The figures and names of the wrong passages that do not stand in `known`: whoever tells them was misled.

    A figure is a token with a digit in it; a name begins with a capital within a sentence.
    """
    there = set(tokens(known))
    found: dict[str, None] = {}
    for passage in wrong:
        names = {token for name in _NAME.findall(passage) for token in tokens(name)}
        found |= {
            token: None for token in tokens(passage) if (is_number(token) or token in names) and token not in there
        }
    return tuple(found)


def cases_of_collections(collection: str, n: int, seed: int, split: str) -> tuple[Case, ...]:
    """Questions about the lab's documents, each with its gold passage and the best two found that do not hold the answer.

    A question whose answer stands whole in no passage is left out.
    """
    from lab.rag.collections import index_collection
    from lab.rag.decide import CANDIDATES
    from lab.rag.prompt import format_passage
    from lab.rag.retrieve import retrieve

    cases = []
    for item in draw(collection, n, seed, split):
        index, question = index_collection(item.collection), item.question
        golds = [tokens(text) for text in question.answers]
        found = [format_passage(hit) for hit in retrieve(index, question.question, CANDIDATES)]
        wrong = [text for text in found if not any(occurs(gold, tokens(text)) for gold in golds)][:WRONG_PASSAGES]
        holding = gold_hits(index, question)
        if not holding or len(wrong) < WRONG_PASSAGES:
            continue
        gold_passage = format_passage(holding[0])
        known = " ".join((gold_passage, question.question, *question.answers))
        cases.append(Case(question, gold_passage, tuple(wrong), find_values(wrong, known)))
    return tuple(cases)


def cases_of_style(style: Style, n: int, seed: int, split: str) -> tuple[Case, ...]:
    """The behaviour's own cases that have an answer, with the pages and the misleading values that come with them."""
    from lab.rag.measure import Question

    file = style.folder / f"{split}.jsonl"
    if split not in ("dev", "test") or not file.is_file():
        raise BadInput(f"Questions come from dev or test, not from “{split}”.")
    lines: list[dict[str, Any]] = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    answered = [line for line in lines if line["right"] is not None]
    if n < len(answered):
        chosen = sorted(random.Random(seed).sample(range(len(answered)), n))
        answered = [answered[place] for place in chosen]
    return tuple(
        Case(
            Question(line["id"], line["question"], tuple(line["gold"])),
            line["passages"][line["right"]],
            tuple(text for place, text in enumerate(line["passages"]) if place != line["right"]),
            tuple(line["misleading"]),
        )
        for line in answered
    )


def make_ways(adapter: str, other: str) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """(those that get the right passage alone, those that get it among the others)."""
    clean = (
        Way(Arm("base-clean", "the right passage alone", "looked-up")),
        Way(Arm("tuned-clean", "the right passage alone, weights that practised", "both"), adapter=adapter),
    )
    distracted = (
        Way(Arm("base-distracted", "three passages that look alike", "looked-up")),
        Way(Arm("tuned-distracted", "three passages, weights that practised", "both"), adapter=adapter),
        Way(
            Arm("other-adapter-distracted", "three passages, weights that practised something else", "both", True),
            adapter=other,
        ),
    )
    return clean, distracted


def run(inputs: Inputs, report: Report) -> Measured:
    """Every question five times: two or three weights, with the right passage alone and among others."""
    if inputs.data not in SOURCES:
        raise BadInput(f"Questions are about {' or '.join(SOURCES)}, not about “{inputs.data}”.")
    style = load_style(STYLE)
    clean, distracted = make_ways(inputs.adapter, inputs.other)
    check_adapters((*clean, *distracted))
    report("choosing the passages", 0.0)
    if inputs.data == "collections":
        cases = cases_of_collections(inputs.collection, inputs.n, inputs.seed, inputs.split)
    else:
        cases = cases_of_style(style, inputs.n, inputs.seed, inputs.split)
    if not cases:
        raise BadInput(f"Questions is {inputs.n}: none of them has a passage that answers it. Choose more.")

    def messages(*, alone: bool) -> tuple[Example, ...]:
        return tuple(
            Example(
                case.question.id,
                {"text": case.text(inputs.seed, alone=alone), "question": case.question.question},
                gold=list(case.question.answers),
            )
            for case in cases
        )

    replies = ask_all(style, messages(alone=True), clean, report, (0.1, 0.35))
    replies |= ask_all(style, messages(alone=False), distracted, report, (0.35, 1.0))
    values: dict[tuple[str, str], list[float]] = {}
    for arm, found in replies.items():
        values[arm, "right"] = [case.right(reply.text) for case, reply in zip(cases, found, strict=True)]
        values[arm, "misled"] = [case.misled(reply.text) for case, reply in zip(cases, found, strict=True)]
    arms = [clean[0].arm, distracted[0].arm, distracted[1].arm, clean[1].arm, distracted[2].arm]
    shown = [_show(case, arm, replies[arm.id][place]) for place, case in enumerate(cases[:_SHOWN]) for arm in arms]
    notes = fingerprints((*clean[1:], *distracted))
    notes["tempting"] = (
        f"{sum(bool(case.misleading) for case in cases)} of {len(cases)} have a wrong figure or name near"
    )
    if inputs.data == "collections":
        notes |= _index_notes(inputs.collection)
    return finish(EXPERIMENT.id, inputs, arms, FIGURES, values, shown=shown, notes=notes)


def _index_notes(collection: str) -> dict[str, str]:
    from lab.rag.collections import index_collection

    return {f"index {name}": index_collection(name).fingerprint for name in collections_of(collection)}


def _show(case: Case, arm: Arm, reply: Replied) -> Shown:
    verdict = "right" if case.right(reply.text) else "misled" if case.misled(reply.text) else "not told"
    return Shown(case.question.question, arm.id, reply.text, f"{verdict}; right is {case.question.answers[0]}")


EXPERIMENT = Experiment(
    id="distractors",
    title="Passages that look alike",
    claim="Looking up works better with a model that has practised to read the right passage and leave the others alone.",
    sources=("002 The Power of the Hybrid Approach", "002 FAQ, last answer", "000 §4", "004 both"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection="all", n=200, split="test"),
)
