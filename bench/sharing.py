"""What sharing costs the others: does a neighbour in the batch change an answer, and does the app stand still meanwhile?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from unittest import mock

from bench.engine import PROMPTS, TOKENS
from bench.measure import Ratio, paired
from lab.models import lanes
from lab.models.convert import ensure_serving_model
from lab.models.engine import Request, get_engine
from lab.settings import get_settings

STREAMS = 16
LIMITS = lanes.LaneLimits(max_batch=STREAMS, kv_cache_gb=1)


def answers(lane: lanes.Lane, jobs: list[lanes.Job]) -> list[list[int]]:
    """The greedy token ids of jobs that run together in one lane."""
    tokens: dict[int, list[int]] = {job.id: [] for job in jobs}
    for job in jobs:
        lane.add(job)
    while lane.busy:
        for job_id, what, value in lane.step():
            if what == "tokens":
                tokens[job_id] += value
    return list(tokens.values())


def changed_by_neighbours(lane: lanes.Lane) -> Callable[[], float]:
    """How many of 16 answers given together differ from the ones given one by one."""
    engine = get_engine(get_settings())
    jobs = [
        lanes.Job(number, tuple(engine.encode(prompt)), TOKENS) for number, prompt in enumerate(PROMPTS[:STREAMS], 1)
    ]

    def run() -> float:
        together = answers(lane, jobs)
        alone = [answers(lane, [job])[0] for job in jobs]
        return float(sum(a != b for a, b in zip(together, alone, strict=True)))

    return run


def longest_pause(work: Callable[[], object]) -> float:
    """Seconds for which another thread of this process could not go on while `work` ran."""
    longest, done = 0.0, threading.Event()

    def tick() -> None:
        nonlocal longest
        last = time.perf_counter()
        while not done.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    ticking = threading.Thread(target=tick)
    ticking.start()
    work()
    done.set()
    ticking.join()
    return longest


def run(pairs: int) -> Iterator[Ratio]:
    """Both questions, each against the obvious way of doing it."""
    settings = get_settings()
    folder = ensure_serving_model(settings)
    engine = get_engine(settings)
    ours = lanes.Lane(folder, LIMITS, with_adapters=False)
    with mock.patch.dict(lanes.PROPERTIES, clear=True):
        default = lanes.Lane(folder, LIMITS, with_adapters=False)
    yield paired(
        "answers that neighbours in the batch change",
        "of 16",
        "",
        ("our precisions", changed_by_neighbours(ours)),
        ("OpenVINO's defaults", changed_by_neighbours(default)),
        min(pairs, 2),
    )
    jobs = [
        lanes.Job(number, tuple(engine.encode(prompt)), TOKENS) for number, prompt in enumerate(PROMPTS[:STREAMS], 1)
    ]

    def in_its_own_process() -> float:
        requests = [Request(prompt, max_tokens=TOKENS) for prompt in PROMPTS[:STREAMS]]
        return longest_pause(lambda: [generation.wait() for generation in map(engine.submit, requests)])

    yield paired(
        "longest pause of another thread, 16 answers",
        "seconds",
        "",
        ("engine in its own process", in_its_own_process),
        ("engine in the app's process", lambda: longest_pause(lambda: answers(ours, jobs))),
        pairs,
    )
