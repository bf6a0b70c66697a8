"""Passages that are beside the point: rules of other trades, made up by a seed, for a collection to grow by."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from lab.errors import BadInput

if TYPE_CHECKING:
    from lab.rag.split import Chunk

_TRIES = 40  # draws in a row that may bring nothing new


def make_passages(count: int, seed: int) -> tuple[Chunk, ...]:
    """`count` different passages, one rule each, of the trades that the grader learned from; a document for each house.

    Not one of these trades is a shop for the outdoors, a clinic or a publisher of ours. Raises BadInput when there are not
    that many different ones.
    """
    from lab.rag.grader.data import fill, make_value, read_domains
    from lab.rag.split import Chunk

    rng = random.Random(f"filler {seed}")
    domains = read_domains()
    ends: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    chunks: list[Chunk] = []
    wasted = 0
    while len(chunks) < count:
        domain = rng.choice(domains)
        house, attribute = rng.choice(domain.houses), rng.choice(domain.attributes)
        kind = next((kind for kind in domain.kinds if kind.name == attribute.kind), None)
        entity = rng.choice(kind.entities) if kind else None
        text = fill(rng.choice(attribute.statements), entity, make_value(attribute.value, rng))
        if (house, text) in seen:
            wasted += 1
            if wasted > _TRIES:
                raise BadInput(f"{count} different passages cannot be made up; {len(chunks)} are the most.")
            continue
        wasted = 0
        seen.add((house, text))
        document = f"{house.lower().replace(' ', '-')}.txt"
        start = ends.get(document, 0)
        ends[document] = start + len(text) + 1
        heading = (kind.heading,) if kind else (attribute.name,)
        chunks.append(
            Chunk(f"{document}#{start}-{start + len(text)}", document, house, heading, start, start + len(text), text)
        )
    return tuple(chunks)
