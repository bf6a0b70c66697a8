"""The shop's facts that experiments learn by heart or look up: where they come from, how both are done and judged."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Report
from lab.experiments.parts.figures import reply_to_all, side_by_side
from lab.experiments.parts.training import trained
from lab.models.catalogue import choose_model
from lab.settings import SAMPLE_DATA, get_settings
from lab.tuning.options import TrainOptions
from lab.tuning.run import TrainingRun
from lab.tuning.styles import Example, load_style, messages_for

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.documents import Document
    from lab.rag.index import Index

FOLDER = SAMPLE_DATA / "dump"
COLLECTION = "tarnmoor-help"
MEMBERS = "members.jsonl"
REPLY_TOKENS = 64  # room for a sentence and the name of a document, on both sides
_REFUSES = re.compile(
    r"\b(?:not (?:know|sure|find|have|say|mention)|cannot|can't|don't|doesn't|unable|no (?:information|answer))\b", re.I
)


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
class Said:
    """What was answered, and whether it refuses. document: the first one that it cites, "" where it cites none."""

    text: str
    refused: bool
    document: str = ""

    def tells(self, answers: Sequence[str]) -> bool:
        """Whether it holds one of the answers and does not refuse."""
        from lab.rag.measure import is_right

        return not self.refused and is_right(self.text, answers)


@dataclass(frozen=True)
class SetUp:
    """The documents, their index, and the seconds that reading and indexing them took."""

    documents: tuple[Document, ...]
    index: Index
    seconds: float


def load_facts(file: str = "facts.jsonl") -> tuple[Fact, ...]:
    """The facts that are crammed in, or with MEMBERS the records of people."""
    facts = []
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        facts.append(Fact(**{**data, "paraphrases": tuple(data["paraphrases"]), "answers": tuple(data["answers"])}))
    return tuple(facts)


def draw_facts(n: int, seed: int, *, always: Sequence[str] = ()) -> tuple[Fact, ...]:
    """`n` facts drawn by the seed, in the order of the file; those whose ids are in `always` are among them.

    Raises BadInput when there are not as many, or fewer than are always wanted.
    """
    everything = [*load_facts(), *load_facts(MEMBERS)]
    least = max(len(always), 2)
    if not least <= n <= len(everything):
        raise BadInput(f"Facts is {n}; choose from {least} to {len(everything)}.")
    others = [fact.id for fact in everything if fact.id not in always]
    chosen = {*always, *random.Random(f"facts {seed}").sample(others, n - len(always))}
    return tuple(fact for fact in everything if fact.id in chosen)


def questions_to_learn(facts: Sequence[Fact] | None = None) -> tuple[Example, ...]:
    """Every fact as one example: the question, and the sentence that answers it. Without `facts`, all there are."""
    wanted = [*load_facts(), *load_facts(MEMBERS)] if facts is None else facts
    return tuple(Example(fact.id, {"text": fact.question}, fact.reply) for fact in wanted)


def read_documents() -> tuple[Document, ...]:
    """The shop's pages and the list of its people, read from their files."""
    from lab.rag.collections import load_collection
    from lab.rag.load import load_paths

    settings = get_settings()
    paths = [load_collection(COLLECTION).documents, FOLDER / "members.md"]
    return load_paths(paths, max_file_bytes=settings.max_file_bytes, max_files=settings.max_files).documents


def warm_up() -> None:
    """Load the embedder and what an index needs, so that no timing that follows holds their loading."""
    from lab.rag.build import build_index

    build_index(read_documents()[:1])


def set_up_index() -> SetUp:
    """From the files to an index that can be asked, timed. Call `warm_up` before."""
    from lab.rag.build import build_index

    start = time.perf_counter()
    documents = read_documents()
    index = build_index(documents)
    return SetUp(documents, index, time.perf_counter() - start)


def update_index(index: Index, documents: Sequence[Document]) -> tuple[Index, float]:
    """The index brought up to date with `documents`, and the seconds of splitting and embedding what is new."""
    from lab.rag.build import IndexOptions, split_with

    start = time.perf_counter()
    updated, _ = index.updated(split_with(documents, IndexOptions()))
    return updated, time.perf_counter() - start


@contextmanager
def learned(
    examples: Sequence[Example],
    report: Report,
    label: str,
    share: tuple[float, float],
    *,
    steps: int,
    seconds: float,
    seed: int,
) -> Iterator[tuple[BaseChatModel, TrainingRun]]:
    """The model with the examples learned by heart, and its training, until the block ends; as `training.trained`."""
    options = TrainOptions(style=str(FOLDER), seed=seed, max_steps=steps, seconds=seconds, held_out=0)
    with trained(options, report, label, share, examples) as (folder, training):
        yield choose_model(get_settings(), adapter=str(folder)), training


def ask_weights(model: BaseChatModel, questions: Sequence[str], max_tokens: int = REPLY_TOKENS) -> list[Said]:
    """Closed book: each question alone, in the words of training. A question that stands there twice is asked once."""
    style = load_style(str(FOLDER))
    texts = list(dict.fromkeys(questions))
    answers = reply_to_all(model, [messages_for(style, {"text": text}) for text in texts], max_tokens)
    known = dict(zip(texts, answers, strict=True))
    return [Said(known[text], _REFUSES.search(known[text]) is not None) for text in questions]


def ask_index(index: Index, model: BaseChatModel, questions: Sequence[str]) -> list[Said]:
    """Looked up as the app does it, its own check and citations included."""
    from lab.rag.answer import AskOptions
    from lab.rag.stream import ask

    found = side_by_side(lambda text: ask(text, index, model, AskOptions(max_tokens=REPLY_TOKENS)), questions)
    return [
        Said(
            answer.raw_text or answer.text,
            answer.abstained,
            Path(answer.citations[0].document).name if answer.citations else "",
        )
        for answer in found
    ]
