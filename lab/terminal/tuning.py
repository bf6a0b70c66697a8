"""The commands about learned behaviour: arguments → a plain dictionary."""

from __future__ import annotations

from typing import Any

from lab.errors import BadInput
from lab.settings import get_settings
from lab.terminal.commands import Given, answering_server, chosen_model, say


def train(given: Given) -> dict[str, Any]:
    from lab.tuning.options import TrainOptions
    from lab.tuning.own import train_pairs
    from lab.tuning.train import train_adapter
    from lab.tuning.turn import training_turn

    chosen = {
        "examples": given.examples,
        "seconds": given.seconds,
        "max_steps": given.steps,
        "batch": given.batch,
        "learning_rate": given.learning_rate,
        "rank": given.rank,
        "alpha": given.rank,
        "modules": None if given.modules is None else tuple(name.strip() for name in given.modules.split(",")),
    }
    options = TrainOptions(
        style=given.style or "", seed=given.seed, **{name: value for name, value in chosen.items() if value is not None}
    )
    settings = get_settings()
    turn = training_turn(settings, say)
    if given.pairs is not None:
        run = train_pairs(given.pairs, options, given.out, settings, say, turn)
    else:
        run = train_adapter(options, given.out, settings, say, turn=turn)
    return {**run.to_json(), "folder": str(given.out)}


def adherence(given: Given) -> dict[str, Any]:
    from lab.tuning.adherence import measure_adherence
    from lab.tuning.styles import load_examples, load_style

    style = load_style(given.style)
    messages = load_examples(given.messages, style)
    result = measure_adherence(
        style,
        messages,
        chosen_model(given),
        prompted=given.prompted,
        few_shot=given.few_shot,
        constrained=given.constrained,
    )
    return result.to_json()


def compare(given: Given) -> dict[str, Any]:
    from lab.compare.run import run_compare, save_run
    from lab.tuning.styles import load_style

    settings = get_settings()
    if given.save:
        return {"saved": str(save_run(given.style, settings, collection=given.collection, report=say))}
    style = load_style(given.style)
    inputs = {"first_name": given.first_name} if "first_name" in style.inputs else {}
    for pair in given.input:
        name, equals, text = pair.partition("=")
        if not equals or name not in style.inputs:
            raise BadInput(f"--input {pair}: write NAME=TEXT with one of {', '.join(style.inputs)}.")
        inputs[name] = text
    if given.text is not None:
        inputs[style.inputs[-1]] = given.text
    if given.messages is None and (missing := [name for name in style.inputs if name not in inputs]):
        wanted = "--text TEXT" if missing[0] == style.inputs[-1] else f"--input {missing[0]}=TEXT"
        raise BadInput(f"{style.name} needs its {missing[0]}: give {wanted}, or --messages FILE.")
    return run_compare(
        given.style,
        inputs,
        given.pane,
        settings,
        messages=given.messages,
        strength=given.strength,
        adapter=given.adapter,
        collection=given.collection,
        endpoint=answering_server(),
        report=say,
    )
