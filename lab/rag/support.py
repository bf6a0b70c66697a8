"""Stated rules, no model: which passage an answer's sentence rests on, and whether the passages can answer at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.rag.asked import asked_for, core, holds, names
from lab.rag.split import sentence_spans
from lab.rag.words import content_stems, is_number, stem, tokens

if TYPE_CHECKING:
    from lab.rag.index import Hit

LOWEST_SHARE = 0.5  # of a sentence's content words that its passage has to hold


def content_words(text: str) -> tuple[str, ...]:
    """The distinct stems of a text's content words, in order: no stop words, number words as digits."""
    return tuple(dict.fromkeys(content_stems(text)))


@dataclass(frozen=True)
class Support:
    """How far a passage carries a sentence.

    `share`: the part of the sentence's content words that the passage holds, 0 to 1 (0 for a sentence without any).
    `missing`: the sentence's numbers and names that are not in the passage.
    """

    share: float
    missing: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Every number and name is there, and at least half of the content words are."""
        return not self.missing and self.share >= LOWEST_SHARE


def supports(answer_sentence: str, passage: str) -> Support:
    """Whether a passage carries a sentence: every number and capitalised name, and half of the content words, are in it.

    A plain rule in place of a model. In a trial it caught 8 of 10 swapped facts and rejected none of 20 true claims
    (the project's ENGINE notes); it does not see a fact told of the wrong thing when both are named in the passage.
    """
    words = content_words(answer_sentence)
    held = set(content_stems(passage))
    passage_tokens = set(tokens(passage))
    needed = [token for token in tokens(answer_sentence) if is_number(token) and token != "1"]
    needed += [token for name in names(answer_sentence) for token in tokens(name) if not is_number(token)]
    present = passage_tokens | held
    missing = tuple(dict.fromkeys(token for token in needed if token not in present and stem(token) not in present))
    return Support(sum(word in held for word in words) / len(words) if words else 0.0, missing)


@dataclass(frozen=True)
class CitedSentence:
    """A sentence of the answer, `answer[start:end]`, with the rank of the hit that supports it best, or None."""

    start: int
    end: int
    number: int | None
    support: Support


def _context(hit: Hit) -> str:
    return hit.context


def cite(answer_text: str, hits: Sequence[Hit], evidence: Callable[[Hit], str] = _context) -> tuple[CitedSentence, ...]:
    """The answer's sentences in order, each with the supporting hit of the largest share; equal shares: the better rank.

    `evidence` gives the text of a hit that counts; its context unless told.
    """
    cited = []
    for start, end in sentence_spans(answer_text):
        sentence = answer_text[start:end]
        best: tuple[int | None, Support] = (None, Support(0.0, ()))
        for hit in hits:
            support = supports(sentence, evidence(hit))
            better = support.share > best[1].share or best[0] is None
            if support.supported and better:
                best = (hit.rank, support)
            elif best[0] is None and support.share > best[1].share:
                best = (None, support)
        cited.append(CitedSentence(start, end, *best))
    return tuple(cited)


@dataclass(frozen=True)
class AnswerabilityRule:
    """The weights of `answerable`, all in one place. Their sum is compared with two thresholds.

    Fitted by logistic regression on the 54 development questions of tarnmoor-help, each answerable one a second time with
    its gold sentence taken out of the index (98 cases, AUROC .85 leaving one question out), and rounded. Below `threshold`
    the question is refused; it lies where at most one right answer in twenty is lost on the development questions (1 of
    37; 2 of 10 unanswerable ones are refused). Below `sure` it is answered with a warning: there, 6 of the 10 unanswerable
    ones and 3 of the 37 right answers lie.
    """

    threshold: float = 4.75
    sure: float = 5.4
    lowest_cosine: float = 0.2  # below it nothing else is looked at
    cosine_weight: float = 6.0
    margin_weight: float = 10.0
    largest_margin: float = 0.2
    kind_weight: float = 2.0
    missing_weight: float = 1.5


@dataclass(frozen=True)
class Answerability:
    """`decision`: go on and answer; `sure`: without a warning. `reason` says in a sentence why not.

    cosine and margin are of the best passage; `share` is the part of the question's content words found in the passages
    or their headings; `missing` the telling words that the documents use and these passages do not.
    """

    decision: bool
    sure: bool
    score: float
    reason: str
    cosine: float
    margin: float
    share: float
    missing: tuple[str, ...]


# Words that say what kind of answer is wanted, or how much of it, rather than what the question is about.
_FRAME = frozenset(
    stem(word)
    for word in """cost costs price fee charge long longest much many maximum minimum most least number amount time times
    day days week weeks month months year years hour hours minute minutes pound pounds measurement 1""".split()
)


def answerable(
    question: str,
    hits: Sequence[Hit],
    rule: AnswerabilityRule | None = None,
    *,
    k: int | None = None,
    word_counts: Mapping[str, int] | None = None,
    chunk_count: int = 0,
) -> Answerability:
    """Whether the first `k` hits (all, when None) look as if they held the answer.

    The score adds up: the best cosine; the lead of the first hit over the next different one; whether a passage holds
    the kind of thing asked for; and, given the index's `word_counts` and its number of chunks, minus the rarity of the
    rarest question word that the documents do use but these passages do not (a question about gloves, a passage about
    jackets). Words the documents never use are no evidence: a person may simply say it in other words.
    """
    rule = rule or AnswerabilityRule()
    if not hits:
        return Answerability(False, False, -math.inf, "There are no passages to answer from.", 0.0, 0.0, 0.0, ())
    read = hits if k is None else hits[:k]
    cosine = max(hit.score for hit in read)
    rest = [hit for hit in hits[1:] if hit.chunk.text != hits[0].chunk.text]
    kind = asked_for(question)
    fits = 0.5 if kind is None else float(any(holds(kind, hit.chunk.text, question) for hit in read))
    margin = hits[0].score - rest[0].score if rest else rule.largest_margin
    margin = max(-rule.largest_margin, min(rule.largest_margin, margin))

    held = {
        word
        for hit in read
        for word in content_stems(f"{hit.chunk.title} {' '.join(hit.chunk.heading)} {hit.chunk.text}")
    }
    words = [word for word in content_words(core(question)) if word not in _FRAME]
    if len(words) < 2:  # “…, how long is it guaranteed for?”: what it is about was said before
        words = [word for word in content_words(question) if word not in _FRAME]
    share = sum(word in held for word in words) / len(words) if words else 1.0
    rarity = {
        word: math.log((chunk_count + 1) / (word_counts[word] + 1)) / math.log(chunk_count + 1)
        for word in words
        if word_counts and word not in held and word_counts.get(word)
    }
    missing = tuple(sorted(rarity, key=lambda word: -rarity[word]))
    score = (
        rule.cosine_weight * cosine
        + rule.margin_weight * margin
        + rule.kind_weight * fits
        - rule.missing_weight * max(rarity.values(), default=0.0)
    )
    if cosine < rule.lowest_cosine:
        reason = "No passage is about anything like it."
        return Answerability(False, False, score, reason, cosine, margin, share, missing)
    if score >= max(rule.sure, rule.threshold):
        return Answerability(True, True, score, "The passages fit the question.", cosine, margin, share, missing)
    if not fits:
        wanted = {
            "person": "a name",
            "money": "an amount of money",
            "number": "a number",
            "time": "a time or a duration",
        }
        reason = f"The question asks for {wanted[kind or 'number']}, and the closest passage holds none."
    elif missing:
        reason = "The closest passage is about something else: it leaves out a word that the question turns on."
    else:
        reason = "Several passages are about equally close, and none stands out."
    return Answerability(score >= rule.threshold, False, score, reason, cosine, margin, share, missing)
