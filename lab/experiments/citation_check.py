"""Can an answer be checked? Whether it names a passage, whether that passage is really there, and whether it holds the fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, n_field, seed_field, split_field
from lab.experiments.parts.questions import ALL, Asked, draw, in_turns, swapped
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection, shipped_documents
from lab.settings import get_settings

if TYPE_CHECKING:
    from lab.rag.citations import Citation

ARMS = (
    Arm("looked-up", "looked up, with its own citation", "looked-up"),
    Arm("shuffled", "looked up, with another answer's citation", "looked-up", control=True),
)
FIGURES = (
    Figure("cited", "the answer carries a citation"),
    Figure("holds", "a cited passage holds the fact that was asked for"),
    Figure("exists", "every cited passage stands in its document, word for word"),
)
_SHOWN = 8  # answers


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field()
    n: int = n_field(24)
    seed: int = seed_field("Decides which questions are asked, and which citations are exchanged.")
    split: str = split_field()


def exists(citations: Sequence[Citation], collection: str) -> bool:
    """Whether each of them is a chunk of the collection's index, and stands at its place in the document itself."""
    chunks = {(chunk.document, chunk.start, chunk.end, chunk.text) for chunk in index_collection(collection).chunks}
    texts = {document.name: document.text for document in shipped_documents(collection)}
    return all(
        (cited.document, cited.start, cited.end, cited.text) in chunks
        and texts.get(cited.document, "")[cited.start : cited.end] == cited.text
        for cited in citations
    )


def holds(citations: Sequence[Citation], collection: str, asked: Asked) -> bool:
    """Whether one of them exists and holds a gold string of the question. The mere name of a document would not do."""
    from lab.rag.measure import is_right

    return any(exists([cited], collection) and is_right(cited.text, asked.question) for cited in citations)


def run(inputs: Inputs, report: Report) -> Measured:
    """Ask as the app does, refusing included; then look every citation of an answer up in the documents.

    Figures: cited and holds over the questions that were answered, exists over the answers with a citation.
    """
    from lab.rag.answer import AskOptions
    from lab.rag.measure import is_right
    from lab.rag.stream import ask

    drawn = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    report("reading the documents", 0.0)
    indexes = {name: index_collection(name) for name in dict.fromkeys(item.collection for item in drawn)}
    model = choose_model(get_settings())
    answers = in_turns(
        lambda item: ask(item.question.question, indexes[item.collection], model, AskOptions()),
        drawn,
        report,
        "asking",
        (0.1, 0.95),
    )
    answered = [(item, answer) for item, answer in zip(drawn, answers, strict=True) if not answer.abstained]
    if len(answered) < 2:
        raise BadInput(f"Of {len(drawn)} questions {len(answered)} were answered; choose more, or another seed.")
    report("looking the citations up", 0.95)
    own = list(range(len(answered)))
    values: dict[tuple[str, str], list[float]] = {}
    shown: list[Shown] = []
    for arm, places in (("looked-up", own), ("shuffled", swapped(len(answered), inputs.seed))):
        for figure in ("cited", "holds", "exists"):
            values[arm, figure] = []
        for (item, answer), place in zip(answered, places, strict=True):
            source, other = answered[place]
            citations = other.citations
            holding = holds(citations, source.collection, item)
            values[arm, "cited"].append(bool(citations))
            values[arm, "holds"].append(holding)
            if citations:
                values[arm, "exists"].append(exists(citations, source.collection))
            where = "; ".join(f"{cited.document}: “{cited.text}”" for cited in citations) or "no citation"
            word = "holds the fact" if holding else "does not hold the fact"
            shown.append(
                Shown(item.question.question, arm, f"{answer.raw_text} ← {where}", f"{word}; right is {item.gold}")
            )
    first = [place for start in (0, len(answered)) for place in range(start, start + min(_SHOWN, len(answered)))]
    notes = {f"index {name}": index.fingerprint for name, index in indexes.items()}
    right = [
        holding
        for (item, answer), holding in zip(answered, values["looked-up", "holds"], strict=True)
        if is_right(answer.raw_text, item.question)
    ]
    notes["right answers"] = f"{len(right)}, and the passage cited holds the fact for {sum(map(bool, right))} of them"
    notes["refused"] = f"{len(drawn) - len(answered)} of {len(drawn)} questions"
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=[shown[place] for place in first], notes=notes)


EXPERIMENT = Experiment(
    id="citation-check",
    title="Can the answer be checked?",
    claim="An answer that was looked up names a passage that really exists and holds the fact.",
    sources=("000 §1", "001 Traceable", "002 Explainability / Citations", "003 citations", "004 grounded answers"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=80, split="test"),
)
