"""What one more reply costs: in seconds here, and in tokens at prices that one sets oneself.

The prompt is what differs: short, with a page that was looked up, or with a chat of examples. Every reply is cut at the
same number of tokens, because a way that makes the model talk less would look cheaper than it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, describe, finish, reader
from lab.experiments.parts.behaviours import (
    Replied,
    Way,
    ask_in_turn,
    check_adapters,
    draw_messages,
    fingerprints,
    gather,
    pick_shown,
)
from lab.experiments.parts.inputs import choice_field, number_field, seed_field, split_field
from lab.experiments.parts.lookups import Shelf
from lab.rag.collections import index_collection
from lab.tuning.styles import Style, load_style

STYLE = "brand-voice"
FIGURES = (
    Figure("seconds", "from the message to the finished reply, one at a time", "seconds", "less"),
    Figure("search-seconds", "of these, before the model was asked", "seconds", "less"),
    Figure("prompt-tokens", "tokens in the prompt", "tokens", "less"),
    Figure("answer-tokens", "tokens in the reply", "tokens", ""),
    Figure("cost", "what 1,000 such replies cost", "€ per 1,000", "less"),
)


@dataclass(frozen=True)
class Inputs:
    """What a learner may set. The prices are assumptions: set those of your own provider."""

    n: int = number_field(6, "Messages", "Drawn by the seed; each is asked in all four ways.", (2, 60, 1))
    tokens: int = number_field(24, "Tokens of a reply", "Every reply is cut there.", (8, 64, 4))
    collection: str = choice_field("tarnmoor-help", "Documents", "The shop's.", ("tarnmoor-help",))
    price_in: float = number_field(
        0.15, "€ per million tokens read", "An assumption of November 2026, not a quotation.", (0.0, 20.0, 0.05)
    )
    price_out: float = number_field(
        0.6, "€ per million tokens written", "An assumption of November 2026, not a quotation.", (0.0, 80.0, 0.05)
    )
    seed: int = seed_field("Draws the messages.")
    split: str = split_field("Messages from")


def cost_of_thousand(tokens_in: int, tokens_out: int, price_in: float, price_out: float) -> float:
    """€ for 1,000 replies of so many tokens, at prices for a million tokens."""
    return (tokens_in * price_in + tokens_out * price_out) / 1000


def make_ways(style: Style, pages: Shelf) -> tuple[Way, ...]:
    """Closed book, tuned and looked up share the short prompt; nothing but a page or the weights is added."""
    return (
        Way(Arm("closed-book", "the message alone", "neither")),
        Way(Arm("tuned", "the message alone, weights that practised", "learned"), adapter=style.name),
        Way(Arm("looked-up", "a page looked up for it", "looked-up"), page=pages),
        Way(Arm("long-prompt", "good replies in the prompt", "neither"), few_shot=True),
    )


def run(inputs: Inputs, report: Report) -> Measured:
    """One reply at a time, four ways for each message."""
    if inputs.tokens < 1:
        raise BadInput(f"A reply of {inputs.tokens} tokens is none; choose at least 1.")
    if inputs.price_in < 0 or inputs.price_out < 0:
        raise BadInput(f"A price of {min(inputs.price_in, inputs.price_out):g} € is below nothing; choose 0 or more.")
    style = load_style(STYLE)
    messages = draw_messages(style, inputs.n, inputs.seed, inputs.split)
    report("reading and embedding the shop's pages", 0.0)
    shelf = Shelf(index_collection(inputs.collection), 1, style.inputs[-1])
    ways = make_ways(style, shelf)
    check_adapters(ways)
    replies = ask_in_turn(style, messages, ways, report, (0.2, 1.0), max_tokens=inputs.tokens)

    def cost(reply: Replied) -> float:
        return cost_of_thousand(reply.tokens_in, reply.tokens_out, inputs.price_in, inputs.price_out)

    values = gather(
        replies,
        {
            "seconds": lambda reply: reply.seconds,
            "prompt-tokens": lambda reply: reply.tokens_in,
            "answer-tokens": lambda reply: reply.tokens_out,
            "cost": cost,
        },
    )
    values["looked-up", "search-seconds"] = [reply.search_seconds for reply in replies["looked-up"]]
    prices = f"assumed in November 2026: {inputs.price_in:g} € per million tokens read, {inputs.price_out:g} € written"
    return finish(
        EXPERIMENT.id,
        inputs,
        [way.arm for way in ways],
        FIGURES,
        values,
        shown=pick_shown(
            replies, 3, lambda reply: f"{reply.tokens_in} tokens read, {reply.tokens_out} written; cut, so not judged"
        ),
        notes={**fingerprints(ways, shelf.index), "prices": prices},
    )


EXPERIMENT = Experiment(
    id="query-costs",
    title="What one more reply costs",
    claim="A reply that looks something up takes longer and costs more than one from the weights.",
    sources=("000 §5", "001 Strengths", "002 table", "003 table"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(n=40, split="test"),
)
