"""Whether the passages found can answer a question at all, by one of several checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.rag.support import Answerability, AnswerabilityRule, answerable

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

CANDIDATES = 10  # hits that are looked up for a decision
DEFAULT_CHECK = "grader"
# The grader's logit for the passages of the prompt, on the 155 development questions (`python -m bench.thresholds`): below
# REFUSE lie 9 of 124 answerable and 9 of 31 unanswerable ones, below SURE 26 and 21 (the largest F1, .54). An answer in vain
# costs less than a right one withheld, so refusing begins where the two are about as many.
REFUSE, SURE = -3.0, 1.0


@dataclass(frozen=True)
class Check:
    """One way of deciding, with the words a person chooses it by; `decide(question, hits, index, k, rule)`."""

    name: str
    title: str
    description: str
    decide: Callable[[str, Sequence[Hit], Index, int, AnswerabilityRule], Answerability]


def _by_rule(question: str, hits: Sequence[Hit], index: Index, k: int, rule: AnswerabilityRule) -> Answerability:
    return answerable(
        question,
        hits[:_RULE_CANDIDATES],
        rule,
        k=k,
        word_counts=index.word_counts,
        chunk_count=len(index),
    )


def _by_grader(question: str, hits: Sequence[Hit], index: Index, k: int, rule: AnswerabilityRule) -> Answerability:
    from lab.rag.grader.verdict import Thresholds, grade_hits, judge

    verdict = judge(grade_hits(question, hits[:k]), Thresholds(refuse=REFUSE, sure=SURE))
    cosine = max(hit.score for hit in hits[:k])
    return Answerability(verdict.decision, verdict.sure, verdict.score, verdict.reason, cosine, 0.0, 0.0, ())


_RULE_CANDIDATES = 5  # what the rule's weights were fitted on

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check(
            "grader",
            "A trained grader",
            "MiniLM, trained here to read question and passage together and to say whether the one answers the other. "
            "It reads what goes into the prompt.",
            _by_grader,
        ),
        Check(
            "rule",
            "A stated rule",
            "Adds up the best cosine, its lead, whether the kind of thing asked for is there, and telling words that are "
            "missing. No second model.",
            _by_rule,
        ),
    )
}


def decide(
    question: str,
    hits: Sequence[Hit],
    index: Index,
    k: int,
    check: str = DEFAULT_CHECK,
    rule: AnswerabilityRule | None = None,
) -> Answerability:
    """Whether to answer from the first `k` of these hits of `index`. Raises BadInput for an unknown check."""
    if check not in CHECKS:
        raise BadInput(f"There is no check “{check}”. Choose one of: {', '.join(CHECKS)}.")
    if not hits:
        return answerable(question, hits)
    return CHECKS[check].decide(question, hits, index, k, rule or AnswerabilityRule())
