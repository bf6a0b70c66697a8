"""Text files: only decoding, no parsing; .md keeps its marks and .txt stays as it stands."""

from __future__ import annotations

import re

from lab.errors import BadInput
from lab.rag.readers import MAX_TITLE_CHARACTERS, Extracted
from lab.rag.readers.markdown import plain
from lab.settings import ReadingLimits

_MAX_CONTROL_SHARE = 0.02  # a text file has next to no control characters besides tab, newline and form feed
_ATX_TITLE = re.compile(r"^ {0,3}#[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


def refuse_binary(data: bytes) -> None:
    """Raise BadInput when the bytes are nothing, or no text in any of the encodings that are read here."""
    if not data.strip():
        raise BadInput("is empty: there is nothing to read in it")
    # NUL bytes and control characters are looked at before decoding, so that a renamed picture is called what it is
    # instead of being reported for its first undecodable byte.
    sample = data[:65536]
    controls = sum(1 for byte in sample if (byte < 32 and byte not in (9, 10, 12, 13)) or byte == 127)
    if b"\x00" in data or controls > _MAX_CONTROL_SHARE * len(sample):
        raise BadInput("is not text: it looks like a binary file renamed to a text one")


def decode_text(data: bytes) -> str:
    """Bytes → text with \\n line ends; raises BadInput when they are empty, binary or not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("is UTF-16 text, not UTF-8: save it as UTF-8 and add it again")
    refuse_binary(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"is not UTF-8 text (first bad byte at position {error.start}): save it as UTF-8 and add it again"
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadInput("is empty: there is nothing to read in it")
    return text


def read_markdown(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """The text as it is; the title is its first `#` heading."""
    text = decode_text(data)
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        match = None if fenced else _ATX_TITLE.match(line)
        if match and plain(match["title"]):
            return Extracted(plain(match["title"])[:MAX_TITLE_CHARACTERS], text)
    return Extracted(stem, text)


def read_plain_text(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """The text as it is; the title is its first line, where that stands alone like one."""
    text = decode_text(data)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    first = lines[0].lstrip("# ").strip()
    # A lone line, or one that ends like a sentence, is the text itself and not its title.
    if len(lines) > 1 and 0 < len(first) <= MAX_TITLE_CHARACTERS and not first.endswith((".", ":", ";", ",")):
        return Extracted(first, text)
    return Extracted(stem, text)
