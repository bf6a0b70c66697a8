"""A harbour that never was, and its notices: gates, delays, berths and prices that change all day, made up by a seed."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput

if TYPE_CHECKING:
    from lab.rag.documents import Document

HARBOUR = "Port Sennick"
PAGE = f"""{HARBOUR} is a small harbour with a ferry quay, a fishing basin and a covered market.
The harbour office writes a notice whenever something changes. A later notice replaces the one before it.
Please keep children and dogs away from the edge of the quay.
The market hall is swept and locked by the harbour watch every evening.
Ferry tickets are sold at the wooden kiosk beside the slipway.
"""
_ISLANDS = "Orrin Skelda Brannoch Tavsay Hulm Ennerby Corrick Wexa Lundra Fairoe".split()
_FISH = "cod haddock mackerel plaice hake crab lobster mussels herring turbot".split()
_BOATS = (
    "Patient Ann",
    "Grey Maiden",
    "Northern Lark",
    "Bright Hope",
    "Kittiwake",
    "Old Bessie",
    "Sea Thrift",
    "Marigold",
)


@dataclass(frozen=True)
class _Sort:
    name: str
    things: tuple[str, ...]
    notices: tuple[str, ...]
    question: str
    values: tuple[str, ...]


_SORTS = (
    _Sort(
        "gate",
        tuple(_ISLANDS),
        ("The ferry to {x} now leaves from {v}.", "Passengers for {x} board the ferry at {v} from now on."),
        "Which gate does the ferry to {x} leave from?",
        tuple(f"gate {number}" for number in range(1, 25)),
    ),
    _Sort(
        "delay",
        tuple(_ISLANDS),
        ("The ferry to {x} is running {v} late.", "Expect the ferry to {x} to be {v} late today."),
        "How late is the ferry to {x}?",
        tuple(f"{number} minutes" for number in range(5, 95, 5)),
    ),
    _Sort(
        "berth",
        _BOATS,
        ("The trawler {x} has moved to {v}.", "The trawler {x} is lying at {v} tonight."),
        "Where is the trawler {x} lying?",
        tuple(f"berth {number}" for number in range(1, 31)),
    ),
    _Sort(
        "price",
        tuple(_FISH),
        ("In the market, {x} now costs {v} a kilo.", "The price of {x} in the market is {v} a kilo."),
        "What is the price of a kilo of {x}?",
        tuple(f"£{pounds}.{pence}" for pounds in range(3, 29) for pence in ("20", "45", "60", "85")),
    ),
)


@dataclass(frozen=True)
class Notice:
    """One notice. `about` names the thing and what of it is told: a later notice about the same replaces this one.

    before: the value told until now, "" when this is the first notice about it.
    """

    about: str
    text: str
    question: str
    value: str
    before: str

    @property
    def document(self) -> Document:
        """The notice as a document of its own, named after what it is about."""
        return as_document(self.about, self.text)


def as_document(name: str, text: str) -> Document:
    """A plain text of the harbour office as a document."""
    from lab.rag.documents import Document

    return Document(f"{name}.txt", HARBOUR, text, hashlib.sha256(text.encode()).hexdigest(), "txt")


def make_notices(count: int, seed: int) -> tuple[Notice, ...]:
    """`count` notices in the order of their arrival. About every second one changes what an earlier one told."""
    if count < 2:
        raise BadInput(f"{count} notices are no stream; choose at least 2.")
    rng = random.Random(f"notices {seed}")
    unused = [(sort, thing) for sort in _SORTS for thing in sort.things]
    rng.shuffle(unused)
    told: dict[tuple[str, str], str] = {}
    sorts = {sort.name: sort for sort in _SORTS}
    notices = []
    for _ in range(count):
        if unused and (not told or rng.random() < 0.5):
            sort, thing = unused.pop()
        else:
            name, thing = rng.choice(sorted(told))
            sort = sorts[name]
        before = told.get((sort.name, thing), "")
        value = rng.choice([value for value in sort.values if value != before])
        told[sort.name, thing] = value
        text = rng.choice(sort.notices).format(x=thing, v=value)
        about = f"{sort.name}-{thing.lower().replace(' ', '-')}"
        notices.append(Notice(about, text, sort.question.format(x=thing), value, before))
    return tuple(notices)
