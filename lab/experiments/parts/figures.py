"""Figures that experiments share: a share with its interval, many questions asked at once, general knowledge."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lab.models.template import Turn
from lab.settings import SAMPLE_DATA
from lab.statistics import wilson

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")
U = TypeVar("U")
GENERAL_FILE = SAMPLE_DATA / "general-questions.jsonl"
REASONING_FILE = SAMPLE_DATA / "reasoning-questions.jsonl"
GENERAL_TOKENS = 48
_THREADS = 32  # they only wait: the engine lets that many requests share its steps


@dataclass(frozen=True)
class Share:
    """`count` of `n`."""

    count: int
    n: int

    @classmethod
    def of(cls, verdicts: Sequence[bool]) -> Share:
        return cls(sum(verdicts), len(verdicts))

    @property
    def rate(self) -> float | None:
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 %."""
        return wilson(self.count, self.n)

    def __str__(self) -> str:
        if not self.n:
            return "–"
        low, high = self.interval
        return f"{self.count / self.n:.2f} [{low:.2f}, {high:.2f}], {self.count} of {self.n}"


@dataclass(frozen=True)
class GeneralQuestion:
    """A question that has nothing to do with any document here.

    others: what the question names beside the answer; a reply that says one of them first has chosen that one.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    kind: str
    others: tuple[str, ...] = ()

    def is_right(self, reply: str) -> bool:
        """Whether the reply holds an answer, and none of the others before it."""
        from lab.rag.measure import is_right

        named = [re.search(rf"\b{re.escape(other)}\b", reply, re.IGNORECASE) for other in self.others]
        end = min((match.start() for match in named if match), default=len(reply))
        return is_right(reply[:end], self.answers)


@cache
def load_general() -> tuple[GeneralQuestion, ...]:
    """The sixty questions of general knowledge, in the order of the file."""
    return _load_plain(GENERAL_FILE)


@cache
def load_reasoning() -> tuple[GeneralQuestion, ...]:
    """The forty small puzzles of reasoning, in the order of the file."""
    return _load_plain(REASONING_FILE)


def _load_plain(file: Path) -> tuple[GeneralQuestion, ...]:
    items = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return tuple(
        GeneralQuestion(
            item["id"], item["question"], tuple(item["answers"]), item["kind"], tuple(item.get("others", ()))
        )
        for item in items
    )


def reply_to_all(
    model: BaseChatModel, conversations: Sequence[Sequence[Turn]], max_tokens: int = GENERAL_TOKENS
) -> list[str]:
    """One reply each, by greedy decoding, all sharing decode steps."""
    from lab.tuning.adherence import to_messages

    short = model.model_copy(update={"max_tokens": max_tokens})
    return [str(answer.text).strip() for answer in short.batch([to_messages(turns) for turns in conversations])]


def ask_general(model: BaseChatModel, questions: Sequence[GeneralQuestion]) -> list[tuple[str, bool]]:
    """Each question as the only turn, as one would ask an assistant → its answer and whether that is right."""
    answers = reply_to_all(model, [[("user", item.question)] for item in questions])
    return [(text, item.is_right(text)) for text, item in zip(answers, questions, strict=True)]


def side_by_side(work: Callable[[T], U], items: Sequence[T]) -> list[U]:
    """`work` on every item, many at once, results in the order of the items."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(work, items))


def shares_from(data: dict[str, Any]) -> dict[str, Share]:
    """A saved mapping of shares back to Share objects."""
    return {name: Share(value["count"], value["n"]) for name, value in data.items()}
