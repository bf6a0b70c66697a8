"""The worker's side of the engine: two lanes of continuous batching and who may enter them. One thread, no locks.

The *base* lane knows nothing of adapters, so base is base by construction; the *tuned* lane carries one adapter at one
strength at a time and changes it only when it is empty. Both are stepped in turn, so the cores are never asked for twice.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lab.models.constraint import Constraint
from lab.models.convert import SCAFFOLD_NAME
from lab.models.weights import sha256_of

# With these three, a request's tokens do not depend on who else is in the batch: of 16 greedy answers
# none changes, against 11 to 16 with the defaults (bf16, quantised activations and cache), at the same speed for one
# stream and about a fifth less at 32. "Base really is base" under load is worth that.
PROPERTIES: dict[str, Any] = {
    "INFERENCE_PRECISION_HINT": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
    "KV_CACHE_PRECISION": "f32",
}

AdapterKey = tuple[str, float]  # sha256 of the file, and the factor on its product
Event = tuple[int, str, Any]  # job, what happened (admitted, tokens, end, error), and what goes with it


@dataclass(frozen=True)
class Job:
    """A request as the worker sees it. `key` None is the base lane; temperature 0 is greedy."""

    id: int
    token_ids: tuple[int, ...]
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    key: AdapterKey | None = None
    adapter_file: str = ""
    constraint: Constraint | None = None


@dataclass(frozen=True)
class LaneLimits:
    """How many jobs share steps, and how much memory their caches may take (GB)."""

    max_batch: int
    kv_cache_gb: int


class Lane:
    """One pipeline and what runs in it."""

    def __init__(self, folder: Path, limits: LaneLimits, *, with_adapters: bool) -> None:
        import openvino
        import openvino_genai

        scheduler = openvino_genai.SchedulerConfig()
        scheduler.cache_size = limits.kv_cache_gb
        scheduler.max_num_seqs = limits.max_batch
        scheduler.max_num_batched_tokens = 512  # a long prompt is read in slices, so streams beside it do not stall
        scheduler.dynamic_split_fuse = True
        scheduler.enable_prefix_caching = False  # blocks made under one adapter would be reused under another
        properties = dict(PROPERTIES)
        if with_adapters:
            # An adapter that touches every layer with zeros: it makes the places where any other can be attached.
            scaffold = openvino_genai.Adapter(str(folder / SCAFFOLD_NAME))
            properties["adapters"] = openvino_genai.AdapterConfig(scaffold, 0.0)
        self._genai = openvino_genai
        self._tensor = openvino.Tensor
        self._load: Callable[[], Any] = partial(
            openvino_genai.ContinuousBatchingPipeline, str(folder), scheduler, "CPU", properties
        )
        self.pipeline = self._load()
        self._end_token = self.pipeline.get_tokenizer().get_eos_token_id()
        self.attached: AdapterKey | None = None
        self.running: dict[int, Any] = {}  # job → the pipeline's handle

    def attach(self, key: AdapterKey, file: str) -> None:
        """Change the adapter of the empty lane. `add_request` ignores adapters, so a one-token `generate` sets it.

        The file is read anew each time (milliseconds): given an adapter that it knows, OpenVINO changes the factor only,
        and fails when the adapter leaves some layers alone.
        """
        sha256, factor = key
        if sha256_of(Path(file)) != sha256:
            raise ValueError("the adapter's file has changed since it was chosen: choose it again")
        config = self._genai.GenerationConfig()
        config.max_new_tokens = 1
        config.adapters = self._genai.AdapterConfig(self._genai.Adapter(file), factor)
        self.attached = None
        self.pipeline.generate(["."], [config])
        self.attached = key

    def add(self, job: Job) -> None:
        """Let a job in; its first tokens come with one of the next steps."""
        config = self._genai.GenerationConfig()
        config.max_new_tokens = job.max_tokens
        config.set_eos_token_id(self._end_token)
        config.do_sample = job.temperature > 0
        if config.do_sample:
            config.temperature = job.temperature
            config.rng_seed = job.seed
        if job.constraint is not None:
            config.structured_output_config = self._genai.StructuredOutputConfig(
                **{job.constraint.kind: job.constraint.text}
            )
        ids = self._tensor(np.array([job.token_ids], dtype=np.int64))
        self.running[job.id] = self.pipeline.add_request(job.id, ids, config)

    def cancel(self, job_id: int) -> bool:
        """Drop a running job; whether it was here."""
        handle = self.running.pop(job_id, None)
        if handle is not None:
            handle.cancel()
        return handle is not None

    @property
    def busy(self) -> bool:
        return bool(self.running) or bool(self.pipeline.has_non_finished_requests())

    def step(self) -> Iterator[Event]:
        """One decode step for everything that runs here: new tokens, and who is done."""
        if self.pipeline.has_non_finished_requests():
            self.pipeline.step()
        for job_id, handle in list(self.running.items()):
            tokens: list[int] = []
            while handle.can_read():
                for output in handle.read().values():
                    tokens.extend(output.generated_ids)
            if tokens:
                yield job_id, "tokens", tokens
            status = handle.get_status().name
            if status == "IGNORED":
                del self.running[job_id]
                yield job_id, "error", "The model's memory is full. Shorten the text, or raise LAB_KV_CACHE_GB."
            elif status != "RUNNING":
                del self.running[job_id]
                yield job_id, "end", None

    def fail(self, reason: str) -> Iterator[Event]:
        """End everything that runs here with a reason."""
        for job_id in list(self.running):
            self.cancel(job_id)
            yield job_id, "error", reason
        try:
            if self.pipeline.has_non_finished_requests():
                self.pipeline.step()
        except Exception:  # noqa: BLE001 - a grammar that cannot be read stays in the pipeline and fails every step
            self.pipeline, self.attached = self._load(), None


def _brief(error: Exception) -> str:
    """The first line of an error, without the time and the place in somebody's source that a runtime puts before it."""
    return re.sub(r"^\[[\d:]+\] \S+:\d+: ", "", (str(error).strip().splitlines() or [type(error).__name__])[0])[:300]


class Scheduler:
    """Who runs when. `turn()` lets jobs in and makes one step in each busy lane."""

    def __init__(self, folder: Path, limits: LaneLimits) -> None:
        self._folder = folder
        self._limits = limits
        self._base = Lane(folder, limits, with_adapters=False)
        self._tuned: Lane | None = None
        self._waiting: deque[Job] = deque()
        self.steps = 0  # decode steps so far, over both lanes

    @property
    def busy(self) -> bool:
        return bool(self._waiting) or any(lane.busy for lane in self._lanes())

    def load_tuned_lane(self) -> None:
        """Load the lane that carries adapters (about 2 s), unless it is there."""
        if self._tuned is None:
            self._tuned = Lane(self._folder, self._limits, with_adapters=True)

    def add(self, job: Job) -> None:
        """Queue a job."""
        if job.key is not None:
            self.load_tuned_lane()
        self._waiting.append(job)

    def cancel(self, job_id: int) -> Iterator[Event]:
        """Drop a job wherever it is; it ends without further tokens."""
        for lane in self._lanes():
            if lane.cancel(job_id):
                yield job_id, "end", None
        for job in list(self._waiting):
            if job.id == job_id:
                self._waiting.remove(job)
                yield job_id, "end", None

    def turn(self) -> Iterator[Event]:
        """Admit what may start, then one step in each busy lane; yields what happened."""
        for lane, job in self._take_admissible():
            try:
                if job.key is not None and lane.attached != job.key:
                    lane.attach(job.key, job.adapter_file)
                lane.add(job)
            except Exception as error:  # noqa: BLE001 - the reader must hear of it, and the scheduler must live on
                yield job.id, "error", f"The model could not start this answer ({_brief(error)})."
            else:
                yield job.id, "admitted", None
        for lane in self._lanes():
            if lane.busy:
                self.steps += 1
                try:
                    yield from lane.step()
                except Exception as error:  # noqa: BLE001 - whatever the runtime throws, nobody may wait for ever
                    yield from lane.fail(f"The model stopped in the middle ({_brief(error)}). Press the button again.")

    def _lanes(self) -> list[Lane]:
        return [self._base] if self._tuned is None else [self._base, self._tuned]

    def _take_admissible(self) -> list[tuple[Lane, Job]]:
        """Jobs that may start now, first come first served. The tuned lane takes one adapter key at a time.

        When it is empty it turns to the oldest waiting key and takes everyone who waits for that key; while it runs,
        later jobs join only if nobody with another key waits before them, so no key starves.
        """
        taken: list[tuple[Lane, Job]] = []
        left: deque[Job] = deque()
        room = {lane: self._limits.max_batch - len(lane.running) for lane in self._lanes()}
        tuned = self._tuned
        switching = tuned is not None and not tuned.busy
        current = tuned.attached if tuned is not None and not switching else None
        blocked = False  # somebody who needs another adapter waits already
        for job in self._waiting:
            lane = self._base if job.key is None else tuned
            assert lane is not None
            if job.key is not None:
                if switching and current is None:
                    current = job.key
                joins = job.key == current and (switching or not blocked)
                blocked = blocked or job.key != current
                if not joins:
                    left.append(job)
                    continue
            if room[lane] <= 0:
                left.append(job)
                continue
            room[lane] -= 1
            taken.append((lane, job))
        self._waiting = left
        return taken
