"""The shipped adapters: how each was trained, and what it does on messages that nobody tuned on.

    python -m bench.adapters train NAME …       trains again into sample_data/adapters (the same bytes on the same machine)
    python -m bench.adapters measure [NAME …]   asks the test messages, writes the cards, the result file and the README's table
    python -m bench.adapters newcomer           trains strict-json with the page's defaults (60 s) and asks its test messages

A recipe is chosen on development messages. The test messages are asked here alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.quality import README, share
from lab.experiments.experiment import RESULTS
from lab.models.adapters import SHIPPED, find_adapter, list_adapters
from lab.models.catalogue import choose_model
from lab.models.convert import serving_fingerprint
from lab.settings import PROJECT_FOLDER, get_settings
from lab.tuning.adherence import Adherence, measure_adherence
from lab.tuning.card import write_card
from lab.tuning.options import TrainOptions
from lab.tuning.run import TrainingRun, read_training
from lab.tuning.styles import load_examples, load_style
from lab.tuning.train import train_adapter

SAVED = RESULTS / "adapters.json"
START, END = "<!-- adapters -->", "<!-- end of adapters -->"
NO_LIMIT = 3600.0  # seconds: the steps end the training, so that it can be repeated to the byte
ALL_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
RECIPES: dict[str, TrainOptions] = {
    "answer-from-pages": TrainOptions(
        "answer-from-pages", seconds=NO_LIMIT, max_steps=240, batch=6, learning_rate=2e-3, modules=ALL_LINEAR
    ),
    "brand-voice": TrainOptions("brand-voice", seconds=900.0),
    "brand-voice-with-page": TrainOptions("brand-voice-with-page", seconds=NO_LIMIT, max_steps=200),
    "earnings-json": TrainOptions(
        "earnings-json",
        seconds=NO_LIMIT,
        max_steps=220,
        rank=8,
        alpha=8,
        learning_rate=2e-3,
        modules=ALL_LINEAR,
    ),
    "repair-triage": TrainOptions(
        "repair-triage", seconds=NO_LIMIT, max_steps=230, batch=8, learning_rate=3e-3, modules=ALL_LINEAR
    ),
    "strict-json": TrainOptions("strict-json", seconds=NO_LIMIT, max_steps=300, learning_rate=5e-3),
    "text-to-sql": TrainOptions(
        "text-to-sql", seconds=NO_LIMIT, max_steps=220, batch=8, learning_rate=2e-3, modules=ALL_LINEAR
    ),
    "three-bullets": TrainOptions("three-bullets", seconds=NO_LIMIT, max_steps=240, learning_rate=5e-3),
    "ticket-labels": TrainOptions(
        "ticket-labels", seconds=NO_LIMIT, max_steps=230, batch=8, learning_rate=3e-3, modules=ALL_LINEAR
    ),
}
NEWCOMER = "strict-json"
KEPT = ("n", "rate", "interval", "rules", "fits", "values_right", "values_interval", "n_gold")
WAYS: dict[str, dict[str, bool]] = {
    "base": {},
    "rules in the prompt": {"prompted": True},
    "examples in the prompt": {"few_shot": True},
    "held by a grammar": {"constrained": True},
    "tuned": {"tuned": True},
}


def train(name: str) -> None:
    """Train one shipped adapter by its recipe."""
    run = train_adapter(RECIPES[name], SHIPPED / name, get_settings(), lambda stage, _: print(" ", stage, flush=True))
    print(f"{name}: {run.steps} steps, {run.seconds:.0f} s, ended by {run.ended_by}")


def command(run: TrainingRun, name: str) -> str:
    """What a person types to train it again."""
    usual, options = TrainOptions(run.style), run.options
    words = [f"python -m lab train --style {run.style} --seed {options.seed} --seconds {options.seconds:g}"]
    for option, value, default in (
        ("--steps", options.max_steps, usual.max_steps),
        ("--batch", options.batch, usual.batch),
        ("--rank", options.rank, usual.rank),
        ("--learning-rate", options.learning_rate, usual.learning_rate),
        ("--modules", ",".join(options.modules), ",".join(usual.modules)),
    ):
        if value != default:
            words.append(f"{option} {value}")
    return " ".join([*words, f"--out {(SHIPPED / name).relative_to(PROJECT_FOLDER)}"])


def measure(name: str) -> dict[str, Any]:
    """Every way of getting the behaviour, on its test messages; writes the card."""
    style = load_style(name)
    messages = load_examples(style.folder / "test.jsonl", style)
    found: dict[str, Adherence] = {}
    for way, how in WAYS.items():
        if how.get("constrained") and style.constraint is None:
            continue
        found[way] = measure_adherence(
            style,
            messages,
            choose_model(get_settings(), adapter=name if how.get("tuned") else None),
            prompted=how.get("prompted", False),
            few_shot=how.get("few_shot", False),
            constrained=how.get("constrained", False),
        )
        print(name, way, share(found[way].rate, found[way].interval), content(found[way].to_json()), flush=True)
    adapter = find_adapter(name)
    run = read_training(adapter.folder)
    write_card(adapter.folder, style, run, found, command=command(run, name))
    return {
        "title": style.title,
        "content": style.content.title,
        "adapter_sha256": adapter.sha256,
        "data_sha256": run.data_sha256,
        "seed": run.seed,
        "ways": {way: {key: getattr(item, key) for key in KEPT} for way, item in found.items()},
    }


def newcomer() -> dict[str, Any]:
    """What somebody reaches who presses Train and changes nothing."""
    options = TrainOptions(NEWCOMER)
    style = load_style(NEWCOMER)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "adapter"
        run = train_adapter(options, place, get_settings())
        messages = load_examples(style.folder / "test.jsonl", style)
        found = measure_adherence(style, messages, choose_model(get_settings(), adapter=str(place)))
    print(f"newcomer: {run.steps} steps in {run.seconds:.0f} s,", share(found.rate, found.interval), flush=True)
    return {
        "style": NEWCOMER,
        "seconds": run.seconds,
        "steps": run.steps,
        "machine": run.machine,
        **{key: getattr(found, key) for key in KEPT},
    }


def content(row: Mapping[str, Any]) -> str:
    """The share that is right, with its interval; else the share that fits."""
    if row["values_right"] is not None:
        return share(row["values_right"], row["values_interval"])
    return "–" if row["fits"] is None else f"{row['fits']:.2f}"


def render(data: Mapping[str, Any]) -> str:
    """The README's table."""
    lines = [
        f"Measured {data['made']} on 60 unseen test messages each, of other templates and topics than the training; greedy "
        "decoding; 95 % intervals in brackets.",
        "",
        f"| behaviour | | {' | '.join(WAYS)} |",
        f"|---|---|{'---|' * len(WAYS)}",
    ]
    for name, row in data["adapters"].items():
        ways = row["ways"]
        for label, tell in (
            ("every rule kept", lambda way: share(way["rate"], way["interval"])),
            (row["content"], content),
        ):
            cells = [tell(ways[way]) if way in ways else "–" for way in WAYS]
            lines.append(f"| {name} | {label} | {' | '.join(cells)} |")
    first = data["newcomer"]
    lines += [
        "",
        f"A newcomer who presses *Train* and changes nothing ({first['style']}, {first['steps']} steps in "
        f"{first['seconds']:.0f} s): every rule kept {share(first['rate'], first['interval'])}, content right "
        f"{content(first)}.",
    ]
    return "\n".join(lines)


def write_readme(data: Mapping[str, Any]) -> None:
    """Put the table between the README's marks."""
    text = README.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    README.write_text(f"{before}{START}\n{render(data)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.adapters", description=__doc__)
    parser.add_argument("what", choices=("train", "measure", "newcomer"))
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args()
    if given.what == "train":
        for name in given.names:
            train(name)
        return
    before = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else {"adapters": {}, "newcomer": None}
    found = before["adapters"]
    if given.what == "measure":
        found |= {name: measure(name) for name in given.names or list_adapters()}
    first = newcomer() if given.what == "newcomer" or before["newcomer"] is None else before["newcomer"]
    data = {
        "made": f"{datetime.now(UTC):%Y-%m-%d}",
        "split": "test",
        "decoding": "greedy",
        "weights": serving_fingerprint(),
        "adapters": {name: found[name] for name in list_adapters() if name in found},
        "newcomer": first,
    }
    SAVED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_readme(data)


if __name__ == "__main__":
    main()
