"""A question → an answer with citations, or a plain refusal: retrieve, decide, prompt, generate, check, cite."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.rag.citations import CheckedSentence, Citation, place_citations
from lab.rag.prompt import PromptTemplate, build_messages, format_passage, get_template, render_messages
from lab.rag.retrieve import DEFAULT_RETRIEVER, retrieve
from lab.rag.support import Answerability, AnswerabilityRule, answerable
from lab.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from lab.rag.index import Hit, Index

CANNOT_FIND = "I cannot find that in the documents."
UNSUPPORTED = "No passage supports what the model wrote."
MAX_K = 20
_CANDIDATES = 5  # hits the decision to answer looks at, and the closest passages shown with a refusal


@dataclass(frozen=True)
class AskOptions:
    """How to answer. `k` passages go into the prompt; `max_tokens` bounds the answer.

    rag off: closed book, no index needed. abstain: refuse before the model is asked when the passages do not look as if
    they held the answer. abstain_unsupported: also refuse afterwards, when no passage supports what the model wrote.
    template: a name from `PROMPTS`, or a template of one's own. threshold: passages of a lower cosine are not used; when
    none is left, the question is refused whatever abstain says. max_context_tokens: room for passages in the prompt, in
    the model's tokens; a passage that does not fit whole is left out and named in `Answer.left_out`.
    """

    k: int = 1
    template: str | PromptTemplate = "short"
    retriever: str = DEFAULT_RETRIEVER
    threshold: float | None = None
    rerank: str = "none"
    max_tokens: int = 64
    max_context_tokens: int = 1200
    rag: bool = True
    abstain: bool = True
    abstain_unsupported: bool = False
    rule: AnswerabilityRule = field(default_factory=AnswerabilityRule)
    max_question_characters: int = Settings.max_question_characters


@dataclass(frozen=True)
class Answer:
    """What came of a question, with all that is needed to check it or to make it again.

    text: the answer with our “ [n]” after each sentence that passage n supports. raw_text: the model's own words.
    reason: why it was refused, is unsure or unsupported, else "". unsure: answered, but the passages may well not hold the
    answer. unsupported: the model was given passages and not one of its
    sentences rests on them. sentences: the verdict on each, by a stated rule. left_out: hits for which the prompt had no
    room. stopped: the person stopped it half-way. prompt: exactly what the model read, "" when it was
    not asked. provenance holds nothing but what JSON can. seconds: embed_search, decide, generate, cite,
    total; those that took place.
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


def _check(question: str, index: Index | None, options: AskOptions) -> str:
    question = check_question(question, options.max_question_characters)
    if not 1 <= options.k <= MAX_K:
        raise BadInput(f"k is {options.k}: between 1 and {MAX_K} passages can be put into the prompt.")
    if options.max_context_tokens < 1:
        raise BadInput(f"max_context_tokens is {options.max_context_tokens}: the passages need room in the prompt.")
    if options.max_tokens < 1:
        raise BadInput(f"max_tokens is {options.max_tokens}: an answer needs at least 1 token.")
    if options.rag and index is None:
        raise BadInput("There are no documents to look it up in. Add documents, or switch looking up off.")
    return question


def _with_max_tokens(model: BaseChatModel, max_tokens: int) -> tuple[BaseChatModel, dict[str, Any]]:
    """The model bounded to `max_tokens`: by its own field where it has one, else by the call's arguments."""
    if "max_tokens" in type(model).model_fields:
        return model.model_copy(update={"max_tokens": max_tokens}), {}
    return model, {"max_tokens": max_tokens}


def _fit(
    hits: Sequence[Hit], template: PromptTemplate, model: BaseChatModel, room_tokens: int
) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """(hits whose passages fit into the prompt, best first; those left out). Raises BadInput when not even one fits."""
    used: list[Hit] = []
    left_out: list[Hit] = []
    for hit in hits:
        tokens = count_tokens(model, format_passage(hit, with_title=template.with_titles))
        if tokens <= room_tokens:
            room_tokens -= tokens
            used.append(hit)
        else:
            left_out.append(hit)
    if hits and not used:
        raise BadInput(
            "Not one of the passages found fits into the prompt. Choose smaller chunks, or give the passages more room."
        )
    return tuple(used), tuple(left_out)


def count_tokens(model: BaseChatModel, text: str) -> int:
    """Tokens of `text` by the model's own tokeniser where it tells, else about one for four characters."""
    from langchain_core.language_models import BaseLanguageModel

    # LangChain's own default would fetch GPT-2's tokeniser from the network.
    if type(model).get_num_tokens is BaseLanguageModel.get_num_tokens:
        return -(-len(text) // 4)
    return model.get_num_tokens(text)


class AnswerStream:
    """An answer in the making: iterate for pieces of text as the model writes them, then read `answer`.

    `hits`, `candidates`, `messages` and `answerability` are there before the first piece. Closing it early closes the model's own
    stream, which stops the work, and leaves an answer marked `stopped`. Use it in one thread; `with` closes it.
    """

    def __init__(self, question: str, index: Index | None, model: BaseChatModel, options: AskOptions) -> None:
        self._began = time.perf_counter()
        self.question = _check(question, index, options)
        self.options = options
        self.hits: tuple[Hit, ...] = ()
        self.candidates: tuple[Hit, ...] = ()  # what was found beyond the k that are used
        self.left_out: tuple[Hit, ...] = ()
        self.messages: list[BaseMessage] = []
        self.answerability: Answerability | None = None
        self._model = model
        self._index = index if options.rag else None
        self._pieces: list[str] = []
        self._metadata: dict[str, Any] = {}
        self._answer: Answer | None = None
        self._seconds: dict[str, float] = {}

        template = get_template(options.template) if isinstance(options.template, str) else options.template
        if self._index is not None:
            if not template.uses_text:
                raise BadInput(
                    f"The prompt template “{template.name}” has no place for the passages. Choose another one, or switch "
                    "looking up off."
                )
            depth = max(options.k, _CANDIDATES)
            self.candidates = retrieve(
                self._index,
                self.question,
                depth,
                retriever=options.retriever,
                threshold=options.threshold,
                rerank=options.rerank,
            )
            self._seconds["embed_search"] = time.perf_counter() - self._began
            deciding = time.perf_counter()
            self.hits, self.left_out = _fit(self.candidates[: options.k], template, model, options.max_context_tokens)
            self.answerability = answerable(
                self.question,
                self.candidates,
                options.rule,
                k=options.k,
                word_counts=self._index.word_counts,
                chunk_count=len(self._index),
            )
            self._seconds["decide"] = time.perf_counter() - deciding
        elif template.uses_text:
            template = get_template("closed-book")
        self.template = template
        nothing_found = self._index is not None and not self.candidates
        doubtful = options.abstain and self.answerability is not None and not self.answerability.decision
        self._refused = nothing_found or doubtful
        if self._refused:
            self.hits = self.candidates  # the closest passages are shown with a refusal
        else:
            self.messages = build_messages(template, self.question, self.hits)
        self._source = self._run()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._source)

    def __enter__(self) -> AnswerStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def answer(self) -> Answer:
        """The finished answer; raises RuntimeError while there are pieces left to read (a mistake in the caller)."""
        if self._answer is None:
            raise RuntimeError("Read the stream to its end, or close it, before asking for its answer.")
        return self._answer

    def close(self) -> None:
        """Stop: the model's stream is closed and what was written by then becomes the answer. Safe to call twice."""
        self._source.close()
        if self._answer is None:  # it had not begun, or stopped half-way
            self._answer = self._finish(stopped=True)

    def _run(self) -> Generator[str, None, None]:
        if self._refused:
            self._answer = self._finish()
            yield CANNOT_FIND
            return
        model, arguments = _with_max_tokens(self._model, self.options.max_tokens)
        began = time.perf_counter()
        source = model.stream(self.messages, stop=list(self.template.stop) or None, **arguments)
        try:
            for chunk in source:
                self._metadata.update(chunk.response_metadata)
                piece = str(chunk.text)
                if piece:
                    self._pieces.append(piece)
                    self._seconds["generate"] = time.perf_counter() - began
                    yield piece
        finally:
            self._seconds["generate"] = time.perf_counter() - began
            close = getattr(source, "close", None)
            if close is not None:
                close()
        self._answer = self._finish()

    def _finish(self, *, stopped: bool = False) -> Answer:
        raw = "".join(self._pieces).strip()
        text, reason = raw, ""
        citations: tuple[Citation, ...] = ()
        sentences: tuple[CheckedSentence, ...] = ()
        abstained, unsupported = self._refused, False
        unsure = self.answerability is not None and self.answerability.decision and not self.answerability.sure
        if self._refused:
            text, reason = CANNOT_FIND, self.answerability.reason if self.answerability else ""
            if not self.candidates and self.options.threshold is not None:
                reason = f"No passage reaches the threshold: a cosine of {self.options.threshold:g}."
        elif self.hits:
            checking = time.perf_counter()
            text, citations, sentences = place_citations(tidy(raw) if self.template.opening else raw, self.hits)
            self._seconds["cite"] = time.perf_counter() - checking
            unsupported = not citations and not stopped
            reason = self.answerability.reason if unsure and self.answerability else ""
            if unsupported:
                reason = UNSUPPORTED
                if self.options.abstain_unsupported:
                    text, abstained, sentences = CANNOT_FIND, True, ()
        self._seconds["total"] = time.perf_counter() - self._began
        self._seconds.setdefault("generate", 0.0)
        return Answer(
            question=self.question,
            text=text,
            raw_text=raw,
            abstained=abstained,
            unsure=unsure and not abstained,
            unsupported=unsupported,
            stopped=stopped,
            reason=reason,
            citations=citations,
            sentences=sentences,
            hits=self.hits,
            left_out=self.left_out,
            prompt="" if self._refused else str(self._metadata.get("prompt") or render_messages(self.messages)),
            provenance=self._provenance(),
            seconds=dict(self._seconds),
        )

    def _provenance(self) -> dict[str, Any]:
        told = self._metadata.get("provenance")
        provenance: dict[str, Any] = dict(told) if isinstance(told, Mapping) else {}
        if not provenance and not self._refused:
            provenance = {"model": str(self._metadata.get("model_name") or type(self._model).__name__)}
        if "seconds" in provenance:
            provenance["model_seconds"] = provenance.pop("seconds")
        provenance |= {
            "asked_model": not self._refused,
            "rag": self._index is not None,
            "template": self.template.name,
            "seconds": dict(self._seconds),
        }
        if self._index is not None:
            provenance |= {
                "k": self.options.k,
                "retriever": self.options.retriever,
                "threshold": self.options.threshold,
                "rerank": self.options.rerank,
                "index": self._index.fingerprint,
                "embedder": self._index.embedder,
                "text_style": self._index.text_style,
                "answerability": round(self.answerability.score, 4) if self.answerability else None,
            }
        return provenance


def tidy(continuation: str) -> str:
    """What a model wrote after an opening, as a sentence of its own: quotation marks around it go, a capital comes."""
    quoted = re.fullmatch(r"[\"“](?P<inside>[^\"“”]+)[\"”]?(?P<stop>[.!?]?)", continuation, re.DOTALL)
    if quoted:
        inside = quoted["inside"].strip()
        continuation = inside if inside.endswith((".", "!", "?")) else inside + quoted["stop"]
    return continuation[:1].upper() + continuation[1:]


def stream(question: str, index: Index | None, model: BaseChatModel, options: AskOptions | None = None) -> AnswerStream:
    """Retrieve now, and return the stream of the model's answer.

    Raises BadInput for an empty or too long question, a k or max_tokens out of range, an unknown template or retriever,
    or looking up without an index; errors of the model come out while iterating.
    """
    return AnswerStream(question, index, model, options or AskOptions())


def ask(question: str, index: Index | None, model: BaseChatModel, options: AskOptions | None = None) -> Answer:
    """The finished answer; as `stream`."""
    with stream(question, index, model, options) as pieces:
        for _ in pieces:
            pass
        return pieces.answer
