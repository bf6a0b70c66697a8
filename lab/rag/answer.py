"""What one asks for and what one gets: the options of a question, and its answer with all that is needed to check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.rag.decide import DEFAULT_CHECK
from lab.rag.prompt import PromptTemplate
from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER
from lab.rag.support import AnswerabilityRule
from lab.settings import Settings

if TYPE_CHECKING:
    from lab.rag.citations import CheckedSentence, Citation
    from lab.rag.index import Hit

MAX_K = 20


@dataclass(frozen=True)
class AskOptions:
    """How to answer. `k` passages go into the prompt; `max_tokens` bounds the answer.

    rag off: closed book, no index needed. threshold: passages of a lower cosine are not used; when none is left, the
    question is refused whatever abstain says. divide: a question that asks for several things is looked up and answered
    part by part, each with its own k passages. abstain: refuse before the model is asked when the passages do not look as
    if they held the answer, by the `check` of that name (`rule` holds the weights of the check "rule"); abstain_unsure:
    refuse as well where the check is not sure; abstain_unsupported: also refuse afterwards, when no passage supports what
    the model wrote. template: a name from `PROMPTS`, or a template of one's own. max_context_tokens: room for passages in
    one prompt, in the model's tokens; a passage that does not fit whole is left out and named in `Answer.left_out`.
    """

    k: int = 1
    template: str | PromptTemplate = "short"
    retriever: str = DEFAULT_RETRIEVER
    threshold: float | None = None
    rerank: str = DEFAULT_RERANK
    max_tokens: int = 64
    max_context_tokens: int = 1200
    rag: bool = True
    divide: bool = True
    abstain: bool = True
    abstain_unsure: bool = False
    check: str = DEFAULT_CHECK
    rule: AnswerabilityRule = field(default_factory=AnswerabilityRule)
    abstain_unsupported: bool = False
    max_question_characters: int = Settings.max_question_characters


@dataclass(frozen=True)
class Answer:
    """What came of a question, with all that is needed to check it or to make it again.

    text: the answer with our “ [n]” after each sentence that passage n supports. raw_text: the model's own words.
    reason: why it was refused, is unsure or unsupported, else "". unsure: answered, but the passages may well not hold the
    answer. unsupported: the model was given passages and not one of its sentences rests on them. stopped: the person
    stopped it half-way. sentences: the verdict on each, by a stated rule. left_out: hits for which the prompt had no room.
    parts: the questions that were asked one by one, when it was divided; `prompt` then holds one prompt after another.
    prompt: exactly what the model read, "" when it was not asked. provenance holds nothing but what JSON can. seconds:
    embed_search, decide, generate, cite, total; those that took place.
    """

    question: str
    text: str
    raw_text: str
    abstained: bool
    unsure: bool
    unsupported: bool
    stopped: bool
    reason: str
    citations: tuple[Citation, ...]
    sentences: tuple[CheckedSentence, ...]
    hits: tuple[Hit, ...]
    left_out: tuple[Hit, ...]
    parts: tuple[str, ...]
    prompt: str
    provenance: Mapping[str, Any]
    seconds: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary; the names of its keys are those of `python -m lab ask --json`."""
        return {
            "question": self.question,
            "answer": self.text,
            "raw_answer": self.raw_text,
            "abstained": self.abstained,
            "unsure": self.unsure,
            "unsupported": self.unsupported,
            "stopped": self.stopped,
            "reason": self.reason,
            "citations": [asdict(citation) for citation in self.citations],
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "hits": [hit_record(hit) for hit in self.hits],
            "parts": list(self.parts),
            "left_out": [hit_record(hit) for hit in self.left_out],
            "prompt": self.prompt,
            "provenance": dict(self.provenance),
            "seconds": dict(self.seconds),
        }


def hit_record(hit: Hit) -> dict[str, Any]:
    """A passage found, as a plain dictionary."""
    chunk = hit.chunk
    return {
        "rank": hit.rank,
        "document": chunk.document,
        "title": chunk.title,
        "heading": list(chunk.heading),
        "page": chunk.page,
        "row": chunk.row,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "score": hit.score,
        "scores": dict(hit.scores),
        "why": hit.why,
    }


def check_question(question: str, limit: int = Settings.max_question_characters) -> str:
    """The question without white space around it; raises BadInput when it is empty or longer than `limit` characters."""
    question = question.strip()
    if not question:
        raise BadInput("The question is empty. Type a question and ask again.")
    if len(question) > limit:
        raise BadInput(f"The question is {len(question):,} characters long, and the limit is {limit:,}. Shorten it.")
    return question
