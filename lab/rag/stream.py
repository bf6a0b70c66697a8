"""A question → an answer, piece by piece: divide, retrieve, decide, prompt, generate, check, cite."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from types import TracebackType
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.rag.answer import MAX_K, Answer, AskOptions, check_question
from lab.rag.asked import divide_question
from lab.rag.citations import CheckedSentence, Citation, place_citations
from lab.rag.decide import CANDIDATES, decide
from lab.rag.prompt import PromptTemplate, build_messages, format_passage, get_template, render_messages
from lab.rag.retrieve import retrieve
from lab.rag.support import Answerability

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from lab.rag.index import Hit, Index

CANNOT_FIND = "I cannot find that in the documents."
UNSUPPORTED = "No passage supports what the model wrote."
SHOWN = 5  # the closest passages that are shown with a refusal


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


@dataclass
class _Part:
    """One question to look up and answer: the whole, or one of several things asked for. `hits` go into its prompt."""

    question: str
    candidates: tuple[Hit, ...] = ()
    hits: tuple[Hit, ...] = ()
    left_out: tuple[Hit, ...] = ()
    answerability: Answerability | None = None
    refused: bool = False
    messages: list[BaseMessage] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def raw(self) -> str:
        return "".join(self.pieces).strip()

    @property
    def prompt(self) -> str:
        return "" if self.refused else str(self.metadata.get("prompt") or render_messages(self.messages))


class AnswerStream:
    """An answer in the making: iterate for pieces of text as the model writes them, then read `answer`.

    `hits` and `candidates` are there before the first piece. Closing it early closes the model's own stream, which stops
    the work, and leaves an answer marked `stopped`. Use it in one thread; `with` closes it.
    """

    def __init__(self, question: str, index: Index | None, model: BaseChatModel, options: AskOptions) -> None:
        self._began = time.perf_counter()
        self.question = _check(question, index, options)
        self.options = options
        self._model = model
        self._index = index if options.rag else None
        self._answer: Answer | None = None
        self._seconds: dict[str, float] = {}
        template = get_template(options.template) if isinstance(options.template, str) else options.template
        if self._index is not None and not template.uses_text:
            raise BadInput(
                f"The prompt template “{template.name}” has no place for the passages. Choose another one, or switch "
                "looking up off."
            )
        if self._index is None and template.uses_text:
            template = get_template("closed-book")
        self.template = template
        questions = divide_question(self.question) if self._index is not None and options.divide else (self.question,)
        self._parts = [_Part(part) for part in questions]
        self._look_up()
        for part in self._parts:
            if not part.refused:
                part.messages = build_messages(template, part.question, part.hits)
        self._source = self._run()

    def _look_up(self) -> None:
        """Passages for every part, numbered through, and whether each can be answered from them."""
        index, options = self._index, self.options
        if index is None:
            self.candidates: tuple[Hit, ...] = ()
            return
        for part in self._parts:
            part.candidates = retrieve(
                index,
                part.question,
                max(options.k, CANDIDATES),
                retriever=options.retriever,
                threshold=options.threshold,
                rerank=options.rerank,
            )
        self._seconds["embed_search"] = time.perf_counter() - self._began
        deciding = time.perf_counter()
        used = 0
        for part in self._parts:
            hits, part.left_out = _fit(
                part.candidates[: options.k], self.template, self._model, options.max_context_tokens
            )
            part.hits = tuple(replace(hit, rank=used + place) for place, hit in enumerate(hits, start=1))
            used += len(hits)
            if options.abstain:
                part.answerability = decide(
                    part.question, part.candidates, index, options.k, options.check, options.rule
                )
                go_on = part.answerability.sure if options.abstain_unsure else part.answerability.decision
                part.refused = not go_on
            part.refused = part.refused or not part.candidates
        self._seconds["decide"] = time.perf_counter() - deciding
        self.candidates = interleave([part.candidates for part in self._parts])

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages in the prompt; with a refusal, the closest ones, to be shown."""
        if self._refused:
            return self.candidates[: max(SHOWN, self.options.k)]
        return tuple(hit for part in self._parts if not part.refused for hit in part.hits)

    @property
    def _refused(self) -> bool:
        return all(part.refused for part in self._parts)

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
        for place, part in enumerate(self._parts):
            if place:
                yield "\n\n"
            if part.refused:
                yield self._cannot_find(part)
            else:
                yield from self._write(part)
        self._answer = self._finish()

    def _write(self, part: _Part) -> Generator[str, None, None]:
        model, arguments = _with_max_tokens(self._model, self.options.max_tokens)
        began = time.perf_counter()
        before = self._seconds.get("generate", 0.0)
        source = model.stream(part.messages, stop=list(self.template.stop) or None, **arguments)
        try:
            for chunk in source:
                part.metadata.update(chunk.response_metadata)
                piece = str(chunk.text)
                if piece:
                    part.pieces.append(piece)
                    yield piece
        finally:
            self._seconds["generate"] = before + time.perf_counter() - began
            close = getattr(source, "close", None)
            if close is not None:
                close()

    def _cannot_find(self, part: _Part) -> str:
        return CANNOT_FIND if len(self._parts) == 1 else f"{CANNOT_FIND} (“{part.question}”)"

    def _finish(self, *, stopped: bool = False) -> Answer:
        text = ""
        citations: dict[int, Citation] = {}
        sentences: list[CheckedSentence] = []
        refused = self._refused
        checking = time.perf_counter()
        for part in self._parts:
            if part.refused:
                written = self._cannot_find(part)
            elif not part.hits:
                written = part.raw
            else:
                raw = tidy(part.raw) if self.template.opening else part.raw
                written, cited, checked = place_citations(raw, part.hits)
                citations |= {citation.number: citation for citation in cited}
                shift = len(text) + 2 if text else 0
                sentences += [replace(item, start=item.start + shift, end=item.end + shift) for item in checked]
            text = f"{text}\n\n{written}" if text else written
        if refused:
            text = CANNOT_FIND
        elif self.hits:
            self._seconds["cite"] = time.perf_counter() - checking
        doubtful = [part for part in self._parts if part.answerability and not part.answerability.sure]
        unsure = not refused and any(not part.refused for part in doubtful)
        reason = self._reason(doubtful)
        unsupported = bool(self.hits) and not refused and not citations and not stopped
        abstained = refused
        if unsupported:
            reason = UNSUPPORTED
            if self.options.abstain_unsupported:
                text, abstained, sentences = CANNOT_FIND, True, []
        self._seconds["total"] = time.perf_counter() - self._began
        self._seconds.setdefault("generate", 0.0)
        return Answer(
            question=self.question,
            text=text,
            raw_text=" ".join(part.raw for part in self._parts if part.raw),
            abstained=abstained,
            unsure=unsure and not abstained,
            unsupported=unsupported,
            stopped=stopped,
            reason=reason,
            citations=tuple(citations.values()),
            sentences=tuple(sentences),
            hits=self.hits,
            left_out=tuple(hit for part in self._parts for hit in part.left_out),
            parts=tuple(part.question for part in self._parts) if len(self._parts) > 1 else (),
            prompt="\n\n".join(part.prompt for part in self._parts if part.prompt),
            provenance=self._provenance(),
            seconds=dict(self._seconds),
        )

    def _reason(self, doubtful: Sequence[_Part]) -> str:
        if self._index is not None and not self.candidates:
            if self.options.threshold is not None:
                return f"No passage reaches the threshold: a cosine of {self.options.threshold:g}."
            return "Nothing was found."
        return " ".join(dict.fromkeys(part.answerability.reason for part in doubtful if part.answerability))

    def _provenance(self) -> dict[str, Any]:
        refused = self._refused
        asked = [part for part in self._parts if not part.refused]
        told = [part.metadata.get("provenance") for part in asked]
        known = [item for item in told if isinstance(item, Mapping)]
        provenance: dict[str, Any] = dict(known[0]) if known else {}
        for key in ("tokens_in", "tokens_out"):
            if len(known) > 1 and all(isinstance(item.get(key), int) for item in known):
                provenance[key] = sum(item[key] for item in known)
        if len(known) > 1:
            provenance["prompt"] = "\n\n".join(part.prompt for part in asked)
        if not provenance and not refused:
            name = asked[0].metadata.get("model_name") if asked else None
            provenance = {"model": str(name or type(self._model).__name__)}
        if "seconds" in provenance:
            provenance["model_seconds"] = provenance.pop("seconds")
        provenance |= {
            "asked_model": not refused,
            "rag": self._index is not None,
            "template": self.template.name,
            "seconds": dict(self._seconds),
        }
        if self._index is not None:
            scores = [part.answerability.score for part in self._parts if part.answerability]
            provenance |= {
                "k": self.options.k,
                "retriever": self.options.retriever,
                "threshold": self.options.threshold,
                "rerank": self.options.rerank,
                "parts": len(self._parts),
                "check": self.options.check if self.options.abstain else None,
                "grader": self._grader(),
                "index": self._index.fingerprint,
                "embedder": self._index.embedder,
                "text_style": self._index.text_style,
                "answerability": round(min(scores), 4) if scores and math.isfinite(min(scores)) else None,
            }
        return provenance

    def _grader(self) -> str | None:
        """The grader's fingerprint, where it had a part in this answer."""
        deciding = self.options.abstain and self.options.check == "grader"
        if not deciding and self.options.rerank not in ("combined", "cross-encoder"):
            return None
        from lab.rag.grader.grader import get_grader

        return get_grader().fingerprint


def interleave(rankings: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The first of each ranking, then the second of each …, every chunk once, ranked from 1."""
    distinct: dict[str, Hit] = {}
    for row in zip_longest(*rankings):
        for hit in row:
            if hit is not None:
                distinct.setdefault(hit.chunk.id, hit)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(distinct.values(), start=1))


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
