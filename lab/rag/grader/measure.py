"""How good the grader is on the development questions: ordering, and knowing when nothing answers, each figure apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.rag.collections import index_collection, load_collection
from lab.rag.grader.grader import Grader
from lab.rag.grader.verdict import DEPTH, grade_hits
from lab.rag.measure import load_questions, ndcg, question_only_gate, same_document
from lab.rag.support import AnswerabilityRule, answerable
from lab.rag.words import occurs, tokens

MOST_REFUSED = 0.05  # of the answerable questions, at the lower threshold


@dataclass(frozen=True)
class Case:
    """One question and its first hits. `nature`: answerable | unanswerable | removed (its gold passages taken out).

    relevant: per hit, whether it holds a gold string of the gold document; rule: the score of `support.answerable`.
    """

    id: str
    kind: str
    nature: str
    cosines: tuple[float, ...]
    logits: tuple[float, ...]
    relevant: tuple[bool, ...]
    gold_count: int
    rule: float

    def score(self, by: str) -> float:
        """What is compared with a threshold: `cosine` of the first hit, `rule`, the `grader`'s best logit, or `both`."""
        best = max(self.logits)
        return {"cosine": self.cosines[0], "rule": self.rule, "grader": best, "both": best + self.rule}[by]


def collect(name: str, grader: Grader) -> list[Case]:
    """Every development question of a shipped collection, and each answerable one again without its gold passages."""
    index = index_collection(name)
    cases: list[Case] = []
    held = {chunk.id: tokens(chunk.text) for chunk in index.chunks}
    for question in load_questions(load_collection(name).questions("dev")):
        parts = [(part.document, [tokens(gold) for gold in part.answers]) for part in question.parts]
        gold = {
            chunk.id
            for chunk in index.chunks
            for document, golds in parts
            if same_document(chunk.document, document) and any(occurs(one, held[chunk.id]) for one in golds)
        }
        telling = {place for place, text in held.items() for _, golds in parts if any(occurs(g, text) for g in golds)}
        found = index.search(question.question, len(index))
        natures = (
            [("answerable", set[str]()), ("removed", telling)] if question.is_answerable else [("unanswerable", set())]
        )
        for nature, without in natures:
            hits = [hit for hit in found if hit.chunk.id not in without][:DEPTH]
            rule = answerable(question.question, hits, k=1, word_counts=index.word_counts, chunk_count=len(index))
            cases.append(
                Case(
                    question.id,
                    question.kind,
                    nature,
                    tuple(hit.score for hit in hits),
                    tuple(grade_hits(question.question, hits, grader)),
                    tuple(hit.chunk.id in gold for hit in hits),
                    len(gold),
                    rule.score,
                )
            )
    return cases


def auroc(high: Sequence[float], low: Sequence[float]) -> float | None:
    """The chance that one of `high` is above one of `low` (ties count half); None where either is empty."""
    if not high or not low:
        return None
    above = np.subtract.outer(np.asarray(high), np.asarray(low))
    return round(float(((above > 0) + 0.5 * (above == 0)).mean()), 3)


def separation(cases: Sequence[Case], by: str) -> dict[str, float | None]:
    """AUROC of answerable against unanswerable questions, and against the same questions without their gold passages."""
    scores = _scores(cases, by)
    return {
        "unanswerable": auroc(scores["answerable"], scores["unanswerable"]),
        "gold_removed": auroc(scores["answerable"], scores["removed"]),
    }


def ordering(cases: Sequence[Case], by: str) -> dict[str, float]:
    """recall@1, recall@3 (any gold passage in the first k) and nDCG@10 over the answerable questions."""
    rankings = []
    for case in cases:
        if case.nature == "answerable":
            keys = case.cosines if by == "cosine" else case.logits
            order = sorted(range(len(keys)), key=lambda place: -keys[place])
            # Gold passages that were not found at all count as missed.
            missed = {f"missed {n}" for n in range(case.gold_count - sum(case.relevant))}
            relevant = {str(place) for place, gold in enumerate(case.relevant) if gold} | missed
            rankings.append(([str(place) for place in order], relevant))
    return {
        "recall_at_1": round(float(np.mean([bool(set(ranking[:1]) & gold) for ranking, gold in rankings])), 3),
        "recall_at_3": round(float(np.mean([bool(set(ranking[:3]) & gold) for ranking, gold in rankings])), 3),
        "ndcg_at_10": round(float(np.mean([ndcg(ranking, gold, 10) for ranking, gold in rankings])), 3),
    }


def _scores(cases: Sequence[Case], by: str) -> dict[str, list[float]]:
    return {
        nature: [case.score(by) for case in cases if case.nature == nature]
        for nature in ("answerable", "unanswerable", "removed")
    }


def fit_thresholds(cases: Sequence[Case], by: str) -> tuple[float, float]:
    """(refuse, sure): at most one answerable question in twenty lies below the first.

    At the second, the share of answerable questions above it and the share of the others below it add up to the most.
    """
    scores = _scores(cases, by)
    others = scores["unanswerable"] + scores["removed"]
    refuse = float(np.quantile(scores["answerable"], MOST_REFUSED))

    def told_apart(limit: float) -> float:
        answered = float(np.mean([score >= limit for score in scores["answerable"]]))
        return answered + float(np.mean([score < limit for score in others]))

    sure = max(sorted(scores["answerable"] + others), key=told_apart)
    return refuse, max(refuse, sure)


def refusals(cases: Sequence[Case], by: str, limit: float) -> dict[str, tuple[int, int]]:
    """For each nature, (questions below the limit, questions)."""
    return {nature: (sum(s < limit for s in scores), len(scores)) for nature, scores in _scores(cases, by).items()}


def leave_one_out(collections: Mapping[str, Sequence[Case]], by: str) -> dict[str, Any]:
    """Refusals in each collection at thresholds set on the others, added up; F1 is of refusing the unanswerable."""
    figures: dict[str, Any] = {}
    for place, label in enumerate(("refuse", "sure")):
        total = {nature: np.zeros(2, dtype=int) for nature in ("answerable", "unanswerable", "removed")}
        for name, cases in collections.items():
            others = [case for other, some in collections.items() if other != name for case in some] or list(cases)
            limit = fit_thresholds(others, by)[place]
            for nature, pair in refusals(cases, by, limit).items():
                total[nature] += pair
        false, right = int(total["answerable"][0]), int(total["unanswerable"][0])
        removed = int(total["removed"][0])
        n_unanswerable, n_removed = int(total["unanswerable"][1]), int(total["removed"][1])
        figures[label] = {
            "false_refusals": [false, int(total["answerable"][1])],
            "unanswerable_refused": [right, n_unanswerable],
            "gold_removed_refused": [removed, n_removed],
            "f1": round(2 * right / max(1, right + n_unanswerable + false), 3),
            "f1_with_gold_removed": round(
                2 * (right + removed) / max(1, right + removed + n_unanswerable + n_removed + false), 3
            ),
        }
    return figures


def measure(names: Sequence[str], grader: Grader) -> dict[str, Any]:
    """All figures over the development questions of some shipped collections, as JSON holds them."""
    collections = {name: collect(name, grader) for name in names}
    everything = [case for cases in collections.values() for case in cases]
    rule = AnswerabilityRule()
    return {
        "grader": grader.fingerprint,
        "thresholds": {
            by: dict(
                zip(("refuse", "sure"), (round(limit, 2) for limit in fit_thresholds(everything, by)), strict=True)
            )
            for by in ("grader", "both")
        },
        "collections": {
            name: {
                "questions": sum(case.nature != "removed" for case in cases),
                "unanswerable": sum(case.nature == "unanswerable" for case in cases),
                "auroc": {by: separation(cases, by) for by in ("cosine", "rule", "grader", "both")},
                "ordering": {by: ordering(cases, by) for by in ("cosine", "grader")},
                "question_only_auroc": round(
                    question_only_gate(load_questions(load_collection(name).questions("dev"))).auroc, 3
                ),
            }
            for name, cases in collections.items()
        },
        "all": {
            "auroc": {by: separation(everything, by) for by in ("cosine", "rule", "grader", "both")},
            "ordering": {by: ordering(everything, by) for by in ("cosine", "grader")},
        },
        "leave_one_collection_out": {by: leave_one_out(collections, by) for by in ("cosine", "rule", "grader", "both")},
        "present_rule": {
            label: {nature: list(pair) for nature, pair in refusals(everything, "rule", limit).items()}
            for label, limit in (("refuse", rule.threshold), ("sure", rule.sure))
        },
    }
