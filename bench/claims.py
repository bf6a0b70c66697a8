"""The saved results behind the claims, made again one after another; and whether verdicts stay when the seed changes.

    python -m bench.claims run [ID …]              the full run of each experiment → sample_data/results (skips none)
    python -m bench.claims again [ID …]            the quick run twice with one seed: do all figures but timings agree?
    python -m bench.claims seeds 1,2,3 [ID …]      the quick run with these seeds: which verdicts change?

    python -m bench.claims table                   docs/claims.md and the README's sentence, from the saved results

`again` and `seeds` keep what they found in sample_data/results/seeds.json, after each experiment, so that a run that was
broken off goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from bench.quality import README
from lab.claims.ledger import Entry, judge, judge_all, load_ledger
from lab.claims.rule import Verdict, say_effect
from lab.errors import LabError
from lab.experiments import EXPERIMENTS, find_experiment
from lab.experiments.experiment import RESULTS, Experiment
from lab.experiments.measured import SHARE, Measured
from lab.settings import PROJECT_FOLDER
from lab.terminal.commands import say

SAVED = RESULTS / "seeds.json"
TABLE = PROJECT_FOLDER / "docs" / "claims.md"
START, END = "<!-- claims -->", "<!-- end of claims -->"
JUDGED = [experiment for experiment in EXPERIMENTS if experiment.id != "four-answers"]


def measure(experiment: Experiment, inputs: Any) -> tuple[Measured, dict[str, Any], float]:
    """One run → its series, its dictionary, and how many seconds it took."""
    begin = time.perf_counter()
    result = experiment.run(inputs, say)
    return experiment.measured(result), result.to_json(), time.perf_counter() - begin


def verdicts(result: Measured) -> dict[str, str]:
    """Claim → verdict on this result; claims whose rule needs more than it holds are left out."""
    found = {}
    for claim in load_ledger():
        if claim.experiment != result.experiment:
            continue
        try:
            found[claim.id] = judge(claim, result).verdict.value
        except LabError:
            continue
    return found


def differing(first: Measured, second: Measured) -> list[str]:
    """The series that are not the same; what is counted in seconds or money is no part of it."""
    units = {figure.id: figure.unit for figure in first.figures}
    counted = [series for series in first.series if units[series.figure] in (SHARE, "tokens")]
    return [f"{item.arm}/{item.figure}" for item in counted if second.of(item.arm, item.figure).values != item.values]


def run(experiments: Sequence[Experiment]) -> None:
    """Every full run, saved; says how long each took and what it means for the claims."""
    for experiment in experiments:
        result, data, seconds = measure(experiment, experiment.full or experiment.inputs())
        file = RESULTS / f"{experiment.id}.json"
        file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{experiment.id}: {seconds:.0f} s", *verdicts(result).items(), sep="\n  ", flush=True)


def run_again(experiments: Sequence[Experiment]) -> None:
    """Two quick runs with one seed."""
    for experiment in experiments:
        first, _, seconds = measure(experiment, experiment.inputs())
        second, _, _ = measure(experiment, experiment.inputs())
        found = {"differing": differing(first, second), "series": len(first.series), "seconds": round(seconds, 1)}
        _keep("again", experiment.id, found)
        print(experiment.id, found, flush=True)


def run_seeds(experiments: Sequence[Experiment], seeds: Sequence[int]) -> None:
    """A quick run for each seed."""
    for experiment in experiments:
        inputs = experiment.inputs()
        names = {field.name: field for field in fields(inputs)}
        if "seed" not in names and "seeds" not in names:
            continue
        for seed in seeds:
            seeded = replace(inputs, **({"seed": seed} if "seed" in names else {"seeds": str(seed)}))
            result, _, _ = measure(experiment, seeded)
            found = verdicts(result)
            _keep("seeds", experiment.id, {str(seed): found})
            print(experiment.id, seed, found, flush=True)


def wobbles() -> dict[str, dict[str, str]]:
    """Claim → seed → verdict of the quick run, for the claims whose verdict was not the same with every seed."""
    found: dict[str, dict[str, str]] = {}
    for by_seed in _read_seeds().get("seeds", {}).values():
        for seed, claims in by_seed.items():
            for claim_id, verdict in claims.items():
                found.setdefault(claim_id, {})[seed] = verdict
    return {claim_id: by_seed for claim_id, by_seed in found.items() if len(set(by_seed.values())) > 1}


def turned(entries: Sequence[Entry]) -> list[str]:
    """Claims that the saved run reproduced and a quick run with another seed did not show at all."""
    lost = {
        claim_id
        for by_seed in _read_seeds().get("seeds", {}).values()
        for claims in by_seed.values()
        for claim_id, verdict in claims.items()
        if verdict == Verdict.NOT_HERE
    }
    return [entry.claim.id for entry in entries if entry.verdict is Verdict.REPRODUCED and entry.claim.id in lost]


def render(entries: Sequence[Entry]) -> str:
    """docs/claims.md."""
    lines = [
        "# Every claim, and what our runs say",
        "",
        "Made by `python -m bench.claims table` from `sample_data/results`; the page *Claims* shows the same, with pictures.",
        "Rules: `sample_data/claims.yaml`, written before the runs. Effect, interval and n are of the first condition.",
        "",
        "| claim | verdict | first condition | experiment | seed, day |",
        "|---|---|---|---|---|",
    ]
    for entry in entries:
        said = (
            f"{entry.checked[0].condition.because} {say_effect(entry.checked[0])}"
            if entry.checked
            else entry.claim.why_not
        )
        seed = f"{entry.result.seed}, {entry.saved}" if entry.result else "–"
        lines.append(
            f"| {entry.claim.claim} | {entry.verdict.value} | {said} | {entry.claim.experiment or '–'} | {seed} |"
        )
    lines += ["", "## Other seeds", ""]
    asked = _read_seeds().get("seeds", {})
    seeds = sorted({seed for by_seed in asked.values() for seed in by_seed}, key=int)
    lines.append(
        f"Quick runs of {len(asked)} experiments with the seeds {', '.join(seeds) or '–'}. "
        f"Reproduced in the saved run and not here with another seed: {', '.join(turned(entries)) or 'none'}. "
        "Verdicts that were not the same each time:"
    )
    lines.append("")
    for claim_id, by_seed in sorted(wobbles().items()):
        lines.append(f"- {claim_id}: {', '.join(f'{seed} {verdict}' for seed, verdict in sorted(by_seed.items()))}")
    return "\n".join(lines) + "\n"


def summary(entries: Sequence[Entry]) -> str:
    """The README's sentence."""
    counted = Counter(entry.verdict.value for entry in entries)
    said = ", ".join(f"**{counted[verdict.value]}** {verdict.value}" for verdict in Verdict)
    return (
        f"Of the {len(entries)} claims of the five documents: {said}. Each has its rule, its figures and its run: "
        "[docs/claims.md](docs/claims.md)."
    )


def write_tables() -> None:
    entries = judge_all()
    TABLE.write_text(render(entries), encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    README.write_text(f"{before}{START}\n{summary(entries)}\n{END}{after}", encoding="utf-8")


def _read_seeds() -> dict[str, Any]:
    return json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.is_file() else {}


def _keep(part: str, name: str, found: dict[str, Any]) -> None:
    data = _read_seeds()
    data.setdefault(part, {}).setdefault(name, {}).update(found)
    SAVED.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.claims", description=__doc__)
    parser.add_argument("what", choices=("run", "again", "seeds", "table"))
    parser.add_argument("arguments", nargs="*", metavar="SEEDS|ID")
    given = parser.parse_args()
    rest = list(given.arguments)
    seeds = [int(text) for text in rest.pop(0).split(",")] if given.what == "seeds" else []
    chosen = [find_experiment(name) for name in rest] or JUDGED
    if given.what == "table":
        write_tables()
    elif given.what == "run":
        run(chosen)
    elif given.what == "again":
        run_again(chosen)
    else:
        run_seeds(chosen, seeds)


if __name__ == "__main__":
    main()
