"""Figures of rankings equal trec_eval's, by way of ir-measures; intervals cover what they should."""

from __future__ import annotations

import random
from collections.abc import Sequence

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, P, Qrel, R, ScoredDoc, nDCG

from lab.errors import BadInput
from lab.rag.measure import (
    bootstrap,
    bootstrap_ratio,
    mean_reciprocal,
    ndcg,
    paired_bootstrap,
    paired_ratios,
    precision,
    recall,
    sign_test,
)

NAMES = [f"d{number:02}" for number in range(30)]
ASKED = [R @ 1, R @ 5, P @ 3, P @ 10, RR, nDCG @ 10]


def theirs(
    rankings: Sequence[Sequence[tuple[str, float]]], golds: Sequence[Sequence[str]]
) -> dict[tuple[str, str], float]:
    """ir-measures' figure of every question, by (question, measure)."""
    qrels = [Qrel(str(q), name, int(name in gold)) for q, gold in enumerate(golds) for name in NAMES]
    run = [ScoredDoc(str(q), name, score) for q, ranking in enumerate(rankings) for name, score in ranking]
    found = {(item.query_id, str(item.measure)): item.value for item in ir_measures.iter_calc(ASKED, qrels, run)}
    assert len(found) == len(ASKED) * len(golds)
    return found


def ours(ranking: Sequence[str], gold: Sequence[str]) -> dict[str, float]:
    return {
        "R@1": recall(ranking, gold, 1),
        "R@5": recall(ranking, gold, 5),
        "P@3": precision(ranking, gold, 3),
        "P@10": precision(ranking, gold, 10),
        "RR": mean_reciprocal(ranking, gold),
        "nDCG@10": ndcg(ranking, gold, 10),
    }


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_of_a_ranking_equals_ir_measures_question_by_question(seed: int) -> None:
    rng = random.Random(seed)
    # Short and long rankings; no, one, several and a great many relevant items.
    rankings = [rng.sample(NAMES, rng.choice([1, 4, 10, 30])) for _ in range(80)]
    golds = [rng.sample(NAMES, rng.choice([0, 1, 1, 2, 3, 15])) for _ in range(80)]
    scored = [[(name, 100.0 - rank) for rank, name in enumerate(ranking)] for ranking in rankings]
    found = theirs(scored, golds)
    for q, (ranking, gold) in enumerate(zip(rankings, golds, strict=True)):
        for measure, value in ours(ranking, gold).items():
            assert value == pytest.approx(found[str(q), measure], abs=1e-9), (q, measure)


def test_equal_scores_in_trec_evals_order_give_trec_evals_figures() -> None:
    rng = random.Random(11)
    scored = [[(name, float(rng.randrange(4))) for name in rng.sample(NAMES, 15)] for _ in range(60)]
    golds = [rng.sample(NAMES, 3) for _ in range(60)]
    found = theirs(scored, golds)
    for q, (ranking, gold) in enumerate(zip(scored, golds, strict=True)):
        ordered = [name for name, score in sorted(ranking, key=lambda pair: (pair[1], pair[0]), reverse=True)]
        for measure, value in ours(ordered, gold).items():
            assert value == pytest.approx(found[str(q), measure], abs=1e-9), (q, measure)


def test_ndcg_equals_a_sum_worked_by_hand() -> None:
    # Relevant at ranks 1 and 3 of two: (1 + 1/2) / (1 + 1/log2(3)).
    assert ndcg(["a", "x", "b"], ["a", "b"]) == pytest.approx(1.5 / (1 + 0.6309297535714575))
    assert ndcg(["x"], ["a"]) == ndcg(["x"], []) == 0.0


@given(st.permutations(NAMES[:8]), st.sets(st.sampled_from(NAMES[:8]), min_size=1))
def test_a_figure_is_a_share_and_best_when_the_relevant_come_first(ranking: list[str], gold: set[str]) -> None:
    for value in ours(ranking, list(gold)).values():
        assert 0 <= value <= 1
    best = sorted(ranking, key=lambda name: name not in gold)
    assert ndcg(best, gold) == pytest.approx(1)
    assert ndcg(ranking, gold) <= ndcg(best, gold) + 1e-12


def test_the_bootstrap_of_a_ratio_repeats_itself_and_holds_the_ratio() -> None:
    pairs = [(1.0, 2.0), (0.0, 1.0), (3.0, 3.0), (0.0, 0.0), (2.0, 2.0)]
    interval = bootstrap_ratio(pairs, seed=4)
    assert interval == bootstrap_ratio(pairs, seed=4)
    assert interval is not None
    assert interval[0] <= 6 / 8 <= interval[1]
    assert bootstrap_ratio([(0.0, 0.0)]) is None


def test_the_interval_of_a_mean_is_the_same_by_either_bootstrap() -> None:
    rng = random.Random(5)
    values = [rng.random() for _ in range(60)]
    first = bootstrap(values, resamples=5000)
    second = bootstrap_ratio([(value, 1.0) for value in values], resamples=5000)
    assert first == pytest.approx(second, abs=0.01)


def test_of_a_hundred_pairs_of_equal_systems_about_five_are_told_apart() -> None:
    rng = random.Random(1)
    told = 0
    for trial in range(100):
        first, second = ([float(rng.random() < 0.6) for _ in range(60)] for _ in range(2))
        found = paired_bootstrap(first, second, resamples=1000, seed=trial)
        told += found.low > 0 or found.high < 0
    assert told <= 12


def test_a_paired_ratio_needs_both_sides() -> None:
    with pytest.raises(BadInput, match="same questions on both sides"):
        paired_ratios([(0.0, 0.0)], [(1.0, 1.0)])


@pytest.mark.parametrize(
    ("one", "other", "p"), [(0, 0, 1.0), (5, 5, 1.0), (6, 0, 0.03125), (0, 5, 0.0625), (1, 9, 0.021484375)]
)
def test_the_sign_test_is_exact(one: int, other: int, p: float) -> None:
    assert sign_test(one, other) == pytest.approx(p)
