"""News all day: notices arrive one by one, are added to the index, and are asked about at once.

The control asks the same of the index as it was before the notice arrived.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import number_field, seed_field
from lab.experiments.parts.notices import PAGE, Notice, as_document, make_notices
from lab.experiments.parts.questions import in_turns
from lab.models.catalogue import choose_model
from lab.rag.build import IndexOptions, build_index, split_with
from lab.settings import get_settings

if TYPE_CHECKING:
    from lab.rag.index import Index

ARMS = (
    Arm("arrived", "looked up after the notice arrived", "looked-up"),
    Arm("before-arrival", "looked up before it arrived", "neither", control=True),
)
FIGURES = (
    Figure("right", "what the notice says is told"),
    Figure("seconds", "seconds from the notice to the answer", "seconds", "less"),
    Figure("index-seconds", "seconds to add the notice to the index", "seconds", "less"),
)
_SHOWN = 8  # notices


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    n: int = number_field(30, "Notices", "About every second one changes an earlier one.", (4, 200, 2))
    every: int = number_field(2, "Ask after every … notices", "1 asks about each of them.", (1, 10, 1))
    seed: int = seed_field("Decides what the notices say.")


def add_notice(index: Index, notice: Notice) -> Index:
    """The index with the notice in it, in place of an earlier one about the same thing."""
    document = notice.document
    kept = [chunk for chunk in index.chunks if chunk.document != document.name]
    return index.updated([*kept, *split_with([document], IndexOptions())])[0]


def run(inputs: Inputs, report: Report) -> Measured:
    """Add and ask in turn, one at a time, as the seconds are counted; nothing is refused for the model."""
    from lab.rag.answer import AskOptions
    from lab.rag.measure import is_right
    from lab.rag.stream import ask

    if not 1 <= inputs.every <= inputs.n:
        raise BadInput(f"Asking after every {inputs.every} of {inputs.n} notices asks nothing; choose 1 to {inputs.n}.")
    notices = make_notices(inputs.n, inputs.seed)
    report("reading the harbour's page", 0.0)
    index = build_index([as_document("harbour", PAGE)], IndexOptions())
    model, options = choose_model(get_settings()), AskOptions(abstain=False)
    ask("Where are ferry tickets sold?", index, model, options)  # so that no notice pays for loading the models
    values: dict[tuple[str, str], list[float]] = {("arrived", figure.id): [] for figure in FIGURES}
    earlier: list[tuple[Notice, Index]] = []
    shown: list[Shown] = []

    def judge(notice: Notice, arm: str, text: str) -> bool:
        right = is_right(text, (notice.value,))
        changed = f"{notice.before} → {notice.value}" if notice.before else f"new: {notice.value}"
        shown.append(Shown(notice.question, arm, text, f"{'right' if right else 'wrong'}; {changed}"))
        return right

    for place, notice in enumerate(notices, start=1):
        report(f"notice {place} of {len(notices)}", 0.1 + 0.7 * place / len(notices))
        began = time.perf_counter()
        updated = add_notice(index, notice)
        values["arrived", "index-seconds"].append(time.perf_counter() - began)
        if place % inputs.every == 0:
            text = ask(notice.question, updated, model, options).raw_text
            values["arrived", "seconds"].append(time.perf_counter() - began)
            values["arrived", "right"].append(judge(notice, "arrived", text))
            earlier.append((notice, index))
        index = updated
    texts = in_turns(
        lambda item: ask(item[0].question, item[1], model, options).raw_text,
        earlier,
        report,
        "asking the index as it was before",
        (0.8, 1.0),
    )
    values["before-arrival", "right"] = [
        judge(notice, "before-arrival", text) for (notice, _), text in zip(earlier, texts, strict=True)
    ]
    asked = len(earlier)
    rows = [shown[place] for start in (0, asked) for place in range(start, start + min(_SHOWN, asked))]
    changed = sum(bool(notice.before) for notice, _ in earlier)
    notes = {"index": index.fingerprint, "changed": f"{changed} of the {asked} answers replace an earlier one"}
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=rows, notes=notes)


EXPERIMENT = Experiment(
    id="news-stream",
    title="News all day",
    claim="What is written down this minute can be told the next, and a later notice replaces an earlier one.",
    sources=("000 §1", "001 Always up-to-date", "002 Dynamic or Real-Time Data", "003 Data freshness"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(n=120, every=2),
)
