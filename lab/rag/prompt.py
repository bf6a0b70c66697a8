"""Question and passages → the messages the model reads, by named LangChain prompt templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from lab.errors import BadInput
from lab.rag.split import reading_text

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.prompts import ChatPromptTemplate

    from lab.rag.index import Hit

_CONTROL_TOKEN = re.compile(r"<\|([^|<>\n]{1,40})\|>")


@dataclass(frozen=True)
class PromptTemplate:
    """A system and a user text with {question} and, unless it is closed-book, {context} in it.

    with_titles puts each passage's title and heading before it. `opening`, when there is one, is how the model's answer is
    made to begin, and `stop` ends it.
    """

    name: str
    title: str
    description: str
    system: str
    user: str
    with_titles: bool = True
    opening: str = ""
    stop: tuple[str, ...] = ()

    @property
    def uses_text(self) -> bool:
        """Whether the passages go into the prompt."""
        return "{context}" in self.system + self.user


PROMPTS: dict[str, PromptTemplate] = {
    template.name: template
    for template in (
        # Measured on the 44 answerable development questions with the gold sentence as the text: without the opening 30
        # to 34 right, with “According to the text,” 38 to 41, with this one 44.
        PromptTemplate(
            "short",
            "Short, with an opening",
            "One line of instruction, the text, the question, and the first words of the answer: what a small model does "
            "best with. It mostly quotes.",
            "Answer the question from the text in one short sentence.",
            "Text: {context}\n\nQuestion: {question}",
            with_titles=False,
            opening="The text says this about it:",
            stop=("\n\n", '" '),  # after the closing quotation mark it tends to make things up
        ),
        PromptTemplate(
            "plain",
            "Short, without an opening",
            "One line of instruction, the text, the question.",
            "Answer the question from the text.",
            "Text: {context}\n\nQuestion: {question}",
        ),
        PromptTemplate(
            "instructed",
            "Instructed",
            "What one would write for a large model: only from the text, cite, and say so when it is not there.",
            "You answer questions about the documents of an organisation. Use only the text you are given, never what you "
            "know from elsewhere. Answer in one or two sentences and cite the passage you used by its number, like [1]. "
            "If the text does not hold the answer, say that you cannot find it in the documents.",
            "Text:\n{context}\n\nQuestion: {question}\n\nAnswer with a citation:",
        ),
        PromptTemplate(
            "closed-book",
            "Closed book",
            "The question alone: the model answers from what it learned.",
            "Answer the question.",
            "{question}",
        ),
    )
}


def get_template(name: str) -> PromptTemplate:
    """The template of that name; raises BadInput naming those there are."""
    if name not in PROMPTS:
        raise BadInput(f"There is no prompt template “{name}”. Choose one of: {', '.join(PROMPTS)}.")
    return PROMPTS[name]


@cache
def _chat_prompt(template: PromptTemplate) -> ChatPromptTemplate:
    from langchain_core.prompts import ChatPromptTemplate

    return ChatPromptTemplate.from_messages([("system", template.system), ("human", template.user)])


def defuse(text: str) -> str:
    """Text that came from a person or a file, without the marks that chat models take for the end of a turn.

    `<|im_end|>` becomes `< |im_end| >`: readable, and no longer one token that would let a document speak as the system.
    """
    return _CONTROL_TOKEN.sub(r"< |\1| >", text)


def format_context(hits: Sequence[Hit], *, with_titles: bool = True) -> str:
    """The passages as the model reads them; with more than one, each on its line behind its number."""
    texts = [format_passage(hit, with_title=with_titles) for hit in hits]
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"[{hit.rank}] {text}" for hit, text in zip(hits, texts, strict=True))


def format_passage(hit: Hit, *, with_title: bool = True) -> str:
    """One passage as the model reads it: its own text or its parent's, with the title and heading before it if wanted."""
    if not with_title:
        return defuse(reading_text(hit.chunk))
    if hit.chunk.parent is None:
        return defuse(hit.context)
    label = ", ".join([hit.chunk.title, *(part.rstrip(":. ") for part in hit.chunk.heading[-1:])])
    return defuse(f"{label}: {reading_text(hit.chunk)}")


def build_messages(template: PromptTemplate | str, question: str, hits: Sequence[Hit] = ()) -> list[BaseMessage]:
    """A system and a human message (and the opening of an AI message, where the template has one).

    Braces and template signs in question or passages are text, not template. Raises BadInput when the template needs
    passages and there are none.
    """
    from langchain_core.messages import AIMessage

    chosen = get_template(template) if isinstance(template, str) else template
    if chosen.uses_text and not hits:
        raise BadInput(f"The prompt template “{chosen.name}” needs a passage to answer from, and none was found.")
    values = {"question": defuse(question.strip())}
    if chosen.uses_text:
        values["context"] = format_context(hits, with_titles=chosen.with_titles)
    messages = _chat_prompt(chosen).format_messages(**values)
    return [*messages, AIMessage(chosen.opening)] if chosen.opening else messages


def render_messages(messages: Sequence[BaseMessage]) -> str:
    """The messages as plain text, for a model that does not report the exact prompt it made of them."""
    return "\n\n".join(f"{message.type}: {message.text}" for message in messages)


PartKind = Literal["instruction", "passage", "question", "opening", "frame"]


@dataclass(frozen=True)
class PromptPart:
    """A stretch `prompt[start:end]` of the exact prompt and what it is; `number` is a passage's.

    frame: what is neither ours nor the person's: the marks that the model's chat format puts around each turn.
    """

    start: int
    end: int
    kind: PartKind
    number: int | None = None


def prompt_parts(prompt: str, template: PromptTemplate, question: str, hits: Sequence[Hit] = ()) -> list[PromptPart]:
    """The exact prompt, divided without gaps into its parts in order; `prompt` as the model reports it.

    Parts are found in the order in which the template puts them, so that a passage that repeats the question is not
    mistaken for it.
    """
    wanted: list[tuple[PartKind, str, int | None]] = []
    for text in (template.system, template.user):
        for piece in re.split(r"(\{context\}|\{question\})", text):
            if piece == "{question}":
                wanted.append(("question", defuse(question.strip()), None))
            elif piece == "{context}":
                wanted += [("passage", format_passage(hit, with_title=template.with_titles), hit.rank) for hit in hits]
            elif piece.strip():
                wanted.append(("instruction", piece.strip(), None))
    if template.opening:
        wanted.append(("opening", template.opening, None))
    parts: list[PromptPart] = []
    done = 0
    for kind, text, number in wanted:
        start = prompt.find(text, done)
        if start < 0:  # the model's own format changed it; it stays in the frame around it
            continue
        if start > done:
            parts.append(PromptPart(done, start, "frame"))
        parts.append(PromptPart(start, start + len(text), kind, number))
        done = start + len(text)
    if done < len(prompt):
        parts.append(PromptPart(done, len(prompt), "frame"))
    return parts
