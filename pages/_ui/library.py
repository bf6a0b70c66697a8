"""Whose documents are looked up: a shipped collection, or the learner's own, which live and die with this session."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import streamlit as st

from lab.rag.build import IndexOptions, build_index
from lab.rag.collections import list_collections, load_collection, shipped_documents
from lab.rag.documents import Document, Refusal
from lab.settings import get_settings
from pages._ui.session import keep, kept
from pages._ui.text import inert, plural

if TYPE_CHECKING:
    from lab.rag.index import Index

OWN = "your own"
_OWN_INDEXES = 6  # ways of splitting that are remembered for a learner's own documents


@dataclass
class Library:
    """The documents of this visit, and their indexes. A learner's own are in this session's memory and nowhere else.

    `originals` are the bytes of the learner's own PDFs by name, for showing a cited page.
    """

    name: str
    documents: tuple[Document, ...]
    refused: tuple[Refusal, ...] = ()
    examples: tuple[str, ...] = ()
    originals: dict[str, bytes] = field(default_factory=dict, repr=False)
    _indexes: dict[IndexOptions, Index] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @cached_property
    def key(self) -> str:
        """Changes with any document's content."""
        return hashlib.sha256("".join(document.sha256 for document in self.documents).encode()).hexdigest()

    @property
    def own(self) -> bool:
        return self.name == OWN

    @property
    def by_name(self) -> dict[str, Document]:
        return {document.name: document for document in self.documents}

    def original(self, document: str) -> bytes | None:
        """The bytes of a PDF, to show its page; None where there are none."""
        if self.own:
            return self.originals.get(document)
        path = load_collection(self.name).documents / document
        if not document.endswith(".pdf") or document not in self.by_name or not path.is_file():
            return None
        return path.read_bytes()

    def index(self, options: IndexOptions) -> Index:
        """The index for this way of splitting and embedding, built on first use."""
        if not self.own:
            from lab.rag.collections import index_collection

            return index_collection(self.name, options)
        with self._lock:
            if options not in self._indexes:
                while len(self._indexes) >= _OWN_INDEXES:
                    self._indexes.pop(next(iter(self._indexes)))
                self._indexes[options] = build_index(self.documents, options)
            return self._indexes[options]


def choose_library(*, own: bool = True) -> Library:
    """Ours or (with `own`) the learner's own; what could not be read is named with its reason."""
    names = {name: load_collection(name).title for name in list_collections()}
    choices = [*names, OWN] if own else list(names)
    choice = st.segmented_control(
        "Documents",
        choices,
        default=choices[0],
        required=True,
        format_func=lambda name: names.get(name, "Your own documents"),
        key="docs",
        bind="query-params",
    )
    if choice in names:
        return Library(choice, shipped_documents(choice), examples=load_collection(choice).examples)
    return _own_library()


def _own_library() -> Library:
    uploads = st.file_uploader(
        "Add files: PDF, Word, HTML, Markdown, text, CSV or JSON",
        accept_multiple_files=True,
        help="They are read on this computer, stay in this session's memory, and are gone when it ends.",
    )
    pasted = st.text_area("… or paste a text", height=120, placeholder="Paste anything with a few facts in it.")
    sources = [(upload.name, upload.getvalue()) for upload in uploads or ()]
    if pasted.strip():
        sources.append(("pasted.txt", pasted.encode(errors="replace")))
    digest = hashlib.sha256(
        repr([(name, hashlib.sha256(data).digest()) for name, data in sources]).encode()
    ).hexdigest()
    remembered: tuple[str, Library] | None = kept("own-library")
    if remembered is not None and remembered[0] == digest:
        library = remembered[1]
    else:
        with st.spinner(f"Reading {plural(len(sources), 'document')} …"):
            library = _read_own(sources)
        keep("own-library", (digest, library))
    for refusal in library.refused:
        st.warning(f"**{inert(refusal.file)}** was left out: {inert(refusal.reason)}", icon=":material/block:")
    if library.documents:
        st.caption(f"Read: {', '.join(inert(document.name) for document in library.documents)}")
    else:
        st.caption("Nothing here yet. Add a file or paste a text, then ask about it.")
    return library


def _read_own(sources: list[tuple[str, bytes]]) -> Library:
    from lab.rag.load import read_documents

    loaded = read_documents(sources, get_settings().reading)
    digests = {hashlib.sha256(data).hexdigest(): data for name, data in sources if name.lower().endswith(".pdf")}
    originals = {document.name: digests[document.sha256] for document in loaded.documents if document.sha256 in digests}
    return Library(OWN, loaded.documents, loaded.refused, originals=originals)
