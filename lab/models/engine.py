"""The embedded language model, as the rest of the app sees it: submit a request, read its text, cancel it.

The model itself runs in a process of its own (lab.models.worker), where all requests share decode steps; here are the
queue's bound, the tokenizer, and one thread that hands arriving tokens to their readers.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any, Literal

from lab.errors import BadInput, Busy, LabError
from lab.models.adapters import Adapter
from lab.models.constraint import Constraint
from lab.models.convert import ensure_serving_model
from lab.models.lanes import AdapterKey, Job
from lab.models.weights import Report, no_report
from lab.settings import PROJECT_FOLDER, Settings

MAX_STRENGTH = 2.0
CONTEXT_TOKENS = 8192  # SmolLM2's context, from the weights file (llama.context_length)
START_SECONDS = 300  # how long a loaded machine may take to load the model before we give up

Finish = Literal["end", "length", "stop", "cancelled"]


@dataclass(frozen=True)
class Request:
    """What to continue and how. `prompt` is already rendered (lab.models.template); temperature 0 is greedy."""

    prompt: str
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    adapter: Adapter | None = None
    strength: float = 1.0
    temperature: float = 0.0
    seed: int = 0
    constraint: Constraint | None = None

    def key(self) -> AdapterKey | None:
        """Which weights this needs; None is the base lane. Strength 0 is the base model, so it goes there."""
        if self.adapter is None or self.strength == 0:
            return None
        return (self.adapter.sha256, self.strength * self.adapter.scaling)


@dataclass(frozen=True)
class Completion:
    """A finished answer. `token_ids` are all that the model produced; seconds count from the submit."""

    text: str
    token_ids: tuple[int, ...]
    tokens_in: int
    finish: Finish
    seconds_waiting: float
    seconds_to_first_token: float
    seconds: float


class Generation:
    """One request on its way. Iterate it (once) for pieces of text; then `completion` is there. Thread-safe."""

    def __init__(self, job_id: int, request: Request, tokens_in: int, tokenizer: Any, engine: Engine) -> None:
        self.job_id = job_id
        self.request = request
        self.tokens_in = tokens_in
        self.submitted = time.perf_counter()
        self.admitted = 0.0
        self.cancelled = False
        self.completion: Completion | None = None
        self._tokenizer = tokenizer
        self._engine = engine
        self._events: queue.SimpleQueue[list[int] | Exception | None] = queue.SimpleQueue()  # None: no more tokens

    def cancel(self) -> None:
        """Stop computing for this request at the next decode step; what was produced so far stays readable."""
        self.cancelled = True
        self._engine.cancel(self.job_id)

    def feed(self, event: list[int] | Exception | None) -> None:
        """For the engine: new token ids, a failure, or None for the end."""
        self._events.put(event)

    def __iter__(self) -> Iterator[str]:
        if self.completion is not None:  # read before: there is nothing left, and nobody to wait for
            return
        ids: list[int] = []
        sent = ""
        first = 0.0
        finish: Finish | None = None
        try:
            while finish is None:
                event = self._events.get()
                if isinstance(event, Exception):
                    raise event
                if event is None:
                    finish = "cancelled" if self.cancelled else self._natural_finish(ids)
                else:
                    ids.extend(event)
                    first = first or time.perf_counter()
                text, stopped = _cut_at_stop(self._tokenizer.decode(ids), self.request.stop)
                if stopped:
                    finish = "stop"
                elif finish is None:
                    text = text[: len(text) - _held_back(text, self.request.stop)]
                if len(text) > len(sent):
                    piece, sent = text[len(sent) :], text
                    yield piece
        finally:
            if finish is None or finish == "stop":
                self.cancel()  # the reader left, or has all it wanted: the rest must not cost compute
            now = time.perf_counter()
            self.completion = Completion(
                text=sent,
                token_ids=tuple(ids),
                tokens_in=self.tokens_in,
                finish=finish or "cancelled",
                seconds_waiting=(self.admitted or now) - self.submitted,
                seconds_to_first_token=(first or now) - self.submitted,
                seconds=now - self.submitted,
            )

    def _natural_finish(self, ids: list[int]) -> Finish:
        ended = bool(ids) and ids[-1] == self._tokenizer.get_eos_token_id()
        return "end" if ended or len(ids) < self.request.max_tokens else "length"

    def wait(self) -> Completion:
        """Read to the end; returns the completion."""
        for _ in self:
            pass
        assert self.completion is not None
        return self.completion


def _cut_at_stop(text: str, stops: tuple[str, ...]) -> tuple[str, bool]:
    found = [place for stop in stops if (place := text.find(stop)) >= 0]
    return (text[: min(found)], True) if found else (text, False)


def _held_back(text: str, stops: tuple[str, ...]) -> int:
    """How many last characters must wait: half a UTF-8 character, or what may become a stop string."""
    whole = text.rstrip("\ufffd")
    begun = max((size for stop in stops for size in range(1, len(stop)) if whole.endswith(stop[:size])), default=0)
    return len(text) - len(whole) + begun


class Engine:
    """The one embedded model of a process. `submit` from any thread; past max_batch + max_waiting requests it is Busy."""

    def __init__(self, settings: Settings, report: Report = no_report) -> None:
        import openvino_genai

        folder = ensure_serving_model(settings, report)
        report("loading the language model", 0.95)
        self._settings = settings
        self._folder = folder
        try:
            self._tokenizer = openvino_genai.Tokenizer(str(folder))
        except RuntimeError as error:
            raise _not_loadable(folder, str(error).splitlines()[-1]) from error
        _ = self.encode(".")  # two threads that read a tensor's numbers first and at once hang OpenVINO's binding
        self._ids = itertools.count(1)
        self._open: dict[int, Generation] = {}  # every request that has not ended, by job
        self._lock = threading.Lock()  # over _open and over writing to the worker
        self._warm = threading.Event()
        self._closed = False
        self.steps = 0  # decode steps so far, over both lanes: what a test reads to see that a cancel saves compute
        self._process, self._connection = _start_worker(folder, settings)
        self._thread = threading.Thread(target=self._listen, name="engine", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> Generation:
        """Queue a request. Raises Busy past the bound, BadInput when the prompt or a setting cannot work."""
        if request.max_tokens < 1:
            raise BadInput(f"max_tokens is {request.max_tokens}: an answer needs at least 1 token.")
        if not 0 <= request.strength <= MAX_STRENGTH:
            raise BadInput(f"The strength is {request.strength:g}: choose a value from 0 to {MAX_STRENGTH:g}.")
        if "" in request.stop:
            raise BadInput("A stop string is empty, so the answer would stop before its first word. Leave it out.")
        if not request.prompt:
            raise BadInput("The prompt is empty: there is nothing to answer.")
        ids = self.encode(request.prompt)
        if len(ids) > (limit := self._settings.max_prompt_tokens):
            raise BadInput(f"The prompt is {len(ids)} tokens long and this model is given at most {limit}. Shorten it.")
        if len(ids) + request.max_tokens > CONTEXT_TOKENS:
            raise BadInput(
                f"max_tokens is {request.max_tokens}: with a prompt of {len(ids)} tokens that is more than the "
                f"{CONTEXT_TOKENS} this model can hold. Ask for a shorter answer."
            )
        with self._lock:
            if self._closed:
                raise LabError("The model has been shut down. Restart the app.")
            ahead = len(self._open)
            if ahead >= self._settings.max_batch + self._settings.max_waiting:
                raise Busy(ahead)
            generation = Generation(next(self._ids), request, len(ids), self._tokenizer, self)
            job = Job(
                id=generation.job_id,
                token_ids=tuple(ids),
                max_tokens=request.max_tokens,
                temperature=request.temperature,
                seed=request.seed,
                key=request.key(),
                adapter_file=str(request.adapter.file) if request.adapter else "",
                constraint=request.constraint,
            )
            self._open[generation.job_id] = generation
            self._tell("add", job)
        return generation

    def cancel(self, job_id: int) -> None:
        """Stop computing for a request, if it still runs or waits."""
        with self._lock:
            if job_id in self._open and not self._closed:
                self._tell("cancel", job_id)

    def encode(self, text: str) -> list[int]:
        """Token ids of a rendered prompt; no special tokens are added."""
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise BadInput("The text holds characters that are not valid Unicode. Type or copy it again.")
        row = self._tokenizer.encode(text, add_special_tokens=False).input_ids.data[0]
        return [int(token) for token in row]

    def count_tokens(self, text: str) -> int:
        """How many tokens the language model sees in `text`."""
        return len(self.encode(text))

    def decode(self, ids: list[int]) -> str:
        """Token ids back to text, special tokens left out."""
        return str(self._tokenizer.decode(ids))

    def ahead(self) -> int:
        """How many requests are running or waiting now."""
        with self._lock:
            return len(self._open)

    @property
    def alive(self) -> bool:
        """Whether the model's process is there to answer."""
        return not self._closed

    def warm_tuned_lane(self) -> None:
        """Load the lane that carries adapters (about 2 s) before anybody needs it. Raises LabError if that fails."""
        with self._lock:
            if not self._closed:
                self._tell("warm", None)
        self._warm.wait(START_SECONDS)
        if self._closed:
            raise LabError("The model's process has ended while it was getting ready. Close other programs, try again.")

    def close(self) -> None:
        """Stop the model's process; who still reads is told so."""
        with self._lock:
            if not self._closed:
                self._tell("close", None)
        self._thread.join()

    def _tell(self, name: str, value: Any) -> None:
        with contextlib.suppress(OSError):  # the listening thread hears of a worker that went away, and says so
            self._connection.send((name, value))

    def _listen(self) -> None:
        """Hand what arrives to its readers; when the worker is gone, tell everyone who still waits."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                self.steps, events = self._connection.recv()
                for job_id, what, value in events:
                    self._hand_over(job_id, what, value)
        with self._lock:
            self._closed = True
            left = list(self._open.values())
            self._open.clear()
        for generation in left:
            generation.feed(
                LabError("The model's process has ended in the middle of this answer. Press the button again.")
            )
        self._warm.set()
        self._connection.close()
        self._process.wait()

    def _hand_over(self, job_id: int, what: str, value: Any) -> None:
        if what == "warm":
            self._warm.set()
            return
        with self._lock:
            generation = self._open.get(job_id) if what in ("tokens", "admitted") else self._open.pop(job_id, None)
        if generation is None:
            return
        if what == "admitted":
            generation.admitted = time.perf_counter()
        elif what == "tokens":
            generation.feed(value)
        else:
            generation.feed(LabError(value) if what == "error" else None)


def _not_loadable(folder: Path, reason: str) -> LabError:
    return LabError(
        f"The converted model in {folder} could not be loaded ({reason}). "
        "Delete that folder and start again: it is made anew from the weights."
    )


def _start_worker(folder: Path, settings: Settings) -> tuple[subprocess.Popen[bytes], Connection]:
    """Start the worker process and wait until its model is loaded. Raises LabError with the mend."""
    password = secrets.token_bytes(32)
    with Listener(authkey=password) as listener:
        address = listener.address if isinstance(listener.address, str) else ""
        limits = [str(settings.max_batch), str(settings.kv_cache_gb)]
        process = subprocess.Popen(
            [sys.executable, "-m", "lab.models.worker", address, str(folder), *limits],
            cwd=PROJECT_FOLDER,
            stdin=subprocess.PIPE,
            stdout=2,  # what the runtime prints must not mix with a command's JSON
            start_new_session=os.name == "posix",  # Ctrl+C reaches the app, which then closes the worker in order
        )
        assert process.stdin is not None
        process.stdin.write(password.hex().encode() + b"\n")
        process.stdin.close()
        accepted: list[Connection] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                accepted.append(listener.accept())

        waiting = threading.Thread(target=accept, daemon=True)
        waiting.start()
        deadline = time.monotonic() + START_SECONDS
        while waiting.is_alive() and process.poll() is None and time.monotonic() < deadline:
            waiting.join(0.1)
    if accepted and accepted[0].poll(max(deadline - time.monotonic(), 0.0)):
        with contextlib.suppress(EOFError, OSError):
            _, [(_, what, reason)] = accepted[0].recv()
            if what == "ready":
                return process, accepted[0]
            process.wait()
            raise _not_loadable(folder, reason)
    process.kill()
    process.wait()
    raise LabError("The model's process did not start (see the messages above). Close other programs and try again.")


_engines: dict[Settings, Engine] = {}
_engines_lock = threading.Lock()


def get_engine(settings: Settings, report: Report = no_report) -> Engine:
    """The engine of this process, loaded on first use (a few seconds; the very first time also fetched and converted).

    When its worker has died (killed, or out of memory), the next call starts another.
    """
    with _engines_lock:
        engine = _engines.get(settings)
        if engine is None or not engine.alive:
            engine = _engines[settings] = Engine(settings, report)
        return engine


def loaded_engine(settings: Settings) -> Engine | None:
    """The engine if it is loaded already; never loads it."""
    return _engines.get(settings)
