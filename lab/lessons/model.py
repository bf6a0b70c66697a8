"""What a lesson is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab.lessons.glossary import Term
from lab.quiz.bank import Option

FENCE = re.compile(r"(?P<indent>\s*)(?P<marks>`{3,}|~{3,})\s*(?P<info>[^`]*?)\s*")
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.+?)\s*#*\s*")
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class Values(Mapping[str, Any]):
    """Inputs of an experiment by name: numbers, texts, truth values or tuples of these. Read-only."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._values)))

    def __repr__(self) -> str:
        return f"Values({self._values!r})"


@dataclass(frozen=True)
class Prose:
    """Markdown to be shown as it is, ordinary code fences included."""

    markdown: str


@dataclass(frozen=True)
class Predict:
    """A guess before the experiment. No option is marked right: the run decides; `reveal` says what to look for."""

    id: str
    question: str
    options: tuple[str, ...]
    reveal: str


@dataclass(frozen=True)
class Preset:
    """A button that sets some inputs of an experiment and says what to watch."""

    label: str
    inputs: Values
    watch: str


@dataclass(frozen=True)
class ExperimentBlock:
    """An experiment inside the lesson: `id` is the experiment's, `inputs` what the lesson presets."""

    id: str
    inputs: Values
    caption: str
    presets: tuple[Preset, ...] = ()


@dataclass(frozen=True)
class Check:
    """A question inside the lesson, with one right option and a reason for each; lab.quiz.marking.mark marks it."""

    id: str
    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Figure:
    """A picture of our own. svg: its whole text, checked to hold nothing but shapes and text."""

    id: str
    file: str
    svg: str
    alt: str
    caption: str


@dataclass(frozen=True)
class Table:
    """Every row has as many cells as the head; cells are Markdown."""

    id: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Try:
    """A way to another page of the app. page: the name of its file; parameters: what its address sets there."""

    id: str
    text: str
    page: str
    label: str
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Verdicts:
    """What our runs say of some claims, worked out when the lesson is read. claims: ids of the ledger."""

    id: str
    text: str
    claims: tuple[str, ...]


Block = Prose | Predict | ExperimentBlock | Check | Figure | Table | Try | Verdicts


@dataclass(frozen=True)
class Lesson:
    """One lesson. `number` is its place in the reading order, `next` the slug of the one after it, if there is one.

    covers: ids of lessons/seeds.yaml, each with the anchor at which this lesson treats it.
    """

    slug: str
    number: int
    title: str
    minutes: int
    objectives: tuple[str, ...]
    prerequisites: tuple[str, ...]
    terms: tuple[Term, ...]
    sources: tuple[str, ...]
    next: str | None
    blocks: tuple[Block, ...]
    covers: tuple[tuple[str, str], ...] = ()
    language: str = "en"

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Check))


def heading_slug(text: str) -> str:
    """The anchor of a heading: small letters, words joined by hyphens, punctuation dropped."""
    plain = re.sub(r"[^\w\s-]", "", _LINKED.sub(r"\1", text).lower())
    return "-".join(plain.split())


def heading_of(line: str) -> str | None:
    """The text of a Markdown heading, None for any other line."""
    found = _HEADING.fullmatch(line)
    return found["text"] if found else None


def text_lines(markdown: str) -> Iterator[str]:
    """The lines of Markdown that are not inside a code fence."""
    marks = ""
    for line in markdown.split("\n"):
        fence = FENCE.fullmatch(line)
        if marks:
            if fence and fence["marks"].startswith(marks) and not fence["info"]:
                marks = ""
        elif fence:
            marks = fence["marks"]
        else:
            yield line


def anchors_of(lesson: Lesson) -> tuple[str, ...]:
    """Where a link or a seed may point: the ids of the blocks and the slugs of the headings, in reading order."""
    found = []
    for block in lesson.blocks:
        if isinstance(block, Prose):
            found += [heading_slug(text) for line in text_lines(block.markdown) if (text := heading_of(line))]
        else:
            found.append(block.id)
    return tuple(found)
