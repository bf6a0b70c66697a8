"""Edit and ask again: change a fact or delete a document, and watch the answer follow."""

from __future__ import annotations

import streamlit as st

from lab.rag.editing import edit_and_ask, edit_document
from pages._ui.edit import choose_change, draw_edit_run
from pages._ui.knobs import choose_configuration
from pages._ui.library import choose_library
from pages._ui.session import keep, kept, session_model
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.text import inert

st.title("Edit and ask again", anchor=False)
st.markdown(
    "What a model looks up can be changed in a second. Change a fact below, or delete a document, and ask the same "
    "question before and after. Nothing is trained."
)

with told(stop=True):
    library = choose_library()
    if not library.documents:
        st.stop()
    wanted = choose_change(library)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Ask, change, ask again", type=main_button(), icon=":material/edit_document:")
        st.caption("The change is yours alone and lasts for this question: our documents stay as they are.")
    with st.expander("Turn the knobs", icon=":material/tune:"):
        configuration = choose_configuration()

if pressed:
    wait_for_models()
    with told(), st.spinner("Asking, changing, asking again …"):
        document = library.by_name[wanted.document]
        run = edit_and_ask(
            library.index(configuration.index),
            library.documents,
            wanted.document,
            None if wanted.delete else edit_document(document, wanted.text),
            wanted.question,
            session_model(),
            index_options=configuration.index,
            ask_options=configuration.ask,
        )
        keep("edit-run", run)

finished = kept("edit-run")
if finished is None:
    st.info("Press the button: the answer before and after stand side by side.", icon=":material/lightbulb:")
    st.stop()
if (finished.question, finished.document) != (wanted.question, wanted.document):
    st.caption(f":material/history: These answers belong to “{inert(finished.question)}”. Press again to renew them.")
draw_edit_run(finished)
