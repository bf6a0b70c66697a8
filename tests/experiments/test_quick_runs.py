"""Every experiment runs for real, as a learner's press on Run does it: a third of them each time, all within three runs."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime

import pytest

from lab.claims.ledger import judge, load_ledger
from lab.experiments import EXPERIMENTS
from lab.experiments.experiment import Experiment
from lab.settings import PROJECT_FOLDER

PARTS = 3
LARGER = {"examples-needed", "knowledge-dump"}  # their rules need more than a quick run holds
JUDGED = [experiment for experiment in EXPERIMENTS if experiment.id != "four-answers"]


def part() -> int:
    """Which third: the number of commits decides, so that neighbours differ; without a history, the day."""
    counted = subprocess.run(
        ["git", "rev-list", "--count", "HEAD"], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=False
    )
    number = int(counted.stdout) if counted.returncode == 0 else datetime.now(UTC).toordinal()
    return number % PARTS


TODAY = [experiment for place, experiment in enumerate(JUDGED) if place % PARTS == part()]


@pytest.mark.parametrize("experiment", TODAY, ids=lambda experiment: experiment.id)
def test_a_quick_run_measures_what_its_rules_judge(experiment: Experiment) -> None:
    said: list[float] = []
    result = experiment.run(experiment.inputs(), lambda stage, share: said.append(share))
    assert said, "it reported no progress"
    assert all(0 <= share <= 1 for share in said)
    assert said == sorted(said), "progress went backwards"
    again = experiment.read(json.loads(json.dumps(result.to_json())))
    assert again == result
    assert all("None" not in line for line in experiment.describe(result))
    measured = experiment.measured(result)
    assert measured.n > 0
    for claim in load_ledger():
        if claim.experiment == experiment.id and experiment.id not in LARGER:
            entry = judge(claim, measured)
            assert len(entry.checked) == len(claim.rule)


def test_every_experiment_is_in_one_of_the_three_parts() -> None:
    parts = [[experiment.id for place, experiment in enumerate(JUDGED) if place % PARTS == at] for at in range(PARTS)]
    assert sorted(name for names in parts for name in names) == sorted(experiment.id for experiment in JUDGED)
