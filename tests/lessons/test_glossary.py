"""The glossary: what it holds, and the rule that a word is linked where it first stands before its lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.lessons import BrokenContent, Check, Figure, Lesson, Option, Predict, Prose, Table, Term, load_glossary
from lab.lessons.glossary import first_uses, term_id, without_links
from lab.lessons.model import Block, heading_slug
from lab.lessons.texts import count_words, paragraphs, unlinked_terms

TERMS = {
    term.id: term
    for term in (
        Term("chunk", "A piece.", ("chunk", "chunks"), 1),
        Term("prompt", "The text.", ("prompt", "prompts"), 3),
        Term("system prompt", "Standing orders.", ("system prompt",), 5),
        Term("recall@k", "A share.", ("recall@k", "recall@3"), 7),
        Term("index", "A store.", ("index", "re-index"), 2),
    )
}


def lesson(*blocks: Block, number: int = 2) -> Lesson:
    return Lesson(f"{number:02}-x", number, "X", 5, ("a",), (), (), ("000",), None, blocks)


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("A prompt.", {"prompt": False}),
        ("A [prompt](term:prompt), then a prompt.", {"prompt": True}),
        ("A prompt, then a [prompt](term:prompt).", {"prompt": False}),
        ("A System\n  Prompt!", {"system-prompt": False}),
        ("Two [system prompts](term:system prompt).", {"system-prompt": True, "prompt": False}),
        ("Look at recall@3 (not recall@k).", {"recall-k": False}),
        ("A promptly index-card prompt-like thing.", {}),
        ("We re-index it.", {"index": False}),
        ("A pre-index.", {}),
    ],
)
def test_uses_are_whole_words_and_the_longest_term_counts(text: str, uses: dict[str, bool]) -> None:
    assert first_uses(text, TERMS) == uses


def test_only_words_of_later_lessons_need_a_link() -> None:
    text = Prose("A chunk of the index goes into the prompt.")
    assert [term.term for term in unlinked_terms(lesson(text), TERMS)] == ["prompt"]
    assert [term.term for term in unlinked_terms(lesson(text, number=3), TERMS)] == []
    linked = Prose("A [prompt](term:prompt).")
    assert unlinked_terms(lesson(linked, text), TERMS) == ()


def test_headings_code_and_options_cannot_hold_a_link_so_they_need_none() -> None:
    prose = Prose("## The prompt\n\n```python\nprompt = 1\n```\n\nText.")
    options = (Option("A prompt.", True, "Yes.", None), Option("No.", False, "No prompt.", "x"))
    predict = Predict("p", "What?", ("The prompt.", "No."), "Look.")
    assert unlinked_terms(lesson(prose, predict), TERMS) == ()
    assert [term.term for term in unlinked_terms(lesson(Check("c", "What?", options)), TERMS)] == ["prompt"]


def test_every_text_of_a_block_is_read() -> None:
    table = Table("t", "Caption.", ("", "A"), (("Row", "the prompt"),))
    assert [term.term for term in unlinked_terms(lesson(table), TERMS)] == ["prompt"]
    assert paragraphs(Figure("f", "x.svg", "<svg/>", "alt", "A caption.")) == ("A caption.",)


def test_prose_alone_is_counted() -> None:
    prose = Prose("## Not counted\n\nOne [two three](term:chunk) four.\n\n- five\n\n```python\nx = 1\n```")
    assert count_words(lesson(prose, Table("t", "No words here.", ("A",), (("b",),)))) == 4 + 2


def test_names_and_headings_become_anchors() -> None:
    assert (term_id("recall@k"), term_id("RAG"), term_id("context window")) == ("recall-k", "rag", "context-window")
    assert heading_slug("In an interview you would say…") == "in-an-interview-you-would-say"
    assert heading_slug("What's [fine-tuning](term:fine-tuning) – really?") == "whats-fine-tuning-really"
    assert without_links("A [b c](term:d).") == "A b c."


def test_a_glossary_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"There is no file .*glossary\.yaml"):
        load_glossary(tmp_path)
    row = "- {term: %s, forms: [a], lesson: 1, meaning: M}\n"
    (tmp_path / "glossary.yaml").write_text(row % "Top K" + row % "top-k")
    with pytest.raises(BrokenContent, match=r"^glossary\.yaml, line 2: top-k: term “top-k” is explained twice"):
        load_glossary(tmp_path)
