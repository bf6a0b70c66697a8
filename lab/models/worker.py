"""The engine's own process: `python -m lab.models.worker`, started and spoken to by lab.models.engine alone.

A process and not a thread, because OpenVINO's `step()` keeps Python's lock while it computes: in one process every page,
every stream and every embedding would stand still for as long as anybody's answer is being written.
"""

from __future__ import annotations

import contextlib
import os
import sys
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

from lab.models.lanes import Event, LaneLimits, Scheduler


def obey(scheduler: Scheduler, command: tuple[str, Any]) -> list[Event]:
    """Carry out one command of the engine; returns what happened at once."""
    name, value = command
    if name == "add":
        try:
            scheduler.add(value)
        except RuntimeError as error:
            return [(value.id, "error", f"The model could not start this answer ({error}).")]
    elif name == "cancel":
        return list(scheduler.cancel(value))
    elif name == "warm":
        scheduler.load_tuned_lane()
        return [(0, "warm", None)]
    return []


def serve(connection: Connection, scheduler: Scheduler) -> None:
    """Commands in, events out, one decode step in between; ends when the other side closes."""
    while True:
        events: list[Event] = []
        while connection.poll(0 if scheduler.busy else None):
            command = connection.recv()
            if command[0] == "close":
                return
            events += obey(scheduler, command)
            if events:
                break
        if scheduler.busy:
            events += scheduler.turn()
        if events:
            connection.send((scheduler.steps, events))


def main() -> None:
    """Arguments: the address to call back, the model's folder, the limits; the password comes on standard input."""
    address, folder, max_batch, kv_cache_gb = sys.argv[1:5]
    password = bytes.fromhex(sys.stdin.readline().strip())
    with Client(address, authkey=password) as connection:
        try:
            scheduler = Scheduler(Path(folder), LaneLimits(int(max_batch), int(kv_cache_gb)))
        except RuntimeError as error:
            connection.send((0, [(0, "failed", str(error).splitlines()[-1])]))
            return
        connection.send((0, [(0, "ready", None)]))
        # The end may come in the middle of an answer, because the app has gone and nobody is left to read it.
        with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
            serve(connection, scheduler)
        os._exit(0)  # at once: OpenVINO would print its complaints about requests that were never finished


if __name__ == "__main__":
    main()
