"""A blind vote: the panes shuffled by a seed and named A, B, C, so that only the text counts; and the tally."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from lab.compare.replies import Reply
from lab.errors import BadInput

LETTERS = "ABCD"
NO_DIFFERENCE = "no difference"


@dataclass(frozen=True)
class Ballot:
    """One message's replies in the order in which they are shown. `choice` is a letter, NO_DIFFERENCE, or "" before the
    vote."""

    inputs: Mapping[str, str]
    replies: tuple[Reply, ...]
    seed: int
    choice: str = ""

    @property
    def letters(self) -> str:
        return LETTERS[: len(self.replies)]

    @property
    def chosen(self) -> Reply | None:
        """The reply that was voted for; None before the vote and without a preference."""
        return self.replies[LETTERS.index(self.choice)] if self.choice in tuple(self.letters) else None


@dataclass(frozen=True)
class Tally:
    """Votes by pane. shown: how often each pane stood on a ballot that was voted on."""

    votes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    shown: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    undecided: int = 0

    @property
    def n(self) -> int:
        """Ballots voted on."""
        return sum(self.votes.values()) + self.undecided


def shuffle_replies(inputs: Mapping[str, str], replies: Sequence[Reply], seed: int) -> Ballot:
    """A ballot; the same seed gives the same order. Raises BadInput with fewer than two replies or one that failed."""
    if len(replies) < 2 or len(replies) > len(LETTERS):
        raise BadInput(f"A vote needs two to {len(LETTERS)} panes.")
    if failed := [reply for reply in replies if reply.error]:
        raise BadInput(f"One pane gave no answer, so there is nothing to vote on. {failed[0].error}")
    order = list(replies)
    random.Random(seed).shuffle(order)
    return Ballot(dict(inputs), tuple(order), seed)


def draw_message(n: int, seed: int, turn: int) -> int:
    """Which of n messages comes at this turn (from 0): all of them once, in an order by the seed, before any again."""
    order = list(range(n))
    random.Random(f"{seed}-{turn // n}").shuffle(order)
    return order[turn % n]


def count_vote(tally: Tally, ballot: Ballot) -> Tally:
    """The tally with this ballot in it; raises BadInput before the ballot has a choice."""
    if ballot.choice != NO_DIFFERENCE and ballot.choice not in tuple(ballot.letters):
        raise BadInput(f"Vote for one of {', '.join(ballot.letters)}, or say that there is no difference.")
    votes, shown = dict(tally.votes), dict(tally.shown)
    for reply in ballot.replies:
        shown[reply.pane] = shown.get(reply.pane, 0) + 1
    chosen = ballot.chosen
    if chosen is None:
        return Tally(MappingProxyType(votes), MappingProxyType(shown), tally.undecided + 1)
    votes[chosen.pane] = votes.get(chosen.pane, 0) + 1
    return Tally(MappingProxyType(votes), MappingProxyType(shown), tally.undecided)
