"""A fact changes in a document: how soon the answer changes, what that takes, and that no weight was touched."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import collection_field, number_field, seed_field
from lab.experiments.parts.questions import ALL, collections_of, in_turns
from lab.models.catalogue import choose_model
from lab.rag.build import IndexOptions, build_index, split_with
from lab.rag.collections import index_collection, load_collection, shipped_documents
from lab.rag.editing import Edit, load_edits, replace_once
from lab.settings import get_settings

if TYPE_CHECKING:
    from lab.rag.documents import Document
    from lab.rag.index import Index

ARMS = (
    Arm("old-index", "changed, but not indexed again", "looked-up"),
    Arm("new-index", "the changed document indexed again", "looked-up"),
    Arm("other-document", "another changed document indexed instead", "looked-up", control=True),
    Arm("rebuild", "the whole index built again", "looked-up"),
)
FIGURES = (
    Figure("tells-new", "the new fact is told"),
    Figure("tells-old", "the old fact is told", better="less"),
    Figure("seconds", "seconds to bring the index up to date", "seconds", "less"),
    Figure("weights-same", "the model's files are the same, byte for byte"),
)
_SHOWN = 5  # changes


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field()
    n: int = number_field(10, "Changes", "Prepared changes of one fact; ten a collection.", (2, 30, 1))
    rebuilds: int = number_field(
        2, "Whole rebuilds to time", "Each builds the collection's index from nothing.", (1, 10, 1)
    )
    seed: int = seed_field("Decides which changes are made.")


@dataclass(frozen=True)
class Change:
    """One edit in its collection: the document before and after it."""

    collection: str
    edit: Edit
    before: Document
    after: Document


def load_changes(collection: str) -> tuple[Change, ...]:
    """The prepared changes of one collection, or of “all”. Raises BadInput when there is no such collection."""
    changes = []
    for name in collections_of(collection):
        for edit in load_edits(load_collection(name).folder / "edits.jsonl"):
            before = next(item for item in shipped_documents(name) if Path(item.name).name == edit.document)
            changes.append(Change(name, edit, before, replace_once(before, edit.find, edit.replace)))
    return tuple(changes)


def index_again(index: Index, document: Document) -> tuple[Index, float]:
    """The index with this one document split and embedded anew where it stood, its words counted, and the seconds of it.

    Raises BadInput when the index holds no document of that name.
    """
    from lab.rag.retrieve.bm25 import word_index

    began = time.perf_counter()
    places = [place for place, chunk in enumerate(index.chunks) if chunk.document == document.name]
    if not places:
        raise BadInput(f"There is no document “{document.name}” in the index, so it cannot be indexed again.")
    fresh = split_with([document], IndexOptions())
    updated, _ = index.updated([*index.chunks[: places[0]], *fresh, *index.chunks[places[-1] + 1 :]])
    word_index(updated)  # else the first question would pay for it
    return updated, time.perf_counter() - began


def hash_weights() -> str:
    """SHA-256 over the files that the embedded model is served from, in the order of their names."""
    import hashlib

    from lab.models.convert import ensure_serving_model
    from lab.models.weights import sha256_of

    folder = ensure_serving_model(get_settings())
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    record = "\n".join(f"{path.relative_to(folder)} {sha256_of(path)}" for path in files)
    return hashlib.sha256(record.encode()).hexdigest()


def other_change(change: Change, changes: Sequence[Change]) -> Change:
    """The next change of the same collection that is made in another document."""
    same = [item for item in changes if item.collection == change.collection]
    place = same.index(change)
    return next(item for item in same[place:] + same[:place] if item.before.name != change.before.name)


def draw_changes(inputs: Inputs) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """(those that are asked about, all there are). Raises BadInput for a number that cannot work."""
    import random

    if inputs.n < 1 or inputs.rebuilds < 1:
        raise BadInput(f"{inputs.n} changes and {inputs.rebuilds} rebuilds were asked for; choose at least 1 of each.")
    everything = load_changes(inputs.collection)
    count = min(inputs.n, len(everything))
    chosen = sorted(random.Random(inputs.seed).sample(range(len(everything)), count))
    return tuple(everything[place] for place in chosen), everything


def run(inputs: Inputs, report: Report) -> Measured:
    """Make each change by itself, ask before and after; nothing is refused for the model."""
    from lab.rag.answer import AskOptions
    from lab.rag.measure import is_right
    from lab.rag.retrieve.bm25 import word_index
    from lab.rag.stream import ask

    changes, everything = draw_changes(inputs)
    report("reading the documents", 0.0)
    indexes = {name: index_collection(name) for name in collections_of(inputs.collection)}
    next(iter(indexes.values())).embed_question("warm")  # so that no update pays for loading the embedder
    model = choose_model(get_settings())
    digest = hash_weights()
    values: dict[tuple[str, str], list[float]] = {("new-index", "seconds"): [], ("new-index", "weights-same"): []}
    looked_in: list[tuple[str, Change, Index]] = []
    for place, change in enumerate(changes):
        report(f"change {place + 1} of {len(changes)}: indexing", 0.1 + 0.2 * place / len(changes))
        old = indexes[change.collection]
        new, seconds = index_again(old, change.after)
        other, _ = index_again(old, other_change(change, everything).after)
        values["new-index", "seconds"].append(seconds)
        values["new-index", "weights-same"].append(hash_weights() == digest)
        looked_in += [("old-index", change, old), ("new-index", change, new), ("other-document", change, other)]
    answers = in_turns(
        lambda item: ask(item[1].edit.question, item[2], model, AskOptions(abstain=False)).raw_text,
        looked_in,
        report,
        "asking",
        (0.3, 0.8),
    )
    shown = []
    for (arm, change, _), text in zip(looked_in, answers, strict=True):
        new_told, old_told = is_right(text, (change.edit.after,)), is_right(text, (change.edit.before,))
        values.setdefault((arm, "tells-new"), []).append(new_told)
        values.setdefault((arm, "tells-old"), []).append(old_told)
        said = "the new fact" if new_told else "the old fact" if old_told else "neither fact"
        changed = f"{change.edit.before} → {change.edit.after}"
        shown.append(Shown(change.edit.question, arm, text, f"{said}; the document says {changed}"))
    values["rebuild", "seconds"] = []
    for place, change in enumerate(changes[: inputs.rebuilds]):
        report(f"rebuild {place + 1} of {inputs.rebuilds}", 0.8 + 0.2 * place / inputs.rebuilds)
        documents = [change.after if item == change.before else item for item in shipped_documents(change.collection)]
        began = time.perf_counter()
        word_index(build_index(documents, IndexOptions()))
        values["rebuild", "seconds"].append(time.perf_counter() - began)
    values["new-index", "weights-same"][-1] *= hash_weights() == digest  # after the answers, too
    notes = {f"index {name}": index.fingerprint for name, index in indexes.items()}
    notes["weights"] = digest[:12]
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown[: 3 * _SHOWN], notes=notes)


EXPERIMENT = Experiment(
    id="freshness",
    title="A fact changes",
    claim="When a document changes, indexing that one document again is enough: seconds, and no weight changes.",
    sources=(
        "000 §1",
        "001 Always up-to-date",
        "002 Knowledge Update",
        "003 Data freshness",
        "004 current information",
    ),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=30, rebuilds=6),
)
