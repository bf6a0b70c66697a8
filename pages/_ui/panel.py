"""Below every page, to the right: which model answers, whether it is ready, and a server in its place."""

from __future__ import annotations

import streamlit as st

from lab.models.warmup import get_warm_up
from lab.settings import get_settings
from pages._ui.session import current_endpoint, use_endpoint
from pages._ui.show import main_button, told
from pages._ui.text import inert


def draw_model_panel() -> None:
    """Status of the models and the form for an OpenAI-compatible server."""
    endpoint = current_endpoint()
    with (
        st.container(horizontal=True, horizontal_alignment="right"),
        st.popover("Which model answers", icon=":material/memory:", width="content"),
    ):
        if endpoint is None and get_warm_up(get_settings()).status.state == "ready":
            _draw_ready()  # nothing left to keep current: a part that redraws itself can swallow a click elsewhere
        elif endpoint is None:
            draw_status()
        else:
            st.markdown(f"**{inert(endpoint.model)}** on {inert(endpoint.host)}")
            if endpoint.tuned_model:
                st.markdown(f"Tuned side: **{inert(endpoint.tuned_model)}**")
            if st.button("Back to the embedded model", icon=":material/undo:"):
                use_endpoint(None)
                st.rerun()
        st.markdown("**Use another model**")
        _draw_server_form()


@st.fragment(run_every=2.0)
def draw_status(*, page_waits: bool = False) -> None:
    """One line on the embedded models, kept current while they load; a page that waits is drawn anew at the end."""
    status = get_warm_up(get_settings()).status
    if status.state == "ready":
        if page_waits:
            st.rerun()
        _draw_ready()
    elif status.state == "failed":
        st.markdown(":red-badge[:material/error: not ready]")
        st.caption(inert(status.error))
    else:
        st.progress(min(max(status.share, 0.02), 1.0), text=f"{status.stage or 'waiting'} …")


def _draw_ready() -> None:
    st.markdown(":green-badge[:material/check: ready] SmolLM2-135M and MiniLM, on this computer")


def _draw_server_form() -> None:
    st.caption(
        "Any OpenAI-compatible server: Ollama, vLLM, LM Studio, llama.cpp or a cloud. The key stays in this tab."
    )
    with st.form("server", border=False):
        url = st.text_input("Address", placeholder="http://localhost:11434/v1")
        model = st.text_input("Model", placeholder="llama3.2")
        tuned = st.text_input("Tuned model (optional)", help="A second model name that plays the tuned side.")
        key = st.text_input("Key (optional)", type="password")
        pressed = st.form_submit_button("Try it and use it", type=main_button())
    if pressed:
        from lab.models.remote import Endpoint, check_endpoint

        with told(), st.spinner("Asking the server for one word …"):
            endpoint = Endpoint(url.strip(), model.strip(), tuned.strip(), key.strip())
            check_endpoint(endpoint)
            use_endpoint(endpoint)
            st.rerun()
