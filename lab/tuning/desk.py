"""The training desk: trainings are handed in, done one at a time on a machine, and watched while they run.

Each runs in a process of its own (lab.tuning.worker). What one leaves lies in the cache folder, under trained/<id>/<style>.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from lab.errors import BadInput, Cancelled, LabError
from lab.models.weights import ensure_weights
from lab.settings import PROJECT_FOLDER, Settings
from lab.tuning.options import TrainOptions, check_options
from lab.tuning.run import LossPoint, TrainingRun, check_target, read_training
from lab.tuning.samples import Answer, Sample, Sampler, let_answer
from lab.tuning.styles import Example, Style, load_style
from lab.tuning.turn import training_turn
from lab.tuning.worker import Order

COMMAND = (sys.executable, "-m", "lab.tuning.worker")
TRAINED_FOLDER = "trained"
MAX_WAITING = 8
KEPT_RESULTS = 20
UNWATCHED_SECONDS = 30.0  # a closed tab no longer says that somebody looks
SNAPSHOT_EVERY = 8  # steps
_LEFT = "It left the queue before its turn came."
_STEPS_FOLDER = ".steps"
_TICK_SECONDS = 0.2
_ENDING_SECONDS = 20.0
_KEPT_VARIABLES = (
    "PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH",
    "OMP_NUM_THREADS", "MKL_NUM_THREADS",  # another number of threads gives an adapter other last bits
)  # fmt: skip

State = Literal["queued", "running", "done", "stopped", "failed", "cancelled"]


class Training:
    """One training on its way. Everything may be read from any thread, at any time.

    state: "queued", "running", then "done", "stopped" (before its end, what was learned is kept), "failed" or
    "cancelled" (nothing is kept). `error` says in words why there is no result. `folder` is the PEFT folder, whole as soon
    as `result` is there.
    """

    def __init__(
        self,
        desk: TrainingDesk,
        options: TrainOptions,
        style: Style,
        examples: tuple[Example, ...] | None,
        name: str,
        watched: bool,
        sampled: bool,
    ) -> None:
        self.id = secrets.token_hex(8)
        self.options = options
        self.style = style
        self.examples = examples
        self.name = name
        self.watched = watched
        self.sampled = sampled
        self.folder = desk.folder / self.id / style.name
        self.state: State = "queued"
        self.stage = "waiting"
        self.share = 0.0
        self.curve: tuple[LossPoint, ...] = ()
        self.samples: tuple[Sample, ...] = ()
        self.sampling = False  # whether more samples may come: the last ones do when it has ended already
        self.result: TrainingRun | None = None
        self.error = ""
        self._desk = desk
        self._seen = time.monotonic()
        self._told = time.monotonic()  # when the last step was heard of
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._cancelling = False

    @property
    def ended(self) -> bool:
        return self.state not in ("queued", "running")

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to end."""
        return self._stopping or self._cancelling

    @property
    def place(self) -> int:
        """How many trainings of this app come before it."""
        return self._desk.place_of(self)

    @property
    def tokens_per_second(self) -> float | None:
        """How fast steps read tokens, the held-out checks between them left out; None before there is anything to say."""
        if self.result is not None:
            return self.result.tokens_per_second
        read, seconds = 0, 0.0
        for before, point in pairwise(self.curve):
            if point.held_out_loss is None:
                read += point.tokens - before.tokens
                seconds += point.seconds - before.seconds
        return read / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long the steps will still take, as far as one can tell; None before the first step."""
        if self.ended:
            return 0.0
        if not self.curve or not self.share:
            return None
        gone = self.curve[-1].seconds
        left = min(gone * (1 - self.share) / self.share, self.options.seconds - gone)
        return max(0.0, left - (time.monotonic() - self._told))

    def seen(self) -> None:
        """Say that somebody looks: a watched training that nobody looks at for half a minute is cancelled."""
        self._seen = time.monotonic()

    def stop(self) -> None:
        """End it soon and keep what it has learned; one that has not begun leaves the queue."""
        self._desk.end(self, keep=True)

    def cancel(self) -> None:
        """End it now and keep nothing."""
        self._desk.end(self, keep=False)

    def wait(self, timeout: float | None = None) -> Training:
        """Block until it has ended (or `timeout` seconds passed); returns itself."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.ended and (deadline is None or time.monotonic() < deadline):
            time.sleep(0.05)
        return self


class TrainingDesk:
    """The queue of one server process; the machine's turn is shared with other processes through a lock on the disk."""

    def __init__(self, settings: Settings, answer: Answer | None = None) -> None:
        self._settings = settings
        self._answer = answer or (lambda style, messages, folder: let_answer(settings, style, messages, folder))
        self._lock = threading.RLock()
        self._queue: list[Training] = []  # the first is the one that runs, or is about to
        self._all: dict[str, Training] = {}
        self._thread: threading.Thread | None = None

    @property
    def folder(self) -> Path:
        """Where results lie."""
        return self._settings.cache_folder / TRAINED_FOLDER

    def submit(
        self,
        options: TrainOptions,
        *,
        examples: Sequence[Example] | None = None,
        name: str = "",
        watched: bool = False,
        sampled: bool = True,
    ) -> Training:
        """Queue a training. `watched`: it is cancelled when nobody calls `seen()` for half a minute. `sampled`: unfinished
        adapters answer some unseen messages on the way.

        Raises BadInput for options that cannot be used, LabError when the queue is full or nothing can be saved.
        """
        check_options(options)
        style = load_style(options.style)
        given = None if examples is None else tuple(examples)
        if given == ():
            raise BadInput("There are no examples to learn from. Add at least ten.")
        training = Training(self, options, style, given, name or style.title, watched, sampled)
        check_target(training.folder)
        with self._lock:
            if len(self._queue) > MAX_WAITING:
                raise LabError(
                    f"{len(self._queue)} trainings are running or waiting on this machine already, and the queue holds "
                    "no more. Wait until one has ended, then press the button again."
                )
            self._queue.append(training)
            self._all[training.id] = training
            for old in [key for key, item in self._all.items() if item.ended][:-KEPT_RESULTS]:
                del self._all[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="training-desk", daemon=True)
                self._thread.start()
        return training

    def find(self, training_id: str) -> Training | None:
        """A training of this process by its id, while it is remembered."""
        with self._lock:
            return self._all.get(training_id)

    def queued(self) -> tuple[Training, ...]:
        """Everything that runs or waits here, in order."""
        with self._lock:
            return tuple(self._queue)

    def place_of(self, training: Training) -> int:
        """How many come before it; 0 for one that runs or has ended."""
        with self._lock:
            return self._queue.index(training) if training in self._queue else 0

    def end(self, training: Training, *, keep: bool) -> None:
        """Ask a training to end; what it has learned is kept or not."""
        with self._lock:
            training._stopping = training._stopping or keep
            training._cancelling = training._cancelling or not keep
            if training.state == "queued" and self.place_of(training) > 0:
                self._queue.remove(training)
                shutil.rmtree(training.folder.parent, ignore_errors=True)
                _finish(training, "cancelled", _LEFT)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._thread = None
                    return
                training = self._queue[0]
            try:
                self._train(training)
            except Cancelled as error:
                _finish(training, "cancelled", str(error))
            except LabError as error:
                _finish(training, "failed", str(error))
            except Exception as error:  # noqa: BLE001 - a thread has nobody above it: the page must hear of everything
                _finish(training, "failed", f"Training broke off ({error}). Nothing was saved. Try it again.")
            finally:
                if training.result is None:
                    shutil.rmtree(training.folder.parent, ignore_errors=True)
                with self._lock:
                    self._queue.remove(training)

    def _train(self, training: Training) -> None:
        def report(stage: str, share: float) -> None:
            training.stage = stage
            self._check(training)

        with training_turn(self._settings, report, lambda: self._check(training)):
            ensure_weights(self._settings, report)  # here, because the training process is given no network settings
            busy = {item.id for item in self.queued()}
            forget_oldest(self.folder, KEPT_RESULTS - 1, busy)
            training.state, training.stage = "running", "starting"
            sampler = Sampler(training, self._answer, training.folder.parent / _STEPS_FOLDER)
            try:
                self._follow(training, sampler)
            finally:
                sampler.close()

    def _follow(self, training: Training, sampler: Sampler) -> None:
        """Start the process and do what its events say until it ends."""
        steps = training.folder.parent / _STEPS_FOLDER
        order = Order(
            training.options,
            training.folder,
            steps,
            SNAPSHOT_EVERY,
            self._settings.cache_folder,
            self._settings.weights_file,
            training.examples,
        )
        process = training._process = _start(order)
        assert process.stdin is not None
        events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(process, events), name="training-reader", daemon=True)
        reader.start()
        told = False
        last: dict[str, Any] = {}
        try:
            while True:
                self._check(training)
                if training._stopping and not told:
                    told = True
                    with suppress(OSError):  # it has ended by itself
                        process.stdin.write(b"stop\n")
                        process.stdin.flush()
                try:
                    event = events.get(timeout=_TICK_SECONDS)
                except queue.Empty:
                    continue
                if event is None:
                    break
                last = event
                self._take_in(training, event, sampler)
            with suppress(subprocess.TimeoutExpired):  # it has said its last word and is about to end
                process.wait(_ENDING_SECONDS)
        finally:
            _kill(process)
        self._conclude(training, last, process.returncode, sampler)

    def _take_in(self, training: Training, event: dict[str, Any], sampler: Sampler) -> None:
        kind = event["event"]
        if kind == "stage":
            training.stage = event["stage"]
            if training.curve:
                training.share = event["share"]
        elif kind == "point":
            point = LossPoint(**event["point"])
            if not training.curve:
                sampler.offer(0, None)
            training.curve = (*training.curve[: point.step - 1], point)
            training._told = time.monotonic()
        elif kind == "snapshot":
            sampler.offer(event["step"], Path(event["folder"]))

    def _conclude(self, training: Training, last: dict[str, Any], code: int, sampler: Sampler) -> None:
        if last.get("event") == "error":
            if last["kind"] == "cancelled":
                raise Cancelled(last["text"])
            raise BadInput(last["text"]) if last["kind"] == "bad-input" else LabError(last["text"])
        if last.get("event") != "done":
            how = f"was killed (signal {-code})" if code < 0 else f"ended by itself (exit status {code})"
            raise LabError(
                f"The training process {how} after {len(training.curve)} steps, so nothing was saved. Most often memory "
                "has run short: close other programs, then train again."
            )
        training.result = read_training(training.folder)
        training.share = 1.0
        sampler.offer(training.result.steps, training.folder)
        _finish(training, "stopped" if training.result.ended_by == "stop" else "done", "")

    def _check(self, training: Training) -> bool:
        """Raise Cancelled when this training is to end; those behind it that nobody looks at leave the queue."""
        now = time.monotonic()
        for item in self.queued():
            if item.watched and now - item._seen > UNWATCHED_SECONDS:
                item.cancel()
        if training._cancelling:
            unwatched = training.watched and now - training._seen > UNWATCHED_SECONDS
            reason = "Nobody looked at it any more" if unwatched else "It was cancelled"
            raise Cancelled(f"{reason}, so it was ended and nothing was kept.")
        if training._stopping and training.state == "queued":
            raise Cancelled(_LEFT)
        return False


def forget_oldest(folder: Path, kept: int = KEPT_RESULTS, busy: Collection[str] = ()) -> None:
    """Delete the folders in `folder` but the newest `kept` and those called as in `busy`: the cache stays bounded."""
    places = [path for path in folder.glob("*") if path.is_dir() and path.name not in busy]
    places.sort(key=lambda path: path.stat().st_mtime)
    for path in places[: max(0, len(places) - kept)]:
        shutil.rmtree(path, ignore_errors=True)


def _finish(training: Training, state: State, error: str) -> None:
    training.error = error
    training.stage = ""
    training.state = state  # last: whoever sees that it has ended finds the rest in place


def _start(order: Order) -> subprocess.Popen[bytes]:
    # Of the environment it gets what Python needs to start, and no key or address that may be in it.
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    try:
        process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT_FOLDER,
            env=environment | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "HF_HUB_OFFLINE": "1"},
            start_new_session=os.name == "posix",  # Ctrl+C is for the app, whose end then ends this process
        )
        assert process.stdin is not None
        process.stdin.write(order.to_line())
        process.stdin.flush()
    except OSError as error:
        raise LabError(f"The training process did not start ({error.strerror or error}). Try it again.") from None
    return process


def _read(process: subprocess.Popen[bytes], events: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith(b"\n"):  # a killed process leaves half a line
            events.put(json.loads(line))
    events.put(None)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process if it has not ended, and tidy up after it."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream is not None:
                stream.close()


_desks: dict[Settings, TrainingDesk] = {}
_desks_lock = threading.Lock()


def get_desk(settings: Settings) -> TrainingDesk:
    """The desk of this process."""
    with _desks_lock:
        return _desks.setdefault(settings, TrainingDesk(settings))
