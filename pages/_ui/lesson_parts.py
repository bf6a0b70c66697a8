"""What a lesson needs from the browser: its pictures in the page, its words explained, and the learner's notes kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from lab.lessons import Figure, Lesson, Term
from lab.lessons.glossary import LINK, term_id, without_links
from lab.lessons.notebook import Notebook, read_notebook, write_notebook
from pages._ui.session import keep, kept

_HERE = Path(__file__).parent
_BOX = "notebook-box"
_figure = st.components.v2.component(
    "lesson_figure",
    html='<div class="figure"></div>',
    css="""
    .figure { overflow-x: auto; }
    svg { display: block; width: 100%; min-width: 600px; max-width: 860px; height: auto; }
    """,
    js=(_HERE / "figure.js").read_text(encoding="utf-8"),
)
_terms = st.components.v2.component(
    "lesson_terms",
    html='<div class="term-note" id="term-note" role="tooltip" hidden><strong></strong>: <span></span></div>',
    css="""
    a[href^="#term-"] { color: inherit; cursor: help; text-decoration: underline dotted 2px; text-underline-offset: 0.2em; }
    .term-note { position: fixed; z-index: 1000; padding: 0.6rem 0.8rem; border: 1px solid var(--st-border-color);
      border-radius: 0.5rem; background: var(--st-secondary-background-color); color: var(--st-text-color);
      font-family: var(--st-font); font-size: 0.95rem; line-height: 1.45; box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
    """,
    js=(_HERE / "terms.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
_notebook = st.components.v2.component(
    "lesson_notebook",
    css="""
    /* The contents read like a list. Streamlit takes a style of a single line for the name of a file. */
    [class*="st-key-contents-"] button * { justify-content: flex-start; text-align: left; }
    """,
    js=(_HERE / "notebook.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def draw_figure(figure: Figure) -> None:
    """The picture, with its description for those who cannot see it."""
    _figure(data={"svg": figure.svg, "alt": figure.alt}, key=f"figure-{figure.id}")


def explain_terms(terms: Iterable[Term]) -> None:
    """Make every link that `with_terms` wrote show its meaning."""
    _terms(data={"terms": {term.id: {"term": term.term, "meaning": term.meaning} for term in terms}}, key="terms")


def with_terms(text: str, *, explained: bool = True) -> str:
    """Links to terms as the page can show them, or their words alone."""
    if not explained:
        return without_links(text)
    return LINK.sub(lambda link: f"[{link['word']}](#term-{term_id(link['term'])})", text)


def open_notebook() -> tuple[Notebook, bool]:
    """What the learner answered so far, here and in earlier visits, and whether the browser has told us of those."""
    notebook: Notebook = kept("notebook") or Notebook()
    box = st.session_state.get(_BOX)
    text = box.get("text") if box is not None else None
    if text is not None and not kept("notebook-read"):
        keep("notebook-read", True)
        keep("notebook-blocked", text is False)
        notebook = keep("notebook", read_notebook(text).merged(notebook))
    return notebook, bool(kept("notebook-read"))


def keep_notebook(lesson: Lesson) -> None:
    """Let the browser keep what the notebook holds now, with this lesson as the last one; ask it first for what it has."""
    slug: str | None = lesson.slug
    if not kept("notebook-read"):
        text = slug = None
    elif kept("notebook-erased"):
        text = ""
    else:
        text = write_notebook(keep("notebook", replace(kept("notebook"), last=slug)))
    _notebook(data={"text": text, "slug": slug}, key=_BOX, on_text_change=lambda: None)


def note_answer(lesson: Lesson, block_id: str, key: str) -> None:
    """Write the answer of the widget `key` into the notebook; a callback."""
    chosen = st.session_state.get(key)
    if chosen is not None:
        _change(open_notebook()[0].with_answer(lesson, block_id, chosen))


def note_done(slug: str, done: bool) -> None:
    """Write that a lesson is done, or is not; a callback."""
    _change(open_notebook()[0].with_done(slug, done=done))


def erase_notebook() -> None:
    """Forget everything, here and in the browser; a callback."""
    keep("notebook", Notebook())
    keep("notebook-erased", True)
    for name in [str(name) for name in st.session_state if str(name).startswith("lesson-")]:
        del st.session_state[name]


def _change(notebook: Notebook) -> None:
    keep("notebook", notebook)
    keep("notebook-erased", False)
