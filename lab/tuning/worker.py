"""Training in a process of its own: `python -m lab.tuning.worker`, started and listened to by lab.tuning.desk alone.

A process and not a thread, because torch would hold up every page's Python, and so that a training that is killed costs
that training only. It reads one order on standard input, then the line "stop"; a closed input is a stop as well, so it
never outlives the app. It writes events as lines of JSON on standard output:

{"event": "stage", "stage": …, "share": 0..1}, {"event": "point", "point": …}, {"event": "snapshot",
"step": …, "folder": …}, and at the end {"event": "done"} or {"event": "error", "kind": …, "text": …}.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.errors import BadInput, Cancelled, LabError
from lab.settings import Settings
from lab.tuning.options import TrainOptions
from lab.tuning.run import Snapshots
from lab.tuning.styles import Example
from lab.tuning.train import train_adapter

KINDS = {BadInput: "bad-input", Cancelled: "cancelled", LabError: "failed"}  # of the errors that are reported
_NICENESS = 10  # who asks the model meanwhile comes first


@dataclass(frozen=True)
class Order:
    """One training to do. `examples` are learned from instead of the style's own; snapshots are left every `every` steps."""

    options: TrainOptions
    out_folder: Path
    snapshot_folder: Path
    every: int
    cache_folder: Path
    weights_file: Path | None = None
    examples: tuple[Example, ...] | None = None

    def to_line(self) -> bytes:
        """The order as one line of JSON."""
        examples = self.examples and [[item.id, dict(item.inputs), item.reply, item.topic] for item in self.examples]
        paths = {
            name: str(value)
            for name in ("out_folder", "snapshot_folder", "cache_folder", "weights_file")
            if (value := getattr(self, name)) is not None
        }
        fields = {"options": asdict(self.options), "every": self.every, "examples": examples, **paths}
        return json.dumps(fields).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Order:
        """The order that `to_line` wrote."""
        data: dict[str, Any] = json.loads(line)
        options = {**data["options"], "modules": tuple(data["options"]["modules"])}
        examples = data["examples"]
        return cls(
            options=TrainOptions(**options),
            out_folder=Path(data["out_folder"]),
            snapshot_folder=Path(data["snapshot_folder"]),
            every=data["every"],
            cache_folder=Path(data["cache_folder"]),
            weights_file=Path(data["weights_file"]) if "weights_file" in data else None,
            examples=None if examples is None else tuple(Example(*item) for item in examples),
        )


class _Events:
    """Writes events to whoever started this process; when nobody reads any more, `gone` is set."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.gone = threading.Event()

    def send(self, event: str, **values: Any) -> None:
        line = json.dumps({"event": event, **values}).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError:
            self.gone.set()


def carry_out(order: Order, events: _Events, stop: threading.Event) -> None:
    """Train as ordered; what happens, and how it ends, goes to `events`."""
    settings = Settings(cache_folder=order.cache_folder, weights_file=order.weights_file)

    def report(stage: str, share: float) -> None:
        events.send("stage", stage=stage, share=share)

    try:
        order.snapshot_folder.mkdir(parents=True, exist_ok=True)
        train_adapter(
            order.options,
            order.out_folder,
            settings,
            report,
            should_stop=lambda: stop.is_set() or events.gone.is_set(),
            on_point=lambda point: events.send("point", point=asdict(point)),
            snapshots=Snapshots(
                order.snapshot_folder,
                order.every,
                lambda step, folder: events.send("snapshot", step=step, folder=str(folder)),
                keep=4,  # whoever lets a snapshot answer may be some snapshots behind
            ),
            examples=order.examples,
        )
    except LabError as error:
        events.send("error", kind=KINDS.get(type(error), "failed"), text=str(error))
    except (MemoryError, RuntimeError) as error:
        reason = (str(error).splitlines() or ["out of memory"])[0][:200]
        text = f"Training broke off ({reason}). Nothing was saved. Close other programs, or choose a lower rank."
        events.send("error", kind="failed", text=text)
    except OSError as error:
        text = f"Training broke off: the disk refused ({error.strerror or error}). Nothing was saved. Make room."
        events.send("error", kind="failed", text=text)
    else:
        events.send("done")


def _lines(descriptor: int) -> Iterator[bytes]:
    """Lines of a pipe, read without a buffer that a thread could still hold when the process ends."""
    rest = b""
    while chunk := os.read(descriptor, 1 << 16):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _listen(lines: Iterator[bytes], stop: threading.Event) -> None:
    for line in lines:
        if line.strip() == b"stop":
            break
    stop.set()


def main() -> None:
    """Read the order, train, tell."""
    events = _Events(os.dup(1))
    os.dup2(2, 1)  # what a library prints must not stand between the events
    sys.stdout = sys.stderr
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    lines = _lines(0)
    first = next(lines, None)
    if first is None:
        return
    stop = threading.Event()
    threading.Thread(target=_listen, args=(lines, stop), name="stop-listener", daemon=True).start()
    carry_out(Order.from_line(first), events, stop)


if __name__ == "__main__":
    main()
