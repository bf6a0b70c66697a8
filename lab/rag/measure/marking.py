"""Whether an answer is right, and whether a passage holds what a question asks for: by whole tokens, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lab.rag.measure.questions import Question
from lab.rag.words import occurs, tokens


def normalise(text: str) -> str:
    """The canonical form that answers are compared in: `words.tokens` with one space between."""
    return " ".join(tokens(text))


def is_right(answer: str, gold: Question | Iterable[str]) -> bool:
    """Whether gold strings occur in the answer as whole tokens, both normalised: “5 days” is not in “15 days”.

    Given strings, one of them has to. Given a question, one of every part has to, and none of its stale strings may; a
    stale string that is part of a gold string (“5 days” in “5 days after the sale”) does not count against the answer.
    Citation marks such as [1] are no part of the answer. False when there is no gold string.
    """
    given = tokens(re.sub(r"\[\d{1,2}\]", " ", answer))
    if not isinstance(gold, Question):
        return any(occurs(tokens(text), given) for text in gold)
    parts = [[tokens(text) for text in part.answers] for part in gold.parts]
    if not parts or not all(any(occurs(text, given) for text in part) for part in parts):
        return False
    stale = [tokens(text) for text in gold.stale]
    return not any(occurs(old, given) for old in stale if not any(occurs(old, text) for part in parts for text in part))


def same_document(name: str, gold: str | None) -> bool:
    """Whether a document's name is the gold one; a folder before it makes no difference (documents/delivery.md)."""
    return bool(gold) and (name == gold or name.endswith(f"/{gold}"))
