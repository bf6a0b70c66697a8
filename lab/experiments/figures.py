"""Figures that experiments share: a share with its interval, many questions asked at once, general knowledge."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from lab.models.template import Turn
from lab.settings import SAMPLE_DATA
from lab.statistics import wilson

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")
U = TypeVar("U")
GENERAL_FILE = SAMPLE_DATA / "general-questions.jsonl"
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
    """One of the sixty questions that have nothing to do with any document here."""

    id: str
    question: str
    answers: tuple[str, ...]
    kind: str


@cache
def load_general() -> tuple[GeneralQuestion, ...]:
    """The sixty questions of general knowledge, in the order of the file."""
    lines = GENERAL_FILE.read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines if line.strip()]
    return tuple(GeneralQuestion(item["id"], item["question"], tuple(item["answers"]), item["kind"]) for item in items)


def reply_to_all(
    model: BaseChatModel, conversations: Sequence[Sequence[Turn]], max_tokens: int = GENERAL_TOKENS
) -> list[str]:
    """One reply each, by greedy decoding, all sharing decode steps."""
    from lab.tuning.adherence import to_messages

    short = model.model_copy(update={"max_tokens": max_tokens})
    return [str(answer.text).strip() for answer in short.batch([to_messages(turns) for turns in conversations])]


def ask_general(model: BaseChatModel, questions: Sequence[GeneralQuestion]) -> list[tuple[str, bool]]:
    """Each question as the only turn, as one would ask an assistant → its answer and whether that is right."""
    from lab.rag.measure import is_right

    answers = reply_to_all(model, [[("user", item.question)] for item in questions])
    return [(text, is_right(text, item.answers)) for text, item in zip(answers, questions, strict=True)]


def side_by_side(work: Callable[[T], U], items: Sequence[T]) -> list[U]:
    """`work` on every item, many at once, results in the order of the items."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(work, items))


def shares_from(data: dict[str, Any]) -> dict[str, Share]:
    """A saved mapping of shares back to Share objects."""
    return {name: Share(value["count"], value["n"]) for name, value in data.items()}
