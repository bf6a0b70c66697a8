"""The machine's one place for a training, shared between this app, other apps and the terminal by a lock on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from lab.errors import Cancelled, LabError
from lab.models.weights import Report, no_report
from lab.settings import Settings

_TICK_SECONDS = 0.2


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
