"""A configuration → a LangChain script of one's own: a folder to take home that runs without this project."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import wrap
from typing import Any

from lab.errors import BadInput, LabError
from lab.rag import asked
from lab.rag.answer import MAX_K
from lab.rag.prompt import PromptTemplate, get_template
from lab.rag.retrieve import DEFAULT_RETRIEVER, RetrievalOptions
from lab.rag.split import DEFAULT_SIZE, LONGEST_SIZE, SHORTEST_SIZE, SPLITTERS
from lab.rag.words import STOP_WORDS

TEMPLATE = Path(__file__).with_name("takehome_template.txt")
EMBEDDER = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGES = (
    "langchain-core", "langchain-community", "langchain-openai", "langchain-text-splitters", "faiss-cpu", "numpy",
    "pypdfium2", "sentence-transformers", "torch", "transformers",
)  # fmt: skip
_LEFT_OUT = """\
What this script leaves out of the lab, so that you can read all of it:

- It reads .md, .txt, .csv and .pdf files; the lab reads more kinds, and finer points of each.
- Splitting knows the common cases (headings, lists, tables, usual abbreviations). On unusual documents its pieces can differ
  from those you saw.
- Word search (BM25) brings words to their stems in a simpler way, so it may now and then put another passage first.
- It refuses only when no passage is found. The lab also weighs whether the passages look as if they held the answer.
- The lab's own grader is not in it: where that has a say in the order, the script ranks by late interaction alone.
- A question that asks for several things is looked up as it stands; the lab takes it apart.
- It embeds with MiniLM, whatever was chosen in the lab.
- The index is made anew at every start. For many documents, save it: `FAISS.save_local`, and load only what you saved
  yourself.
"""


def take_home(
    *,
    documents_note: str = "",
    splitter: str = "sentences",
    size: int = DEFAULT_SIZE,
    overlap: int = 0,
    retriever: str = DEFAULT_RETRIEVER,
    k: int = 1,
    threshold: float | None = None,
    rerank: str = "none",
    template: str | PromptTemplate = "short",
    max_tokens: int = 64,
    embedder: str = EMBEDDER,
) -> dict[str, str]:
    """File name → text of `rag.py`, `requirements.txt` and `README.md`; only the parts that are used are in the script.

    The values are those of `split_documents` (size and overlap in tokens), `retrieve` and `AskOptions`; `documents_note`
    says in a person's own words what it was made for. All of them go into the script as quoted data, never as code.
    Raises BadInput for a value out of range or a template without a place for the passages.
    """
    options = RetrievalOptions(retriever, k, threshold, rerank)
    chosen = get_template(template) if isinstance(template, str) else template
    if splitter not in SPLITTERS:
        raise BadInput(f"There is no splitter “{splitter}”. Choose one of: {', '.join(SPLITTERS)}.")
    if not SHORTEST_SIZE <= size <= LONGEST_SIZE:
        raise BadInput(f"The size is {size}: set {SHORTEST_SIZE} to {LONGEST_SIZE:,} tokens.")
    if not 0 <= overlap <= size // 2:
        raise BadInput(f"The overlap is {overlap}: set 0 to {size // 2} tokens for pieces of {size}.")
    if k > MAX_K:
        raise BadInput(f"k is {k}: between 1 and {MAX_K} passages can be put into the prompt.")
    if max_tokens < 1:
        raise BadInput(f"max_tokens is {max_tokens}: an answer needs at least 1 token.")
    if not chosen.uses_text:
        raise BadInput(f"The prompt template “{chosen.name}” has no place for the passages. Choose another one.")
    settings: dict[str, Any] = {
        "NOTE": documents_note,
        "EMBEDDER": embedder,
        "SIZE": size,
        "OVERLAP": overlap,
        "K": k,
        "THRESHOLD": threshold,
        "SYSTEM": chosen.system,
        "USER": chosen.user,
        "WITH_TITLES": chosen.with_titles,
        "OPENING": chosen.opening,
        "STOP": list(chosen.stop),
        "MAX_TOKENS": max_tokens,
    }
    grader_ranks = options.rerank in ("combined", "cross-encoder")
    names = {splitter, options.retriever, "late-interaction" if grader_ranks else options.rerank}
    names.add("chooses" if threshold is not None or rerank != "none" else "straight")
    if threshold is not None:
        names.add("threshold")
    shown = {"splitter": splitter, "retriever": retriever, "rerank": rerank, "template": chosen.name}
    return {
        "rag.py": fill(TEMPLATE.read_text(encoding="utf-8"), names, settings),
        "requirements.txt": _requirements(needs_words=retriever in ("bm25", "hybrid")),
        "README.md": _readme({**shown, **{name.lower(): value for name, value in settings.items()}}),
    }


def fill(text: str, names: set[str], settings: Mapping[str, Any]) -> str:
    """The template's lines for these `names`, with the settings in their places.

    A line `#? a b` begins lines that stay when a or b is among the names, until the next such line; after `#? end` all stay.
    A line `#= NAME` becomes an assignment of that setting, or one of the lists below.
    """
    lists = {
        "STOP_WORDS": _wrapped(STOP_WORDS),
        "CALENDAR": _wrapped(asked._CALENDAR_WORDS),
        "ASKED": [
            f"({kind!r}, {pattern.pattern!r}),"
            for kind, pattern in (
                ("person", asked._PERSON),
                ("time", asked._TIME),
                ("money", asked._MONEY),
                ("number", asked._NUMBER),
            )
        ],
    }
    kept: list[str] = []
    stays = True
    for line in text.splitlines():
        if line.startswith("#? "):
            wanted = line.split()[1:]
            stays = wanted == ["end"] or not names.isdisjoint(wanted)
        elif not stays:
            continue
        elif line.lstrip().startswith("#= "):
            name, indent = line.split()[1], line[: len(line) - len(line.lstrip())]
            made = lists[name] if name in lists else [f"{name} = {_quoted(settings[name])}"]
            kept += [f"{indent}{piece}" for piece in made]
        else:
            kept.append(line)
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(kept)) + "\n"


def _quoted(value: Any) -> str:
    """Python source that is this value and nothing else; a float that is no number would not be."""
    source = repr(value)
    if isinstance(value, float) and source in ("nan", "inf", "-inf"):
        raise BadInput(f"{source} is not a number that can be set.")
    return source


def _wrapped(words: frozenset[str]) -> list[str]:
    """Lines of a quoted text of all the words in order, split when the script starts."""
    lines = wrap(" ".join(sorted(words)), 108, break_on_hyphens=False)
    return [repr(line + " ") for line in lines[:-1]] + [f"{lines[-1]!r}", ".split()"]


def _requirements(*, needs_words: bool) -> str:
    lines = []
    for name in sorted((*_PACKAGES, "bm25s") if needs_words else _PACKAGES):
        try:
            installed = version(name)
        except PackageNotFoundError:
            raise LabError(f"{name} is not installed here. Run `pip install -r requirements.txt` once more.") from None
        lines.append(f"{name}=={installed.partition('+')[0]}")  # a local build (“+cpu”) is nobody else's
    return "\n".join(lines) + "\n"


def _readme(settings: Mapping[str, Any]) -> str:
    told = json.dumps(settings, indent=2)  # ASCII: nothing in it can end a line or be unfit for a file
    return "\n".join(
        [
            "# Ask a folder of documents",
            "",
            "`rag.py` looks passages up in a folder and lets a language model answer from them, with the place each",
            "sentence rests on. It was made by “Look It Up or Learn It” from this configuration:",
            "",
            *(f"    {line}" for line in told.splitlines()),
            "",
            "## Run it",
            "",
            "    pip install -r requirements.txt",
            '    python rag.py FOLDER "Your question?" --passages-only',
            '    python rag.py FOLDER "Your question?" --model NAME --base-url http://localhost:11434/v1',
            '    python rag.py FOLDER "Your question?" --local FOLDER_OR_NAME',
            "",
            "The first shows what would be read. The second asks a model on any server that speaks OpenAI's language",
            "(its key goes into OPENAI_API_KEY), the third a chat model of the transformers library on this machine. The",
            "embedding model is fetched by its name at the first start; `--embedder FOLDER` takes one that is here already.",
            "",
            "## What is different",
            "",
            _LEFT_OUT,
        ]
    )
