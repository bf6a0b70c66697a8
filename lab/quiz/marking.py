"""Drawing a quiz from the bank by a seed, marking one answer, and adding answers up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from lab.errors import BadInput
from lab.quiz.bank import TOPICS, Item, Option
from lab.statistics import wilson


class Question(Protocol):
    """What can be marked: an item of the bank, an item as it was placed in a quiz, or a lesson's check."""

    @property
    def id(self) -> str: ...

    @property
    def options(self) -> tuple[Option, ...]: ...


@dataclass(frozen=True)
class PlacedItem:
    """An item as one learner sees it: `order[i]` is the place in the bank of the option shown at i."""

    item: Item
    order: tuple[int, ...]

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def options(self) -> tuple[Option, ...]:
        """The options in the order in which they are shown."""
        return tuple(self.item.options[place] for place in self.order)


@dataclass(frozen=True)
class Marked:
    """One answer, marked. `chosen` counts from 0 among the options as shown; `answer` is the right option."""

    id: str
    topic: str  # empty for a lesson's check, which has none
    chosen: int
    option: Option
    answer: Option

    @property
    def right(self) -> bool:
        return self.option.right

    @property
    def why(self) -> str:
        """The reason that belongs to the option that was chosen."""
        return self.option.why

    @property
    def misconception(self) -> str | None:
        """The id of the belief behind a wrong answer; None for the right one."""
        return self.option.misconception


@dataclass(frozen=True)
class TopicScore:
    """Right answers `of` all answers within one topic."""

    topic: str
    right: int
    of: int


@dataclass(frozen=True)
class Held:
    """A misconception and how many of the answers show it."""

    misconception: str
    times: int


@dataclass(frozen=True)
class Score:
    """A whole quiz: `interval` is Wilson's 95 % interval of the share of right answers, both ends within 0..1."""

    right: int
    of: int
    by_topic: tuple[TopicScore, ...]  # in the bank's order of topics
    interval: tuple[float, float]
    misconceptions: tuple[Held, ...]  # the one shown most often first; among equals, the one met first


def draw(bank: Sequence[Item], n: int = 10, seed: int = 0) -> tuple[PlacedItem, ...]:
    """Up to `n` items, as evenly over the topics as the bank allows, with their options shuffled.

    The same bank, n and seed give the same quiz on every machine and Python version, so that a link can carry it;
    a bank of fewer than `n` items is used whole. Raises BadInput when there is nothing to draw.
    """
    if n < 1:
        raise BadInput(f"A quiz needs at least one question, not {n}.")
    if not bank:
        raise BadInput("There is no question to draw from. Choose another lesson or topic.")
    by_topic: dict[str, list[Item]] = {}
    for item in sorted(bank, key=lambda item: _lot(seed, "item", item.id)):
        by_topic.setdefault(item.topic, []).append(item)
    topics = sorted(by_topic, key=lambda topic: _lot(seed, "topic", topic))  # who gets the odd one out
    rounds = max(len(items) for items in by_topic.values())
    drawn = [by_topic[topic][turn] for turn in range(rounds) for topic in topics if turn < len(by_topic[topic])][:n]
    return tuple(_place(item, seed) for item in sorted(drawn, key=lambda item: _lot(seed, "place", item.id)))


def mark(question: Question, chosen: int) -> Marked:
    """Mark the option at `chosen`, counted from 0 among `question.options`; raises BadInput when none is there."""
    options = question.options
    if not 0 <= chosen < len(options):
        raise BadInput(f"“{question.id}” has options 1 to {len(options)}; there is no option {chosen + 1}.")
    item = question.item if isinstance(question, PlacedItem) else question
    return Marked(
        id=question.id,
        topic=item.topic if isinstance(item, Item) else "",
        chosen=chosen,
        option=options[chosen],
        answer=next(option for option in options if option.right),
    )


def score(marks: Sequence[Marked]) -> Score:
    """Add marked answers up; no answers at all score 0 of 0 with the interval (0, 1)."""
    asked = Counter(marked.topic for marked in marks)
    solved = Counter(marked.topic for marked in marks if marked.right)
    topics = [topic for topic in TOPICS if topic in asked] + [topic for topic in asked if topic not in TOPICS]
    held = Counter(marked.misconception for marked in marks if marked.misconception is not None)
    right = solved.total()
    return Score(
        right=right,
        of=len(marks),
        by_topic=tuple(TopicScore(topic, solved[topic], asked[topic]) for topic in topics),
        interval=wilson(right, len(marks)),
        misconceptions=tuple(Held(name, times) for name, times in held.most_common()),
    )


def _place(item: Item, seed: int) -> PlacedItem:
    places = range(len(item.options))
    return PlacedItem(item, tuple(sorted(places, key=lambda place: _lot(seed, "option", f"{item.id} {place}"))))


def _lot(seed: int, what: str, name: str) -> bytes:
    """A random-looking key that depends on nothing but its arguments; random.Random does not promise that for ever."""
    return sha256(f"{seed} {what} {name}".encode()).digest()
