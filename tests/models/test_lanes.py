"""The worker's side, in this process: trouble inside a pipeline reaches the one it concerns and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lab.models.adapters import Adapter
from lab.models.convert import ensure_serving_model
from lab.models.engine import Engine
from lab.models.lanes import Event, Job, LaneLimits, Scheduler
from lab.models.worker import obey
from lab.settings import Settings


@pytest.fixture(scope="module")
def scheduler(settings: Settings) -> Scheduler:
    """A scheduler of our own for two at a time."""
    return Scheduler(ensure_serving_model(settings), LaneLimits(2, 1))


@pytest.fixture
def ids(engine: Engine, prompts: Sequence[str]) -> tuple[int, ...]:
    return tuple(engine.encode(prompts[1]))


def finish(scheduler: Scheduler) -> list[Event]:
    """Take turns until nothing is left."""
    events: list[Event] = []
    while scheduler.busy:
        events += scheduler.turn()
    return events


def tokens(events: Sequence[Event], job: int) -> list[int]:
    return [token for number, what, value in events if (number, what) == (job, "tokens") for token in value]


def put_in_the_way(monkeypatch: pytest.MonkeyPatch, scheduler: Scheduler, **methods: Callable[..., Any]) -> None:
    """Replace methods of the base lane's pipeline, until `monkeypatch.undo()`."""

    class Proxy:
        def __getattr__(self, name: str) -> Any:
            return methods.get(name) or getattr(real, name)

    real = scheduler._base.pipeline
    monkeypatch.setattr(scheduler._base, "pipeline", Proxy())


def test_every_job_is_admitted_gets_its_tokens_and_ends_once(scheduler: Scheduler, ids: tuple[int, ...]) -> None:
    for job in (1, 2, 3):
        scheduler.add(Job(job, ids, max_tokens=4))
    events = finish(scheduler)
    for job in (1, 2, 3):
        own = [what for number, what, _ in events if number == job]
        assert (own[0], own[-1], own.count("admitted"), own.count("end")) == ("admitted", "end", 1, 1)
        assert len(tokens(events, job)) == 4
    places = [(number, what) for number, what, _ in events]
    assert places.index((3, "admitted")) > min(places.index((1, "end")), places.index((2, "end")))  # two at a time


def test_a_failure_in_the_middle_is_told_and_the_next_question_works(
    scheduler: Scheduler, ids: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def step() -> None:
        raise RuntimeError("out of memory")

    scheduler.add(Job(1, ids, max_tokens=4))
    expected = tokens(finish(scheduler), 1)
    put_in_the_way(monkeypatch, scheduler, step=step)
    scheduler.add(Job(2, ids, max_tokens=50))
    events = list(scheduler.turn())
    assert events[-1] == (2, "error", "The model stopped in the middle (out of memory). Press the button again.")
    monkeypatch.undo()
    before = scheduler.steps
    finish(scheduler)
    assert scheduler.steps - before < 10  # what failed is dropped, not written on for nobody
    scheduler.add(Job(3, ids, max_tokens=4))
    assert tokens(finish(scheduler), 3) == expected


def test_a_prompt_beyond_the_models_memory_is_an_error_and_not_a_hang(
    scheduler: Scheduler, ids: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ignored:
        """The handle of a request that OpenVINO refuses to schedule."""

        def can_read(self) -> bool:
            return False

        def get_status(self) -> Any:
            return type("Status", (), {"name": "IGNORED"})

    put_in_the_way(monkeypatch, scheduler, add_request=lambda *_: Ignored())
    scheduler.add(Job(1, ids, max_tokens=4))
    assert finish(scheduler) == [
        (1, "admitted", None),
        (1, "error", "The model's memory is full. Shorten the text, or raise LAB_KV_CACHE_GB."),
    ]


def test_a_setting_the_runtime_refuses_ends_that_request_only(scheduler: Scheduler, ids: tuple[int, ...]) -> None:
    scheduler.add(Job(1, ids, max_tokens=4, temperature=1.0, seed=-1))
    scheduler.add(Job(2, ids, max_tokens=4))
    events = finish(scheduler)
    assert [(number, what) for number, what, _ in events if what in ("error", "end")] == [(1, "error"), (2, "end")]
    assert events[0][2].startswith("The model could not start this answer (")


def test_what_is_cancelled_while_it_waits_never_starts(scheduler: Scheduler, ids: tuple[int, ...]) -> None:
    for job in (1, 2, 3):
        obey(scheduler, ("add", Job(job, ids, max_tokens=3)))
    list(scheduler.turn())
    assert obey(scheduler, ("cancel", 3)) == [(3, "end", None)]
    assert obey(scheduler, ("cancel", 99)) == []
    assert {number for number, _, _ in finish(scheduler)} <= {1, 2}


def test_the_place_for_adapters_is_made_when_it_is_asked_for_and_once(
    scheduler: Scheduler, ids: tuple[int, ...], strong: Adapter
) -> None:
    assert obey(scheduler, ("warm", None)) == [(0, "warm", None)]
    made = scheduler._tuned
    scheduler.add(Job(1, ids, max_tokens=3, key=(strong.sha256, 1.0), adapter_file=str(strong.file)))
    assert len(tokens(finish(scheduler), 1)) == 3
    assert scheduler._tuned is made


def test_an_adapter_that_cannot_be_read_ends_its_own_answer_and_leaves_the_lane_usable(
    scheduler: Scheduler, ids: tuple[int, ...], strong: Adapter, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nothing")
    scheduler.add(Job(1, ids, max_tokens=3, key=("0" * 64, 1.0), adapter_file=str(broken)))
    scheduler.add(Job(2, ids, max_tokens=3, key=(strong.sha256, 1.0), adapter_file=str(strong.file)))
    events = finish(scheduler)
    assert [(number, what) for number, what, _ in events if what in ("error", "end")] == [(1, "error"), (2, "end")]
