"""Stands in for lab.tuning.worker where only the desk is tested: it speaks the same lines and learns nothing.

The seed of the order says how it behaves: 0 makes its steps; 1 kills itself after the third; 2 reports an error;
3 ends without a word; 4 leaves snapshots of its second and fourth step; 5 is killed in the middle of a line.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab.tuning.run import LossPoint, TrainingRun
from lab.tuning.worker import Order

STEP_SECONDS = 0.02


def tell(event: str, **values: Any) -> None:
    print(json.dumps({"event": event, **values}), flush=True)


def told_to_stop() -> bool:
    ready, _, _ = select.select([0], [], [], 0)
    return bool(ready) and os.read(0, 100).strip() in (b"stop", b"")


def main() -> None:
    order = Order.from_line(sys.stdin.buffer.raw.readline())  # type: ignore[attr-defined]
    options = order.options
    (order.cache_folder / "environment.json").write_text(json.dumps(dict(os.environ)))
    tell("stage", stage="loading the model for training", share=0.0)
    curve: list[LossPoint] = []
    ended_by = "steps"
    while len(curve) < options.max_steps:
        if told_to_stop():
            ended_by = "stop"
            break
        time.sleep(STEP_SECONDS)
        step = len(curve) + 1
        curve.append(LossPoint(step, step * STEP_SECONDS, 3.0 / step, 2.0 if step % 8 == 0 else None, step * 100))
        tell("point", point=asdict(curve[-1]))
        tell("stage", stage=f"training: step {step} of {options.max_steps}", share=step / options.max_steps)
        if options.seed == 1 and step == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if options.seed == 2 and step == 3:
            tell("error", kind="failed", text="Training went wrong at step 3. Nothing was saved.")
            return
        if options.seed == 3 and step == 3:
            return
        if options.seed == 4 and step in (2, 4):
            tell("snapshot", step=step, folder=str(order.snapshot_folder / f"step-{step:04d}"))
            time.sleep(0.2)
        if options.seed == 5 and step == 3:
            sys.stdout.write('{"event": "po')
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    write(order.out_folder, options, curve, ended_by)
    tell("done")


def write(folder: Path, options: Any, curve: list[LossPoint], ended_by: str) -> None:
    folder.mkdir(parents=True)
    run = TrainingRun(
        options, 8, 0, len(curve), 1.0, 100 * len(curve), 100.0, tuple(curve), None, ended_by, "", "", "", "", {}
    )
    (folder / "training.json").write_text(json.dumps(run.to_json()))


if __name__ == "__main__":
    main()
