"""The card of an adapter: a README.md that says what it learned, from what, how, and how well it does it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab.tuning.adherence import Adherence
from lab.tuning.run import BASE_MODEL, TrainingRun
from lab.tuning.styles import Style

_READING = (
    "A reply counts when it keeps every rule; the interval is Wilson's at 95 %. The last column stands beside the rules: "
    "it asks whether the reply fits its message ({why}). A model of this size can keep every rule and still be wrong in "
    "substance: it learned behaviour, not facts."
)
_CURVE_LINES = 10  # the whole curve is in training.json


def write_card(
    folder: Path,
    style: Style,
    run: TrainingRun,
    measured: Mapping[str, Adherence],
    *,
    messages: str = "unseen test messages",
    command: str = "",
) -> Path:
    """Write README.md into the adapter's folder and return its path.

    measured: what was measured → its adherence on the same messages, in the order of the table, for example
    {"base": …, "base, rules in the prompt": …, "tuned": …}. messages: what they were. command: what repeats the run.
    """
    file = folder / "README.md"
    file.write_text(_card(folder.name, style, run, measured, messages, command), encoding="utf-8")
    return file


def _card(
    name: str, style: Style, run: TrainingRun, measured: Mapping[str, Adherence], messages: str, command: str
) -> str:
    options = run.options
    reads = run.steps * min(options.batch, run.examples) / run.examples
    layers = "all linear layers" if len(options.modules) == 7 else ", ".join(options.modules)
    settings = {
        "Base model": f"{BASE_MODEL}, weights SHA-256 `{run.weights_sha256[:12]}…`",
        "Adapter": f"LoRA, rank {options.rank}, alpha {options.alpha}, on {layers} from decoder layer "
        f"{options.first_layer} up; float16, {run.adapter_bytes / 1e6:.1f} MB, SHA-256 `{run.adapter_sha256}`",
        "Data": f"{run.examples} of the examples in `train.jsonl` (SHA-256 `{run.data_sha256[:12]}…`), "
        f"{run.held_out} more held out for the loss",
        "Training": f"{run.steps} steps of {options.batch} examples ({reads:.1f} readings of each), "
        f"learning rate {options.learning_rate:g}, falling in a straight line after {options.warm_up_steps} steps of "
        f"warm-up, seed {options.seed}, "
        f"{run.precision}, {options.threads} threads, ended by {run.ended_by}",
        "Time": f"{run.seconds:.0f} s, {run.tokens_per_second:.0f} tokens a second, on {run.machine}",
        "Versions": ", ".join(f"{package} {version}" for package, version in run.versions.items()),
    }
    parts = [
        f"---\nbase_model: {BASE_MODEL}\nlibrary_name: peft\nlicense: apache-2.0\nlanguage: en\ntags: [lora]\n---",
        f"# {name}: {style.title}",
        style.what,
        "## How well it keeps the rules",
        _adherence_table(style, measured, messages),
        _READING.format(why=style.content.title.lower()),
        "## How it was made",
        "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in settings.items())]),
        *([f"To repeat it:\n\n```\n{command}\n```"] if command else []),
        "## Loss, in nats a token of the replies",
        _curve_table(run),
        f"Data: {style.licence}. Adapter: Apache-2.0, as the base model.",
    ]
    return "\n\n".join(parts) + "\n"


def _adherence_table(style: Style, measured: Mapping[str, Adherence], messages: str) -> str:
    if not measured:
        return "Not measured yet."
    rules = [rule.id for rule in style.rules]
    lines = [
        f"Measured on {next(iter(measured.values())).n} {messages}.",
        "",
        f"| | every rule kept | 95 % interval | {' | '.join(rules)} | {style.content.title.lower()} |",
        f"|---|---|---|{'---|' * len(rules)}---|",
    ]
    for label, adherence in measured.items():
        low, high = adherence.interval
        shares = " | ".join(f"{adherence.rules[rule]:.2f}" for rule in rules)
        lines.append(
            f"| {label} | **{adherence.rate:.2f}** | {low:.2f} to {high:.2f} | {shares} | {_share(adherence.fits)} |"
        )
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "not judged" if value is None else f"{value:.2f}"


def _curve_table(run: TrainingRun) -> str:
    lines = ["| step | seconds | training | held out |", "|---|---|---|---|"]
    if run.held_out_before is not None:
        lines.append(f"| before | 0 | | {run.held_out_before:.2f} |")
    every = max(1, -(-len(run.curve) // _CURVE_LINES))
    for point in run.curve:
        if point.held_out_loss is not None or point.step % every == 0 or point.step == 1:
            held_out = f"{point.held_out_loss:.2f}" if point.held_out_loss is not None else ""
            lines.append(f"| {point.step} | {point.seconds:.0f} | {point.train_loss:.2f} | {held_out} |")
    return "\n".join(lines)
