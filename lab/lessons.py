"""Lessons: front matter and Markdown in, blocks out (prose, predict, experiment, check); a fault is told by line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lab.errors import BadInput
from lab.quiz.bank import LESSONS, Option, load_misconceptions, load_sources, read_options
from lab.quiz.schema import BrokenContent, Fields, read_content, read_fields

__all__ = [
    "LESSONS",
    "Block",
    "BrokenContent",
    "Check",
    "ExperimentBlock",
    "Lesson",
    "Option",
    "Predict",
    "Prose",
    "Term",
    "list_lessons",
    "load_lesson",
]

KINDS = ("predict", "experiment", "check")  # the info strings that make a fence a block
_NOT_A_LESSON = ("README.md",)
_FILE_NAME = re.compile(r"(\d\d)-[a-z0-9]+(-[a-z0-9]+)*\.md")
_FENCE = re.compile(r"(?P<indent>\s*)(?P<marks>`{3,}|~{3,})\s*(?P<info>[^`]*?)\s*")
_SHOWS_YAML = ("", "text", "txt", "yaml", "yml", "markdown", "md")  # fences that may show “id:” without being a block


@dataclass(frozen=True)
class Term:
    """A word of the field and what it means, for the glossary."""

    term: str
    meaning: str


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
class ExperimentBlock:
    """An experiment inside the lesson: `id` is the experiment's, `inputs` (read-only) what the lesson presets."""

    id: str
    inputs: Mapping[str, Any] = field(hash=False)  # numbers, texts, truth values, or tuples of these
    caption: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", MappingProxyType(dict(self.inputs)))

    def __reduce__(self) -> tuple[type[ExperimentBlock], tuple[str, dict[str, Any], str]]:
        return ExperimentBlock, (self.id, dict(self.inputs), self.caption)  # a mapping proxy cannot be pickled


@dataclass(frozen=True)
class Check:
    """A question inside the lesson, with one right option and a reason for each; lab.quiz.marking.mark marks it."""

    id: str
    question: str
    options: tuple[Option, ...]


Block = Prose | Predict | ExperimentBlock | Check


@dataclass(frozen=True)
class Lesson:
    """One lesson. `number` is its place in the reading order, `next` the slug of the one after it, if there is one."""

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


def list_lessons(folder: Path = LESSONS) -> tuple[Lesson, ...]:
    """Every lesson of the folder in reading order; raises BrokenContent for the first fault in any of them."""
    sources = load_sources()
    misconceptions = load_misconceptions(sources=sources)
    lessons: list[Lesson] = []
    for path in _files(folder):
        if not (name := _FILE_NAME.fullmatch(path.name)):
            raise BrokenContent(path.name, 1, "the name of a lesson's file must look like 07-short-name.md.")
        if lessons and lessons[-1].number == int(name[1]):
            raise BrokenContent(path.name, 1, f"number {int(name[1])} is taken by {lessons[-1].slug}.md.")
        lessons.append(_read_lesson(path, sources, misconceptions))
    return tuple(lessons)


def load_lesson(slug: str, folder: Path = LESSONS) -> Lesson:
    """One lesson by its slug; raises BadInput when there is none, BrokenContent (file and line) when it has a fault."""
    for path in _files(folder):
        if path.stem == slug:
            sources = load_sources()
            return _read_lesson(path, sources, load_misconceptions(sources=sources))
    known = ", ".join(path.stem for path in _files(folder)) or "none"
    raise BadInput(f"There is no lesson called “{slug}”. Lessons: {known}.")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.md") if path.name not in _NOT_A_LESSON)


def _read_lesson(path: Path, sources: Collection[str], misconceptions: Collection[str]) -> Lesson:
    lines = read_content(path).split("\n")
    if lines[0].rstrip() != "---":
        raise BrokenContent(path.name, 1, "a lesson begins with its front matter, between two lines of “---”.")
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        raise BrokenContent(path.name, 1, "the front matter never ends; close it with a line of “---”.")
    fields = read_fields("\n".join(lines[1:end]), path.name, 2, "front matter")
    lesson = Lesson(
        slug=_read_slug(fields, path),
        number=_read_number(fields, path),
        title=fields.text("title"),
        minutes=fields.whole("minutes", 1, 180),
        objectives=fields.texts("objectives"),
        prerequisites=fields.texts("prerequisites", may_be_empty=True),
        terms=_read_terms(fields),
        sources=_read_sources(fields, sources),
        next=_read_next(fields, path),
        blocks=(),
    )
    fields.done()
    return replace(lesson, blocks=_read_blocks(lines, end + 1, path.name, misconceptions))


def _read_slug(fields: Fields, path: Path) -> str:
    slug = fields.text("slug")
    if slug != path.stem:
        raise fields.wrong("slug", f"is “{slug}”, but the file is called {path.name}")
    return slug


def _read_number(fields: Fields, path: Path) -> int:
    number = fields.whole("number", 1, 99)
    if not path.name.startswith(f"{number:02}-"):
        raise fields.wrong("number", f"is {number}, but the file is called {path.name}")
    return number


def _read_terms(fields: Fields) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for entry in fields.entries("terms", "term", at_least=0):
        term = Term(entry.text("term"), entry.text("meaning"))
        entry.done()
        if term.term.casefold() in terms:
            raise entry.wrong("term", f"“{term.term}” is explained twice")
        terms[term.term.casefold()] = term
    return tuple(terms.values())


def _read_sources(fields: Fields, known: Collection[str]) -> tuple[str, ...]:
    sources = fields.texts("sources")
    if unknown := [source for source in sources if source not in known]:
        raise fields.wrong("sources", f"names “{unknown[0]}”, which is not in sources.yaml")
    return sources


def _read_next(fields: Fields, path: Path) -> str | None:
    slug = fields.text_or_null("next")
    if slug is None:
        return None
    if slug == path.stem:
        raise fields.wrong("next", "is this lesson itself; write null when there is no next one")
    if slug not in [other.stem for other in _files(path.parent)]:
        raise fields.wrong("next", f"is “{slug}”, but there is no {slug}.md; write null when there is no next one")
    return slug


def _read_blocks(lines: list[str], at: int, file: str, misconceptions: Collection[str]) -> tuple[Block, ...]:
    """The lines from index `at` on as blocks; index 0 is line 1 of the file."""
    blocks: list[Block] = []
    prose: list[str] = []
    first_lines: dict[str, int] = {}

    def end_prose() -> None:
        if markdown := "\n".join(prose).strip("\n"):
            blocks.append(Prose(markdown))
        prose.clear()

    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at])
        if fence is None:
            prose.append(lines[at])
            at += 1
            continue
        end = _fence_end(lines, at, fence["marks"], file)
        kind = _block_kind(fence, lines[at + 1 : end], file, at + 1)
        if kind is None:
            prose += lines[at : end + 1]
        else:
            end_prose()
            fields = read_fields("\n".join(lines[at + 1 : end]), file, at + 2, kind)
            block = _read_block(kind, fields, misconceptions)
            if block.id in first_lines:
                raise fields.wrong("id", f"“{block.id}” was used on line {first_lines[block.id]} already")
            first_lines[block.id] = at + 1
            blocks.append(block)
        at = end + 1
    end_prose()
    if not blocks:
        raise BrokenContent(file, len(lines), "the lesson has no text after its front matter.")
    return tuple(blocks)


def _fence_end(lines: list[str], start: int, marks: str, file: str) -> int:
    """The index of the line that closes the fence opened at index `start`: the same mark, at least as often.

    A block that would be swallowed on the way is an error; to show one as code, open the fence with one mark more.
    """
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if len(line) >= len(marks) and set(line) == {marks[0]}:
            return at
        if line.startswith(marks) and line.lstrip(marks[0]).strip() in KINDS:
            raise BrokenContent(file, start + 1, f"this fence is not closed before the block on line {at + 1}.")
    raise BrokenContent(file, start + 1, f"this fence is never closed; end it with a line of {marks}.")


def _block_kind(fence: re.Match[str], body: list[str], file: str, line: int) -> str | None:
    """Which block a fence is, None for ordinary code; a fence that was clearly meant as a block is an error."""
    info = fence["info"]
    if info in KINDS:
        if fence["indent"]:
            raise BrokenContent(file, line, f"a block of kind “{info}” must begin at the left edge, without spaces.")
        return info
    word = info.split()[0] if info else ""
    meant = get_close_matches(word.casefold(), KINDS, n=1, cutoff=0.75)
    first = next((text for text in body if text.strip()), "")
    if meant or (word not in _SHOWS_YAML and first.startswith("id:")):
        hint = f"did you mean “{meant[0]}”?" if meant else f"known are {', '.join(KINDS)}."
        raise BrokenContent(file, line, f"“{info}” is not a kind of block; {hint}")
    return None


def _read_block(kind: str, fields: Fields, misconceptions: Collection[str]) -> Predict | ExperimentBlock | Check:
    block_id = fields.kebab("id")
    fields.inside = f"{kind} {block_id}"
    block: Predict | ExperimentBlock | Check
    if kind == "predict":
        block = Predict(block_id, fields.text("question"), _read_guesses(fields), fields.text("reveal"))
    elif kind == "experiment":
        caption = fields.text("caption")
        block = ExperimentBlock(block_id, fields.inputs(), caption)
    else:
        block = Check(block_id, fields.text("question"), read_options(fields, misconceptions))
    fields.done()
    return block


def _read_guesses(fields: Fields) -> tuple[str, ...]:
    guesses: list[str] = []
    for entry in fields.entries("options", "option", at_least=2):
        text = entry.text("text")
        entry.done()
        if text in guesses:
            raise entry.wrong("text", f"“{text}” is an option already")
        guesses.append(text)
    return tuple(guesses)
