"""The configuration as a script of one's own: what is set here, in plain LangChain."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui.text import inert

if TYPE_CHECKING:
    from pages._ui.knobs import Configuration
    from pages._ui.library import Library


def draw_take_home(library: Library, configuration: Configuration) -> None:
    """The script to read and to download, with its pinned requirements and how to run it."""
    from lab.rag.takehome import take_home

    index, ask = configuration.index, configuration.ask
    note = "your own documents" if library.own else library.name
    files = take_home(
        documents_note=note, splitter=index.splitter, size=index.size, overlap=index.overlap,
        retriever=ask.retriever, k=ask.k, threshold=ask.threshold, rerank=ask.rerank,
        template=ask.template, max_tokens=ask.max_tokens,
    )  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    st.markdown(
        "What you set up here, as one script that needs nothing of this app: LangChain, FAISS and a model you choose."
    )
    st.download_button(
        "Take it home (zip)", packed.getvalue(), "rag-take-home.zip", "application/zip", icon=":material/download:"
    )
    for name, text in files.items():
        with st.expander(inert(name)):
            st.code(text, language="python" if name.endswith(".py") else None)
