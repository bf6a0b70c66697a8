"""What kind of answer a question asks for (a person, an amount of money, a number, a time) and whether a text holds one."""

from __future__ import annotations

import re
from typing import Literal

from lab.rag.words import STOP_WORDS, is_number, tokens

Kind = Literal["person", "money", "number", "time"]

_PERSON = re.compile(
    r"\b(?:who|whose|whom)\b|\b(?:which|what) (?:person|man|woman|people|company|firm|artist|expert)\b"
)
_MONEY = re.compile(
    r"\bhow (?:much|expensive|cheap|dear)\b(?! (?:time|longer|water|rain|snow|notice|space|room|weight|luggage))|"
    r"\b(?:what|which)\b.*\b(?:cost|costs|price|prices|fee|fees|charge|charges|deposit|fare|rate)\b|"
    r"\b(?:what|which)\b.*\b(?:discount|percentage|interest)\b"
)
_TIME = re.compile(
    r"\bhow (?:long|soon|often|quickly|fast|late|early|old)\b|\bwhen\b|\b(?:what|which) (?:time|day|date|month|year|hour)s?\b|"
    r"\b(?:by|until|till) (?:when|what time)\b|\bopening (?:times|hours)\b"
)
_NUMBER = re.compile(
    r"\bhow (?:many|far|tall|high|deep|wide|big|large|small|heavy|hot|cold|warm|strong)\b|\bhow much (?!is|are|does|do|will|to)|"
    r"\b(?:what|which)\b.*\b(?:number|maximum|minimum|limit|size|length|height|weight|width|measurement|temperature|age)\b"
)
_CALENDAR_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays "
    "sundays january february march april may june july august september october november december spring summer autumn "
    "winter daily weekly monthly yearly annually morning mornings afternoon afternoons evening evenings night nightly "
    "weekend weekends weekday weekdays immediately tomorrow today forever always never".split()
)
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?: (?:of|and|the|de|van) (?=[A-Z])| [A-Z][\w'’-]+)*")


def names(text: str) -> list[str]:
    """Capitalised runs of a text that are names rather than a sentence's first word, in order.

    A sentence's first word counts only when the word after it is capitalised too (“Delphine Marsh is …”).
    """
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip("\"'“‘(*_- •\n")
        first = not before or before[-1] in ".!?:\n"
        if not first or " " in match[0].strip():
            found.append(match[0].strip())
    return found


def asked_for(question: str) -> Kind | None:
    """The kind of answer asked for, told by the question's words alone; None when they do not tell."""
    text = " ".join(question.lower().split())
    for kind, pattern in (("person", _PERSON), ("time", _TIME), ("money", _MONEY), ("number", _NUMBER)):
        if pattern.search(text):
            return kind  # type: ignore[return-value]
    return None


def holds(kind: Kind, text: str, question: str) -> bool:
    """Whether `text` has something of that kind in it that the question did not say itself."""
    asked = set(tokens(question))
    if kind == "person":
        return any(set(tokens(name)) - asked - STOP_WORDS for name in names(text))
    found = [token for token in tokens(text) if token not in asked]
    if kind == "money":
        symbols = tokens(text)
        return any(symbol in symbols for symbol in ("£", "€", "$", "¥", "%", "free", "p"))
    if kind == "time" and any(word in _CALENDAR_WORDS for word in found):
        return True
    return any(is_number(token) and token != "1" for token in found)  # “one” is a pronoun more often than a count


_QUESTION_WORD = re.compile(r"(?:^|(?<=[,;:.!?–—]))\W*\b(?:up to |by |within |after |for |from |in |at |on )?(?:who|whose|whom|"
                            r"what|which|when|where|why|how)\b", re.IGNORECASE)  # fmt: skip


def core(question: str) -> str:
    """The part of a question that asks: from its last question word that opens a sentence or clause.

    People tell a story first (“I finish work late, what time does the shop shut?”); its words need not be in the answer.
    The whole question when no such part is found.
    """
    starts = [match.start() for match in _QUESTION_WORD.finditer(question)]
    return question[starts[-1] :].lstrip(" ,;:.!?–—") if starts else question


_SECOND_QUESTION = re.compile(
    r",?\s+and\s+(?=(?:(?:for|by|at|in|on|from|until|with|to) )?(?:how|what|when|where|who|whom|whose|which|why)\b)",
    re.IGNORECASE,
)  # fmt: skip
_ASKS = re.compile(r"\b(?:how|what|when|where|who|whom|whose|which|why)\b", re.IGNORECASE)
_MOST_PARTS = 3


def divide_question(question: str) -> tuple[str, ...]:
    """A question that asks for several things → one question for each, in order; else the question alone.

    “I am new here. How long is the wait, and what does it cost?” asks twice; what stands before goes with each part. Only a
    part that begins with a question word of its own counts, so “bread and butter” stays whole.
    """
    start = len(question) - len(_asking(question))
    story, asking = question[:start], question[start:]
    parts = [part.strip(" ,;?") for part in _SECOND_QUESTION.split(asking)]
    if not 2 <= len(parts) <= _MOST_PARTS or not all(_ASKS.search(part) and len(part.split()) > 2 for part in parts):
        return (question,)
    return tuple(f"{story}{part[:1].upper()}{part[1:]}?" for part in parts)


def _asking(question: str) -> str:
    """The question from the first sentence that asks something; whole sentences of story before it are left out."""
    place = 0
    for sentence in re.split(r"(?<=[.!])\s+", question):
        if _ASKS.search(sentence):
            return question[question.index(sentence, place) :]
        place += len(sentence)
    return question
