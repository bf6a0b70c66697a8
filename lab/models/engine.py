"""The embedded language model: one scheduler thread, and every learner's request in the same decode steps.

Two lanes, each one OpenVINO ContinuousBatchingPipeline: the *base* lane knows nothing of adapters, so base is base by
construction; the *tuned* lane carries one adapter at one strength at a time and changes it only when it is empty.
A single thread steps both lanes in turn, so nothing here races and the cores are never asked for twice.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lab.errors import BadInput, Busy, LabError
from lab.models.adapters import Adapter
from lab.models.convert import SCAFFOLD_NAME, ensure_serving_model
from lab.models.weights import Report, no_report
from lab.settings import Settings

# With these three, a request's tokens do not depend on who else is in the batch: 16 of 16 greedy answers equal the ones
# given alone, against 5 of 16 with the defaults (bf16, quantised activations and cache), at the same speed for one
# stream and about a fifth less at 32. "Base really is base" under load is worth that.
PROPERTIES: dict[str, Any] = {
    "INFERENCE_PRECISION_HINT": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
    "KV_CACHE_PRECISION": "f32",
}
MAX_STRENGTH = 2.0
_ADAPTERS_KEPT = 8

Finish = Literal["end", "length", "stop", "cancelled"]
_AdapterKey = tuple[str, float]  # sha256 of the file and the strength


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

    def key(self) -> _AdapterKey | None:
        """Which weights this needs; None is the base lane. Strength 0 is the base model, so it goes there."""
        return None if self.adapter is None or self.strength == 0 else (self.adapter.sha256, self.strength)


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

    def __init__(self, request: Request, input_ids: Any, tokenizer: Any, wake: threading.Condition) -> None:
        self.request = request
        self.input_ids = input_ids
        self.tokens_in = int(input_ids.shape[1])
        self.submitted = time.perf_counter()
        self.admitted = 0.0
        self.cancelled = False
        self.completion: Completion | None = None
        self._tokenizer = tokenizer
        self._wake = wake
        self._events: queue.SimpleQueue[list[int] | Exception | None] = queue.SimpleQueue()  # None: no more tokens

    def cancel(self) -> None:
        """Stop computing for this request at the next decode step; what was produced so far stays readable."""
        with self._wake:
            self.cancelled = True
            self._wake.notify_all()

    def feed(self, event: list[int] | Exception | None) -> None:
        """For the scheduler: new token ids, a failure, or None for the end."""
        self._events.put(event)

    def __iter__(self) -> Iterator[str]:
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
                    yield text[len(sent) :]
                    sent = text
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
        return "length" if len(ids) >= self.request.max_tokens else "end"

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
    if text.endswith("\ufffd"):
        return len(text) - len(text.rstrip("\ufffd"))
    return max(
        (size for stop in stops for size in range(1, len(stop)) if text.endswith(stop[:size])),
        default=0,
    )


class _Lane:
    """One pipeline and what runs in it. Only the scheduler thread touches it after construction."""

    def __init__(self, folder: Path, settings: Settings, *, with_adapters: bool) -> None:
        import openvino_genai

        scheduler = openvino_genai.SchedulerConfig()
        scheduler.cache_size = settings.kv_cache_gb
        scheduler.max_num_seqs = settings.max_batch
        scheduler.max_num_batched_tokens = 512  # a long prompt is read in slices, so streams beside it do not stall
        scheduler.dynamic_split_fuse = True
        scheduler.enable_prefix_caching = False  # blocks made under one adapter would be reused under another
        properties = dict(PROPERTIES)
        if with_adapters:
            # An adapter that touches every layer with zeros: it makes the places where any other can be attached.
            scaffold = openvino_genai.Adapter(str(folder / SCAFFOLD_NAME))
            properties["adapters"] = openvino_genai.AdapterConfig(scaffold, 0.0)
        self._genai = openvino_genai
        self._adapters: OrderedDict[str, Any] = OrderedDict()
        self._next_id = 0
        self.pipeline = openvino_genai.ContinuousBatchingPipeline(str(folder), scheduler, "CPU", properties)
        self.attached: _AdapterKey | None = None
        self.running: dict[Generation, Any] = {}
        self.produced: dict[Generation, int] = {}

    def attach(self, adapter: Adapter, strength: float) -> None:
        """Change the adapter of the empty lane. `add_request` ignores adapters, so a one-token `generate` sets it."""
        loaded = self._adapters.pop(adapter.sha256, None) or self._genai.Adapter(str(adapter.file))
        self._adapters[adapter.sha256] = loaded
        while len(self._adapters) > _ADAPTERS_KEPT:
            self._adapters.popitem(last=False)
        config = self._genai.GenerationConfig()
        config.max_new_tokens = 1
        config.adapters = self._genai.AdapterConfig(loaded, strength * adapter.scaling)
        self.attached = None
        self.pipeline.generate(["."], [config])
        self.attached = (adapter.sha256, strength)

    def add(self, generation: Generation) -> None:
        request = generation.request
        config = self._genai.GenerationConfig()
        config.max_new_tokens = request.max_tokens
        config.set_eos_token_id(self.pipeline.get_tokenizer().get_eos_token_id())
        config.do_sample = request.temperature > 0
        if config.do_sample:
            config.temperature = request.temperature
            config.rng_seed = request.seed
        self._next_id += 1
        generation.admitted = time.perf_counter()
        self.running[generation] = self.pipeline.add_request(self._next_id, generation.input_ids, config)

    @property
    def busy(self) -> bool:
        return bool(self.running) or self.pipeline.has_non_finished_requests()

    def step(self) -> None:
        """One decode step for everything that runs here; new tokens go out, finished requests leave."""
        for generation, handle in list(self.running.items()):
            if generation.cancelled:
                handle.cancel()
                del self.running[generation]
                generation.feed(None)
        if self.pipeline.has_non_finished_requests():
            self.pipeline.step()
        for generation, handle in list(self.running.items()):
            while handle.can_read():
                for output in handle.read().values():
                    if output.generated_ids:
                        generation.feed(list(output.generated_ids))
            status = handle.get_status().name
            if status == "IGNORED":
                generation.feed(
                    LabError("The model's memory is full. Shorten the text, or set LAB_KV_CACHE_GB higher.")
                )
                del self.running[generation]
            elif status != "RUNNING":
                generation.feed(None)
                del self.running[generation]

    def fail(self, error: Exception) -> None:
        for generation in self.running:
            generation.feed(error)
        self.running.clear()


class Engine:
    """The one embedded model of a process. `submit` from any thread; at most `max_waiting` requests queue up."""

    def __init__(self, settings: Settings, report: Report = no_report) -> None:
        folder = ensure_serving_model(settings, report)
        report("loading the language model", 0.95)
        self._settings = settings
        self._folder = folder
        self._base = self._load_lane(with_adapters=False)
        self._tuned: _Lane | None = None
        self._tuned_lock = threading.Lock()
        self._tokenizer = self._base.pipeline.get_tokenizer()
        self._waiting: deque[Generation] = deque()
        self._wake = threading.Condition()
        self._closed = False
        self.steps = 0  # decode steps so far, over both lanes: what a test reads to see that a cancel saves compute
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> Generation:
        """Queue a request. Raises Busy past the bound, BadInput when the prompt or a setting cannot work."""
        if request.max_tokens < 1:
            raise BadInput(f"max_tokens is {request.max_tokens}: an answer needs at least 1 token.")
        if not 0 <= request.strength <= MAX_STRENGTH:
            raise BadInput(f"The strength is {request.strength:g}: choose a value from 0 to {MAX_STRENGTH:g}.")
        input_ids = self.encode(request.prompt)
        length, limit = int(input_ids.shape[1]), self._settings.max_prompt_tokens
        if length > limit:
            raise BadInput(f"The prompt is {length} tokens long and this model is given at most {limit}. Shorten it.")
        if request.key() is not None:
            self._ensure_tuned_lane()
        generation = Generation(request, input_ids, self._tokenizer, self._wake)
        with self._wake:
            if self._closed:
                raise LabError("The model has been shut down. Restart the app.")
            ahead = self._running_count() + len(self._waiting)
            if len(self._waiting) >= self._settings.max_waiting and ahead >= self._settings.max_batch:
                raise Busy(ahead)
            self._waiting.append(generation)
            self._wake.notify_all()
        return generation

    def encode(self, text: str) -> Any:
        """Token ids of a rendered prompt, an OpenVINO tensor (1, length); no special tokens are added."""
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids

    def count_tokens(self, text: str) -> int:
        """How many tokens the language model sees in `text`."""
        return int(self.encode(text).shape[1])

    def decode(self, ids: list[int]) -> str:
        """Token ids back to text, special tokens left out."""
        return str(self._tokenizer.decode(ids))

    def ahead(self) -> int:
        """How many requests are running or waiting now."""
        with self._wake:
            return self._running_count() + len(self._waiting)

    def warm_tuned_lane(self) -> None:
        """Load the lane that carries adapters (about 2 s) before anybody needs it."""
        self._ensure_tuned_lane()

    def close(self) -> None:
        """Stop the scheduler; what runs or waits is told so."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        self._thread.join()

    def _load_lane(self, *, with_adapters: bool) -> _Lane:
        try:
            return _Lane(self._folder, self._settings, with_adapters=with_adapters)
        except RuntimeError as error:
            raise LabError(
                f"The converted model in {self._folder} could not be loaded ({str(error).splitlines()[-1]}). "
                "Delete that folder and start again: it is made anew from the weights."
            ) from error

    def _ensure_tuned_lane(self) -> None:
        with self._tuned_lock:  # in the caller's thread: whoever needs the lane first waits for it, nobody else does
            if self._tuned is None:
                self._tuned = self._load_lane(with_adapters=True)

    def _lanes(self) -> list[_Lane]:
        return [self._base] if self._tuned is None else [self._base, self._tuned]

    def _running_count(self) -> int:
        return sum(len(lane.running) for lane in self._lanes())

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._closed or self._waiting or any(lane.busy for lane in self._lanes())):
                    self._wake.wait()
                if self._closed:
                    break
                admitted = self._take_admissible()
            for lane, generation in admitted:
                self._admit(lane, generation)
            for lane in self._lanes():
                if lane.busy:
                    self.steps += 1
                    try:
                        lane.step()
                    except Exception as error:  # noqa: BLE001 - whatever the runtime throws, nobody may wait for ever
                        lane.fail(LabError(f"The model stopped in the middle ({error}). Press the button again."))
        gone = LabError("The model was shut down while this answer was being written.")
        for lane in self._lanes():
            lane.fail(gone)
        for generation in self._waiting:
            generation.feed(gone)

    def _take_admissible(self) -> list[tuple[_Lane, Generation]]:
        """Requests that may start now, first come first served. The tuned lane takes one adapter key at a time.

        When it is empty it turns to the oldest waiting key and takes everyone who waits for that key; while it runs,
        later requests join only if nobody with another key waits before them, so no key starves.
        """
        taken: list[tuple[_Lane, Generation]] = []
        left: deque[Generation] = deque()
        room = {lane: self._settings.max_batch - len(lane.running) for lane in self._lanes()}
        tuned = self._tuned
        switching = tuned is not None and not tuned.busy
        current = tuned.attached if tuned is not None and not switching else None
        blocked = False  # somebody who needs another adapter waits already
        for generation in self._waiting:
            if generation.cancelled:
                generation.feed(None)
                continue
            key = generation.request.key()
            lane = self._base if key is None else tuned
            assert lane is not None
            if key is not None:
                if switching and current is None:
                    current = key
                joins = key == current and (switching or not blocked)
                blocked = blocked or key != current
                if not joins:
                    left.append(generation)
                    continue
            if room[lane] <= 0:
                left.append(generation)
                continue
            room[lane] -= 1
            taken.append((lane, generation))
        self._waiting = left
        return taken

    def _admit(self, lane: _Lane, generation: Generation) -> None:
        request = generation.request
        try:
            if request.key() is not None and lane.attached != request.key():
                assert request.adapter is not None
                lane.attach(request.adapter, request.strength)
            lane.add(generation)
        except Exception as error:  # noqa: BLE001 - the reader must hear of it, and the scheduler must live on
            generation.feed(LabError(f"The model could not start this answer ({error})."))


_engines: dict[Settings, Engine] = {}
_engines_lock = threading.Lock()


def get_engine(settings: Settings, report: Report = no_report) -> Engine:
    """The process's engine, loaded on first use (a few seconds; the first time ever also fetched and converted)."""
    with _engines_lock:
        if settings not in _engines:
            _engines[settings] = Engine(settings, report)
        return _engines[settings]


def loaded_engine(settings: Settings) -> Engine | None:
    """The engine if it is loaded already; never loads it."""
    return _engines.get(settings)
