"""The RAG lab's knobs, stage by stage; each is in the address bar, under a name that stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import streamlit as st

from lab.rag.build import EMBEDDERS, IndexOptions

if TYPE_CHECKING:
    from lab.rag.answer import AskOptions

NO_THRESHOLD = -1.0  # the slider's left end: no cosine is lower


class Choice(Protocol):
    """Something to choose by its title, explained by its description."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...


@dataclass(frozen=True)
class Configuration:
    """Everything that decides an answer besides the documents and the question."""

    index: IndexOptions
    ask: AskOptions


def _pick(label: str, choices: Mapping[str, Choice], default: str, key: str, *, link: bool = True) -> str:
    """A menu of ids (a link must hold the id, not a title that may change) with the chosen one explained below."""
    names = list(choices)
    chosen = st.selectbox(label, names, names.index(default), key=key, bind="query-params" if link else None)
    name = chosen or default
    st.caption(f"**{choices[name].title}.** {choices[name].description}")
    return name


def choose_configuration(
    prefix: str = "", *, link: bool = True, defaults: Configuration | None = None
) -> Configuration:
    """All knobs, in the order in which a question meets them. `prefix` keeps two sets on one page apart."""
    from lab.rag.answer import AskOptions
    from lab.rag.decide import CHECKS
    from lab.rag.prompt import PROMPTS
    from lab.rag.rerank import RERANKERS
    from lab.rag.retrieve import RETRIEVERS
    from lab.rag.split import SPLITTERS

    index = defaults.index if defaults else IndexOptions()
    ask = defaults.ask if defaults else AskOptions()
    bind: Literal["query-params"] | None = "query-params" if link else None
    first, second, third = st.columns(3, gap="medium")
    with first:
        splitter = _pick("Split into", SPLITTERS, index.splitter, f"{prefix}splitter", link=link)
        size = st.slider("Longest chunk (tokens)", 20, 400, index.size, 20, key=f"{prefix}size", bind=bind)
        overlap = st.slider(
            "Overlap (tokens)", 0, 100, index.overlap, 10, key=f"{prefix}overlap", bind=bind,
            help="Shared by neighbouring chunks; at most half of a chunk.",
        )  # fmt: skip
        embedder = _pick("Embed with", EMBEDDERS, index.embedder, f"{prefix}embedder", link=link)
    with second:
        retriever = _pick("Search by", RETRIEVERS, ask.retriever, f"{prefix}by", link=link)
        k = st.slider("Passages in the prompt (k)", 1, 8, ask.k, key=f"{prefix}k", bind=bind)
        lowest = NO_THRESHOLD if ask.threshold is None else ask.threshold
        threshold = st.slider(
            "Lowest cosine", NO_THRESHOLD, 1.0, lowest, 0.05, key=f"{prefix}threshold", bind=bind,
            help="Passages below it are not used. At the left end nothing is left out.",
        )  # fmt: skip
        rerank = _pick("Rank again", RERANKERS, ask.rerank, f"{prefix}rerank", link=link)
    with third:
        templates = {name: template for name, template in PROMPTS.items() if template.uses_text}
        template = _pick("Prompt", templates, str(ask.template), f"{prefix}prompt", link=link)
        divide = st.toggle(
            "Ask for several things one by one", ask.divide, key=f"{prefix}divide", bind=bind,
            help="“What does it cost, and how long does it take?” is looked up and answered in two parts.",
        )  # fmt: skip
        abstain = st.toggle("Refuse when nothing supports an answer", ask.abstain, key=f"{prefix}refuse", bind=bind)
        unsure, check = ask.abstain_unsure, ask.check
        if abstain:
            unsure = st.toggle("Refuse when in doubt, too", unsure, key=f"{prefix}strict", bind=bind)
            check = _pick("Decided by", CHECKS, check, f"{prefix}check", link=link)
    return Configuration(
        IndexOptions(splitter, size, min(overlap, size // 2), embedder),
        AskOptions(
            k=k,
            template=template,
            retriever=retriever,
            threshold=None if threshold <= NO_THRESHOLD else threshold,
            rerank=rerank,
            divide=divide,
            abstain=abstain,
            abstain_unsure=unsure,
            check=check,
        ),
    )
