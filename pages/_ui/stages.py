"""One picture for each stage of an answer: split, embed, prompt, check and time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from lab.rag.build import split_with
from pages._ui.colours import BLUE, DARK, GREEN, GREY, RED
from pages._ui.show import told
from pages._ui.text import highlighted, inert, plural, striped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.rag.answer import Answer
    from lab.rag.index import Hit
    from lab.rag.split import Chunk
    from pages._ui.knobs import Configuration
    from pages._ui.library import Library

_PLAIN = {"displayModeBar": False}
_MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
_SHOWN = 2_500  # characters of a document that are shown at first with its chunks coloured
_PART_NAMES = {"frame": "chat format", "opening": "opening of the answer"}
_PARTS = {"instruction": "gray", "passage": "blue", "question": "green", "opening": "violet"}


# ── Split ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def draw_split(library: Library, configuration: Configuration, first: str | None) -> None:
    """One document with its chunks on alternating grounds, their lengths, and what the embedder will not see."""
    from lab.models.tokens import EMBEDDER_LIMIT_TOKENS, count_tokens
    from lab.rag.split import indexed_text, oversize, uncovered

    chunks = split_with(library.documents, configuration.index)
    lengths = count_tokens([chunk.text for chunk in chunks])
    cut_off = oversize(chunks)
    st.caption(
        f"{plural(len(library.documents), 'document')}, {plural(len(chunks), 'chunk')}, "
        f"{sum(lengths) / max(len(lengths), 1):.0f} tokens on average."
    )
    if any(cut_off):
        st.warning(
            f"{plural(sum(cut_off), 'chunk')} with title and heading are longer than the {EMBEDDER_LIMIT_TOKENS} tokens "
            "that the embedder reads. What comes after is cut off: it cannot be found by meaning. Choose a smaller size.",
            icon=":material/content_cut:",
        )
    names = [document.name for document in library.documents]
    name = st.selectbox("Show the chunks of", names, index=names.index(first) if first in names else 0) or names[0]
    document = library.by_name[name]
    mine = [(chunk, length, cut) for chunk, length, cut in zip(chunks, lengths, cut_off, strict=True)
            if chunk.document == name]  # fmt: skip
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.caption(
            "Blue and grey by turns: one chunk each. Violet: in two of them (overlap). No colour: in no chunk's own "
            "text, such as a heading that goes with the chunks below it."
        )
        whole = len(document.text) <= _SHOWN or st.toggle(f"Show all {len(document.text):,} characters")
        end = len(document.text) if whole else _SHOWN
        st.markdown(
            striped(document.text[:end], [(chunk.start, chunk.end) for chunk, _, _ in mine if chunk.start < end])
        )
        lost = uncovered(document, [chunk for chunk, _, _ in mine])
        if lost:
            st.caption(f"In no chunk: {inert(document.text[slice(*lost[0])][:80])}")
    with right:
        _draw_lengths(lengths, EMBEDDER_LIMIT_TOKENS)
        _draw_ribbon([chunk for chunk, _, _ in mine], [length for _, length, _ in mine], [cut for *_, cut in mine])
        with st.expander("What is embedded, chunk by chunk"):
            for chunk, length, _ in mine[:60]:
                st.markdown(f":gray[{length} tokens]  \n{inert(indexed_text(chunk))}")
            if len(mine) > 60:
                st.caption(f"The first 60 of {len(mine)}.")


def _draw_lengths(lengths: Sequence[int], limit: int) -> None:
    figure = go.Figure(go.Histogram(x=list(lengths), nbinsx=40, marker_color=BLUE))
    if max(lengths, default=0) > limit * 0.7:
        figure.add_vline(x=limit, line_color=RED, annotation_text="read by the embedder up to here")
    figure.update_layout(
        height=190, margin=_MARGIN, bargap=0.05, xaxis_title="tokens in a chunk, all documents", yaxis_title="chunks"
    )
    st.plotly_chart(figure, config=_PLAIN)


def _draw_ribbon(chunks: Sequence[Chunk], lengths: Sequence[int], cut_off: Sequence[bool]) -> None:
    figure = go.Figure(
        go.Bar(
            base=[chunk.start for chunk in chunks],
            x=[chunk.end - chunk.start for chunk in chunks],
            y=[f"row {number % 2 + 1}" for number in range(len(chunks))],
            orientation="h",
            marker_color=[RED if cut else (BLUE, GREY)[number % 2] for number, cut in enumerate(cut_off)],
            hovertext=[
                f"{length} tokens, characters {chunk.start}–{chunk.end}<br>{_hover(chunk.text)}"
                for chunk, length in zip(chunks, lengths, strict=True)
            ],
            hoverinfo="text",
        )
    )
    figure.update_layout(
        height=150, margin=_MARGIN, barmode="overlay", xaxis_title="character of the document",
        yaxis={"showticklabels": False},
    )  # fmt: skip
    st.plotly_chart(figure, config=_PLAIN)
    st.caption("Each bar is a chunk, in two rows so that overlaps show. Hover for its length. Red: cut off.")


def _hover(text: str, limit: int = 140) -> str:
    """Text fit for a Plotly hover label, which reads a few HTML tags: none is left in it."""
    short = " ".join(text.split())
    short = short if len(short) <= limit else f"{short[:limit]}…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ── Embed ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def draw_map(library: Library, configuration: Configuration, question: str, hits: Sequence[Hit]) -> None:
    """Chunks and question on a plane, coloured by document, with lines from the question to its hits."""
    from lab.rag.projection import METHODS, project

    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = st.segmented_control(
            "Map", list(METHODS), default="pca", required=True, format_func=lambda name: METHODS[name]
        )
        seed = st.number_input("Seed", 0, 999, 0, width=140, disabled=method == "pca",
                               help="t-SNE lays the map out at random; PCA has no chance in it.")  # fmt: skip
    index = library.index(configuration.index)
    with told(), st.spinner("Laying out the map …"):
        plane = project(index, question, method=method, seed=int(seed))
        found = {hit.chunk.id for hit in hits}
        figure = go.Figure()
        by_document: dict[str, list[int]] = {}
        for row, place in enumerate(plane.places):
            by_document.setdefault(index.chunks[place].document, []).append(row)
        shown = {name for name, _ in Counter({name: len(rows) for name, rows in by_document.items()}).most_common(10)}
        for row, place in enumerate(plane.places):
            if index.chunks[place].id in found:
                figure.add_trace(
                    go.Scatter(
                        x=[plane.question[0], plane.points[row][0]],
                        y=[plane.question[1], plane.points[row][1]],
                        mode="lines",
                        line={"color": BLUE, "width": 1.5},
                        hoverinfo="skip",
                        showlegend=False,
                    )
                )
        for name, rows in by_document.items():
            figure.add_trace(
                go.Scatter(
                    x=[plane.points[row][0] for row in rows],
                    y=[plane.points[row][1] for row in rows],
                    mode="markers",
                    name=_hover(name, 26),
                    showlegend=name in shown,
                    marker={"size": [13 if index.chunks[plane.places[row]].id in found else 7 for row in rows]},
                    hovertext=[f"{_hover(name)}<br>{_hover(index.chunks[plane.places[row]].text)}" for row in rows],
                    hoverinfo="text",
                )
            )
        figure.add_trace(
            go.Scatter(
                x=[plane.question[0]],
                y=[plane.question[1]],
                mode="markers+text",
                text=["your question"],
                textposition="top center",
                name="your question",
                marker={"size": 17, "symbol": "star", "color": GREEN},
                hovertext=[_hover(question)],
                hoverinfo="text",
            )
        )
        figure.update_layout(
            height=620,
            margin=_MARGIN,
            xaxis={"showticklabels": False},
            yaxis={"showticklabels": False},
            legend={"orientation": "h", "y": -0.05},
        )
        st.plotly_chart(figure, config=_PLAIN)
        kept = "" if plane.kept_variance is None else f" It keeps {plane.kept_variance:.0%} of the variance."
        left_out = f" {plane.left_out:,} chunks are not shown." if plane.left_out else ""
        st.caption(
            f"Each dot is a chunk; lines lead to the passages found. This plane stands for {index.vectors.shape[1]} "
            f"dimensions.{kept}{left_out} **A distance on this map is not the cosine**: the nearest dot need not be the "
            "best hit."
        )


# ── Prompt ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def draw_prompt(answer: Answer, configuration: Configuration) -> None:
    """The exact text the model read, its parts on coloured grounds, with each part's tokens."""
    from lab.rag.prompt import get_template, prompt_parts
    from lab.rag.stream import count_tokens
    from pages._ui.session import session_model

    if not answer.prompt:
        st.caption("The model was not asked: no passage looked as if it held the answer.")
        return
    parts = prompt_parts(answer.prompt, get_template(str(configuration.ask.template)), answer.question, answer.hits)
    model = session_model()
    tokens: Counter[str] = Counter()
    for part in parts:
        label = f"passage {part.number}" if part.number else _PART_NAMES.get(part.kind, part.kind)
        tokens[label] += count_tokens(model, answer.prompt[part.start : part.end])
    left, right = st.columns([3, 1], gap="medium")
    with left.container(border=True):
        st.markdown(
            "".join(
                highlighted(answer.prompt[part.start : part.end], [(0, part.end - part.start)], _PARTS[part.kind])
                if part.kind in _PARTS
                else inert(answer.prompt[part.start : part.end])
                for part in parts
            )
        )
    with right:
        st.table({"part": list(tokens), "tokens": list(tokens.values())}, hide_index=True)
    st.caption("Blue: passages. Green: your question. Grey: our instruction. Violet: the first words of the answer, which "
               "we write. No colour: marks of the chat format.")  # fmt: skip
    for hit in answer.left_out:
        st.warning(
            f"Passage {hit.rank} ({inert(hit.chunk.document)}) did not fit into the prompt and was left out.",
            icon=":material/content_cut:",
        )


# ── Check ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_STATES = {
    "supported": ("green", ":material/check: supported by"),
    "cited-unsupported": ("red", ":material/close: cited but unsupported:"),
    "uncited": ("gray", ":material/question_mark: uncited"),
}


def draw_sentences(answer: Answer) -> None:
    """Each sentence of the answer with the verdict of the stated rule."""
    if not answer.sentences:
        st.caption("There is no sentence to check: nothing was answered from the passages.")
    for sentence in answer.sentences:
        colour, label = _STATES[sentence.state]
        number = f" \\[{sentence.number}\\]" if sentence.number else ""
        missing = f" Not in the passage: {inert(', '.join(sentence.missing))}." if sentence.missing else ""
        st.markdown(
            f":{colour}-badge[{label}{number}] {inert(answer.text[sentence.start : sentence.end])}  \n"
            f":gray[{sentence.share:.0%} of its content words are in the passage.{missing}]"
        )
    st.caption(
        "The rule: every number and every name of the sentence stands in the passage, and at least half of its content "
        "words do. It needs no model. It does not see a fact told of the wrong thing when both are named there."
    )


# ── Time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

_STAGES = (("embed_search", "embed the question, search", BLUE), ("decide", "decide whether to answer", GREY),
           ("generate", "read the prompt, write", DARK), ("cite", "check the sentences", GREY))  # fmt: skip


def draw_time(found: Answer, closed: Answer) -> None:
    """A waterfall: each stage begins where the one before it ended; tokens beside it."""
    done, rows = 0.0, []
    for key, label, colour in _STAGES:
        seconds = found.seconds.get(key, 0.0)
        rows.append((label, done, seconds, colour))
        done += seconds
    figure = go.Figure(
        go.Bar(
            y=[label for label, *_ in rows],
            base=[start for _, start, _, _ in rows],
            x=[seconds for *_, seconds, _ in rows],
            orientation="h",
            marker_color=[colour for *_, colour in rows],
            text=[f"{seconds:.2f} s" for *_, seconds, _ in rows],
            textposition="outside",
            hoverinfo="skip",
        )
    )
    figure.update_layout(  # room at the right for the longest bar's figure, on a phone too
        height=230, margin=_MARGIN, xaxis={"title": "seconds, this once", "range": [0, max(done, 0.01) * 1.4]},
        yaxis={"autorange": "reversed"},
    )  # fmt: skip
    st.plotly_chart(figure, config=_PLAIN)
    st.table(
        {
            "": ["looked up", "closed book"],
            "tokens in": [_tokens(found, "tokens_in"), _tokens(closed, "tokens_in")],
            "tokens out": [_tokens(found, "tokens_out"), _tokens(closed, "tokens_out")],
            "seconds in all": [f"{answer.seconds.get('total', 0.0):.2f}" for answer in (found, closed)],
        },
        hide_index=True,
    )
    st.caption("Both answers were written at the same time, so each waited a little for the other.")


def _tokens(answer: Answer, key: str) -> str:
    value = answer.provenance.get(key)
    return "not asked" if value is None else str(value)
