"""The two questions: the rule follows its thresholds, is fitted on dev alone, and the scenarios cover the texts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings

from lab.errors import BadInput
from lab.experiments import two_questions
from lab.experiments.parts.scenarios import Advice, load_scenarios
from lab.experiments.two_questions import (
    BEHAVIOUR,
    KNOWLEDGE,
    Inputs,
    Leaning,
    Thresholds,
    commonest,
    fit_thresholds,
    lean,
    run,
)
from tests.experiments.fake_lab import quiet

SCENARIOS = load_scenarios()


class Pointing(Embeddings):
    """Descriptions of knowledge point one way and those of behaviour another; a text follows its words facts and tone."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        if text in (*KNOWLEDGE, *BEHAVIOUR):
            return [float(text in KNOWLEDGE), float(text in BEHAVIOUR), 0.0]
        words = text.casefold().rstrip(".").split()
        return [0.5 * ("facts" in words), 0.5 * ("tone" in words), 0.1]


@pytest.fixture(autouse=True)
def embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.rag.build.get_embeddings", lambda name: Pointing())


def write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    file = folder / "scenarios.yaml"
    file.write_text(json.dumps(rows), encoding="utf-8")  # JSON is YAML too
    return file


def row(name: str, split: str, text: str, expected: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "split": split, "text": text, "expected": expected, "sources": ["000 §1"], **more}


DEV = [
    *(row(f"k{n}", "dev", f"It lacks facts {n} facts.", "rag") for n in range(4)),
    *(row(f"b{n}", "dev", f"The {n} tone is off tone.", "fine-tuning") for n in range(3)),
    *(row(f"both{n}", "dev", f"No {n} facts. Wrong tone.", "both") for n in range(2)),
]


@pytest.mark.parametrize(
    ("leaning", "advice"),
    [
        (Leaning(0.3, -0.3), "rag"),
        (Leaning(-0.3, 0.3), "fine-tuning"),
        (Leaning(0.3, 0.3), "both"),
        (Leaning(0.1, 0.2), "both"),
        (Leaning(0.05, 0.02), "rag"),
        (Leaning(-0.2, 0.1), "fine-tuning"),
    ],
)
def test_two_yeses_are_both_and_else_the_nearer_yes_decides(leaning: Leaning, advice: Advice) -> None:
    assert Thresholds(0.1, 0.2).advise(leaning) == advice


def test_a_text_leans_as_its_strongest_sentence_does() -> None:
    found = lean(["It lacks facts.", "The tone. The facts.", "Nothing at all."], Pointing())
    assert found == (Leaning(0.5, -0.5), Leaning(0.5, 0.5), Leaning(0.0, 0.0))


def test_fitted_thresholds_part_what_can_be_parted_with_room_on_both_sides() -> None:
    leanings = [Leaning(0.4, -0.4), Leaning(0.2, -0.2), Leaning(-0.3, 0.3), Leaning(0.2, 0.3)]
    advice: list[Advice] = ["rag", "rag", "fine-tuning", "both"]
    thresholds = fit_thresholds(leanings, advice)
    assert [thresholds.advise(leaning) for leaning in leanings] == advice
    assert -0.3 < thresholds.knowledge < 0.2
    assert -0.2 < thresholds.behaviour < 0.3


def test_the_commonest_advice_is_counted() -> None:
    assert commonest(["both", "fine-tuning", "both", "rag"]) == "both"


def test_the_rule_is_fitted_on_dev_and_judged_on_the_half_that_is_chosen(tmp_path: Path) -> None:
    test = [
        row("t1", "test", "Some facts.", "rag"),
        row("t2", "test", "Some tone.", "fine-tuning"),
        row("t3", "test", "Some tone. Some facts.", "both"),
        row("t4", "test", "Some facts.", "fine-tuning"),  # the rule cannot know
        row("t5", "test", "Some tone.", "rag", dispute=True),
    ]
    file = write(tmp_path, DEV + test)
    result = run(Inputs(split="test"), quiet, file=file)
    assert result.of("two-questions", "right").values == (1.0, 1.0, 1.0, 0.0)
    assert result.of("majority", "right").values == (1.0, 0.0, 0.0, 0.0)
    assert run(Inputs(split="test", disputed="counted"), quiet, file=file).of("two-questions", "right").n == 5
    assert run(Inputs(split="test", n=2), quiet, file=file).n == 2
    assert two_questions.EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert "t4" not in result.shown[0].item
    assert result.shown[0].verdict == "wrong; the texts advise fine-tuning"


def test_a_dev_scenario_has_no_say_in_its_own_verdict(tmp_path: Path) -> None:
    odd = [*DEV, row("odd", "dev", "No word of either.", "rag")]
    result = run(Inputs(), quiet, file=write(tmp_path, odd))
    assert result.of("two-questions", "right").values == (1.0,) * 9 + (0.0,)
    lonely = [row("a", "dev", "Some facts.", "rag"), row("b", "dev", "Some tone.", "fine-tuning")]
    assert run(Inputs(), quiet, file=write(tmp_path, lonely)).of("majority", "right").mean == 0


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(split="train"), "dev or test, not from “train”"),
        (Inputs(disputed="maybe"), "left out or counted, not “maybe”"),
        (Inputs(n=0), "0 scenarios cannot be judged"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "at least one"),
        ([row("a", "dev", "A.", "maybe")], "number 1: expected must be one of rag, fine-tuning, both, not “maybe”"),
        ([row("a", "train", "A.", "rag")], "split must be one of dev, test"),
        ([row("a", "dev", "A.", "rag", dispute=False)], "dispute is either left out or true"),
        ([row("a", "dev", "A.", "rag"), row("a", "dev", "B.", "rag")], "id “a” is used twice"),
        ([row("a", "dev", "A.", "rag", mood="x")], "mood is not a field"),
        ([row("a", "dev", " ", "rag")], "text must be a text"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(rows: list[dict[str, Any]], says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says):
        load_scenarios(write(tmp_path, rows))


def test_a_file_that_is_not_there_or_not_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_scenarios(tmp_path / "none.yaml")
    (tmp_path / "odd.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(BadInput, match="not YAML"):
        load_scenarios(tmp_path / "odd.yaml")


def test_both_halves_have_every_kind_of_advice_and_disputes_and_share_no_text() -> None:
    halves = {split: [item for item in SCENARIOS if item.split == split] for split in ("dev", "test")}
    for items in halves.values():
        counts = Counter(item.expected for item in items if not item.dispute)
        assert min(counts.values()) >= 6
        assert max(counts.values()) <= 0.45 * sum(counts.values())
        assert sum(item.dispute for item in items) == 3
    assert len({item.text for item in SCENARIOS}) == len(SCENARIOS) >= 45
    assert not {item.text for item in SCENARIOS} & {*KNOWLEDGE, *BEHAVIOUR}


def test_each_of_the_five_texts_is_covered_in_each_half() -> None:
    for split in ("dev", "test"):
        named = {source.split()[0] for item in SCENARIOS if item.split == split for source in item.sources}
        assert named == {"000", "001", "002", "003", "004"}
