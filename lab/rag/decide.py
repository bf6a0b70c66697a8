"""Whether the passages found can answer a question at all, by one of several checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.rag.support import Answerability, AnswerabilityRule, answerable

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index

CANDIDATES = 10  # hits that a check looks at, and the closest passages shown with a refusal
DEFAULT_CHECK = "grader"


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
    from lab.rag.grader.verdict import grade_hits, judge

    told = [hit.scores.get("cross-encoder") for hit in hits[:CANDIDATES]]
    logits = [grade for grade in told if grade is not None]
    if len(logits) < len(told):  # another re-ranker, or none, put them in order
        logits = grade_hits(question, hits)
    verdict = judge(logits)
    cosine = max((hit.score for hit in hits), default=0.0)
    return Answerability(verdict.decision, verdict.sure, verdict.score, verdict.reason, cosine, 0.0, 0.0, ())


_RULE_CANDIDATES = 5  # what the rule's weights were fitted on

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check(
            "grader",
            "A trained grader",
            "MiniLM, trained here to read question and passage together and to say whether the one answers the other. "
            "It looks at the ten closest passages.",
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
