"""What a visitor's session holds, and what all sessions share. The only home of session state and Streamlit caches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lab.settings import get_settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.models.remote import Endpoint

_ENDPOINT = "model-panel-endpoint"
MY_ADAPTERS = "my-adapters"  # kept: (label, folder) of what this visitor trained or uploaded in the tuning lab
MY_STYLES = "my-styles"  # kept: style files of this visitor's own behaviours


def keep(name: str, value: Any) -> Any:
    """Remember a value for the rest of this visit; returns it."""
    st.session_state[f"kept-{name}"] = value
    return value


def kept(name: str, default: Any = None) -> Any:
    """What was remembered under this name in this visit."""
    return st.session_state.get(f"kept-{name}", default)


def begin_with(key: str, value: Any, *, again: bool = False) -> None:
    """What a widget shows before anybody touched it; with `again` also afterwards. Not while the widget is drawn."""
    if again or st.session_state.get(key) is None:
        st.session_state[key] = value


def current_endpoint() -> Endpoint | None:
    """The server this session uses: chosen in the panel, else named in the environment, else None (embedded)."""
    if _ENDPOINT not in st.session_state:
        if not get_settings().chat_url:
            return None
        from lab.models.remote import endpoint_from

        st.session_state[_ENDPOINT] = endpoint_from(get_settings())
    endpoint: Endpoint | None = st.session_state[_ENDPOINT]
    return endpoint


def use_endpoint(endpoint: Endpoint | None) -> None:
    """Answer from this server from now on, in this session only; None is the embedded model."""
    st.session_state[_ENDPOINT] = endpoint


def session_model(*, adapter: str | None = None, strength: float = 1.0, max_tokens: int = 96) -> BaseChatModel:
    """The chat model of this session, base or tuned. Raises LabError in words."""
    from lab.models.catalogue import choose_model

    return choose_model(
        get_settings(), adapter=adapter, strength=strength, max_tokens=max_tokens, endpoint=current_endpoint()
    )
