"""Question and passages → the messages the model reads, by named LangChain prompt templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lab.errors import BadInput

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.prompts import ChatPromptTemplate

    from lab.rag.index import Hit

_CONTROL_TOKEN = re.compile(r"<\|([^|<>\n]{1,40})\|>")


@dataclass(frozen=True)
class PromptTemplate:
    """A system and a user text with {question} and, unless it is closed-book, {context} in it.

    `opening`, when there is one, is how the model's answer is made to begin.
    """

    name: str
    title: str
    description: str
    system: str
    user: str
    opening: str = ""

    @property
    def uses_text(self) -> bool:
        """Whether the passages go into the prompt."""
        return "{context}" in self.system + self.user


PROMPTS: dict[str, PromptTemplate] = {
    template.name: template
    for template in (
        PromptTemplate(
            "short",
            "Short",
            "One line of instruction, the text, the question: what a small model does best with.",
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


def format_context(hits: Sequence[Hit]) -> str:
    """The passages as the model reads them; with more than one, each on its line behind its number."""
    if len(hits) == 1:
        return defuse(hits[0].context)
    return "\n".join(f"[{hit.rank}] {defuse(hit.context)}" for hit in hits)


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
        values["context"] = format_context(hits)
    messages = _chat_prompt(chosen).format_messages(**values)
    return [*messages, AIMessage(chosen.opening)] if chosen.opening else messages


def render_messages(messages: Sequence[BaseMessage]) -> str:
    """The messages as plain text, for a model that does not report the exact prompt it made of them."""
    return "\n\n".join(f"{message.type}: {message.text}" for message in messages)
