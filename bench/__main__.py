"""`python -m bench [SUITE …] [--pairs N] [--save]`: prints the table of ratios, and keeps it in bench/README.md."""

from __future__ import annotations

import argparse
import importlib
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Ratio

SUITES = ("engine", "sharing", "rag", "indexing", "first_page")
HEAD = (
    "| what | A | B | A, median | B, median | unit | A / B, median (lowest–highest) | bar | pairs |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
START, END = "<!-- figures -->", "<!-- end of figures -->"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("suites", nargs="*", default=SUITES, choices=[*SUITES, []])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--save", action="store_true", help="put the table into bench/README.md")
    given = parser.parse_args()
    ratios: list[Ratio] = []
    print(HEAD, flush=True)
    for suite in given.suites:
        for ratio in importlib.import_module(f"bench.{suite}").run(given.pairs):
            ratios.append(ratio)
            print(ratio.row(), flush=True)
    if given.save:
        file = Path(__file__).parent / "README.md"
        text = file.read_text(encoding="utf-8")
        before, after = text.split(START)[0], text.split(END)[1]
        made = f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
        table = "\n".join([HEAD, *(ratio.row() for ratio in ratios)])
        file.write_text(f"{before}{START}\nMeasured {made}.\n\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
