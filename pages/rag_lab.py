"""RAG lab: every stage from document to cited answer, with the closed-book answer beside it."""

from __future__ import annotations

import streamlit as st

from pages._ui.answers import LOOKED_UP, NEITHER, draw_cited, draw_closest, draw_hits
from pages._ui.knobs import choose_configuration
from pages._ui.library import choose_library
from pages._ui.session import keep, kept, session_model
from pages._ui.show import draw_provenance, main_button, told, wait_for_models
from pages._ui.stages import draw_map, draw_prompt, draw_sentences, draw_split, draw_time
from pages._ui.streams import stream_together
from pages._ui.take_home import draw_take_home
from pages._ui.text import inert

st.title("RAG lab: look it up", anchor=False)
st.markdown(
    "Ask about documents the model has never seen. The app finds the passage, puts it into the prompt, and lets the "
    "same model answer with it and without it."
)

with told(stop=True):
    library = choose_library()
    question = st.text_input(
        "Your question",
        value=next(iter(library.examples), ""),
        key="q",
        bind="query-params",
        placeholder="What would you like to know from these documents?",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Ask both ways", type=main_button(), icon=":material/play_arrow:", disabled=not library.documents
        )
        private = " Your own documents are not in it." if library.own else ""
        st.caption(f":material/link: The address of this page holds the question and every knob: share it.{private}")
    with st.expander("Turn the knobs", icon=":material/tune:"):
        configuration = choose_configuration()

if pressed:
    from dataclasses import replace

    from lab.rag.stream import stream

    wait_for_models()
    with told():
        with st.spinner("Splitting and embedding the documents …"):
            index = library.index(configuration.index)
        model = session_model()
        streams = {
            "found": stream(question, index, model, configuration.ask),
            "closed": stream(question, None, model, replace(configuration.ask, rag=False)),
        }
        places = {}
        for key, column, badge in zip(streams, st.columns(2, gap="medium"), (LOOKED_UP, NEITHER), strict=True):
            with column.container(border=True):
                st.markdown(badge)
                places[key] = st.empty()
        stream_together(streams, places)
        answers = (streams["found"].answer, streams["closed"].answer, streams["found"].candidates)
        keep("rag-run", (question, library, configuration, *answers))
        st.rerun()

run = kept("rag-run")
if run is None:
    st.info(
        "Nothing asked yet. Press **Ask both ways**: the first answer takes a few seconds.", icon=":material/lightbulb:"
    )
    st.stop()

asked, asked_library, asked_configuration, found, closed, candidates = run
if (asked, asked_library.key, asked_configuration) != (question, library.key, configuration):
    st.caption(
        f":material/history: These answers belong to “{inert(asked)}” and its settings. Ask again to renew them."
    )
left, right = st.columns(2, gap="medium")
with left.container(border=True):
    st.markdown(f"{LOOKED_UP} {inert(found.text)}")
    draw_cited(found, asked_library)
    draw_closest(found, candidates)
    draw_provenance(found.provenance)
with right.container(border=True):
    st.markdown(f"{NEITHER} {inert(closed.text)}")
    st.caption("Closed book: the question alone. Nothing here can be traced to a source.")
    draw_provenance(closed.provenance)

STAGES = ("1 Split", "2 Embed", "3 Retrieve", "4 Prompt", "5 Check the answer", "Time", "Take it home")
stage = st.segmented_control("Look at a stage", STAGES, default="3 Retrieve", required=True, key="stage")
first = found.hits[0].chunk.document if found.hits else None
with told():
    if stage == "1 Split":
        draw_split(asked_library, asked_configuration, first)
    elif stage == "2 Embed":
        draw_map(asked_library, asked_configuration, asked, candidates)
    elif stage == "3 Retrieve":
        draw_hits(candidates, 0 if found.abstained else len(found.hits))
    elif stage == "4 Prompt":
        draw_prompt(found, asked_configuration)
    elif stage == "5 Check the answer":
        draw_sentences(found)
    elif stage == "Time":
        draw_time(found, closed)
    else:
        draw_take_home(asked_library, asked_configuration)
