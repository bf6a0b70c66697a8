"""What passes between the app and the process that reads: frames of a JSON header and bytes, each with its length before.

Layout of a frame: two big-endian 64-bit lengths, the header in UTF-8 JSON, the bytes.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct(">QQ")


class BrokenFrame(Exception):
    """The other side ended in the middle, or said something that is no frame."""


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BrokenFrame("the stream ended in the middle of a frame")
    return data


def write_frame(stream: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame and flush it; raises OSError when nobody listens any more."""
    encoded = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(encoded), len(body)))
    stream.write(encoded)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes], largest_bytes: int) -> tuple[dict[str, Any], bytes]:
    """Read one frame of at most `largest_bytes` in all; raises BrokenFrame for an end, or for what is no frame."""
    header_size, body_size = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if header_size + body_size > largest_bytes:
        raise BrokenFrame("a frame is larger than anything that was asked for")
    try:
        header = json.loads(_exactly(stream, header_size))
    except (ValueError, RecursionError):
        raise BrokenFrame("a frame's header is not JSON") from None
    if not isinstance(header, dict):
        raise BrokenFrame("a frame's header is not an object")
    return header, _exactly(stream, body_size)
