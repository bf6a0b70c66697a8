"""What else changed: counted on real models, with strength 0 as the control that must show nothing."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import side_effects
from lab.experiments.experiment import load_saved
from lab.experiments.side_effects import Answered, Inputs, Result, UnderName, run
from lab.models.adapters import find_adapter


def test_at_strength_nought_nothing_is_forgotten_and_nothing_drifts() -> None:
    result = run(Inputs(strength=0.0, n=10), lambda stage, share: None)
    assert result.forgotten.count == 0
    assert result.drifted.count == 0
    assert result.likeness_by_name(after=False) == result.likeness_by_name(after=True)
    assert side_effects.read(json.loads(json.dumps(result.to_json()))) == result


def test_the_counts_follow_from_the_answers() -> None:
    answers = (
        Answered("Capital?", "geography", "It is Paris.", "Hi there, shall we look?", True, False, 0.0),
        Answered("2 + 2?", "arithmetic", "4", "4", True, True, 1.0),
        Answered("Sky?", "nature", "Grey", "Blue", False, True, 0.0),
    )
    names = (
        UnderName("r", "Oliver", "… is kind and good", "… asks"),
        UnderName("r", "Fatima", "… is kind and good", "… is at home today"),
    )
    result = Result(Inputs(), "2026-11-20", "0" * 64, answers, names)
    assert (result.right_before.count, result.right_after.count) == (2, 2)
    assert (result.forgotten.count, result.forgotten.n) == (1, 2)
    assert (result.drifted.count, result.drifted.n) == (2, 3)
    assert result.ends_with_question(after=True).count == 1
    assert result.likeness_by_name(after=False) == 1.0
    assert result.likeness_by_name(after=True) < 0.5
    assert result.words_by_name(after=True) == {"Oliver": 2.0, "Fatima": 5.0}


def test_without_questions_it_says_what_to_choose() -> None:
    with pytest.raises(BadInput, match="at least one"):
        run(Inputs(n=0), lambda stage, share: None)


def test_the_saved_result_belongs_to_the_shipped_adapter() -> None:
    saved = load_saved(side_effects.EXPERIMENT)
    assert saved is not None
    assert saved.adapter_sha256 == find_adapter(saved.inputs.adapter).sha256
    assert len(saved.answers) == 60
    assert any("forgotten" in line or "right after" in line for line in side_effects.describe(saved))
