"""A splitter that goes by meaning: neighbouring sentences stay together until the next one is about something else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lab.errors import BadInput
from lab.rag.split.ruler import Ruler
from lab.rag.split.task import Task
from lab.rag.split.units import Unit, fitting_units, with_units_before

PERCENTILE = 75  # of a document's distances between neighbours: about one seam in four is a cut
_DECIMALS = 5  # of a distance; what lies below differs between machines and sizes of a batch


def split_by_meaning(task: Task) -> Iterator[Unit]:
    """The units of `sentences`, merged within their section.

    A cut falls where the cosine distance between two neighbours exceeds the document's 75th percentile; where `size`
    tokens are full before that, at the greatest distance in the second half of what fits. Raises BadInput when `embed`
    does not give one vector per text.
    """
    text, ruler = task.document.text, task.ruler
    sections = list(fitting_units(task.document, ruler, task.size))
    units = [unit for pieces in sections for unit in pieces]
    distances = _distances([" ".join(text[unit.start : unit.end].split()) for unit in units], task)
    inside: list[float] = []  # the distances between neighbours of one section
    first = 0
    for pieces in sections:
        inside += distances[first : first + len(pieces) - 1] if pieces else []
        first += len(pieces)
    threshold = float(np.percentile(inside, PERCENTILE)) if inside else 0.0
    first = 0
    for pieces in sections:
        merged: list[Unit] = []
        for begin, stop in _runs(pieces, distances[first : first + len(pieces)], threshold, ruler, task.size):
            head = pieces[begin]
            merged.append(Unit(head.start, pieces[stop - 1].end, head.heading, head.group))
        yield from with_units_before(merged, ruler, task.overlap)
        first += len(pieces)


def _distances(texts: list[str], task: Task) -> list[float]:
    """Between each text and the one after it, in [0, 2]; the last one's is 0."""
    if len(texts) < 2:
        return [0.0] * len(texts)
    embed = task.embed
    if embed is None:
        from lab.models.embedder import get_embedder

        embed = get_embedder()
    distinct = list(dict.fromkeys(texts))
    found = embed(distinct) if callable(embed) else embed.embed_documents(distinct)
    matrix = np.asarray(found, dtype=np.float64)
    if matrix.ndim != 2 or len(matrix) != len(distinct) or not np.isfinite(matrix).all():
        raise BadInput("The embedder gave back something that is not one vector per text. Choose another embedder.")
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    row = {content: place for place, content in enumerate(distinct)}
    vectors = (matrix / np.where(lengths == 0, 1, lengths))[[row[content] for content in texts]]  # (texts, dimension)
    cosines = (vectors[:-1] * vectors[1:]).sum(axis=1)
    distances: list[float] = np.round(1 - cosines, _DECIMALS).tolist()
    return [*distances, 0.0]


def _runs(
    pieces: list[Unit], distances: list[float], threshold: float, ruler: Ruler, size: int
) -> Iterator[tuple[int, int]]:
    """The runs (first, after the last) of pieces that make a chunk each, in order."""
    first = 0
    while first < len(pieces):
        stop = first + 1
        while (
            stop < len(pieces)
            and distances[stop - 1] <= threshold
            and ruler.count(pieces[first].start, pieces[stop].end) <= size
        ):
            stop += 1
        if stop < len(pieces) and distances[stop - 1] <= threshold:  # full, before the subject changes
            middle = first + (stop - first + 1) // 2
            stop = max(range(middle, stop + 1), key=lambda seam: (distances[seam - 1], seam))
        yield first, stop
        first = stop
