"""Long work beside the page: it reports progress, can be stopped, and stops by itself when nobody looks any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import streamlit as st

from lab.errors import LabError
from pages._ui.session import keep, kept
from pages._ui.text import inert

T = TypeVar("T")


class Progress(Protocol):
    """How work says how far it is; `stage` stands instead of the count where there is one."""

    def __call__(self, done: int, total: int, stage: str = "") -> None: ...


Work = Callable[[Progress, Callable[[], bool]], T]
_UNWATCHED_SECONDS = 30.0  # a closed tab no longer draws the progress


class Job(Generic[T]):
    """One piece of work in its own thread; `work(report, should_stop)` calls them as it goes and returns the result."""

    def __init__(self, work: Work[T]) -> None:
        self.done = self.total = 0
        self.stage = ""
        self.result: T | None = None
        self.error = ""
        self._stop = threading.Event()
        self._seen = time.monotonic()
        self._work = work
        self._thread = threading.Thread(target=self._run, name="page-job", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to stop at the next step; what was finished by then is kept."""
        self._stop.set()

    def watched(self) -> None:
        """Say that somebody still looks."""
        self._seen = time.monotonic()

    def _should_stop(self) -> bool:
        return self._stop.is_set() or time.monotonic() - self._seen > _UNWATCHED_SECONDS

    def _report(self, done: int, total: int, stage: str = "") -> None:
        self.done, self.total, self.stage = done, total, stage

    def _run(self) -> None:
        try:
            self.result = self._work(self._report, self._should_stop)
        except LabError as error:
            self.error = str(error)


def start_job(name: str, work: Work[T]) -> None:
    """Begin; a job of the same name that still runs in this session is stopped first."""
    running: Job[T] | None = kept(f"job-{name}")
    if running is not None:
        running.stop()
    keep(f"job-{name}", Job(work))


def draw_job(name: str, noun: str, idle: str) -> Job[T] | None:
    """What to do while there is no job (`idle`), progress and a stop button while it runs; then the finished job."""
    job: Job[T] | None = kept(f"job-{name}")
    if job is None:
        st.info(idle, icon=":material/lightbulb:")
        return None
    if job.running:
        _draw_progress(job, noun, name)
        return None
    if job.error:
        st.error(inert(job.error), icon=":material/error:")
        return None
    if job.result is None:
        st.error("The work broke off and left no result. Start it again.", icon=":material/error:")
        return None
    return job


@st.fragment(run_every=0.7)
def _draw_progress(job: Job[T], noun: str, name: str) -> None:
    job.watched()
    if not job.running:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Stop", icon=":material/stop:", key=f"stop-{name}"):
            job.stop()
        counted = f"{job.done} of {job.total} {noun}" if job.total else "Getting ready …"
        st.progress(share, text=inert(job.stage) if job.stage else counted)
