"""A lesson as one HTML file for paper or for a desk without a network: no script, nothing fetched, all text escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from lab.experiments import find_experiment
from lab.experiments.experiment import load_saved
from lab.lessons.glossary import LINK, linked_terms, load_glossary, term_id, without_links
from lab.lessons.model import Block, Check, ExperimentBlock, Figure, Lesson, Predict, Prose, Table, Try, Verdicts
from lab.lessons.reading import count_lessons
from lab.lessons.texts import paragraphs
from lab.lessons.words import load_words
from lab.quiz.bank import load_sources

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_STYLE = """
body { font: 17px/1.55 Georgia, serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #16181d; background: #fff; }
h1, h2, h3 { line-height: 1.25; break-after: avoid; }
section, figure, table { break-inside: avoid; margin: 1.2rem 0; }
section { border: 1px solid #b9bec7; border-radius: 8px; padding: 0.4rem 1rem; }
section ul { list-style: none; padding-left: 0.4rem; }
figcaption, caption, .small { font-size: 0.88rem; color: #454b55; text-align: left; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #b9bec7; padding: 0.35rem 0.5rem; text-align: left;
vertical-align: top; } pre { white-space: pre-wrap; font-size: 0.8rem; } a { color: inherit; text-decoration: underline dotted; }
blockquote { border-left: 3px solid #b9bec7; margin-left: 0; padding-left: 1rem; } svg { max-width: 100%; height: auto; }
@media print { body { margin: 0; max-width: none; } }
"""


def print_lesson(lesson: Lesson) -> str:
    """The whole lesson as HTML; answers to its questions and the words it links stand at the end."""
    words, sources = load_words(lesson.language), load_sources()
    facts = words["lesson-of"].format(minutes=lesson.minutes, number=lesson.number, all=count_lessons())
    parts = [
        f"<h1>{escape(lesson.title)}</h1>",
        f'<p class="small">{escape(facts)}. {escape(words["print-page"])}</p>',
        f"<p><strong>{escape(words['afterwards'])}</strong></p>",
        "<ul>" + "".join(f"<li>{_line(goal)}</li>" for goal in lesson.objectives) + "</ul>",
        *(_SHOW[type(block)](block, words) for block in lesson.blocks),
        _answers(lesson, words),
        _words(lesson, words),
        f"<h2>{escape(words['sources'])}</h2><ul>",
        *(f"<li>{escape(source)} {escape(sources[source].title)}</li>" for source in lesson.sources),
        "</ul>",
    ]
    return (
        f'<!doctype html>\n<html lang="{lesson.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(lesson.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _linked(text: str) -> str:
    """Links to terms as links to the list at the end."""
    return LINK.sub(lambda link: f"[{link['word']}](#term-{term_id(link['term'])})", text)


def _line(text: str) -> str:
    return str(_markdown().renderInline(_linked(text)))


def _show_prose(block: Prose, words: Mapping[str, str]) -> str:
    return str(_markdown().render(_linked(block.markdown)))


def _show_predict(block: Predict, words: Mapping[str, str]) -> str:
    options = "".join(f"<li>☐ {_line(option)}</li>" for option in block.options)
    return _box(words["print-guess"], f"<p>{_line(block.question)}</p><ul>{options}</ul><p>{_line(block.reveal)}</p>")


def _show_experiment(block: ExperimentBlock, words: Mapping[str, str]) -> str:
    experiment = find_experiment(block.id)
    shown = f"<p>{_line(block.caption)}</p><p>{escape(experiment.claim)}</p>"
    shown += "".join(f"<p>{escape(preset.label)}: {_line(preset.watch)}</p>" for preset in block.presets)
    if (saved := load_saved(experiment)) is not None:
        data = {"seed": getattr(saved.inputs, "seed", 0), **saved.to_json()}
        title = words["print-saved"].format(made=data["made"], n=data["n"], seed=data["seed"])
        shown += f"<p><strong>{escape(title)}</strong></p><pre>{escape(chr(10).join(experiment.describe(saved)))}</pre>"
    return _box(f"{words['print-experiment']}: {experiment.title}", shown)


def _show_check(block: Check, words: Mapping[str, str]) -> str:
    options = "".join(f"<li>☐ {_line(option.text)}</li>" for option in block.options)
    return _box(words["check-yourself"], f"<p>{_line(block.question)}</p><ul>{options}</ul>")


def _show_figure(block: Figure, words: Mapping[str, str]) -> str:
    prefix = f"{block.id}-"  # two pictures may both call an arrow “arrow”
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', block.svg)
    svg = re.sub(r'(url\(|href=")#', rf"\1#{prefix}", svg)
    return (
        f'<figure><div role="img" aria-label="{escape(block.alt)}">{svg}</div>'
        f"<figcaption>{_line(block.caption)}</figcaption></figure>"
    )


def _show_table(block: Table, words: Mapping[str, str]) -> str:
    head = "".join(f'<th scope="col">{_line(cell)}</th>' for cell in block.head)
    rows = "".join(
        f'<tr><th scope="row">{_line(row[0])}</th>' + "".join(f"<td>{_line(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in block.rows
    )
    return (
        f"<table><caption>{_line(block.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _show_try(block: Try, words: Mapping[str, str]) -> str:
    return _box(words["try-it"], f"<p>{_line(block.text)}</p>")


def _show_verdicts(block: Verdicts, words: Mapping[str, str]) -> str:
    from lab.claims.ledger import judge_all

    entries = {entry.claim.id: entry for entry in judge_all()}
    rows = "".join(
        f"<li>{escape(entries[claim].claim.claim)} <strong>{escape(entries[claim].verdict.value)}</strong></li>"
        for claim in block.claims
    )
    return _box(words["our-runs-say"], f"<p>{_line(block.text)}</p><ul>{rows}</ul>")


_SHOW: dict[type[Block], Callable[..., str]] = {
    Prose: _show_prose,
    Predict: _show_predict,
    ExperimentBlock: _show_experiment,
    Check: _show_check,
    Figure: _show_figure,
    Table: _show_table,
    Try: _show_try,
    Verdicts: _show_verdicts,
}


def _box(title: str, inside: str) -> str:
    return f"<section><p><strong>{escape(title)}</strong></p>{inside}</section>"


def _answers(lesson: Lesson, words: Mapping[str, str]) -> str:
    if not lesson.checks:
        return ""
    shown, right = [f"<h2>{escape(words['print-answers'])}</h2>"], f"<strong>{escape(words['print-right'])}:</strong> "
    for check in lesson.checks:
        reasons = "".join(
            f"<li>{right if option.right else ''}{_line(option.text)} {_line(option.why)}</li>"
            for option in check.options
        )
        shown.append(f"<p><strong>{_line(check.question)}</strong></p><ul>{reasons}</ul>")
    return "".join(shown)


def _words(lesson: Lesson, words: Mapping[str, str]) -> str:
    """The terms that the lesson teaches, and those that it links."""
    glossary = load_glossary()
    texts = [block.markdown if isinstance(block, Prose) else "\n".join(paragraphs(block)) for block in lesson.blocks]
    terms = {term.id: term for term in lesson.terms}
    terms |= {key: glossary[key] for text in texts for key in linked_terms(text) if key in glossary}
    if not terms:
        return ""
    listed = "".join(
        f'<dt id="term-{key}"><strong>{escape(term.term)}</strong></dt><dd>{escape(without_links(term.meaning))}</dd>'
        for key, term in terms.items()
    )
    return f"<h2>{escape(words['print-words'])}</h2><dl>{listed}</dl>"
