"""A style guide is put where it is read: into the index, into the prompt, as examples, or into the weights.

All arms answer the same messages. The customer's first name and message are in every prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, describe, finish, reader
from lab.experiments.parts.behaviours import (
    Way,
    ask_all,
    ask_in_turn,
    check_adapters,
    draw_messages,
    fingerprints,
    gather,
    pick_shown,
)
from lab.experiments.parts.inputs import number_field, other_field, seed_field, split_field
from lab.experiments.parts.lookups import GUIDES, Shelf, guide_page
from lab.tuning.styles import Style, load_style

if TYPE_CHECKING:
    from lab.rag.documents import Document
    from lab.rag.index import Index

SHOP = "tarnmoor-help"
SIZE = 320  # tokens that may be read around a sentence that was found: room for the whole guide, so it is never cut
TIMED = (
    "base",
    "guide-looked-up",
    "few-shot",
    "tuned",
)  # what a clock can tell apart; the other prompts are like these
_HOUSE_GUIDE = "how-we-write.md"  # the shop has a guide of its own, with other rules: neither index may hold it
FIGURES = (
    Figure("kept", "every rule kept"),
    Figure("rules", "share of the rules that are kept", "rules kept"),
    Figure("guide-found", "the guide was among the passages found"),
    Figure("prompt-tokens", "tokens in the prompt", "tokens", "less"),
    Figure("seconds", "from the message to the finished reply, one at a time", "seconds", "less"),
)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    style: str = field(
        default="brand-voice", metadata={"label": "Behaviour", "help": "One that has a page of its own."}
    )
    n: int = number_field(8, "Messages", "Drawn by the seed, for every arm.", (2, 60, 1))
    timed: int = number_field(2, "Messages with a clock", "Asked once more, one at a time.", (1, 60, 1))
    k: int = number_field(2, "Passages", "So many are looked up and put into the prompt.", (1, 5, 1))
    other: str = other_field()
    seed: int = seed_field("Draws the messages.")
    split: str = split_field("Messages from")


def shop_pages() -> tuple[Document, ...]:
    """The help pages of the shop, without its own guide for writers."""
    from lab.rag.collections import shipped_documents

    return tuple(page for page in shipped_documents(SHOP) if not page.name.endswith(_HOUSE_GUIDE))


def guide_document(style: Style) -> Document:
    """The page that describes the style, read as any other document is. Raises BadInput when it has none."""
    from lab.rag.load import load_paths
    from lab.settings import get_settings

    guide_page(style)
    limits = get_settings()
    (document,) = load_paths(
        [GUIDES / f"{style.name}.md"], max_file_bytes=limits.max_file_bytes, max_files=limits.max_files
    ).documents
    return document


def index_of(documents: Sequence[Document]) -> Index:
    """Searched by the sentence and read by the paragraph: whoever finds one rule of the guide reads them all."""
    from lab.rag.build import IndexOptions, build_index

    return build_index(documents, IndexOptions("small-to-big", SIZE))


def make_ways(style: Style, facts: Shelf, guide: Shelf, other: str) -> tuple[Way, ...]:
    """The eight ways. Looked up or not, the system turn is the short one, but for the prompt that spells the rules out.

    A customer's message is not like a style guide, so it may never find one: guide-given says what would come of it if so.
    """
    page = guide_page(style).strip()
    return (
        Way(Arm("base", "short prompt", "neither")),
        Way(Arm("facts-looked-up", "the shop's pages looked up", "looked-up"), page=facts),
        Way(Arm("guide-looked-up", "the guide lies among the pages looked up", "looked-up"), page=guide),
        Way(Arm("guide-given", "the guide as the page, as if it were always found", "looked-up"), page=lambda _: page),
        Way(Arm("guide-in-prompt", "every rule spelled out in the prompt", "neither"), prompted=True),
        Way(Arm("few-shot", "good replies in the prompt", "neither"), few_shot=True),
        Way(Arm("tuned", "weights that practised it", "learned"), adapter=style.name),
        Way(Arm("other-adapter", "weights that practised something else", "learned", True), adapter=other),
    )


def run(inputs: Inputs, report: Report) -> Measured:
    """Two indexes are built, then every message is asked in eight ways, and a few once more in four of them, with a clock."""
    style = load_style(inputs.style)
    messages = draw_messages(style, inputs.n, inputs.seed, inputs.split)
    document = guide_document(style)
    report("reading and embedding the shop's pages", 0.0)
    pages = shop_pages()
    facts = Shelf(index_of(pages), inputs.k, style.inputs[-1])
    guide = Shelf(index_of((*pages, document)), inputs.k, style.inputs[-1])
    ways = make_ways(style, facts, guide, inputs.other)
    check_adapters(ways)
    replies = ask_all(style, messages, ways, report, (0.1, 0.75))
    with_clock = [way for way in ways if way.arm.id in TIMED]
    timed = ask_in_turn(style, messages[: inputs.timed], with_clock, report, (0.75, 1.0))
    values = gather(
        replies,
        {
            "kept": lambda reply: reply.kept,
            "rules": lambda reply: reply.rules_kept,
            "prompt-tokens": lambda reply: reply.tokens_in,
        },
    )
    values["guide-looked-up", "guide-found"] = [
        float(any(hit.chunk.document == document.name for hit in guide.found[message.id])) for message in messages
    ]
    values |= gather(timed, {"seconds": lambda reply: reply.seconds})
    return finish(
        EXPERIMENT.id,
        inputs,
        [way.arm for way in ways],
        FIGURES,
        values,
        shown=pick_shown(replies, 2),
        notes=fingerprints(ways, guide.index),
    )


EXPERIMENT = Experiment(
    id="style-guide",
    title="A style guide in the index",
    claim="Looking a style guide up does not make a model keep the style; examples in the prompt or in training do.",
    sources=("000 §5", "002 mistake 2", "003 misconceptions", "004 misunderstandings"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(n=60, timed=12, split="test"),
)
