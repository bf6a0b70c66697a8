"""Pages full of a trade's own words: which search finds a fact asked in those words, and which one in everyday words?"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import number_field, seed_field, split_field
from lab.experiments.parts.passages import GoldPassages
from lab.rag.build import IndexOptions, build_index
from lab.settings import SAMPLE_DATA, get_settings

if TYPE_CHECKING:
    from lab.rag.documents import Document
    from lab.rag.index import Hit
    from lab.rag.measure import Question

FOLDER = SAMPLE_DATA / "jargon"
ARMS = (
    Arm("minilm", "MiniLM, by meaning", "looked-up"),
    Arm("static", "word averages, by meaning", "looked-up"),
    Arm("bm25", "BM25, by words", "looked-up"),
    Arm("hybrid", "MiniLM and BM25 together", "looked-up"),
    Arm("random", "passages drawn at random", "looked-up", control=True),
)
FIGURES = (
    Figure("found-plain", "found, asked in everyday words"),
    Figure("found-jargon", "found, asked in the trade's own words"),
)
FILES = {"found-plain": "plain", "found-jargon": "questions"}
_SHOWN = 2  # facts


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    n: int = number_field(40, "Facts", "Drawn by the seed; each is asked in both ways.", (5, 40, 5))
    k: int = number_field(1, "Passages", "The fact must be among that many found.", (1, 10, 1))
    seed: int = seed_field("Decides the facts and the random passages.")
    split: str = split_field()


def load_pages() -> tuple[Document, ...]:
    """The pages of the invented mill."""
    from lab.rag.load import load_paths

    settings = get_settings()
    folder = FOLDER / "documents"
    return load_paths([folder], max_file_bytes=settings.max_file_bytes, max_files=settings.max_files).documents


def draw_pairs(n: int, seed: int, split: str) -> list[tuple[Question, Question]]:
    """`n` facts, each as (asked in everyday words, asked in the trade's words), in the order of the files.

    Raises BadInput for another split, or when there are not as many.
    """
    from lab.rag.measure import load_questions

    if split not in ("dev", "test"):
        raise BadInput(f"Questions come from dev or test, not from “{split}”.")
    plain, jargon = (load_questions(FOLDER / f"{FILES[figure.id]}-{split}.jsonl") for figure in FIGURES)
    if not 1 <= n <= len(plain):
        raise BadInput(f"Facts is {n}; choose from 1 to {len(plain)}.")
    chosen = sorted(random.Random(seed).sample(range(len(plain)), n))
    return [(plain[place], jargon[place]) for place in chosen]


def run(inputs: Inputs, report: Report) -> Measured:
    """No language model is asked, and nothing is re-ranked: it is the search alone that is looked at."""
    from lab.rag.retrieve import retrieve

    pairs = draw_pairs(inputs.n, inputs.seed, inputs.split)
    if inputs.k < 1:
        raise BadInput(f"k is {inputs.k}: at least 1 passage has to be looked up.")
    report("reading and embedding the pages", 0.0)
    pages = load_pages()
    index = build_index(pages, IndexOptions())
    averages = build_index(pages, IndexOptions(embedder="static"))
    gold = GoldPassages(index)
    chooser = random.Random(f"random passages {inputs.seed}")

    def draw_passages(question: Question) -> tuple[Hit, ...]:
        places = chooser.sample(range(len(index)), min(inputs.k, len(index)))
        return tuple(index.hit(place, rank, 0.0, {}) for rank, place in enumerate(places, start=1))

    searches: dict[str, Callable[[Question], tuple[Hit, ...]]] = {
        "minilm": lambda question: retrieve(index, question.question, inputs.k, retriever="dense"),
        "static": lambda question: retrieve(averages, question.question, inputs.k, retriever="dense"),
        "bm25": lambda question: retrieve(index, question.question, inputs.k, retriever="bm25"),
        "hybrid": lambda question: retrieve(index, question.question, inputs.k, retriever="hybrid"),
        "random": draw_passages,
    }
    values: dict[tuple[str, str], list[bool]] = {}
    rows = []
    for place, (arm, search) in enumerate(searches.items()):
        report(f"looking up: {arm}", 0.3 + 0.7 * place / len(searches))
        for side, figure in enumerate(FIGURES):
            hits = [search(pair[side]) for pair in pairs]
            found = [gold.among(pair[side], some, inputs.k) for pair, some in zip(pairs, hits, strict=True)]
            values[arm, figure.id] = found
            rows += [
                Shown(
                    pairs[number][side].question,
                    arm,
                    hits[number][0].chunk.text if hits[number] else "nothing",
                    "found" if found[number] else f"not found: {pairs[number][side].answers[0]}",
                )
                for number in range(min(_SHOWN, len(pairs)))
            ]
    notes = {"index": index.fingerprint, "index, word averages": averages.fingerprint, "passages": str(len(index))}
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=rows, notes=notes)


EXPERIMENT = Experiment(
    id="embedding",
    title="A search that does not know the trade's words",
    claim="A general embedding model does badly on a trade's own words, where a search by words does not.",
    sources=("002 reality check", "002 mistake 3", "002 FAQ 2"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(split="test"),
)
