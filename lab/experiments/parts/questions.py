"""What experiments that ask the collections' questions share: drawing them, the passages that hold the answer, asking."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from lab.errors import BadInput
from lab.experiments.experiment import Report
from lab.experiments.parts.figures import side_by_side
from lab.rag.collections import list_collections, load_collection

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index
    from lab.rag.measure import Question

T = TypeVar("T")
U = TypeVar("U")
ALL = "all"  # instead of one collection's name: every shipped one
ANSWER_TOKENS = 64  # as AskOptions.max_tokens, so that an answer from given passages may be as long as the app's
_TOGETHER = 16  # questions in flight between two reports
_REFUSES = re.compile(
    r"\b(?:I|we)(?:['’]m| am| are)?\s+(?:\w+\s+)?(?:not (?:sure|certain|aware|able)|unable)\b"
    r"|\b(?:I|we)\s+(?:\w+\s+)?(?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t)\s+(?:\w+\s+)?"
    r"(?:know|find|have (?:\w+\s+){0,3}(?:access|information|answer|knowledge|data)|say|tell|answer|provide|see)\b"
    r"|\b(?:text|passage|page|pages|context|documents?|information)\s+(?:\w+\s+)?"
    r"(?:does not|doesn['’]t|do not|don['’]t|did not)\s+(?:\w+\s+)?"
    r"(?:say|mention|hold|tell|provide|specify|contain|give|state|include|answer|explain)\b"
    r"|\b(?:no|not enough) (?:information|answer|mention)\b"
    r"|\b(?:is|are|was) not (?:\w+\s+)?(?:known|mentioned|stated|specified|provided|given|said|in the text)\b",
    re.I,
)


@dataclass(frozen=True)
class Asked:
    """One question and the collection it belongs to. `gold`: the first gold string, "" where there is no answer."""

    collection: str
    question: Question
    gold: str


def collections_of(name: str) -> tuple[str, ...]:
    """“all” → every shipped collection, else the one of that name. Raises BadInput when there is none."""
    return list_collections() if name == ALL else (load_collection(name).name,)


def draw(collection: str, n: int, seed: int, split: str, *, answerable: bool = True) -> tuple[Asked, ...]:
    """`n` questions in the order of their files, chosen by the seed; all, when there are no more than n.

    collection: a name, or “all”. split: dev or test. answerable: those that ask for one thing and have an answer, else
    those that have none. Raises BadInput naming the value that cannot work.
    """
    from lab.rag.measure import load_questions

    if split not in ("dev", "test"):
        raise BadInput(f"Questions come from dev or test, not from “{split}”.")
    if n < 1:
        raise BadInput(f"{n} questions cannot be asked; choose at least 1.")
    found = [
        Asked(name, question, question.answers[0] if question.answers else "")
        for name in collections_of(collection)
        for question in load_questions(load_collection(name).questions(split))
        if len(question.parts) == (1 if answerable else 0)
    ]
    if n < len(found):
        chosen = set(random.Random(seed).sample(range(len(found)), n))
        found = [asked for place, asked in enumerate(found) if place in chosen]
    return tuple(found)


def gold_hits(index: Index, question: Question) -> tuple[Hit, ...]:
    """The passages of the index that hold the answer, the nearest to the question first; none where there are none.

    A passage holds it as `Relevance` says: it is of the gold document and a gold string stands in it.
    """
    from lab.rag.measure import Relevance
    from lab.rag.measure.evaluation import passage_key

    keys: frozenset[str] = frozenset().union(*Relevance(index).of(question))
    places = [place for place, chunk in enumerate(index.chunks) if passage_key(chunk) in keys]
    asked = index.embed_question(question.question)
    nearest = sorted((-float(index.vectors[place] @ asked), place) for place in places)
    return tuple(index.hit(place, rank, -cosine, {}) for rank, (cosine, place) in enumerate(nearest, start=1))


def swapped(places: int, seed: int) -> tuple[int, ...]:
    """For each of the places another one, so that each is taken once and none is its own. Raises BadInput below 2."""
    if places < 2:
        raise BadInput(f"{places} question cannot be exchanged with another one; choose at least 2.")
    order = random.Random(f"swapped {seed}").sample(range(places), places)
    other = dict(zip(order, [*order[1:], order[0]], strict=True))
    return tuple(other[place] for place in range(places))


def answer_from(model: BaseChatModel, question: str, passages: Sequence[str | Hit], template: str = "short") -> str:
    """The answer to the lab's own prompt with exactly these passages in it, in this order; without any, closed book.

    The same words reach the model as in `lab.rag.stream.ask`: same template, same opening, same stop. Call it with
    `side_by_side` for many questions. Raises BadInput for an unknown template.
    """
    from lab.rag.prompt import build_messages, get_template

    chosen = get_template(template if passages else "closed-book")
    hits = [_as_hit(passage, rank) for rank, passage in enumerate(passages, start=1)]
    messages = build_messages(chosen, question, hits)
    if "max_tokens" in type(model).model_fields:
        model = model.model_copy(update={"max_tokens": ANSWER_TOKENS})
    return str(model.invoke(messages, stop=list(chosen.stop) or None).text).strip()


def _as_hit(passage: str | Hit, rank: int) -> Hit:
    from lab.rag.index import Hit
    from lab.rag.split import Chunk

    if not isinstance(passage, str):
        return replace(passage, rank=rank)
    return Hit(rank, Chunk(f"given-{rank}", "", "", (), 0, len(passage), passage), 0.0, passage)


def is_refusal(text: str) -> bool:
    """Whether an answer says that it is not known or not there; a rule that merely holds a “not” is no refusal."""
    return _REFUSES.search(text) is not None


@dataclass(frozen=True)
class Verdict:
    """What an answer was: right, a refusal, or made up, which is neither of them."""

    word: Literal["right", "refused", "made up"]

    @property
    def right(self) -> bool:
        return self.word == "right"

    @property
    def refused(self) -> bool:
        return self.word == "refused"

    @property
    def made_up(self) -> bool:
        return self.word == "made up"


def judge(text: str, question: Question, *, abstained: bool = False) -> Verdict:
    """`abstained`: the app refused for the model. An answer that holds the right fact is right, however it hedges."""
    from lab.rag.measure import is_right

    if not abstained and is_right(text, question):
        return Verdict("right")
    return Verdict("refused" if abstained or is_refusal(text) else "made up")


def in_turns(
    work: Callable[[T], U], items: Sequence[T], report: Report, what: str, share: tuple[float, float]
) -> list[U]:
    """`work` on every item, many at once, in the order of the items; `report` hears of it every few items.

    share: the part of the experiment's progress that this is, for example (0.25, 0.5).
    """
    begin, end = share
    done: list[U] = []
    for start in range(0, len(items), _TOGETHER):
        report(f"{what}: {start + 1} and on of {len(items)}", begin + (end - begin) * start / len(items))
        done += side_by_side(work, items[start : start + _TOGETHER])
    return done
