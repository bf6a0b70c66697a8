"""Time to the first page, against an empty Streamlit app, in a real browser."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Ratio, paired, seconds

ROOT = Path(__file__).parent.parent
EMPTY = "import streamlit as st\nst.title('Empty')\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(script: Path) -> Iterator[str]:
    """A Streamlit server for `script`; yields its address once it answers."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script.name,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=script.parent, stdout=quiet, stderr=quiet) as process:
        address = f"http://localhost:{port}"
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read()
                    break
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()


def run(pairs: int) -> Iterator[Ratio]:
    """Both servers up and warm; from navigation to the title on screen."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        with serving(ROOT / "app.py") as app, serving(empty) as other:
            time.sleep(25)  # the app's warm-up: its cost at start is another question than the page's

            def first_page(address: str) -> float:
                page = browser.new_context().new_page()

                def visit() -> None:
                    page.goto(address)
                    page.wait_for_selector("h1")

                spent = seconds(visit)
                page.context.close()
                return spent

            yield paired(
                "first page",
                "seconds",
                "≤ 2",
                ("this app", lambda: first_page(app)),
                ("empty Streamlit app", lambda: first_page(other)),
                pairs,
            )
        browser.close()
