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
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from lab.errors import BadInput, Cancelled, LabError
from lab.models.weights import Report, ensure_weights, no_report
from lab.settings import PROJECT_FOLDER, Settings
from lab.tuning.options import TrainOptions, check_options
from lab.tuning.run import LossPoint, TrainingRun, check_target, read_training
from lab.tuning.styles import Example, Style, load_examples, load_style, messages_for
from lab.tuning.worker import Order

COMMAND = (sys.executable, "-m", "lab.tuning.worker")
TRAINED_FOLDER = "trained"
MAX_WAITING = 8
KEPT_RESULTS = 20
UNWATCHED_SECONDS = 30.0  # a closed tab no longer says that somebody looks
SAMPLES = 3  # unseen messages that are answered at each snapshot
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
Answer = Callable[[Style, Sequence[Example], Path | None], Sequence[str]]  # None: the base model


@dataclass(frozen=True)
class Sample:
    """What the model said to some unseen messages after `step` steps (0: before any), as it would be served."""

    step: int
    replies: tuple[tuple[Example, str], ...]


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
    ) -> None:
        self.id = secrets.token_hex(8)
        self.options = options
        self.style = style
        self.examples = examples
        self.name = name
        self.watched = watched
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
        self._tokens: tuple[int, ...] = ()  # read by the end of each step of the curve
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
        curve, tokens = self.curve, self._tokens
        read, seconds = 0, 0.0
        for at in range(1, min(len(curve), len(tokens))):
            if curve[at].held_out_loss is None:
                read += tokens[at] - tokens[at - 1]
                seconds += curve[at].seconds - curve[at - 1].seconds
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
        self._answer = answer or (lambda style, messages, folder: _answer(settings, style, messages, folder))
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
    ) -> Training:
        """Queue a training. `watched`: it is cancelled when nobody calls `seen()` for half a minute.

        Raises BadInput for options that cannot be used, LabError when the queue is full or nothing can be saved.
        """
        check_options(options)
        style = load_style(options.style)
        given = None if examples is None else tuple(examples)
        if given == ():
            raise BadInput("There are no examples to learn from. Add at least ten.")
        training = Training(self, options, style, given, name or style.title, watched)
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
            sampler = _Sampler(training, self._answer)
            try:
                self._follow(training, sampler)
            finally:
                sampler.close()

    def _follow(self, training: Training, sampler: _Sampler) -> None:
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

    def _take_in(self, training: Training, event: dict[str, Any], sampler: _Sampler) -> None:
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
            training._tokens = (*training._tokens[: point.step - 1], event["tokens"])
            training._told = time.monotonic()
        elif kind == "snapshot":
            sampler.offer(event["step"], Path(event["folder"]))

    def _conclude(self, training: Training, last: dict[str, Any], code: int, sampler: _Sampler) -> None:
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


class _Sampler:
    """Lets the newest snapshot answer some unseen messages, in a thread of its own, so that training never waits for it."""

    def __init__(self, training: Training, answer: Answer) -> None:
        self._training = training
        self._answer = answer
        self._messages = pick_messages(unseen_messages(training.style), SAMPLES)
        self._offers: queue.SimpleQueue[tuple[int, Path | None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="training-samples", daemon=True)
        if self._messages:
            training.sampling = True
            self._thread.start()

    def offer(self, step: int, folder: Path | None) -> None:
        """There is something new to ask; an older offer that still waits is passed over."""
        self._offers.put((step, folder))

    def close(self) -> None:
        """No more offers; the last one is still answered, then the snapshots go."""
        self._offers.put(None)
        if not self._messages:
            shutil.rmtree(self._training.folder.parent / _STEPS_FOLDER, ignore_errors=True)

    def _run(self) -> None:
        try:
            self._answer_offers()
        finally:
            self._training.sampling = False
            shutil.rmtree(self._training.folder.parent / _STEPS_FOLDER, ignore_errors=True)

    def _answer_offers(self) -> None:
        closed = False
        while not closed:
            offer = self._offers.get()
            while not self._offers.empty() and offer is not None and offer[0] > 0:
                newer = self._offers.get()
                closed = newer is None
                offer = offer if closed else newer
            if offer is None:
                break
            step, folder = offer
            if self._training.state in ("failed", "cancelled"):
                break
            try:
                replies = self._answer(self._training.style, self._messages, folder)
                sample = Sample(step, tuple(zip(self._messages, replies, strict=True)))
            except Exception:  # noqa: BLE001 - samples are a courtesy: no failure of theirs may cost the training
                continue
            self._training.samples = (*self._training.samples, sample)


def unseen_messages(style: Style) -> tuple[Example, ...]:
    """The messages a training may be watched on: the style's dev.jsonl, else the held-back test.jsonl of one's own."""
    for name in ("dev.jsonl", "test.jsonl"):
        file = style.folder / name
        if file.is_file():
            return load_examples(file, style)
    return ()


def pick_messages(messages: Sequence[Example], count: int) -> tuple[Example, ...]:
    """`count` messages from all over the list, of different topics as far as there are some."""
    picked: list[Example] = []
    count = min(count, len(messages))
    for at in range(count):
        start = at * len(messages) // count
        left = [item for item in (*messages[start:], *messages[:start]) if item not in picked]
        topics = {item.topic for item in picked}
        picked.append(next((item for item in left if item.topic not in topics), left[0]))
    return tuple(picked)


def forget_oldest(folder: Path, kept: int = KEPT_RESULTS, busy: Collection[str] = ()) -> None:
    """Delete the folders in `folder` but the newest `kept` and those called as in `busy`: the cache stays bounded."""
    places = [path for path in folder.glob("*") if path.is_dir() and path.name not in busy]
    places.sort(key=lambda path: path.stat().st_mtime)
    for path in places[: max(0, len(places) - kept)]:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def training_turn(
    settings: Settings, report: Report = no_report, should_stop: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Hold the machine's one place for a training; a second process waits for the first, and says so to `report`.

    Raises Cancelled when `should_stop` says so meanwhile, LabError when the cache folder cannot be written.
    """
    folder = settings.cache_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "training.lock")
        told = False
        while True:
            if should_stop():
                raise Cancelled("It was stopped before its turn came.")
            try:
                lock.acquire(timeout=_TICK_SECONDS)
                break
            except Timeout:
                if not told:
                    report("waiting: another program on this machine is training", 0.0)
                told = True
    except OSError as error:
        raise LabError(
            f"The cache folder {folder} cannot be written ({error.strerror or error}). Set LAB_CACHE to a folder you may "
            "write in, and start again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _answer(settings: Settings, style: Style, messages: Sequence[Example], folder: Path | None) -> list[str]:
    """What the serving engine says, all messages at once."""
    from lab.models.catalogue import choose_model
    from lab.tuning.adherence import to_messages

    model = choose_model(settings, adapter=None if folder is None else str(folder), max_tokens=style.max_tokens)
    asked: list[Any] = [to_messages(messages_for(style, message.inputs)) for message in messages]
    return [str(answer.text).strip() for answer in model.batch(asked)]


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
