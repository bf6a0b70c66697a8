"""What is compared: behaviour, message, panes, adapter and strength; all of it in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lab.compare.panes import MOST, Pane, adapters_for, check_panes, fits, panes_for
from lab.compare.run import DEFAULT_PANES
from lab.errors import BadInput
from lab.rag.collections import DEFAULT_COLLECTION, list_collections
from lab.tuning.styles import MAX_EXAMPLE_CHARACTERS, SHIPPED, Style, list_styles, load_style, messages_of
from pages._ui.session import MY_ADAPTERS, MY_STYLES, current_endpoint, kept, session_model
from pages._ui.text import inert

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Index

_FIRST = "brand-voice"


@dataclass(frozen=True)
class Setup:
    """Everything that decides the answers. adapter: a shipped name or a folder; its label is what is shown."""

    style: Style
    inputs: Mapping[str, str]
    panes: tuple[Pane, ...]
    adapter: str | None
    adapter_label: str
    strength: float
    collection: str

    @property
    def subject(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Behaviour and message: what a press of the button asks about."""
        return (self.style.name, tuple(self.inputs.items()))

    def about(self, inputs: Mapping[str, str]) -> Setup:
        """The same with another message."""
        return replace(self, inputs=dict(inputs))

    def key(self, pane: Pane) -> tuple[object, ...]:
        """Two answers with the same key are the same answer."""
        learned = (self.adapter, self.strength) if pane.tuned else None
        return (current_endpoint(), self.subject, pane.id, learned, self.collection if pane.looked_up else None)

    def index(self) -> Index | None:
        """The documents of the panes that look it up; None when no pane does."""
        if not any(pane.looked_up for pane in self.panes):
            return None
        from lab.rag.collections import index_collection

        return index_collection(self.collection)


def model_of(adapter: str | None, strength: float) -> BaseChatModel:
    """This session's model, for lab.compare."""
    return session_model(adapter=adapter, strength=strength)


def choose_setup(*, own_message: bool = True) -> Setup:
    """The controls, in the order in which one thinks of them. Raises BadInput where a choice cannot work.

    own_message off: many messages are asked, so there is none to write.
    """
    left, right = st.columns([2, 3], gap="medium")
    with left:
        style = _choose_style()
    inputs = dict(messages_of(style)[0].inputs)
    if own_message:
        with right:
            inputs = _choose_message(style)
    adapters = _adapters(style)
    endpoint = current_endpoint()
    tuned = bool(endpoint.tuned_model) if endpoint is not None else bool(adapters)
    possible = panes_for(style, tuned=tuned, server=endpoint is not None)
    adapter, label, strength, collection = None, "", 1.0, DEFAULT_COLLECTION
    with left if own_message else right:
        panes = _choose_panes(possible)
    with (left if own_message else right).container(horizontal=True, vertical_alignment="bottom"):
        if any(pane.tuned for pane in panes):
            if endpoint is None:
                label = _choose_adapter(adapters)
                adapter = adapters[label]
                strength = _choose_strength()
            else:
                adapter, label = style.name, endpoint.tuned_model
        if any(pane.looked_up for pane in panes):
            collection = _choose_collection()
    checked = check_panes([pane.id for pane in panes], style, tuned=tuned, server=endpoint is not None)
    if len(checked) < 2:
        raise BadInput("Choose at least two panes: one alone cannot be compared.")
    return Setup(style, inputs, checked, adapter, label, strength, collection)


def _seed(key: str, default: object, options: Collection[str] | None = None) -> None:
    """A widget's first value, unless this visit or the address has one. (Streamlit warns of a default beside a value.)

    options: what can be chosen now; a remembered choice that is no longer among them (another behaviour, another model
    panel, another page's widget of that name) gives way to the default.
    """
    if key in st.session_state and options is not None:
        value = st.session_state[key]
        if any(item not in options for item in (value if isinstance(value, list) else [value])):
            del st.session_state[key]
            linked = st.query_params.get_all(key)
            if any(item not in options for item in linked):
                st.session_state[key] = default
    if key not in st.session_state and key not in st.query_params:
        st.session_state[key] = default


def _styles() -> dict[str, str]:
    """What is chosen → what load_style reads: ours, then the visitor's own of the tuning lab."""
    found = {name: name for name in list_styles()}
    for file in kept(MY_STYLES, []):
        if Path(file).is_file() and not Path(file).is_relative_to(SHIPPED):
            name = load_style(file).name
            found[name if name not in found else f"{name} (mine)"] = file
    return found


def _choose_style() -> Style:
    styles = _styles()
    names = list(styles)
    _seed("style", _FIRST if _FIRST in names else names[0], names)
    known: str | None = st.session_state.get("style")
    chosen = st.selectbox(
        "Behaviour", names, key="style", bind="query-params", on_change=_begin_style,
        help=inert(load_style(styles[known]).what) if known in styles else None,
    )  # fmt: skip
    style = load_style(styles[chosen or names[0]])
    st.caption(f"**{inert(style.title)}**")
    return style


def _begin_style() -> None:
    """Another behaviour was chosen: its first message, and the panes it can have."""
    style = load_style(_styles()[st.session_state["style"]])
    _take_message(style, 0)
    st.session_state["panes"] = [pane.id for pane in _default_panes(panes_for(style, tuned=bool(_adapters(style))))]
    st.session_state.pop("adapter", None)


def _default_panes(possible: tuple[Pane, ...]) -> tuple[Pane, ...]:
    return tuple(pane for pane in possible if pane.id in DEFAULT_PANES)


def _take_message(style: Style, place: int) -> None:
    for name, text in messages_of(style)[place].inputs.items():
        st.session_state[name] = text


def _take_chosen(style: Style) -> None:
    place = st.session_state.get("compare-example")
    if isinstance(place, int):
        _take_message(style, place)


def _choose_message(style: Style) -> dict[str, str]:
    """One field an input; the last one is the message itself, and may be long."""
    ours = messages_of(style)
    st.selectbox(
        "Take one of these messages, or write below",
        range(len(ours)),
        index=None,
        format_func=lambda place: ours[place].inputs[style.inputs[-1]],
        key="compare-example",
        on_change=partial(_take_chosen, style),
        placeholder=f"One of {len(ours)}",
    )
    inputs = {}
    for name in style.inputs:
        _seed(name, ours[0].inputs[name])
        label = name.replace("_", " ").capitalize()
        if name == style.inputs[-1]:
            field = st.text_area(label, key=name, bind="query-params", max_chars=MAX_EXAMPLE_CHARACTERS, height=100)
        else:
            field = st.text_input(label, key=name, bind="query-params", max_chars=100)
        inputs[name] = field or ""
    return inputs


def _adapters(style: Style) -> dict[str, str]:
    """Label → name or folder: ours for this behaviour, then the visitor's own."""
    found = {name: name for name in adapters_for(style)}
    for label, folder in kept(MY_ADAPTERS, []):
        if fits(style, Path(folder)):
            found[label if label not in found else f"{label} (mine)"] = str(folder)
    return found


def _choose_panes(possible: tuple[Pane, ...]) -> tuple[Pane, ...]:
    ids = [pane.id for pane in possible]
    _seed("panes", [pane.id for pane in _default_panes(possible)], ids)
    chosen = st.pills(
        f"Panes, from left to right (two to {MOST})", ids, selection_mode="multi", key="panes", bind="query-params",
        wrap=True, help="  \n".join(f"**{pane.id}**: {pane.what}" for pane in possible),
    )  # fmt: skip
    return tuple(pane for pane in possible if pane.id in chosen)


def _choose_adapter(adapters: Mapping[str, str]) -> str:
    labels = list(adapters)
    _seed("adapter", labels[0], labels)
    chosen = st.selectbox(
        "Adapter", labels, key="adapter", bind="query-params", width=200,
        help="Ours for this behaviour, and those you trained in the tuning lab during this visit.",
    )  # fmt: skip
    return chosen or labels[0]


def _choose_strength() -> float:
    _seed("strength", 1.0)
    return st.slider(
        "Strength of the adapter", 0.0, 1.5, step=0.05, key="strength", bind="query-params", width=200,
        help="0 is the base model, 1 the adapter as it was trained. After the first answer, moving it asks again.",
    )  # fmt: skip


def _choose_collection() -> str:
    names = list_collections()
    _seed("compare-docs", DEFAULT_COLLECTION, names)
    return (
        st.selectbox("Documents to look it up in", names, key="compare-docs", bind="query-params", width=200)
        or names[0]
    )
