"""From the grades of the best passages to a decision: answer, answer with a warning, or refuse; and the new order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab.rag.grader.grader import Grader, get_grader

if TYPE_CHECKING:
    from lab.rag.index import Hit

DEPTH = 10  # hits that are graded


@dataclass(frozen=True)
class Thresholds:
    """Of the best logit: below `refuse` nothing is answered, from `sure` on it is answered without a warning.

    Set on the development questions of the shipped collections; `sample_data/grader/card.md` says how.
    """

    refuse: float = -4.8
    sure: float = 2.7


WITH_RULE = Thresholds(refuse=-1.1, sure=10.8)


@dataclass(frozen=True)
class Verdict:
    """`decision`: go on and answer; `sure`: without a warning. `score` is what was compared with
    the thresholds: the best passage's logit, with the rule's score where one was given (-inf without hits).

    best_rank: the rank, among the hits as they came, of the passage graded best; None without hits.
    """

    decision: bool
    sure: bool
    score: float
    best_rank: int | None

    @property
    def reason(self) -> str:
        """In a sentence, why; for a person who looks at the answer or the refusal."""
        if self.best_rank is None:
            return "There are no passages to answer from."
        if self.sure:
            return "A passage answers the question."
        if self.decision:
            return "A passage comes close, but it may not hold the answer."
        return "The passages are about something near, and none of them answers the question."


def judge(logits: Sequence[float], thresholds: Thresholds | None = None, *, rule: float | None = None) -> Verdict:
    """The verdict on hits whose grades, in the order of their ranks, are `logits`.

    rule: the score of `support.answerable` on the same hits; it is added to the best logit, which tells the two sorts
    apart a little better than either alone, and `WITH_RULE` are then the thresholds.
    """
    limits = thresholds or (Thresholds() if rule is None else WITH_RULE)
    if not logits:
        return Verdict(False, False, -math.inf, None)
    best = max(range(len(logits)), key=lambda place: logits[place])
    score = float(logits[best]) + (rule or 0.0)
    decision = score >= limits.refuse
    return Verdict(decision, decision and score >= limits.sure, score, best + 1)


def grade_hits(question: str, hits: Sequence[Hit], grader: Grader | None = None, depth: int = DEPTH) -> list[float]:
    """One logit for each of the first `depth` hits, in their order."""
    read = hits[:depth]
    grader = grader or get_grader()
    return grader.grade(question, [hit.context for hit in read], [hit.score for hit in read])


def rerank(question: str, hits: Sequence[Hit], grader: Grader | None = None, depth: int = DEPTH) -> tuple[Hit, ...]:
    """The same hits, the first `depth` of them in the order of their grades, ranked anew; `score` stays the cosine."""
    logits = grade_hits(question, hits, grader, depth)
    order = sorted(range(len(logits)), key=lambda place: -logits[place])  # stable: equal grades keep their order
    ordered = [hits[place] for place in order] + list(hits[len(logits) :])
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1))
