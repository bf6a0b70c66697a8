"""The process that reads, with a few more kinds of file: ones whose readers hang, grow, die, chat or lie.

Tests start it in place of `python -m lab.rag.readers`; the loop and its limits are the real ones.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

from lab.rag.readers import READERS, Extracted, Reader
from lab.rag.readers.__main__ import main
from lab.settings import ReadingLimits


def sleep(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    time.sleep(60)
    return Extracted(stem, "awake")


def spin(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    while True:
        pass


def grow(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    return Extracted(stem, str(len(bytearray(10**10))))


def die(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    os.abort()


def chat(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    print("Warning: this font is odd", flush=True)
    os.write(1, b"and this is from C\n")
    return Extracted(stem, "quiet")


def connect(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    socket.create_connection(("127.0.0.1", 9))
    return Extracted(stem, "connected")


def write(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    Path(data.decode()).write_text("I was here")
    return Extracted(stem, "written")


def environment(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    return Extracted(stem, " ".join(f"{name}={value}" for name, value in os.environ.items()))


def modules(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    return Extracted(stem, " ".join(sys.modules))


def deep(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    return deep(stem, data, limits)


def lie(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    return eval(data)  # the tests' own expressions


ODD = (sleep, spin, grow, die, chat, connect, write, environment, modules, deep, lie)

if __name__ == "__main__":
    for function in ODD:
        READERS[f".{function.__name__}"] = Reader("odd", "odd", f"__main__:{function.__name__}")
    main()
