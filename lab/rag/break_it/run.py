"""A lab → one run of it, broken or mended, with the verdict computed from what happened."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.rag.answer import Answer
from lab.rag.break_it.diagnose import Diagnosis, diagnose
from lab.rag.break_it.labs import Lab, Setup
from lab.rag.build import build_index
from lab.rag.retrieve import retrieve
from lab.rag.stream import AnswerStream, stream
from lab.settings import Settings, get_settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index

RANKED = 20  # passages of the ranking that are kept as evidence
_build_lock = threading.Lock()


@dataclass(frozen=True)
class LabRun:
    """One finished run. `candidates`: the ranking as it was before k and the threshold cut it off."""

    lab: str
    mended: bool
    setup: Setup
    answer: Answer
    candidates: tuple[Hit, ...]
    diagnosis: Diagnosis

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, as `python -m lab break-it ID --json` prints it."""
        found = self.diagnosis
        return {
            "lab": self.lab,
            "mended": self.mended,
            "setup": self.setup.to_json(),
            "diagnosis": {
                "gold_found_rank": found.gold_found_rank,
                "gold_in_prompt": found.gold_in_prompt,
                "answer_uses_it": found.answer_uses_it,
                "right": found.right,
                "failed": found.failed,
                "sentences": list(found.sentences),
            },
            **self.answer.to_json(),
        }


def lab_index(lab: Lab, *, mended: bool) -> Index:
    """The index of one setup, built once a process and shared: nothing private is in it, and none can be."""
    with _build_lock:
        return _build(lab, mended)


@lru_cache(maxsize=64)
def _build(lab: Lab, mended: bool) -> Index:
    setup = lab.setup(mended=mended)
    return build_index([document for document in lab.documents if document.name not in setup.without], setup.index)


def open_run(lab: Lab, model: BaseChatModel, *, mended: bool) -> AnswerStream:
    """Begin a run; iterate it for text. `model` is the one for the setup's adapter."""
    return stream(lab.question, lab_index(lab, mended=mended), model, lab.setup(mended=mended).ask)


def close_run(lab: Lab, answer: Answer, *, mended: bool) -> LabRun:
    """Judge a finished answer by what the index would have ranked and what the prompt held."""
    setup = lab.setup(mended=mended)
    index = lab_index(lab, mended=mended)
    ranking = retrieve(index, lab.question, RANKED, retriever=setup.ask.retriever, rerank=setup.ask.rerank)
    return LabRun(lab.id, mended, setup, answer, ranking, diagnose(answer, ranking, lab.gold))


def run_lab(lab: Lab, *, mended: bool = False, settings: Settings | None = None) -> LabRun:
    """A lab from beginning to end on the embedded model; seconds once the models are loaded."""
    from lab.models.catalogue import choose_model

    model = choose_model(settings or get_settings(), adapter=lab.setup(mended=mended).adapter or None)
    with open_run(lab, model, mended=mended) as pieces:
        for _ in pieces:
            pass
        return close_run(lab, pieces.answer, mended=mended)
