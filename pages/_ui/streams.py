"""Several answers growing side by side on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import streamlit as st

from pages._ui.text import inert

Key = TypeVar("Key")
Pane = st.delta_generator.DeltaGenerator
_CURSOR = " ▌"


class TextStream(Protocol):
    """What can be read piece by piece and closed half-way."""

    def __iter__(self) -> Iterator[str]: ...
    def __next__(self) -> str: ...
    def close(self) -> None: ...


def stream_together(streams: Mapping[Key, TextStream], places: Mapping[Key, Pane]) -> None:
    """Read all streams in turns into their places. Leaving the page closes them, which stops the model's work."""
    texts = dict.fromkeys(streams, "")
    open_streams = dict(streams)
    try:
        while open_streams:
            for key, stream in list(open_streams.items()):
                piece = next(stream, None)
                if piece is None:
                    del open_streams[key]
                    places[key].markdown(inert(texts[key]))
                else:
                    texts[key] += piece
                    places[key].markdown(inert(texts[key]) + _CURSOR)
    finally:
        close_all(list(streams.values()))


def close_all(streams: Sequence[TextStream]) -> None:
    """Stop what has not finished; safe for those that have."""
    for stream in streams:
        stream.close()
