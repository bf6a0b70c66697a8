"""RAG lab: every stage from document to cited answer, with the closed-book answer beside it."""

from __future__ import annotations

import streamlit as st

from pages._ui.answers import LOOKED_UP, NEITHER, draw_cited, draw_hits
from pages._ui.rag import choose_documents, choose_options, draw_chunks, draw_seconds, link_note
from pages._ui.session import keep, kept, session_model
from pages._ui.show import draw_provenance, main_button, told, wait_for_models
from pages._ui.streams import stream_together
from pages._ui.text import inert

st.title("RAG lab: look it up", anchor=False)
st.markdown(
    "Ask about documents the model has never seen. The app finds the passage, puts it into the prompt, and lets the "
    "same model answer with it and without it."
)

with told(stop=True):
    library = choose_documents()
    question = st.text_input(
        "Your question",
        value=library.example,
        key="q",
        bind="query-params",
        placeholder="What would you like to know from these documents?",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Ask both ways", type=main_button(), icon=":material/play_arrow:", disabled=not library.documents
        )
        link_note(library)
    options, cut = choose_options()

if pressed:
    from dataclasses import replace

    from lab.rag.answer import stream

    wait_for_models()
    with told():
        index = library.index(cut)
        model = session_model()
        streams = {
            "found": stream(question, index, model, options),
            "closed": stream(question, None, model, replace(options, rag=False)),
        }
        left, right = st.columns(2, gap="medium")
        places = {}
        for key, column, badge in (("found", left, LOOKED_UP), ("closed", right, NEITHER)):
            with column.container(border=True):
                st.markdown(badge)
                places[key] = st.empty()
        stream_together(streams, places)
        answers = (streams["found"].answer, streams["closed"].answer, streams["found"].candidates)
        keep("rag-run", (question, library, cut, options, *answers))
        st.rerun()

run = kept("rag-run")
if run is None:
    st.info(
        "Nothing asked yet. Press **Ask both ways**: the first answer takes a few seconds.", icon=":material/lightbulb:"
    )
    st.stop()

asked, asked_library, asked_cut, asked_options, found, closed, candidates = run
if (asked, asked_library.key, asked_cut, asked_options) != (question, library.key, cut, options):
    st.caption(
        f":material/history: These answers belong to “{inert(asked)}” and its settings. Ask again to renew them."
    )
left, right = st.columns(2, gap="medium")
with left.container(border=True):
    st.markdown(f"{LOOKED_UP} {inert(found.text)}")
    draw_cited(found, asked_library.by_name)
    draw_provenance(found.provenance)
with right.container(border=True):
    st.markdown(f"{NEITHER} {inert(closed.text)}")
    st.caption("Closed book: the question alone. Nothing here can be traced to a source.")
    draw_provenance(closed.provenance)

hits, prompt, chunks, seconds = st.tabs(["Passages found", "The exact prompt", "Documents and chunks", "Time"])
with hits:
    draw_hits(candidates, 0 if found.abstained else asked_options.k)
with prompt:
    st.code(
        found.prompt or "The model was not asked: no passage looked as if it held the answer.",
        language=None,
        wrap_lines=True,
    )
with chunks:
    draw_chunks(asked_library, asked_cut, found)
with seconds:
    draw_seconds(found, closed)
