"""Sorting messages under labels of one's own: by pages that were looked up, by neighbours that were, or by practice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, describe, finish, reader
from lab.experiments.parts.behaviours import (
    Replied,
    Way,
    ask_all,
    check_adapters,
    draw_messages,
    fingerprints,
    gather,
    pick_shown,
)
from lab.experiments.parts.inputs import number_field, seed_field, split_field
from lab.experiments.parts.lookups import GUIDES, Shelf, nearest_examples
from lab.tuning.styles import Example, Style, check_reply, judge_content, load_examples, load_style

if TYPE_CHECKING:
    from lab.rag.index import Index

STYLE = "ticket-labels"
PAGES = GUIDES / "harrow-and-finch"  # the company's own help pages: what it hires out, at what price, and when
NEIGHBOURS = 4
MAJORITY = Arm("majority", "always the commonest label of training", "neither")
SHUFFLED = Arm("shuffled", "the practised labels, marked against those of other tickets", "learned", True)
FIGURES = (Figure("right", "the right label"), Figure("kept", "one label of the eight and nothing else"))


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    n: int = number_field(30, "Tickets", "Drawn by the seed, for every arm.", (4, 60, 1))
    k: int = number_field(2, "Pages", "So many passages of the help pages are looked up.", (1, 5, 1))
    seed: int = seed_field("Draws the tickets, and shuffles labels for the control.")
    split: str = split_field("Messages from")


def commonest_label(examples: Sequence[Example]) -> str:
    """The reply that is written most often; of several, the first in the alphabet."""
    counts = Counter(example.reply for example in examples)
    return min(counts, key=lambda label: (-counts[label], label))


def shuffle_labels(messages: Sequence[Example], seed: int) -> list[Example]:
    """The same messages, each with the right label of a message drawn by the seed; no label is lost."""
    labels = [message.gold for message in messages]
    random.Random(f"shuffled {seed}").shuffle(labels)
    return [replace(message, gold=label) for message, label in zip(messages, labels, strict=True)]


@cache
def help_index() -> Index:
    """The index of the company's help pages, built once a process."""
    from lab.rag.build import build_index
    from lab.rag.load import load_paths
    from lab.settings import get_settings

    limits = get_settings()
    loaded = load_paths([PAGES], max_file_bytes=limits.max_file_bytes, max_files=limits.max_files)
    return build_index(loaded.documents)


def make_ways(style: Style, pages: Shelf, neighbours: Mapping[str, Sequence[Example]]) -> tuple[Way, ...]:
    """The ways in which a model is asked. Labels and house rules are spelled out for all but the tuned one."""
    return (
        Way(Arm("base", "every label and rule spelled out in the prompt", "neither"), prompted=True),
        Way(Arm("documents", "the same, with help pages looked up", "looked-up"), prompted=True, page=pages),
        Way(
            Arm("neighbours", "the same, with the nearest labelled tickets looked up", "looked-up"),
            prompted=True,
            shots=lambda message: neighbours[message.id],
        ),
        Way(Arm("tuned", "weights that practised it", "learned"), adapter=style.name),
    )


def judged(style: Style, message: Example, text: str) -> Replied:
    """A reply that no model wrote, with the style's verdicts."""
    rules = check_reply(style, message.inputs, text)
    return Replied(message, text, rules, judge_content(style, message.inputs, text, message.gold), 0, 0)


def run(inputs: Inputs, report: Report) -> Measured:
    """Every ticket in four ways, and two arms for which no model is asked."""
    style = load_style(STYLE)
    messages = draw_messages(style, inputs.n, inputs.seed, inputs.split)
    if len(messages) < 2:
        raise BadInput("1 ticket cannot be marked against another one's label; choose at least 2.")
    report("embedding the help pages and the labelled tickets", 0.0)
    shelf = Shelf(help_index(), inputs.k, style.inputs[-1])
    neighbours = nearest_examples(style, messages, NEIGHBOURS)
    ways = make_ways(style, shelf, neighbours)
    check_adapters(ways)
    commonest = commonest_label(load_examples(style.folder / "train.jsonl", style, with_replies=True))
    replies = {MAJORITY.id: tuple(judged(style, message, commonest) for message in messages)}
    replies |= ask_all(style, messages, ways, report, (0.15, 1.0))
    values = gather(replies, {"right": lambda reply: reply.right, "kept": lambda reply: reply.kept})
    values[SHUFFLED.id, "right"] = [
        float(judged(style, message, reply.text).right)
        for message, reply in zip(shuffle_labels(messages, inputs.seed), replies["tuned"], strict=True)
    ]
    return finish(
        EXPERIMENT.id,
        inputs,
        [MAJORITY, *(way.arm for way in ways), SHUFFLED],
        FIGURES,
        values,
        shown=pick_shown(replies),
        notes=fingerprints(ways, shelf.index),
    )


EXPERIMENT = Experiment(
    id="classification",
    title="Sorting messages under one's own labels",
    claim="Sorting messages is a task for training; looking documents up does not help with it.",
    sources=("000 §5", "001 When to use fine-tuning", "002 Excelling at a narrow task", "004 When fine-tuning fits"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(n=60, split="test"),
)
