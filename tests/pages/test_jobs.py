"""Long work beside a page: it reports, it stops when asked or when nobody looks, and its errors are sentences."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from lab.errors import BadInput
from pages._ui import jobs
from pages._ui.jobs import Job


def finished(job: Job[int]) -> Job[int]:
    deadline = time.monotonic() + 20
    while job.running and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not job.running
    return job


def count_until_told(report: Callable[[int, int], None], should_stop: Callable[[], bool]) -> int:
    done = 0
    while not should_stop():
        done += 1
        report(done, 10**9)
        time.sleep(0.001)
    return done


def test_a_job_reports_its_progress_and_keeps_its_result() -> None:
    def work(report: Callable[[int, int], None], should_stop: Callable[[], bool]) -> int:
        report(3, 3)
        return 42

    job = finished(Job(work))
    assert (job.result, job.done, job.total, job.error) == (42, 3, 3, "")


def test_stop_ends_it_with_what_was_done_by_then() -> None:
    job = Job(count_until_told)
    while job.done < 2:
        time.sleep(0.001)
    job.stop()
    assert finished(job).result >= 2


def test_a_job_that_nobody_watches_stops_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_UNWATCHED_SECONDS", 0.05)
    assert finished(Job(count_until_told)).result is not None


def test_an_error_is_kept_as_its_sentence() -> None:
    begun = threading.Event()

    def fail(report: Callable[[int, int], None], should_stop: Callable[[], bool]) -> int:
        begun.set()
        raise BadInput("There are no questions. Add some.")

    job = finished(Job(fail))
    assert begun.is_set()
    assert (job.result, job.error) == (None, "There are no questions. Add some.")
