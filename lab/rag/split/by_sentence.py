"""Splitters whose unit is the sentence: one each, and one each with its paragraph for the model to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lab.rag.split.ruler import Ruler
from lab.rag.split.task import Task
from lab.rag.split.units import Unit, fitting_units, with_units_before

SENTENCE_SIZE = 80  # tokens; a unit of small-to-big is no longer than that, whatever may be read around it


def split_by_sentences(task: Task) -> Iterator[Unit]:
    """One unit per chunk; `overlap` adds whole units before it, within its section."""
    for pieces in fitting_units(task.document, task.ruler, task.size):
        yield from with_units_before(pieces, task.ruler, task.overlap)


def split_small_to_big(task: Task) -> Iterator[Unit]:
    """The same units, each with a parent of at most `size` tokens: its paragraph, list, table or code block.

    Where that is longer, the parent is as many whole units after and before as fit, in turn.
    """
    for pieces in fitting_units(task.document, task.ruler, min(task.size, SENTENCE_SIZE)):
        for place, chunk in enumerate(with_units_before(pieces, task.ruler, task.overlap)):
            start, end = _around(pieces, place, task.ruler, task.size)
            yield replace(chunk, parent=(min(start, chunk.start), end))


def _around(pieces: list[Unit], place: int, ruler: Ruler, size: int) -> tuple[int, int]:
    group = pieces[place].group
    if ruler.count(*group) <= size:
        return group
    left = right = place
    grows = True
    while grows:
        grows = False
        after, before = right + 1, left - 1
        if after < len(pieces) and pieces[after].group == group:
            fits = ruler.count(pieces[left].start, pieces[after].end) <= size
            right, grows = (after, True) if fits else (right, grows)
        if before >= 0 and pieces[before].group == group:
            fits = ruler.count(pieces[before].start, pieces[right].end) <= size
            left, grows = (before, True) if fits else (left, grows)
    return pieces[left].start, pieces[right].end
