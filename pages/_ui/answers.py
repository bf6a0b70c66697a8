"""How an answer looks: its text, its citations, its passages and the rules it kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from lab.rag.split.chunk import passage_text
from pages._ui.colours import BLUE, GREY
from pages._ui.show import told
from pages._ui.text import highlighted, inert, plural

if TYPE_CHECKING:
    from lab.rag.answer import Answer
    from lab.rag.citations import Citation
    from lab.rag.index import Hit
    from pages._ui.library import Library

LOOKED_UP = ":blue-badge[:material/search: looked up]"
LEARNED = ":orange-badge[:material/school: learned]"
_AROUND = 700  # characters shown before and after a cited passage
NEITHER = ":gray-badge[:material/radio_button_unchecked: as it is]"


def side_badges(*, looked_up: bool, learned: bool) -> str:
    """Which of the two helps an answer had, in colour and in words."""
    badges = ([LOOKED_UP] if looked_up else []) + ([LEARNED] if learned else [])
    return " ".join(badges) or NEITHER


def draw_cited(answer: Answer, library: Library) -> None:
    """Each citation as something to open: the passage on a coloured ground within its whole document."""
    if answer.abstained:
        st.caption(f"No answer was made up. {inert(answer.reason)}")
        return
    if answer.unsure:
        st.caption(f":material/help: **Not sure.** {inert(answer.reason)} Read the passage before you believe it.")
    for citation in answer.citations:
        place = f", page {citation.page}" if citation.page else f", row {citation.row}" if citation.row else ""
        name = f"[{citation.number}] {citation.document}{place}, characters {citation.start}–{citation.end}"
        with st.expander(inert(name), icon=":material/format_quote:"):
            document = library.by_name.get(citation.document)
            st.caption(f"Cosine of question and passage: {citation.score:.2f}")
            if citation.page is not None:
                _draw_page(library, citation)
            if document is None:
                st.markdown(inert(citation.text))
            else:
                _draw_passage(document.text, citation.start, citation.end)
    if answer.unsupported:
        st.caption(":material/warning: No passage in the prompt supports what the model wrote, so nothing is cited.")


def draw_closest(answer: Answer, candidates: Sequence[Hit]) -> None:
    """With a refusal or a doubtful answer: the closest passages, to judge for oneself."""
    if not candidates or not (answer.abstained or answer.unsure):
        return
    st.markdown("**The closest passages:**")
    for hit in candidates[:3]:
        st.markdown(f"- {inert(passage_text(hit.chunk))} :gray[{inert(hit.chunk.document)}, cosine {hit.score:.2f}]")


def _draw_page(library: Library, citation: Citation) -> None:
    """The page of the PDF as it looks, drawn when asked for."""
    from lab.rag.readers.pdf import page_image

    data = library.original(citation.document)
    if data is None or citation.page is None:
        return
    if st.toggle(f"Show page {citation.page} as it looks", key=f"page-{citation.document}-{citation.start}"):
        with told():
            image = page_image(data, citation.page, highlight=citation.text)
            st.image(image, caption=f"Page {citation.page} of {inert(citation.document)}", width="stretch")


def _draw_passage(text: str, start: int, end: int) -> None:
    """The passage on a coloured ground, with as much of its document around it as the eye can take in."""
    first, last = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    before, after = ("… " if first else ""), (" …" if last < len(text) else "")
    shown = f"{before}{text[first:last]}{after}"
    shift = len(before) - first
    st.markdown(highlighted(shown, [(start + shift, end + shift)]))


def draw_hits(hits: Sequence[Hit], used: int) -> None:
    """The passages found, best first, with their cosines; the first `used` of them went into the prompt."""
    if not hits:
        st.caption("Nothing was looked up.")
        return
    labels = [f"{hit.rank}. {hit.chunk.title[:40]}" for hit in hits]
    figure = go.Figure(
        go.Bar(
            x=[hit.score for hit in hits],
            y=labels,
            orientation="h",
            marker_color=[BLUE if place < used else GREY for place in range(len(hits))],
            text=[f"{hit.score:.2f}" for hit in hits],
            hovertext=[hit.chunk.text[:200] for hit in hits],
            hoverinfo="text+x",
        )
    )
    figure.update_layout(
        height=70 + 38 * len(hits),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": "cosine of question and passage", "range": [0, 1]},
        yaxis={"autorange": "reversed"},
    )
    st.plotly_chart(figure, config={"displayModeBar": False})
    st.caption(f"Blue: in the prompt ({plural(used, 'passage')}). Grey: found, not used. A cosine is no probability.")
    for hit in hits:
        chunk = hit.chunk
        place = f", page {chunk.page}" if chunk.page else f", row {chunk.row}" if chunk.row else ""
        heading = f" › {inert(' › '.join(chunk.heading))}" if chunk.heading else ""
        scores = ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in hit.scores.items())
        st.markdown(
            f"**{hit.rank}.** {inert(chunk.document)}{place}{heading}  \n{inert(chunk.text)}  \n"
            f":gray[{inert(hit.why)}{' · ' if hit.why else ''}{inert(scores)}]"
        )
