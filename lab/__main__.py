"""`python -m lab …`: everything a page can do for a learner, from a terminal.

Exit 0 on success, 2 when what was given cannot be used, 1 when something failed. With --json, standard output carries
one JSON document and nothing else, whatever the libraries below like to print.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from lab.errors import BadInput, LabError
from lab.terminal.arguments import build_parser


@contextmanager
def only_json(wanted: bool) -> Iterator[TextIO]:
    """The real standard output; with `wanted`, everything else that prints (C++ included) goes to standard error."""
    if not wanted:
        yield sys.stdout
        return
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(kept), "w", encoding="utf-8") as real:
            yield real
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = build_parser().parse_args(arguments)
    as_json: bool = getattr(given, "json", False)
    with only_json(as_json) as out:
        try:
            result: Any = given.run(given)
        except LabError as error:
            print(f"{error}", file=sys.stderr)
            if as_json:
                print(json.dumps({"error": str(error)}, ensure_ascii=False), file=out)
            return 2 if isinstance(error, BadInput) else 1
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
            return 1
        if as_json:
            print(json.dumps(result, ensure_ascii=False), file=out)
        elif result is not None:
            print(given.show(result), file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
