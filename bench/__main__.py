"""`python -m bench [SUITE …] [--pairs N] [--save]`: prints the table of ratios, and keeps it in bench/README.md."""

from __future__ import annotations

import argparse
import importlib
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Ratio

FILE = Path(__file__).parent / "README.md"
SUITES = ("engine", "sharing", "rag", "indexing", "first_page", "tuning")
HEAD = (
    "| what | A | B | A, median | B, median | unit | A / B, median (lowest–highest) | bar | pairs |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("suites", nargs="*", default=SUITES, choices=[*SUITES, []])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--save", action="store_true", help="put the table into bench/README.md")
    given = parser.parse_args()
    print(HEAD, flush=True)
    for suite in given.suites:
        ratios: list[Ratio] = []
        for ratio in importlib.import_module(f"bench.{suite}").run(given.pairs):
            ratios.append(ratio)
            print(ratio.row(), flush=True)
        if given.save:
            keep(suite, [ratio.row() for ratio in ratios])


def keep(suite: str, rows: list[str]) -> None:
    """Put one suite's table into bench/README.md, between its marks; the other suites' stay as they are."""
    text = FILE.read_text(encoding="utf-8")
    start, end = f"<!-- {suite} -->", f"<!-- end of {suite} -->"
    before, after = text.split(start)[0], text.split(end)[1]
    made = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    )
    table = "\n".join([HEAD, *rows])
    FILE.write_text(f"{before}{start}\nMeasured {made}.\n\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
