"""The commands about experiments and claims: arguments → plain dictionaries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from lab.errors import BadInput
from lab.terminal.commands import Given, say


def experiment(given: Given) -> dict[str, Any]:
    from lab.experiments import EXPERIMENTS, find_experiment
    from lab.experiments.experiment import saved_file

    if given.id is None:
        return {"experiments": [{"id": item.id, "title": item.title, "claim": item.claim} for item in EXPERIMENTS]}
    found = find_experiment(given.id)
    inputs = replace(found.full if given.full and found.full else found.inputs(), **_inputs(found.inputs, given.set))
    result = found.run(inputs, say)
    data = result.to_json()
    if given.save:
        file = saved_file(found.id)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {**data, "lines": found.describe(result)}


def claims(given: Given) -> list[dict[str, Any]]:
    """The list that the page of claims draws, worked out from the saved results."""
    from lab.claims.ledger import judge_all
    from lab.claims.rule import Verdict

    if given.verdict is not None and given.verdict not in list(Verdict):
        raise BadInput(f"--verdict is “{given.verdict}”. Choose one of {', '.join(Verdict)}.")
    entries = [entry for entry in judge_all() if given.verdict in (None, entry.verdict.value)]
    return [{**entry.to_json(), "claim": entry.claim.claim} for entry in entries]


def _inputs(kind: type[Any], pairs: Sequence[str]) -> dict[str, Any]:
    known = {field.name: field for field in fields(kind)}
    chosen: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or name not in known:
            raise BadInput(f"--set {pair}: write INPUT=VALUE with one of {', '.join(known)}.")
        default = known[name].default
        try:
            chosen[name] = _like(default, text)
        except ValueError:
            raise BadInput(f"--set {pair}: {name} must be a {type(default).__name__}, like {default!r}.") from None
    return chosen


def _like(default: Any, text: str) -> Any:
    """The text as a value of the default's type."""
    return float(text) if isinstance(default, float) else int(text) if isinstance(default, int) else text
