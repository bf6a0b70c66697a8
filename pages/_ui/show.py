"""Messages: an error in words with what to do next, the wait for the models, and who answered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import streamlit as st

from lab.errors import BadInput, LabError
from lab.models.warmup import get_warm_up
from lab.settings import get_settings
from pages._ui.text import inert


@contextmanager
def told(*, stop: bool = False) -> Iterator[None]:
    """Show a LabError raised inside as a message. The rest of the page goes on, unless it could not without (`stop`)."""
    try:
        yield
    except BadInput as error:
        st.warning(inert(str(error)), icon=":material/edit_note:")
    except LabError as error:
        st.error(inert(str(error)), icon=":material/error:")
    else:
        return
    if stop:
        st.stop()


def main_button() -> Literal["primary", "secondary"]:
    """The type of a page's main button. In the dark, Streamlit's white on a light blue cannot be read."""
    return "secondary" if st.context.theme.type == "dark" else "primary"


def wait_for_models() -> None:
    """Hold the page, with progress, until the models are loaded; stops the run when they cannot be."""
    warm_up = get_warm_up(get_settings())
    warm_up.start()
    if warm_up.status.state == "ready":
        return
    place = st.empty()
    while warm_up.status.state == "warming":
        status = warm_up.status
        with place.container():
            st.progress(min(max(status.share, 0.02), 1.0), text=f"Getting the models ready: {status.stage} …")
            st.caption("The first time takes a minute. You can read a lesson meanwhile.")
        time.sleep(0.3)
    place.empty()
    if warm_up.status.state == "failed":
        st.error(inert(warm_up.status.error), icon=":material/error:")
        if st.button("Try again", icon=":material/refresh:"):
            warm_up.start()
            st.rerun()
        st.stop()


def draw_provenance(provenance: Mapping[str, Any], label: str = "Where this answer comes from") -> None:
    """The exact prompt and everything needed to make the answer again, folded away."""
    with st.expander(label, icon=":material/fingerprint:"):
        st.caption("The exact prompt")
        st.code(str(provenance.get("prompt", "")), language=None, wrap_lines=True)
        rows = {
            key: value for key, value in provenance.items() if key not in ("prompt", "seconds") and value is not None
        }
        st.table({"": list(rows), "value": [_short(value) for value in rows.values()]}, hide_index=True)
        seconds = provenance.get("seconds") or {}
        if seconds:
            st.caption("Seconds: " + ", ".join(f"{stage} {value:.2f}" for stage, value in seconds.items()))


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return inert(text if len(text) <= 60 else f"{text[:57]}…")
