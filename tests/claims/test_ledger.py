"""The ledger: the shipped one is whole and fits what was measured, and a broken one says where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from lab.claims.ledger import LEDGER, Claim, find_claim, judge, judge_all, judge_each, load_ledger, load_result
from lab.claims.rule import Condition, Verdict
from lab.errors import BadInput, LabError
from lab.experiments.measured import Arm, Figure, Measured, Series
from lab.quiz.bank import load_sources
from lab.quiz.schema import BrokenContent

IDS = """
    rag-supplies-missing-knowledge rag-reflects-updates-instantly rag-update-means-reindexing
    rag-updates-need-no-retraining near-real-time-ingestion-works finetuned-knowledge-is-static
    finetune-update-costs-a-retraining rag-maintenance-is-easier rag-scales-to-large-collections
    finetune-internalizes-knowledge finetune-poor-fact-recall finetune-uneven-fact-retention
    finetune-large-docs-forgetting finetune-knowledge-dump-degrades-reasoning finetune-on-documents-raises-hallucination
    finetune-on-documents-inconsistent-results rag-lowers-hallucination
    rag-hallucination-remains-when-retrieval-fails finetune-reduces-hallucination-sometimes
    rag-more-factual-than-finetuning rag-citations-are-traceable finetuned-model-cannot-cite rag-adds-latency-per-query
    rag-slowdown-is-slight rag-higher-per-query-cost finetune-higher-upfront-cost rag-quick-to-implement
    finetune-shortens-prompts finetune-changes-style finetune-improves-strict-format
    finetune-format-adherence-above-95-percent untuned-model-format-slips finetune-improves-narrow-classification
    rag-does-not-improve-classification finetune-teaches-reasoning-patterns rag-does-not-teach-reasoning-patterns
    finetune-beats-prompting-on-multistep prompting-can-set-tone rag-leaves-style-unstable
    style-guide-in-knowledge-base-does-not-fix-style style-through-rag-is-slower-and-dearer rag-sometimes-helps-structure
    hundreds-of-examples-needed example-quality-matters data-prep-is-most-of-the-work bad-chunking-is-a-bottleneck
    chunking-strategy-changes-results generic-embedding-misses-domain-terms reranking-improves-answers
    similarity-threshold-matters better-llm-does-not-fix-bad-context fixing-retrieval-beats-finetuning-for-inconsistency
    retrieval-fails-more-often-than-the-llm hybrid-gives-both-gains hybrid-improves-instruction-following
    finetuning-helps-ignore-irrelevant-context most-production-systems-use-both one-need-is-dominant
    rag-is-the-easier-first-step knowledge-or-behaviour-question-decides deleting-data-is-easier-with-rag
    finetuning-bakes-data-into-the-model finetuned-style-can-drift-or-carry-bias
""".split()
NO_LAPTOP_CAN_TELL = {
    "data-prep-is-most-of-the-work",
    "most-production-systems-use-both",
    "one-need-is-dominant",
    "rag-is-the-easier-first-step",
}

ENTRY = """\
- id: a-claim
  claim: Something is so.
  made_by: ["000", "002"]
  disputed_by: ["003"]
  disagreement: 000 and 002 say so, 003 does not.
  testable: "partly"
  experiment: data-quality
  rule:
    - {kind: more, arm: clean, figure: right, than: noisy, margin: 0.1, control: contradictory, because: Clean is better.}
    - {kind: at-least, arm: clean, figure: right, margin: 0.5, because: Half are right.}
  literature:
    - {says: Others saw it., where: table 1, arxiv: "2305.11206"}
  differ: Ours is small.
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ledger() -> tuple[Claim, ...]:
    return load_ledger()


def conditions(ledger: tuple[Claim, ...]) -> Iterator[tuple[Claim, Condition]]:
    for claim in ledger:
        for condition in claim.rule:
            yield claim, condition


def test_the_ledger_holds_all_63_claims_in_their_order(ledger: tuple[Claim, ...]) -> None:
    assert len(IDS) == 63
    assert [claim.id for claim in ledger] == IDS


def test_every_claim_that_a_laptop_can_test_has_its_experiment(ledger: tuple[Claim, ...]) -> None:
    assert {claim.id for claim in ledger if claim.testable == "no"} == NO_LAPTOP_CAN_TELL
    for claim in ledger:
        if claim.testable == "no":
            assert claim.experiment is None, claim.id
            assert claim.why_not, claim.id
        else:
            assert claim.experiment, claim.id
            assert claim.rule, claim.id


def test_every_document_is_known_and_every_one_makes_claims(ledger: tuple[Claim, ...]) -> None:
    known = set(load_sources())
    made = {document for claim in ledger for document in claim.made_by}
    assert made == known
    for claim in ledger:
        assert set(claim.disputed_by) <= known, claim.id
        assert bool(claim.disputed_by) == bool(claim.disagreement), claim.id
        for document in claim.disputed_by:
            assert document in claim.disagreement, f"{claim.id} does not say what {document} says"
    assert sum(bool(claim.disputed_by) for claim in ledger) >= 10, "the documents do disagree"


def test_every_condition_can_be_judged_on_what_was_saved(ledger: tuple[Claim, ...]) -> None:
    missing = []
    for claim, condition in conditions(ledger):
        saved = load_result(claim.experiment or "")
        if saved is None:
            continue
        wanted = [(condition.arm, condition.figure)]
        if condition.than:
            wanted.append((condition.than, condition.than_figure or condition.figure))
        if condition.control:
            wanted.append((condition.control, condition.figure))
        missing += [f"{claim.id}: {claim.experiment} has no {pair}" for pair in wanted if not saved.has(*pair)]
    assert missing == []


def test_no_condition_compares_a_thing_with_itself_or_has_an_impossible_margin(ledger: tuple[Claim, ...]) -> None:
    for claim, condition in conditions(ledger):
        label = f"{claim.id}: {condition.because}"
        assert (condition.arm, condition.figure) != (condition.than, condition.than_figure or condition.figure), label
        if condition.control:
            assert condition.control not in (condition.arm, condition.than), label
        assert condition.margin >= (1 if condition.scale == "ratio" else 0), label
        if condition.kind in ("at-least", "at-most"):
            assert condition.scale == "difference", label
            assert not condition.than_figure, label
        if condition.kind == "no-more":
            assert not condition.control, f"{label}: what does nothing passes “no more” as well, so it controls nothing"


def test_many_experiments_could_have_said_no(ledger: tuple[Claim, ...]) -> None:
    controlled = {claim.experiment for claim, condition in conditions(ledger) if condition.control}
    assert len(controlled) >= 5, controlled


def test_every_condition_says_in_a_sentence_what_it_asks(ledger: tuple[Claim, ...]) -> None:
    for claim, condition in conditions(ledger):
        assert condition.because.endswith("."), claim.id
        assert len(condition.because.split()) >= 6, claim.id
        assert condition.arm not in condition.because or "-" not in condition.arm, f"{claim.id} speaks in ids"


def test_no_verdict_is_written_down() -> None:
    """They are worked out from results; the file knows no field for one and no entry has one."""
    allowed = {"id", "claim", "made_by", "disputed_by", "disagreement", "testable", "experiment", "rule", "why_not"}
    for entry in yaml.safe_load(LEDGER.read_text(encoding="utf-8")):
        assert set(entry) <= allowed | {"literature", "differ"}, entry["id"]
        texts = " ".join([entry["claim"], entry["differ"], *(rule["because"] for rule in entry.get("rule", []))])
        assert "reproduced" not in texts.lower(), entry["id"]


def test_the_literature_carries_its_place_and_a_paper_is_told_in_one_way(ledger: tuple[Claim, ...]) -> None:
    told: dict[str, tuple[str, str]] = {}
    for claim in ledger:
        assert claim.differ, f"{claim.id} does not say why others may see something else"
        for paper in claim.literature:
            assert re.fullmatch(r"\d{4}\.\d{5}", paper.arxiv), f"{claim.id}: {paper.arxiv}"
            assert told.setdefault(paper.says, (paper.where, paper.arxiv)) == (paper.where, paper.arxiv), claim.id
            if "no figure" in paper.where:
                assert not re.search(r"\d*\.\d", paper.says), f"{claim.id} gives a figure and says that it gives none"


def test_an_entry_is_read_field_by_field(tmp_path: Path) -> None:
    (claim,) = load_ledger(write(tmp_path, ENTRY))
    assert (claim.id, claim.claim, claim.testable) == ("a-claim", "Something is so.", "partly")
    assert (claim.made_by, claim.disputed_by) == (("000", "002"), ("003",))
    assert (claim.experiment, claim.why_not, claim.differ) == ("data-quality", "", "Ours is small.")
    more, least = claim.rule
    assert more == Condition("more", "clean", "right", 0.1, "Clean is better.", than="noisy", control="contradictory")
    assert least == Condition("at-least", "clean", "right", 0.5, "Half are right.")
    assert [(paper.says, paper.where, paper.arxiv) for paper in claim.literature] == [
        ("Others saw it.", "table 1", "2305.11206")
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ("a-claim", "A Claim", 1, "small letters"),
        ('made_by: ["000", "002"]', "made_by: []", 3, "at least 1"),
        ('"002"]', '"009"]', 3, "“009”, which is not in sources.yaml"),
        ('disputed_by: ["003"]', 'disputed_by: ["7"]', 4, "“7”, which is not in sources.yaml"),
        ("  disagreement: 000 and 002 say so, 003 does not.\n", "", 1, "disagreement is missing"),
        ('"partly"', "yes", 6, "testable must be a text"),
        ('"partly"', '"maybe"', 6, "known are yes, partly, no"),
        ("data-quality", "data-qualty", 7, "is “data-qualty”"),
        ("  experiment: data-quality\n", "", 1, "why_not is missing"),
        ("kind: more", "kind: better", 9, "known are more, less, differs, no-more, at-least, at-most"),
        (", than: noisy", "", 9, "than is missing"),
        ("figure: right, margin: 0.5", "figure: right, than: noisy, margin: 0.5", 10, "than is not a field"),
        ("margin: 0.5", "margin: half", 10, "margin must be a number"),
        ("margin: 0.1,", "margin: 0.1, scale: double,", 9, "known are difference, ratio"),
        ("because: Half are right.", "becuase: Half are right.", 10, "because is missing"),
        ('arxiv: "2305.11206"', "arxiv: 2305.11206", 12, "quotation marks"),
        ("differ: Ours", "verdict: reproduced\n  differ: Ours", 13, "verdict is not a field"),
    ],
)
def test_a_fault_is_told_with_its_file_line_and_claim(
    old: str, new: str, line: int, complaint: str, tmp_path: Path
) -> None:
    assert ENTRY.count(old) == 1
    with pytest.raises(BrokenContent, match=re.escape(complaint)) as caught:
        load_ledger(write(tmp_path, ENTRY.replace(old, new)))
    assert (caught.value.file, caught.value.line) == ("claims.yaml", line)
    assert str(caught.value).startswith(f"claims.yaml, line {line}: ")


def test_the_same_claim_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenContent, match="taken already") as caught:
        load_ledger(write(tmp_path, ENTRY + ENTRY))
    assert caught.value.line == ENTRY.count("\n") + 1


def measured(clean: int, noisy: int, contradictory: int, n: int = 40) -> Measured:
    counts = {"clean": clean, "noisy": noisy, "contradictory": contradictory}
    return Measured(
        "data-quality",
        object(),
        tuple(Arm(name, name, "learned") for name in counts),
        (Figure("right", "right"),),
        tuple(Series(name, "right", (1.0,) * ones + (0.0,) * (n - ones)) for name, ones in counts.items()),
        made="2026-11-20",
        machine="a machine",
    )


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ((36, 10, 8), Verdict.REPRODUCED),
        ((17, 16, 8), Verdict.PARTLY),  # a little better than noisy, and half is within reach
        ((2, 20, 8), Verdict.NOT_HERE),
    ],
)
def test_another_result_gives_another_verdict(shares: tuple[int, int, int], verdict: Verdict, tmp_path: Path) -> None:
    (claim,) = load_ledger(write(tmp_path, ENTRY))
    entry = judge(claim, measured(*shares))
    assert entry.verdict is verdict
    told = json.loads(json.dumps(entry.to_json()))
    assert (told["id"], told["verdict"], told["experiment"], told["n"]) == (
        "a-claim",
        verdict.value,
        "data-quality",
        40,
    )
    assert (told["saved"], told["machine"], told["seed"]) == ("2026-11-20", "a machine", 0)
    assert told["effect"] == pytest.approx((shares[0] - shares[1]) / 40)
    assert told["interval"][0] < told["effect"] < told["interval"][1]
    assert [row["control_refused"] for row in told["conditions"]] == [True, None]


def test_without_a_result_or_an_experiment_nothing_is_said(tmp_path: Path) -> None:
    (claim,) = load_ledger(write(tmp_path, ENTRY))
    without_result = judge(claim, None)
    without_experiment = judge(replace(claim, experiment=None, rule=()), measured(36, 10, 8))
    for entry in (without_result, without_experiment):
        assert (entry.verdict, entry.checked, entry.saved) == (Verdict.NOT_TESTABLE, (), None)
        told = entry.to_json()
        assert (told["n"], told["effect"], told["interval"], told["conditions"]) == (None, None, None, [])


def test_the_verdicts_of_the_saved_results_follow_from_their_values(tmp_path: Path) -> None:
    claims = load_ledger(write(tmp_path, ENTRY))
    (entry,) = judge_each(claims)
    saved = load_result("data-quality")
    assert saved is not None
    assert entry == judge(claims[0], saved)
    effect = saved.of("clean", "right").mean - saved.of("noisy", "right").mean
    assert entry.checked[0].effect == pytest.approx(effect)


def test_a_claim_is_found_by_its_id_or_refused_by_name(tmp_path: Path) -> None:
    claims = load_ledger(write(tmp_path, ENTRY))
    assert find_claim("a-claim", claims) is claims[0]
    with pytest.raises(BadInput, match="no claim called “another”"):
        find_claim("another", claims)


def test_a_rule_about_what_was_not_measured_is_an_error_not_a_verdict(tmp_path: Path) -> None:
    (claim,) = load_ledger(write(tmp_path, ENTRY.replace("than: noisy", "than: silent")))
    with pytest.raises(LabError, match="no “right” for silent"):
        judge(claim, measured(36, 10, 8))


def test_at_least_five_experiments_have_a_control_that_was_refused_in_the_saved_run() -> None:
    refused = {entry.claim.experiment for entry in judge_all() for item in entry.checked if item.control_passed is True}
    assert len(refused) >= 5, refused


def test_no_claim_is_reproduced_where_its_control_passes_too() -> None:
    passed = [entry for entry in judge_all() if any(item.control_passed is False for item in entry.checked)]
    assert [entry.claim.id for entry in passed if entry.verdict is Verdict.REPRODUCED] == []
