"""The passage with the answer is gone from the index: does a stricter prompt, more to read or a better reader help?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.figures import reply_to_all
from lab.experiments.parts.inputs import collection_field, n_field, reader_field, seed_field, split_field
from lab.experiments.parts.questions import ALL, Asked, Verdict, answer_from, draw, gold_hits, in_turns, judge
from lab.models.adapters import find_adapter
from lab.models.catalogue import choose_model
from lab.rag.collections import index_collection
from lab.settings import get_settings
from lab.tuning.styles import Style, judge_content, load_style, messages_for

if TYPE_CHECKING:
    from lab.rag.index import Hit

ARMS = (
    Arm("gold-plain", "the right passage", "looked-up"),
    Arm("wrong-plain", "the right passage is gone", "looked-up"),
    Arm("wrong-strong-prompt", "gone, and a longer, stricter prompt", "looked-up"),
    Arm("wrong-more", "gone, and five passages instead of one", "looked-up"),
    Arm("wrong-better-reader", "gone, and an adapter that practised reading", "both"),
)
FIGURES = (
    Figure("right", "the right fact is told"),
    Figure("made-up", "something else is told as if it were so", better="less"),
)
MORE = 5
FIRST_NAME = "Mira"  # the reader's prompt was practised with a customer's first name in it
_READS = {"text", "first_name", "message"}
_TOGETHER = 16  # replies between two reports
_SHOWN = 4  # questions


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    collection: str = collection_field("Whose facts are asked for.")
    n: int = n_field(10)
    reader: str = reader_field()
    seed: int = seed_field("Decides which questions are asked.")
    split: str = split_field()


@dataclass(frozen=True)
class PageReader:
    """An adapter that practised answering from a page, with the style it was trained in. seconds: its training took."""

    adapter: str
    style: Style
    sha256: str
    seconds: float

    def inputs(self, question: str, page: str) -> dict[str, str]:
        return {"text": page, "first_name": FIRST_NAME, "message": question}

    def read(self, tasks: Sequence[tuple[str, str]], report: Report, share: tuple[float, float]) -> list[str]:
        """Its replies to (question, page) pairs, each in the prompt that it was trained with."""
        model = choose_model(get_settings(), adapter=self.adapter)
        texts: list[str] = []
        for start in range(0, len(tasks), _TOGETHER):
            report("the better reader answers", share[0] + (share[1] - share[0]) * start / len(tasks))
            turns = [messages_for(self.style, self.inputs(*task)) for task in tasks[start : start + _TOGETHER]]
            texts += reply_to_all(model, turns, self.style.max_tokens)
        return texts

    def judge(self, text: str, item: Asked, page: str) -> Verdict:
        """As `questions.judge`; what its style counts as owning up (“I'm checking”) is a refusal too."""
        verdict = judge(text, item.question)
        owns_up = judge_content(self.style, self.inputs(item.question.question, page), text, [])
        return Verdict("refused") if verdict.made_up and owns_up is not None and owns_up.passed else verdict


def find_reader(name: str) -> PageReader:
    """The adapter and its style; raises BadInput when there is none, or it did not practise with a page."""
    adapter = find_adapter(name)
    try:
        training = json.loads((adapter.folder / "training.json").read_text(encoding="utf-8"))
        style, seconds = load_style(training["style"]), float(training["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"The adapter “{name}” says nothing of its training. Choose one that was trained here."
        ) from None
    if set(style.inputs) != _READS:
        raise BadInput(
            f"“{name}” was trained on {', '.join(style.inputs)}, not on a page. Choose brand-voice-with-page, or an "
            "adapter of that behaviour."
        )
    return PageReader(name, style, adapter.sha256, seconds)


@dataclass(frozen=True)
class _Task:
    """One question with the passage that answers it, and the best passages that are left without any that does."""

    asked: Asked
    gold: Hit
    wrong: tuple[Hit, ...]


def _gather(asked: Sequence[Asked], report: Report) -> list[_Task]:
    """Questions whose answer the splitter cut up, or without which nothing is left, are passed over."""
    from lab.rag.measure import gold_removed
    from lab.rag.retrieve import DEFAULT_RERANK, DEFAULT_RETRIEVER, retrieve

    tasks = []
    for place, item in enumerate(asked):
        report(f"looking up {place + 1} of {len(asked)}", 0.4 * place / len(asked))
        index = index_collection(item.collection)
        gold = gold_hits(index, item.question)
        for question, left in gold_removed(index, [item.question]):
            wrong = retrieve(left, question.question, MORE, retriever=DEFAULT_RETRIEVER, rerank=DEFAULT_RERANK)
            if gold and wrong:
                tasks.append(_Task(item, gold[0], wrong))
    return tasks


def run(inputs: Inputs, report: Report) -> Measured:
    """Five ways of answering each question; nothing is refused for the model."""
    from lab.rag.prompt import format_context

    page_reader = find_reader(inputs.reader)
    asked = draw(inputs.collection, inputs.n, inputs.seed, inputs.split)
    tasks = _gather(asked, report)
    model = choose_model(get_settings())
    prompts = {
        "gold-plain": lambda task: answer_from(model, task.asked.question.question, (task.gold,)),
        "wrong-plain": lambda task: answer_from(model, task.asked.question.question, task.wrong[:1]),
        "wrong-strong-prompt": lambda task: answer_from(
            model, task.asked.question.question, task.wrong[:1], "instructed"
        ),
        "wrong-more": lambda task: answer_from(model, task.asked.question.question, task.wrong),
    }
    texts: dict[str, list[str]] = {}
    verdicts: dict[str, list[Verdict]] = {}
    for place, (arm, answer) in enumerate(prompts.items()):
        texts[arm] = in_turns(answer, tasks, report, arm, (0.4 + 0.12 * place, 0.52 + 0.12 * place))
        verdicts[arm] = [judge(text, task.asked.question) for text, task in zip(texts[arm], tasks, strict=True)]
    pages = [format_context(task.wrong[:1]) for task in tasks]
    questions = [task.asked.question.question for task in tasks]
    replies = page_reader.read(list(zip(questions, pages, strict=True)), report, (0.88, 1.0))
    texts["wrong-better-reader"] = replies
    verdicts["wrong-better-reader"] = [
        page_reader.judge(text, task.asked, page) for text, task, page in zip(replies, tasks, pages, strict=True)
    ]
    values = {
        (arm, figure): [verdict.right if figure == "right" else verdict.made_up for verdict in found]
        for arm, found in verdicts.items()
        for figure in ("right", "made-up")
    }
    shown = [
        Shown(question, arm.id, texts[arm.id][place], f"{verdicts[arm.id][place].word}; right is {task.asked.gold}")
        for place, (question, task) in enumerate(list(zip(questions, tasks, strict=True))[:_SHOWN])
        for arm in ARMS
    ]
    names = dict.fromkeys(task.asked.collection for task in tasks)
    notes = {f"index {name}": index_collection(name).fingerprint for name in names}
    notes[f"adapter {page_reader.adapter}"] = page_reader.sha256
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=shown, notes=notes)


EXPERIMENT = Experiment(
    id="bad-context",
    title="The wrong page, and what does not mend it",
    claim="Fed the wrong passage, neither a stricter prompt nor more passages nor a better reader gives a right answer.",
    sources=("002 reality check", "002 mistake 3", "002 FAQ 2"),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(collection=ALL, n=60, split="test"),
)
