"""What the tests of the models share: prompts, patience with a deadline, and fresh processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from lab.models.adapters import Adapter, read_adapter
from lab.models.engine import Engine, Request
from lab.models.template import render
from lab.settings import PROJECT_FOLDER, Settings

QUESTIONS = (
    "What is the capital of France?",
    "Write a haiku about rain.",
    "List three fruits.",
    "A parcel came damaged. What should I say to the shop?",
    "Explain gravity to a child in one sentence.",
    "Translate “good morning” into Spanish.",
    "How many legs does a spider have?",
    "Give me a name for a small bakery.",
    "What does a librarian do all day?",
    "Why is the sky blue?",
)


@pytest.fixture(scope="session")
def prompts() -> tuple[str, ...]:
    """Ten rendered conversations of one question each."""
    return tuple(render([("user", question)]) for question in QUESTIONS)


@pytest.fixture(scope="session")
def endless_prompt() -> str:
    """A prompt that the base model is still answering after a thousand tokens: it copies a long, looping list."""
    return render(
        [("user", "Count from one to one thousand, one number a line.")], opening="1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"
    )


@pytest.fixture(scope="session")
def strong(strong_adapter: Path) -> Adapter:
    """The strong adapter, checked."""
    return read_adapter(strong_adapter)


@pytest.fixture(scope="module")
def one_torch_thread() -> Iterator[None]:
    """A model this small is faster on one thread than on two that must share their cores with other programs."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., None]:
    """Wait for a condition; fail with `what` after `seconds`, which is generous: it is a deadline, not a timing."""

    def wait(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"still waiting after {seconds:g} s: {what}")
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def assert_idle(wait_until: Callable[..., None]) -> Callable[[Engine], None]:
    """Nothing runs or waits any more, and between two probes of one token the model makes no other step."""

    def check(engine: Engine) -> None:
        wait_until(lambda: engine.ahead() == 0, "the engine to have nothing to do")

        def steps_after_a_probe() -> int:
            engine.submit(Request("Hi", 1)).wait()
            return engine.steps

        before = steps_after_a_probe()
        time.sleep(0.3)
        assert steps_after_a_probe() - before <= 4

    return check


@pytest.fixture(scope="module")
def small_engine(settings: Settings) -> Iterator[Engine]:
    """An engine of its own for two at a time, with two places to wait."""
    engine = Engine(replace(settings, max_batch=2, max_waiting=2))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def start_python() -> Callable[..., subprocess.Popen[str]]:
    """Start a script in a fresh process, with changes to the environment (None takes a variable out)."""

    def start(script: str, environment: Mapping[str, str | None] | None = None) -> subprocess.Popen[str]:
        merged = {**os.environ, "PYTHONPATH": str(PROJECT_FOLDER), **(environment or {})}
        return subprocess.Popen(
            [sys.executable, "-c", script],
            env={key: value for key, value in merged.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that a test can end it together with the pip it started
        )

    return start
