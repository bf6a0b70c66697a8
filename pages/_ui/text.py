"""Other people's text on our pages: always characters, never Markdown, HTML, a link or an emoji code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~^\"'&=@/])")
_SPAN_COLOURS = ("blue", "gray")


def inert(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is, line breaks kept: every mark that could mean something escaped."""
    lines = [_MARKS.sub(r"\\\1", line) for line in text.split("\n")]
    return "  \n".join("&nbsp;" * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in lines)


def inert_stream(pieces: Iterable[str]) -> Iterator[str]:
    """The same for a stream; a piece ends nowhere in particular, which escaping character by character survives."""
    for piece in pieces:
        yield inert(piece)


def highlighted(text: str, spans: Sequence[tuple[int, int]], colour: str = "blue") -> str:
    """Inert text with the character ranges `spans` (start, end; not overlapping) on a coloured ground."""
    shown, place = [], 0
    for start, end in sorted(spans):
        shown.append(inert(text[place:start]))
        shown.append(_marked(text[start:end], colour))
        place = end
    return "".join([*shown, inert(text[place:])])


def striped(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Inert text with neighbouring ranges on alternating grounds, so that each chunk can be told from the next."""
    shown, place = [], 0
    for number, (start, end) in enumerate(sorted(spans)):
        start = max(start, place)
        shown.append(inert(text[place:start]))
        shown.append(_marked(text[start:end], _SPAN_COLOURS[number % 2]))
        place = max(end, place)
    return "".join([*shown, inert(text[place:])])


def _marked(text: str, colour: str) -> str:
    """Each line gets its own ground: a colour directive cannot reach over a line break."""
    lines = (f":{colour}-background[{inert(line)}]" if line.strip() else line for line in text.split("\n"))
    return "  \n".join(lines)


def plural(count: int, noun: str) -> str:
    """1 passage, 2 passages."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
