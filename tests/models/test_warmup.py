"""Warming up: it ends in ready or in a sentence, tells its stages, and can be tried again."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.models import embedder
from lab.models import engine as engine_module
from lab.models.embedder import get_embedder
from lab.models.engine import Engine, get_engine
from lab.models.warmup import WarmUp, WarmUpStatus, get_warm_up
from lab.settings import Settings

PATIENCE = 300.0  # seconds; a deadline, not a timing


def test_warming_up_ends_ready_with_everything_loaded(settings: Settings, engine: Engine) -> None:
    warm_up = WarmUp(settings)
    assert warm_up.status == WarmUpStatus("cold")
    warm_up.start()
    assert warm_up.status.state == "warming"
    status = warm_up.wait(PATIENCE)
    assert (status.state, status.stage, status.share, status.error) == ("ready", "ready", 1.0, "")
    assert status.seconds > 0
    assert get_engine(settings) is engine
    assert "_model" in vars(get_embedder())
    warm_up.start()  # once ready, it stays so
    assert warm_up.status == status


def test_a_failure_is_a_sentence_and_can_be_tried_again(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    below = file / "cache"
    warm_up = WarmUp(replace(settings, cache_folder=below))
    for _ in range(2):
        warm_up.start()
        status = warm_up.wait(PATIENCE)
        assert status.state == "failed"
        assert status.error.startswith(f"The cache folder {below} cannot be written")
    warm_up._settings = settings  # the person mends it
    warm_up.start()
    status = warm_up.wait(PATIENCE)
    assert (status.state, status.error) == ("ready", "")


def test_trouble_nobody_thought_of_reaches_the_page_as_well(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(self: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(embedder.MiniLM, "load", load)
    warm_up = WarmUp(settings)
    warm_up.start()
    status = warm_up.wait(PATIENCE)
    assert (status.state, status.error) == ("failed", "The models could not be loaded (no room).")


def test_while_it_warms_the_page_sees_the_stages_and_a_second_start_changes_nothing(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[WarmUpStatus] = []
    go_on, started = threading.Event(), threading.Event()
    calls: list[Settings] = []

    def get(own: Settings, report: object) -> Engine:
        calls.append(own)
        assert callable(report)
        report("fetching the language model", 0.5)
        seen.append(warm_up.status)
        started.set()
        go_on.wait(PATIENCE)
        return engine

    monkeypatch.setattr(engine_module, "get_engine", get)
    warm_up = WarmUp(settings)
    warm_up.start()
    assert started.wait(PATIENCE)
    warm_up.start()
    assert warm_up.wait(0.01).state == "warming"
    go_on.set()
    assert warm_up.wait(PATIENCE).state == "ready"
    assert len(calls) == 1
    assert (seen[0].state, seen[0].stage, seen[0].share) == ("warming", "fetching the language model", 0.3)


def test_further_steps_come_last_and_their_failure_is_told(settings: Settings, engine: Engine) -> None:
    done: list[str] = []

    def fail() -> None:
        raise LabError("The first question could not be answered.")

    warm_up = WarmUp(settings)
    warm_up.start(("asking a first question", lambda: done.append("asked")))
    assert warm_up.wait(PATIENCE).state == "ready"
    assert done == ["asked"]
    failing = WarmUp(settings)
    failing.start(("asking a first question", fail))
    status = failing.wait(PATIENCE)
    assert (status.state, status.error) == ("failed", "The first question could not be answered.")


def test_every_page_reads_the_same_warm_up(settings: Settings) -> None:
    assert get_warm_up(settings) is get_warm_up(replace(settings))
