"""Other people's text on our pages: always characters, never Markdown, HTML, a link or an emoji code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~^\"'&=@/])")
_SPAN_COLOURS = ("blue", "gray")
_SHARED = "violet"


def inert(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is, line breaks kept: every mark that could mean something escaped."""
    lines = [_MARKS.sub(r"\\\1", line) for line in text.split("\n")]
    return "  \n".join("&nbsp;" * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in lines)


def highlighted(text: str, spans: Sequence[tuple[int, int]], colour: str = "blue") -> str:
    """Inert text with the character ranges `spans` (start, end; not overlapping) on a coloured ground."""
    shown, place = [], 0
    for start, end in sorted(spans):
        shown.append(inert(text[place:start]))
        shown.append(_marked(text[start:end], colour))
        place = end
    return "".join([*shown, inert(text[place:])])


def striped(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Inert text with neighbouring ranges on alternating grounds; what two of them share has a third."""
    edges = sorted({0, len(text), *(min(place, len(text)) for span in spans for place in span)})
    ordered = sorted(spans)
    shown = []
    for start, end in itertools.pairwise(edges):
        inside = [number for number, (left, right) in enumerate(ordered) if left <= start and end <= right]
        piece = text[start:end]
        if not inside:
            shown.append(inert(piece))
        else:
            shown.append(_marked(piece, _SHARED if len(inside) > 1 else _SPAN_COLOURS[inside[0] % 2]))
    return "".join(shown)


def _marked(text: str, colour: str) -> str:
    """Each line gets its own ground: a colour directive cannot reach over a line break."""
    lines = (f":{colour}-background[{inert(line)}]" if line.strip() else line for line in text.split("\n"))
    return "  \n".join(lines)


def plural(count: int, noun: str) -> str:
    """1 passage, 2 passages."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
