"""Parsing in a process of its own: what other people's parsers do with a bad file happens there, and costs that file only.

The process is a fresh Python (not a fork), is handed bytes and hands back text, which is checked before it is used. It is
started for the first file, serves the ones after it, and is replaced when a file hangs or kills it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, Literal, cast

from lab.errors import BadInput
from lab.rag.documents import Place
from lab.rag.readers import MAX_TITLE_CHARACTERS, Extracted, find_reader, megabytes
from lab.rag.readers.frames import BrokenFrame, read_frame, write_frame
from lab.settings import PROJECT_FOLDER, ReadingLimits

COMMAND = (sys.executable, "-m", "lab.rag.readers")
START_SECONDS = 60.0  # a tenth of a second on an idle machine; generous, because a busy one is no fault of the file
_MAX_PICTURE_BYTES = 60_000_000
_MAX_REASON_CHARACTERS = 500
_AT_ONCE = threading.BoundedSemaphore(2)  # processes that read: each may take a core and a gigabyte
_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")


class _Ended(Exception):
    """The process did not give an answer that can be used."""


def _checked(answer: Mapping[str, Any], limits: ReadingLimits) -> Extracted:
    """The answer of the process as an `Extracted`; raises _Ended where it is not what a reader gives."""
    title, text, places = answer.get("title"), answer.get("text"), answer.get("places")
    if not (isinstance(title, str) and isinstance(text, str) and isinstance(places, list)):
        raise _Ended
    if not text.strip() or len(text) > limits.max_characters or not 0 < len(title) <= MAX_TITLE_CHARACTERS:
        raise _Ended
    try:
        (title + text).encode()
    except UnicodeEncodeError:
        raise _Ended from None
    checked: list[Place] = []
    for place in places:
        if not (isinstance(place, list) and [type(part) for part in place] == [int, str, int]):
            raise _Ended
        start, kind, number = place
        lowest = checked[-1].start + 1 if checked else 0
        if not lowest <= start < len(text) or kind not in ("page", "row") or number < 1:
            raise _Ended
        checked.append(Place(start, cast(Literal["page", "row"], kind), number))
    return Extracted(title, text, tuple(checked))


class ReadingProcess:
    """`with ReadingProcess(limits) as process: process.extract(…)`: started when first needed, ended with the block.

    Every method raises BadInput with the reason alone ("is damaged: …"), so that a caller can put a file's name before it.
    """

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._holds_place = False

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; a later call starts another."""
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                try:
                    if stream is not None:
                        stream.close()
                except OSError:  # what was still to be written to it is of no use to a process that is gone
                    continue
            self._process.wait()
            self._process = None
        if self._holds_place:
            self._holds_place = False
            _AT_ONCE.release()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            if not self._holds_place:
                _AT_ONCE.acquire()
                self._holds_place = True
            # Of the environment it gets what Python needs to start, and no key or address that may be in it.
            environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
            try:
                self._process = subprocess.Popen(
                    COMMAND,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=PROJECT_FOLDER,
                    env=environment | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
                    start_new_session=True,  # Ctrl+C is for the app, which then ends this process itself
                )
                answer, _ = self._exchange(self._process, None, b"", START_SECONDS, 1000)
            except (OSError, _Ended, TimeoutError):
                self.close()
                answer = {}
            if self._process is None or not answer.get("ready"):
                self.close()
                raise BadInput("could not be read: the program that reads files did not start. Try again in a minute")
        return self._process

    @staticmethod
    def _exchange(
        process: subprocess.Popen[bytes],
        header: dict[str, Any] | None,
        data: bytes,
        seconds: float,
        largest_bytes: int,
    ) -> tuple[dict[str, Any], bytes]:
        """Send a frame (None: nothing) and wait for one. Raises TimeoutError after `seconds`, else _Ended for no answer."""
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            if header is not None:
                write_frame(process.stdin, header, data)
            return read_frame(process.stdout, largest_bytes)
        except (OSError, BrokenFrame):
            if late.is_set():
                raise TimeoutError from None
            raise _Ended from None
        finally:
            timer.cancel()

    def _ask(self, header: dict[str, Any], data: bytes, largest_bytes: int, kind: str) -> tuple[dict[str, Any], bytes]:
        limits = self._limits
        process = self._start()
        seconds = f"{limits.seconds:g} second{'' if limits.seconds == 1 else 's'}"
        slow = f"took longer than {seconds} to read, which is the limit: split it, or save it as text and add that"
        large = f"needs more memory than {megabytes(limits.memory_bytes)} to read, which is the limit: split it"
        damaged = f"is damaged, or is not really a {kind}: open it in the program that made it and save it again"
        try:
            answer, body = self._exchange(
                process, header | {"limits": asdict(limits)}, data, limits.seconds, largest_bytes
            )
        except TimeoutError:
            self.close()
            raise BadInput(slow) from None
        except _Ended:
            process.kill()  # in case it lives and only talks nonsense
            code = process.wait()
            self.close()
            if code == -getattr(signal, "SIGXCPU", 0):
                raise BadInput(slow) from None
            raise BadInput(
                f"could not be read: reading it broke off in the middle. It {damaged}; or it needs more memory than "
                f"{megabytes(limits.memory_bytes)}, which is the limit"
            ) from None
        failed = answer.get("failed")
        if failed == "memory":
            self.close()
            raise BadInput(large)
        if failed == "depth":
            raise BadInput("is nested too deeply to be read: save it in a simpler form")
        refused = answer.get("refused")
        if isinstance(refused, str) and refused.strip():
            raise BadInput(" ".join(refused.split())[:_MAX_REASON_CHARACTERS])
        if failed or refused:
            raise BadInput(damaged)
        return answer, body

    def extract(self, name: str, stem: str, data: bytes) -> Extracted:
        """The text of one file; `name` tells the kind by its ending, `stem` is the title where the file has none."""
        reader = find_reader(name)
        header = {"extract": PurePosixPath(name).suffix.lower(), "stem": stem}
        # JSON writes a character as up to twelve bytes; a place takes about thirty, and there is one a row at most.
        largest = 50 * self._limits.max_characters + 1_000_000
        answer, _ = self._ask(header, data, largest, reader.kind)
        try:
            return _checked(answer, self._limits)
        except _Ended:
            self.close()
            raise BadInput(f"is damaged: what came out of it is no text. Save the {reader.kind} again") from None

    def draw_page(self, data: bytes, page: int, width_pixels: int, highlight: str | None) -> bytes:
        """One page of a PDF as PNG."""
        header = {"picture": page, "width": width_pixels, "highlight": highlight}
        _, picture = self._ask(header, data, _MAX_PICTURE_BYTES, "PDF")
        if not picture.startswith(b"\x89PNG\r\n\x1a\n"):
            self.close()
            raise BadInput("is damaged: there is no picture of that page")
        return picture
