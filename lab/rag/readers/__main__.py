"""The process that reads: `python -m lab.rag.readers`, started by lab/rag/reading.py and by nobody else.

Files come in on stdin and text goes out on stdout (readers/frames.py). It can open no connection, start no program and
write no file, and it has little memory and time: whatever a file does to a parser, it does it here.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, BinaryIO

from lab.errors import BadInput
from lab.rag.readers import READERS
from lab.rag.readers.frames import BrokenFrame, read_frame, write_frame
from lab.settings import ReadingLimits

try:
    import resource
except ImportError:  # Windows has none; there the wall clock, kept by the other side, is the limit
    resource = None  # type: ignore[assignment]

_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.remove",
              "os.rename", "os.rmdir", "os.mkdir", "os.kill", "shutil.", "ftplib.", "smtplib.", "urllib.")  # fmt: skip

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if writes or event.startswith(_FORBIDDEN):
        raise PermissionError("not from the process that reads")


def _set_limit(which: str, value: int) -> None:
    """Lower one resource limit; where the system knows none of that name or lets nobody set it, the others hold."""
    if resource is None or not hasattr(resource, which):
        return
    kind = getattr(resource, which)
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, hard))
    except (ValueError, OSError):
        return


def _answer(header: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Do what one frame asks for: {"extract": ending, "stem": …} or {"picture": page, "width": …, "highlight": …}."""
    limits = ReadingLimits(**header["limits"])
    _set_limit("RLIMIT_AS", limits.memory_bytes)
    # The soft limit only: it counts all of this process's files together, so it moves on with each.
    _set_limit("RLIMIT_CPU", int(time.process_time() + limits.seconds) + 2)
    if "picture" in header:
        from lab.rag.readers.pdf import draw_page

        return {}, draw_page(data, header["picture"], width_pixels=header["width"], highlight=header["highlight"])
    found = READERS[header["extract"]].read(header["stem"], data, limits)
    places = [[place.start, place.kind, place.number] for place in found.places]
    return {"title": found.title, "text": found.text, "places": places}, b""


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer frames until nothing comes any more."""
    write_frame(outgoing, {"ready": True})
    while True:
        try:
            header, data = read_frame(incoming, sys.maxsize)
        except BrokenFrame:
            return
        try:
            answer, body = _answer(header, data)
        except BadInput as reason:
            answer, body = {"refused": str(reason)}, b""
        except MemoryError:
            write_frame(outgoing, {"failed": "memory"})
            return  # what is left of the memory is nothing to read the next file with
        except RecursionError:
            answer, body = {"failed": "depth"}, b""
        except Exception:  # noqa: BLE001 - a parser may raise anything at all about a file that is not as it should be
            answer, body = {"failed": "damaged"}, b""
        write_frame(outgoing, answer, body)


def main() -> None:
    """Take stdout for frames alone, give up what a reader does not need, and serve."""
    outgoing = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # whatever a parser prints is no frame
    for which in ("RLIMIT_CORE", "RLIMIT_FSIZE"):
        _set_limit(which, 0)
    sys.addaudithook(_forbid)
    serve(sys.stdin.buffer, outgoing)


if __name__ == "__main__":
    main()
