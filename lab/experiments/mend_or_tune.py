"""An index that is cut badly: mend the index, or train the reader on top of it? Facts asked in three wordings each."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.bad_context import find_reader
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.facts import COLLECTION, Fact, load_facts
from lab.experiments.parts.inputs import number_field, reader_field, seed_field, window_field
from lab.experiments.parts.passages import GoldPassages
from lab.experiments.parts.questions import in_turns
from lab.models.catalogue import choose_model
from lab.rag.build import IndexOptions, build_index
from lab.rag.collections import shipped_documents
from lab.settings import get_settings

if TYPE_CHECKING:
    from lab.rag.answer import Answer
    from lab.rag.index import Index
    from lab.rag.measure import Question

ARMS = (
    Arm("broken", "a broken index", "looked-up"),
    Arm("mended", "the index mended", "looked-up"),
    Arm("tuned-on-broken", "a trained reader on the broken index", "both"),
)
FIGURES = (
    Figure("right", "the right fact is told"),
    Figure("consistent", "the right fact is told in all three wordings"),
    Figure("seconds", "it took to get there from the broken index", "seconds", "less"),
    Figure("by-retrieval", "of the failures: the passage was not among what was read", better=""),
)
WORDINGS = 3
_SHOWN = 2  # facts


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    facts: int = number_field(8, "Facts", "Drawn by the seed; each is asked in three wordings.", (4, 40, 4))
    window: int = window_field()
    builds: int = number_field(1, "Times the index is mended", "Each time with a clock.", (1, 5, 1))
    reader: str = reader_field()
    seed: int = seed_field("Decides which facts are asked for.")


def wordings_of(fact: Fact) -> tuple[Question, ...]:
    """The three questions that ask for one fact."""
    from lab.rag.measure import Question

    texts = (fact.question, *fact.paraphrases)
    return tuple(
        Question(f"{fact.id}-{place}", text, fact.answers, fact.document) for place, text in enumerate(texts, start=1)
    )


def all_of_each(verdicts: Sequence[bool]) -> list[bool]:
    """WORDINGS verdicts in a row are one fact's: whether all of them are right."""
    return [all(verdicts[start : start + WORDINGS]) for start in range(0, len(verdicts), WORDINGS)]


def blame(questions: Sequence[Question], answers: Sequence[Answer], right: Sequence[bool], index: Index) -> list[bool]:
    """For every wrong answer: whether the passage was not among what the model read, as `find_failure` puts it."""
    from lab.rag.measure import find_failure

    gold = GoldPassages(index)
    stages = [
        find_failure(question, answer, good, gold.among(question, answer.hits))
        for question, answer, good in zip(questions, answers, right, strict=True)
    ]
    return [stage == "retrieval" for stage in stages if stage is not None]


def run(inputs: Inputs, report: Report) -> Measured:
    """Nothing is refused for the model, so that the three differ in the index and in the weights alone.

    The training was done before: its seconds are those of the adapter's training.json.
    """
    from lab.rag.answer import AskOptions
    from lab.rag.measure import is_right
    from lab.rag.prompt import format_context
    from lab.rag.stream import ask

    everything = load_facts()
    if not 1 <= inputs.facts <= len(everything):
        raise BadInput(f"Facts is {inputs.facts}; choose from 1 to {len(everything)}.")
    if inputs.builds < 1:
        raise BadInput(f"The index is to be mended {inputs.builds} times; choose at least 1.")
    page_reader = find_reader(inputs.reader)
    chosen = sorted(random.Random(inputs.seed).sample(range(len(everything)), inputs.facts))
    questions = [question for place in chosen for question in wordings_of(everything[place])]
    documents = shipped_documents(COLLECTION)
    report("cutting the documents badly", 0.0)
    broken_index = build_index(documents, IndexOptions("fixed", inputs.window))
    building = []
    for number in range(inputs.builds):
        report("mending the index", 0.1 + 0.1 * number / inputs.builds)
        start = time.perf_counter()
        mended_index = build_index(documents, IndexOptions())
        building.append(time.perf_counter() - start)
    model = choose_model(get_settings())
    broken_options = AskOptions(retriever="dense", rerank="none", abstain=False)

    def ask_broken(question: Question) -> Answer:
        return ask(question.question, broken_index, model, broken_options)

    def ask_mended(question: Question) -> Answer:
        return ask(question.question, mended_index, model, AskOptions(abstain=False))

    broken = in_turns(ask_broken, questions, report, "the broken index", (0.2, 0.45))
    mended = in_turns(ask_mended, questions, report, "the mended index", (0.45, 0.75))
    pages = [
        (question.question, format_context(answer.hits)) for question, answer in zip(questions, broken, strict=True)
    ]
    texts = {
        "broken": [answer.raw_text for answer in broken],
        "mended": [answer.raw_text for answer in mended],
        "tuned-on-broken": page_reader.read(pages, report, (0.75, 1.0)),
    }
    right = {
        arm: [is_right(text, question) for text, question in zip(found, questions, strict=True)]
        for arm, found in texts.items()
    }
    values: dict[tuple[str, str], Sequence[float]] = {
        **{(arm, "right"): found for arm, found in right.items()},
        **{(arm, "consistent"): all_of_each(found) for arm, found in right.items()},
        ("mended", "seconds"): building,
        ("tuned-on-broken", "seconds"): [page_reader.seconds],
        ("broken", "by-retrieval"): blame(questions, broken, right["broken"], broken_index),
        ("mended", "by-retrieval"): blame(questions, mended, right["mended"], mended_index),
    }
    shown = [
        Shown(question.question, arm.id, texts[arm.id][place], "right" if right[arm.id][place] else "wrong")
        for place, question in enumerate(questions[: _SHOWN * WORDINGS])
        for arm in ARMS
    ]
    notes = {
        "index, broken": broken_index.fingerprint,
        "index, mended": mended_index.fingerprint,
        f"adapter {page_reader.adapter}": page_reader.sha256,
    }
    # An arm without a failure has nothing to blame.
    measured = {key: found for key, found in values.items() if found}
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, measured, shown=shown, notes=notes)


EXPERIMENT = Experiment(
    id="mend-or-tune",
    title="Mend the index, or train the reader?",
    claim="Answers that differ from wording to wording are mended in the index, at a fraction of what training takes.",
    sources=("002 mistake 3", "002 FAQ 2"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(facts=24, builds=3),
)
