"""How much of a chunk the embedder reads: what is past its limit is cut off without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lab.models.tokens import EMBEDDER_LIMIT_TOKENS, SPECIAL_TOKENS, count_tokens
from lab.rag.split.chunk import DEFAULT_TEXT_STYLE, Chunk, indexed_text
from lab.rag.split.ruler import Ruler

_ROOM = EMBEDDER_LIMIT_TOKENS - SPECIAL_TOKENS


def oversize(chunks: Sequence[Chunk], style: str = DEFAULT_TEXT_STYLE) -> tuple[bool, ...]:
    """For each chunk whether its text, with title and heading, is longer than the embedder reads."""
    return tuple(count > _ROOM for count in count_tokens([indexed_text(chunk, style) for chunk in chunks]))


def seen_until(chunk: Chunk, style: str = DEFAULT_TEXT_STYLE) -> int:
    """The offset in `chunk.text` from which the embedder sees nothing; the text's length where it sees everything."""
    if not oversize([chunk], style)[0]:
        return len(chunk.text)
    ends = Ruler(chunk.text).ends
    low, high = 0, len(ends)  # the first `low` marks are seen, the first `high` are not
    while high - low > 1:
        middle = (low + high) // 2
        shortened = replace(chunk, text=chunk.text[: ends[middle - 1]])
        if oversize([shortened], style)[0]:
            high = middle
        else:
            low = middle
    return ends[low - 1] if low else 0
