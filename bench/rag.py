"""What the RAG answer costs over its parts: embed the question, search, generate from the same prompt."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measure import Ratio, paired, seconds
from lab.models.catalogue import choose_model
from lab.models.engine import Request, get_engine
from lab.rag.answer import AskOptions
from lab.rag.collections import index_collection, load_collection
from lab.rag.measure import load_questions
from lab.rag.stream import ask
from lab.settings import get_settings

QUESTIONS = 12


def run(pairs: int) -> Iterator[Ratio]:
    """The whole against the sum of its parts, over development questions that are not refused."""
    settings = get_settings()
    index = index_collection("tarnmoor-help")
    options = AskOptions(abstain=False)
    model = choose_model(settings)
    engine = get_engine(settings)
    questions = [item.question for item in load_questions(load_collection("tarnmoor-help").questions("dev"))][
        :QUESTIONS
    ]
    prompts = [ask(question, index, model, options).prompt for question in questions]

    def whole() -> float:
        return seconds(lambda: [ask(question, index, model, options) for question in questions])

    def parts() -> float:
        def work() -> None:
            for question, prompt in zip(questions, prompts, strict=True):
                index.embeddings.embed_query(question)
                index.search(question, options.k)
                engine.submit(Request(prompt, max_tokens=options.max_tokens)).wait()

        # index.search embeds the question itself, so the lone embedding is taken off again.
        alone = seconds(lambda: [index.embeddings.embed_query(question) for question in questions])
        return seconds(work) - alone

    yield paired("RAG answer", "seconds", "≤ 1.15", ("ask()", whole), ("embed + search + generate", parts), pairs)
