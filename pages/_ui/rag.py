"""The RAG lab's controls and stage pictures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from lab.errors import BadInput
from lab.rag.collections import list_collections, load_collection, load_documents
from lab.rag.load import Document, Refusal, read_document
from lab.rag.split import SPLITTERS, split_documents
from lab.settings import get_settings
from pages._ui.text import inert, plural, striped

if TYPE_CHECKING:
    from lab.rag.answer import Answer, AskOptions
    from lab.rag.index import Index

OWN = "your own"


@dataclass(frozen=True)
class Cut:
    """How documents are split."""

    splitter: str = "sentences"
    size: int = 60


@dataclass
class Library:
    """The documents of this visit. A learner's own live in this session's memory only, and so does their index."""

    name: str
    documents: tuple[Document, ...]
    refused: tuple[Refusal, ...] = ()
    example: str = ""
    _indexes: dict[Cut, Index] = field(default_factory=dict, repr=False)

    @cached_property
    def key(self) -> str:
        return hashlib.sha256("".join(document.sha256 for document in self.documents).encode()).hexdigest()

    @property
    def by_name(self) -> dict[str, Document]:
        return {document.name: document for document in self.documents}

    def index(self, cut: Cut) -> Index:
        """The index for this way of cutting, built on first use."""
        if self.name != OWN:
            from lab.rag.collections import index_collection

            return index_collection(self.name, splitter=cut.splitter, size=cut.size)
        if cut not in self._indexes:
            from lab.models.embedder import get_embedder
            from lab.rag.index import Index

            with st.spinner("Reading and embedding your documents …"):
                chunks = split_documents(self.documents, splitter=cut.splitter, size=cut.size)
                self._indexes[cut] = Index.build(chunks, get_embedder())
        return self._indexes[cut]


@st.cache_data(show_spinner=False)
def _shipped_documents(name: str) -> tuple[Document, ...]:
    return load_documents(name).documents


def choose_documents() -> Library:
    """Ours or the learner's own; what could not be read is named with its reason."""
    names = {name: load_collection(name).title for name in list_collections()}
    choice = st.segmented_control(
        "Documents",
        [*names, OWN],
        default=next(iter(names)),
        required=True,
        format_func=lambda name: names.get(name, "Your own documents"),
        key="docs",
        bind="query-params",
    )
    if choice in names:
        collection = load_collection(choice)
        return Library(choice, _shipped_documents(choice), example=collection.examples[0])
    return _own_library()


def _own_library() -> Library:
    uploads = st.file_uploader(
        "Add .md or .txt files", accept_multiple_files=True, help="They stay in this session's memory and go with it."
    )
    pasted = st.text_area("… or paste a text", height=120, placeholder="Paste anything with a few facts in it.")
    sources = [(upload.name, upload.getvalue()) for upload in uploads or ()]
    if pasted.strip():
        sources.append(("pasted.txt", pasted.encode()))
    digest = hashlib.sha256(
        repr([(name, hashlib.sha256(data).digest()) for name, data in sources]).encode()
    ).hexdigest()
    kept = st.session_state.get("own-library")
    if kept is not None and kept[0] == digest:
        library: Library = kept[1]
    else:
        library = _read_own(sources)
        st.session_state["own-library"] = (digest, library)
    for refusal in library.refused:
        st.warning(f"**{inert(refusal.file)}** was left out: {inert(refusal.reason)}", icon=":material/block:")
    if library.documents:
        st.caption(f"Read: {', '.join(inert(document.name) for document in library.documents)}")
    else:
        st.caption("Nothing here yet. Add a file or paste a text, then ask about it.")
    return library


def _read_own(sources: list[tuple[str, bytes]]) -> Library:
    settings = get_settings()
    documents: dict[str, Document] = {}
    refused: list[Refusal] = []
    for place, (name, data) in enumerate(sources):
        try:
            if place >= settings.max_files:
                raise BadInput(f"only {settings.max_files} files are read in one session.")
            if len(data) > settings.max_file_bytes:
                raise BadInput(f"it is over {settings.max_file_bytes // 1_000_000} MB.")
            document = read_document(name if name not in documents else f"{place + 1}-{name}", data)
            documents[document.name] = document
        except BadInput as error:
            refused.append(Refusal(name, str(error)))
    return Library(OWN, tuple(documents.values()), tuple(refused))


def choose_options() -> tuple[AskOptions, Cut]:
    """Everything that can be turned, folded away; each control is in the address bar, by names that stay as they are."""
    from lab.rag.answer import AskOptions
    from lab.rag.prompt import PROMPTS
    from lab.rag.retrieve import RETRIEVERS

    defaults = AskOptions()
    with st.expander("Turn the knobs", icon=":material/tune:"):
        first, second, third = st.columns(3, gap="medium")
        splitter = first.selectbox("Split into", list(SPLITTERS), key="splitter", bind="query-params")
        size = first.slider("Longest chunk (words)", 10, 200, 60, 10, key="size", bind="query-params")
        retriever = second.selectbox("Search by", list(RETRIEVERS), key="by", bind="query-params")
        k = second.slider("Passages in the prompt (k)", 1, 8, defaults.k, key="k", bind="query-params")
        templates = [name for name, template in PROMPTS.items() if template.uses_text]
        first_prompt = templates.index(str(defaults.template))
        template = third.selectbox("Prompt", templates, first_prompt, key="prompt", bind="query-params")
        assert splitter is not None
        assert retriever is not None
        assert template is not None
        for column, chosen in (
            (first, SPLITTERS[splitter]),
            (second, RETRIEVERS[retriever]),
            (third, PROMPTS[template]),
        ):
            column.caption(f"**{chosen.title}.** {chosen.description}")
        abstain = third.toggle(
            "Refuse when nothing supports an answer", defaults.abstain, key="refuse", bind="query-params"
        )
    return AskOptions(k=k, template=template, retriever=retriever, abstain=abstain), Cut(splitter, size)


def link_note(library: Library) -> None:
    """What the address bar carries."""
    private = " Your own documents are not in it." if library.name == OWN else ""
    st.caption(f":material/link: The address of this page holds the question and every knob: share it.{private}")


def draw_chunks(library: Library, cut: Cut, answer: Answer) -> None:
    """One document with its chunks on alternating grounds."""
    chunks = split_documents(library.documents, splitter=cut.splitter, size=cut.size)
    words = [len(chunk.text.split()) for chunk in chunks]
    mean = sum(words) / max(len(words), 1)
    st.caption(
        f"{plural(len(library.documents), 'document')}, {plural(len(chunks), 'chunk')}, {mean:.0f} words on average."
    )
    names = [document.name for document in library.documents]
    first = answer.hits[0].chunk.document if answer.hits else names[0]
    name = st.selectbox("Show", names, index=names.index(first) if first in names else 0)
    document = library.by_name[name or names[0]]
    spans = [(chunk.start, chunk.end) for chunk in chunks if chunk.document == document.name]
    st.caption("Each chunk is one coloured stretch. What has no colour is a heading: it goes with the chunks below it.")
    st.markdown(striped(document.text, spans))


def draw_seconds(found: Answer, closed: Answer) -> None:
    """Where the time went, per answer."""
    stages = (("embed and search", "embed_search", "#2468b8"), ("generate", "generate", "#6b6f76"))
    figure = go.Figure(
        [
            go.Bar(
                name=title,
                y=["looked up", "closed book"],
                x=[answer.seconds.get(stage, 0.0) for answer in (found, closed)],
                orientation="h",
                marker_color=colour,
            )
            for title, stage, colour in stages
        ]
    )
    figure.update_layout(
        barmode="stack", height=220, xaxis_title="seconds, this once, both answers at the same time",
        margin={"l": 8, "r": 8, "t": 8, "b": 8}, legend={"orientation": "h", "y": 1.2},
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False})
    st.caption(
        "; ".join(
            f"{name}: {answer.seconds.get('total', 0):.2f} s in all"
            for name, answer in (("looked up", found), ("closed book", closed))
        )
    )
