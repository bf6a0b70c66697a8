"""From the grades of the best passages to a decision: answer, answer with a warning, or refuse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.rag.grader.grader import Grader, get_grader

if TYPE_CHECKING:
    from lab.rag.index import Hit

DEPTH = 10  # hits that are graded


@dataclass(frozen=True)
class Thresholds:
    """Of the best logit: below `refuse` nothing is answered, from `sure` on it is answered without a warning."""

    refuse: float
    sure: float


@dataclass(frozen=True)
class Verdict:
    """`decision`: go on and answer; `sure`: without a warning. `score` is the best passage's logit
    (-inf without hits).

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


def judge(logits: Sequence[float], thresholds: Thresholds) -> Verdict:
    """The verdict on hits whose grades, in the order of their ranks, are `logits`."""
    if not logits:
        return Verdict(False, False, -math.inf, None)
    best = max(range(len(logits)), key=lambda place: logits[place])
    score = float(logits[best])
    decision = score >= thresholds.refuse
    return Verdict(decision, decision and score >= thresholds.sure, score, best + 1)


def grade_hits(question: str, hits: Sequence[Hit], grader: Grader | None = None, depth: int = DEPTH) -> list[float]:
    """One logit for each of the first `depth` hits, in their order."""
    read = hits[:depth]
    grader = grader or get_grader()
    return grader.grade(question, [hit.context for hit in read], [hit.score for hit in read])
