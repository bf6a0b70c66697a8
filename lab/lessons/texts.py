"""The texts of a lesson in reading order, for the rules about them: length, words explained in time, translations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lab.lessons.glossary import Term, first_uses, without_links
from lab.lessons.model import (
    Block,
    Check,
    ExperimentBlock,
    Figure,
    Lesson,
    Predict,
    Prose,
    Table,
    Try,
    Verdicts,
    heading_of,
    text_lines,
)

_PARTS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*>|]|\d+\.) ?)")


def paragraphs(block: Block) -> tuple[str, ...]:
    """What a block says, cut into what is read in one breath: paragraphs, list items, table rows; no headings, no code."""
    match block:
        case Prose(markdown):
            lines = [line if heading_of(line) is None else "" for line in text_lines(markdown)]
            return tuple(part for part in _PARTS.split("\n".join(lines)) if part.strip())
        case Predict():
            return (block.question, *block.options, block.reveal)
        case ExperimentBlock():
            return (block.caption, *(preset.watch for preset in block.presets))
        case Check():
            return (block.question, *(text for option in block.options for text in (option.text, option.why)))
        case Figure():
            return (block.caption,)
        case Table():
            return (block.caption, *(" | ".join(row) for row in (block.head, *block.rows)))
        case Try() | Verdicts():
            return (block.text,)


def linkable(block: Block) -> tuple[str, ...]:
    """Those of its texts in which a word can be a link: all but the options to choose from."""
    match block:
        case Predict():
            return (block.question, block.reveal)
        case Check():
            return (block.question, *(option.why for option in block.options))
        case _:
            return paragraphs(block)


def unlinked_terms(lesson: Lesson, glossary: Mapping[str, Term]) -> tuple[Term, ...]:
    """The terms of later lessons that this one uses without a link where they first stand."""
    later = {key: term for key, term in glossary.items() if term.lesson > lesson.number}
    if not later:
        return ()
    text = "\n\n".join(part for block in lesson.blocks for part in linkable(block))
    return tuple(glossary[key] for key, linked in first_uses(text, later).items() if not linked and key in later)


def count_words(lesson: Lesson) -> int:
    """The words of its prose; headings, code and what stands in blocks are not counted."""
    prose = [block for block in lesson.blocks if isinstance(block, Prose)]
    return sum(len(without_links(part).split()) for block in prose for part in paragraphs(block))


def differences(original: Lesson, translation: Lesson) -> Iterator[str]:
    """Where a translation is not built like its original, in words."""
    for name in ("slug", "number", "minutes", "sources", "next"):
        if getattr(original, name) != getattr(translation, name):
            yield f"{name} is {getattr(translation, name)!r} instead of {getattr(original, name)!r}"
    for name in ("objectives", "prerequisites", "terms"):
        if len(getattr(original, name)) != len(getattr(translation, name)):
            yield f"{name}: {len(getattr(translation, name))} instead of {len(getattr(original, name))}"
    ours, theirs = ([_shape(block) for block in lesson.blocks] for lesson in (original, translation))
    if len(ours) != len(theirs):
        yield f"{len(theirs)} blocks instead of {len(ours)}"
    for at, (mine, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        if mine != other:
            yield f"block {at} is {other} instead of {mine}"
            return


def _shape(block: Block) -> tuple[object, ...]:
    """What must be the same in every language."""
    kind = type(block).__name__
    match block:
        case Prose(markdown):
            return kind, sum(heading_of(line) is not None for line in text_lines(markdown))
        case Predict():
            return kind, block.id, len(block.options)
        case ExperimentBlock():
            presets = [tuple(preset.inputs.items()) for preset in block.presets]
            return kind, block.id, tuple(block.inputs.items()), tuple(presets)
        case Check():
            return kind, block.id, tuple((option.right, option.misconception) for option in block.options)
        case Figure():
            return kind, block.id
        case Table():
            return kind, block.id, len(block.head), len(block.rows)
        case Try():
            return kind, block.id, block.page, block.parameters
        case Verdicts():
            return kind, block.id, block.claims
