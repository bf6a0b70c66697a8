"""Getting the models ready in the background while the first page is being read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from lab.errors import LabError
from lab.settings import Settings

Step = tuple[str, Callable[[], object]]  # what it is called while it runs, and the work
State = Literal["cold", "warming", "ready", "failed"]


@dataclass(frozen=True)
class WarmUpStatus:
    """What a page shows: `stage` in words, `share` from 0 to 1, `error` when it failed (and can be tried again)."""

    state: State = "cold"
    stage: str = ""
    share: float = 0.0
    error: str = ""
    seconds: float = 0.0


class WarmUp:
    """One background thread that loads the engine and the embedder; asking twice starts nothing twice."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._status = WarmUpStatus()
        self._started = 0.0
        self._finished = threading.Event()
        self._steps: list[Step] = []

    @property
    def status(self) -> WarmUpStatus:
        """A snapshot, safe to read from any thread."""
        with self._lock:
            return self._status

    def start(self, *steps: Step) -> None:
        """Begin, unless it is under way or done; after a failure this tries again. `steps` are done last, once."""
        with self._lock:
            self._steps.extend(steps)
            if self._status.state in ("warming", "ready"):
                return
            self._status = WarmUpStatus("warming", "starting", 0.0)
            self._started = time.monotonic()
            self._finished.clear()
        threading.Thread(target=self._run, name="warm-up", daemon=True).start()

    def wait(self, timeout: float | None = None) -> WarmUpStatus:
        """Block until it is done or failed (or `timeout` seconds passed)."""
        self._finished.wait(timeout)
        return self.status

    def _report(self, stage: str, share: float) -> None:
        self._set(stage=stage, share=share)

    def _set(self, **changes: object) -> None:
        with self._lock:
            seconds = time.monotonic() - self._started
            self._status = replace(self._status, seconds=seconds, **changes)  # type: ignore[arg-type]

    def _run(self) -> None:
        try:
            from lab.models.embedder import get_embedder
            from lab.models.engine import get_engine

            engine = get_engine(self._settings, lambda stage, share: self._report(stage, share * 0.6))
            self._report("loading the embedding model", 0.6)
            get_embedder().load()
            self._report("loading the place for adapters", 0.9)
            engine.warm_tuned_lane()
            for stage, work in self._steps:
                self._report(stage, 0.95)
                work()
            self._set(state="ready", stage="ready", share=1.0)
        except LabError as error:
            self._set(state="failed", error=str(error))
        except Exception as error:  # noqa: BLE001 - a thread has nobody above it: the page must hear of everything
            self._set(state="failed", error=f"The models could not be loaded ({error}).")
        finally:
            self._finished.set()


_warm_ups: dict[Settings, WarmUp] = {}
_lock = threading.Lock()


def get_warm_up(settings: Settings) -> WarmUp:
    """The process's warm-up."""
    with _lock:
        return _warm_ups.setdefault(settings, WarmUp(settings))
