"""A finished answer and what is known to be right → where it failed, with the evidence. No model, no opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.rag.measure import is_right, same_document
from lab.rag.prompt import format_passage
from lab.rag.words import occurs, tokens

if TYPE_CHECKING:
    from lab.rag.answer import Answer
    from lab.rag.break_it.labs import Gold, GoldPart
    from lab.rag.index import Hit
    from lab.rag.measure.evaluation import Failure


@dataclass(frozen=True)
class Evidence:
    """One of the three questions that decide: `holds` is the finding (None: it cannot be asked), `sentence` what was seen."""

    question: str
    holds: bool | None
    sentence: str


@dataclass(frozen=True)
class Diagnosis:
    """Where an answer failed, read off the run.

    gold_found_rank: the rank by which every gold passage had been found, from 1; None when one was not (or there is none).
    gold_in_prompt: every gold passage stood in the prompt, whole. answer_uses_it: the answer says what they say.
    right: that, and nothing that makes it wrong; where the documents hold no answer: it was refused. failed: the stage to
    blame, None when right. `evidence`: found, in the prompt, used, in this order.
    """

    gold_found_rank: int | None
    gold_in_prompt: bool
    answer_uses_it: bool
    right: bool
    failed: Failure | None
    evidence: tuple[Evidence, Evidence, Evidence]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The evidence in words."""
        return tuple(item.sentence for item in self.evidence)


def diagnose(answer: Answer, candidates: Sequence[Hit], gold: Gold) -> Diagnosis:
    """Was the gold passage found, was it in the prompt, does the answer use it: hence what failed.

    `candidates` is the ranking before k or a threshold cut it off, so that “found, but cut off” can be told from “not
    found”. A passage counts only whole: with a gold string in it and everything the string needs to be understood. A wrong
    answer is put down to retrieval as soon as one gold passage is missing in the prompt: nothing could have been made of
    it.
    """
    if not gold.parts:
        return _without_gold(answer, candidates)
    ranks = [_rank(part, candidates) for part in gold.parts]
    there = [rank for rank in ranks if rank is not None]
    found_rank = max(there) if len(there) == len(ranks) else None
    read = [(hit, _as_read(hit, answer.prompt)) for hit in answer.hits]
    in_prompt = [any(_holds(part, hit, text) for hit, text in read) for part in gold.parts]
    used = not answer.abstained and all(is_right(answer.text, part.answers) for part in gold.parts)
    used = used and gold.keeps_manner(answer.raw_text)
    spoilt = next((text for text in gold.wrong if is_right(answer.text, [text])), "")
    right = used and not spoilt
    failed: Failure | None = None
    if not right:
        k = answer.provenance.get("k", len(answer.hits))
        handed = [any(_holds(part, hit, hit.context) for hit in answer.hits[:k]) for part in gold.parts]
        refused = answer.abstained and all(handed)  # found among the k, and still the model was not asked or believed
        failed = "refused" if refused else "generation" if all(in_prompt) else "retrieval"
    return Diagnosis(
        found_rank,
        all(in_prompt),
        used,
        right,
        failed,
        (
            Evidence("Was the right passage found?", found_rank is not None, _tell_found(gold, ranks, candidates)),
            Evidence("Was it in the prompt?", all(in_prompt), _tell_prompt(answer, gold, in_prompt)),
            Evidence("Does the answer use it?", right, _tell_use(answer, gold, used, spoilt)),
        ),
    )


def _without_gold(answer: Answer, candidates: Sequence[Hit]) -> Diagnosis:
    read = f"There is none. The model read {_passages(len(answer.hits))} about other things."
    return Diagnosis(
        None,
        False,
        False,
        answer.abstained,
        None if answer.abstained else "answered-unanswerable",
        (
            Evidence(
                "Was the right passage found?",
                False,
                f"Neither found nor to be found: {_passages(len(candidates))} looked through, and no document holds it.",
            ),
            Evidence(
                "Was it in the prompt?", None, read if answer.prompt else "There is none, and the model was not asked."
            ),
            Evidence(
                "Does the answer use it?",
                None,
                "It was refused, as it should be."
                if answer.abstained
                else "There is nothing to use: the system should have refused.",
            ),
        ),
    )


def _rank(part: GoldPart, candidates: Sequence[Hit]) -> int | None:
    for place, hit in enumerate(candidates, start=1):
        parent = f" {hit.chunk.parent.text}" if hit.chunk.parent else ""
        if _holds(part, hit, hit.context + parent):
            return place
    return None


def _holds(part: GoldPart, hit: Hit, text: str) -> bool:
    held = tokens(text)
    return (
        any(same_document(hit.chunk.document, name) for name in part.documents)
        and any(occurs(tokens(gold), held) for gold in part.passage or part.answers)
        and all(occurs(tokens(need), held) for need in part.needs)
    )


def _as_read(hit: Hit, prompt: str) -> str:
    """The passage as it stands in the exact prompt; "" when it does not."""
    for with_title in (True, False):
        text = format_passage(hit, with_title=with_title)
        if text in prompt:
            return text
    return ""


def _tell_found(gold: Gold, ranks: Sequence[int | None], candidates: Sequence[Hit]) -> str:
    lost = [_name(part) for part, rank in zip(gold.parts, ranks, strict=True) if rank is None]
    if lost:
        whole = " in one piece" if any(part.needs for part in gold.parts) else ""
        return f"No: none of the {_passages(len(candidates))} ranked holds what {_and(lost)} says{whole}."
    told = [f"rank {rank} ({candidates[rank - 1].chunk.document})" for rank in ranks if rank]
    return f"Yes: {_and(told)} of {_passages(len(candidates))}."


def _tell_prompt(answer: Answer, gold: Gold, in_prompt: Sequence[bool]) -> str:
    if not answer.prompt:
        return f"No: the model was not asked. {answer.reason}".strip()
    read = f"The model read {_passages(len(answer.hits))}, from {_and(sorted({hit.chunk.document for hit in answer.hits}))}"
    missing = [_name(part) for part, there in zip(gold.parts, in_prompt, strict=True) if not there]
    if missing:
        return f"No: {read}; the passage of {_and(missing)} that is needed was not among them."
    return f"Yes. {read}."


def _tell_use(answer: Answer, gold: Gold, used: bool, spoilt: str) -> str:
    if answer.abstained:
        return "No: it was refused."
    if spoilt:
        return f"No: it says “{spoilt}” instead."
    if used:
        return "Yes: it says what the passage says."
    wanted = [f"“{part.answers[0]}”" for part in gold.parts if not is_right(answer.text, part.answers)]
    if wanted:
        return f"No: {_and(wanted)} is not in it."
    return f"No: it does not {gold.manner}."


def _name(part: GoldPart) -> str:
    return " or ".join(part.documents)


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count} passages"


def _and(parts: Sequence[str]) -> str:
    """a, b and c."""
    distinct = list(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} and {distinct[-1]}"
