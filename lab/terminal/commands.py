"""One function a command: arguments → a plain dictionary (or None when there is nothing to print)."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput, LabError
from lab.settings import PROJECT_FOLDER, get_settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.models.remote import Endpoint
    from lab.rag.answer import AskOptions
    from lab.rag.build import IndexOptions
    from lab.rag.index import Index
    from lab.rag.load import Loaded

Given = argparse.Namespace


def say(stage: str, share: float = 0.0) -> None:
    """Progress, on standard error."""
    print(f"  {stage}", file=sys.stderr, flush=True)


def models(given: Given) -> dict[str, Any]:
    from lab.models import convert, weights
    from lab.models.adapters import list_adapters
    from lab.models.remote import endpoint_from

    settings = get_settings()
    endpoint = endpoint_from(settings)
    return {
        "language_model": {
            "name": "SmolLM2-135M-Instruct",
            "licence": weights.SMOLLM2.licence,
            "sha256": weights.SMOLLM2.member_sha256,
            "file": str(weights.weights_path(settings)),
            "fetched": weights.weights_ready(settings),
            "converted": (settings.cache_folder / convert.SERVING_FOLDER / "openvino_model.xml").is_file(),
        },
        "embedder": {"name": "all-MiniLM-L6-v2", "licence": "Apache-2.0", "dimensions": 384},
        "adapters": list(list_adapters()),
        "server": None
        if endpoint is None
        else {"host": endpoint.host, "model": endpoint.model, "tuned_model": endpoint.tuned_model or None},
        "cache_folder": str(settings.cache_folder),
    }


def fetch(given: Given) -> dict[str, Any]:
    from lab.models.convert import ensure_serving_model

    last = ""

    def report(stage: str, share: float) -> None:
        nonlocal last
        if stage.split(" (")[0] != last:
            last = stage.split(" (")[0]
            say(stage)

    return {"folder": str(ensure_serving_model(get_settings(), report))}


def serve(given: Given) -> None:
    """Replace this process by Streamlit, once the port is known to be free."""
    if not 1 <= given.port <= 65535:
        raise BadInput(f"Port {given.port} does not exist: choose one from 1 to 65535, for example --port 8502.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", given.port))
        except PermissionError:
            raise BadInput(
                f"Port {given.port} needs administrator rights. Choose one above 1023: --port 8502."
            ) from None
        except OSError:
            raise BadInput(
                f"Port {given.port} is taken by another program. Choose another one: make run PORT={given.port + 1}"
            ) from None
    print(f"Look It Up or Learn It: http://localhost:{given.port}  (stop it with Ctrl+C)", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(given.port)]
    os.chdir(PROJECT_FOLDER)
    os.execv(sys.executable, command)


def _load(paths: Sequence[Path]) -> Loaded:
    from lab.rag.load import load_paths

    settings = get_settings()
    return load_paths(list(paths), max_file_bytes=settings.max_file_bytes, max_files=settings.max_files)


def _index_options(given: Given) -> IndexOptions:
    from lab.rag.build import IndexOptions

    return IndexOptions(given.splitter, given.size, given.overlap, given.embedder)


def _build_index(given: Given, loaded: Loaded) -> Index:
    from lab.rag.build import build_index

    return build_index(loaded.require_documents().documents, _index_options(given))


def index(given: Given) -> dict[str, Any]:
    from lab.rag.answer import hit_record
    from lab.rag.retrieve import retrieve

    options = _options(given)
    start = time.perf_counter()
    loaded = _load(given.paths)
    built = _build_index(given, loaded)
    seconds = time.perf_counter() - start
    found: dict[str, Any] = {}
    if given.find:
        hits = retrieve(
            built,
            given.find,
            options.k,
            retriever=options.retriever,
            threshold=options.threshold,
            rerank=options.rerank,
        )
        found = {"question": given.find, "hits": [hit_record(hit) for hit in hits]}
    return {
        "documents": len(loaded.documents),
        "names": [document.name for document in loaded.documents],
        "chunks": len(built),
        "refused": [asdict(refusal) for refusal in loaded.refused],
        "options": asdict(_index_options(given)),
        "seconds": seconds,
        "fingerprint": built.fingerprint,
        **found,
    }


def _options(given: Given) -> AskOptions:
    from lab.rag.answer import AskOptions

    chosen = {
        name: getattr(given, name) for name in ("k", "max_tokens", "retriever", "threshold", "rerank", "template")
    }
    chosen = {name: value for name, value in chosen.items() if value is not None}
    options = replace(AskOptions(), **chosen, rag=not getattr(given, "no_rag", False))
    return replace(
        options,
        abstain=options.abstain and not given.no_abstain,
        abstain_unsure=given.strict,
        divide=not given.no_divide,
    )


def answering_server() -> Endpoint | None:
    """The server of the environment when it answers, else None (the embedded model), saying why."""
    from lab.models.remote import check_endpoint, endpoint_from

    endpoint = endpoint_from(get_settings())
    if endpoint is not None:
        try:
            check_endpoint(endpoint)
        except LabError as error:
            print(f"{error} It answers now, instead of the server.", file=sys.stderr)
            return None
    return endpoint


def chosen_model(given: Given) -> BaseChatModel:
    """Base or tuned, of this computer or of the server."""
    from lab.models.catalogue import choose_model

    return choose_model(get_settings(), adapter=given.adapter, strength=given.strength, endpoint=answering_server())


def ask(given: Given) -> dict[str, Any]:
    from lab.rag.answer import check_question
    from lab.rag.stream import ask as ask_documents

    options = _options(given)
    question = check_question(given.question)
    if not given.no_rag and not given.docs:
        raise BadInput("Name the documents to look it up in (--docs PATH …), or ask closed book with --no-rag.")
    model = chosen_model(given)
    loaded = None if given.no_rag else _load(given.docs)
    built = None if loaded is None else _build_index(given, loaded)
    if loaded is not None:
        for refusal in loaded.refused:
            print(f"Left out {refusal.file}: {refusal.reason}", file=sys.stderr)
    answer = ask_documents(question, built, model, options)
    return {**answer.to_json(), "seconds": answer.seconds["total"]}  # by stage: provenance.seconds


def evaluate(given: Given) -> dict[str, Any]:
    from lab.rag.build import build_index
    from lab.rag.measure import compare, load_questions
    from lab.rag.measure import evaluate as measure

    index_options, options = _index_options(given), _options(given)
    other = _against(index_options, options, given.against)
    questions = load_questions(given.questions)
    model = None if given.passages_only else chosen_model(given)
    documents = _load(given.docs).require_documents().documents
    every = max(len(questions) // 10, 1)

    def report(done: int, total: int) -> None:
        if done % every == 0 or done == total:
            say(f"{done} of {total} questions")

    built = build_index(documents, index_options)
    first = measure(built, questions, model, options, report)
    if not given.against:
        return first.to_json()
    second_index = built if other[0] == index_options else build_index(documents, other[0])
    second = measure(second_index, questions, model, other[1], report)
    return {
        "first": first.to_json(),
        "second": second.to_json(),
        "comparison": compare(first, second, names=("first", "second")).to_json(),
    }


def _against(index: IndexOptions, ask: AskOptions, pairs: Sequence[str]) -> tuple[IndexOptions, AskOptions]:
    """The first configuration with the named options changed."""
    chosen = {"splitter": str, "size": int, "overlap": int, "embedder": str}
    asked = {
        "retriever": str,
        "k": int,
        "threshold": float,
        "rerank": str,
        "check": str,
        "template": str,
        "max_tokens": int,
    }
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip().replace("-", "_")
        kind = (chosen | asked).get(name)
        if not equals or kind is None:
            raise BadInput(f"--against {pair}: write OPTION=VALUE with one of {', '.join([*chosen, *asked])}.")
        try:
            value = kind(text)
        except ValueError:
            raise BadInput(f"--against {pair}: {name} must be a number.") from None
        if name in chosen:
            index = replace(index, **{name: value})
        else:
            ask = replace(ask, **{name: value})
    return index, ask


def edit(given: Given) -> dict[str, Any]:
    from lab.rag.build import build_index
    from lab.rag.editing import edit_and_ask, replace_once

    if given.delete == (given.find is not None):
        raise BadInput("Say what to change (--find TEXT --replace TEXT), or --delete the document.")
    documents = _load(given.docs).require_documents().documents
    by_name = {document.name: document for document in documents}
    if given.document not in by_name:
        raise BadInput(f"There is no document called “{given.document}”. There are: {', '.join(by_name)}.")
    changed = None if given.delete else replace_once(by_name[given.document], given.find, given.replace or "")
    index_options = _index_options(given)
    return edit_and_ask(
        build_index(documents, index_options),
        documents,
        given.document,
        changed,
        given.question,
        chosen_model(given),
        index_options=index_options,
        ask_options=_options(given),
    ).to_json()


def break_it(given: Given) -> dict[str, Any]:
    from lab.rag.break_it import load_lab, load_labs, run_lab

    if given.id is None:
        return {"labs": [{"id": lab.id, "title": lab.title} for lab in load_labs()]}
    return run_lab(load_lab(given.id), mended=given.mended).to_json()


def take_home(given: Given) -> dict[str, Any]:
    from lab.rag.takehome import take_home as write

    options, cut = _options(given), _index_options(given)
    folder: Path = given.out
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is not an empty folder. Name a new one, so that nothing is overwritten.")
    files = write(
        splitter=cut.splitter, size=cut.size, overlap=cut.overlap, retriever=options.retriever,
        k=options.k, threshold=options.threshold, rerank=options.rerank, template=options.template,
        max_tokens=options.max_tokens,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {"folder": str(folder), "files": sorted(files)}


def quiz(given: Given) -> dict[str, Any]:
    from lab.quiz.bank import load_bank
    from lab.quiz.marking import draw, mark, score

    items = draw(load_bank(), 10, given.seed)
    cases = [
        {
            "id": placed.id,
            "scenario": placed.item.scenario,
            "question": placed.item.question,
            "options": [option.text for option in placed.options],
        }
        for placed in items
    ]
    if given.answers is None:
        return {"seed": given.seed, "cases": cases}
    try:
        choices = [int(text) - 1 for text in given.answers.split(",")]
    except ValueError:
        raise BadInput(f"--answers {given.answers}: write one number a case, with commas, like 1,3,2.") from None
    if len(choices) > len(items):
        raise BadInput(f"There are {len(items)} cases and {len(choices)} answers. Give at most one for each.")
    marks = [mark(placed, choice) for placed, choice in zip(items, choices, strict=False)]
    total = score(marks)
    return {
        "seed": given.seed,
        "right": total.right,
        "of": total.of,
        "interval": list(total.interval),
        "rows": [
            {
                "id": item.id,
                "right": item.right,
                "why": item.why,
                "misconception": item.misconception,
                "answer": item.answer.text,
            }
            for item in marks
        ],
    }
