"""A printed lesson: one file, everything in it, and nothing that runs or is fetched."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.lessons import (
    LESSONS,
    Check,
    ExperimentBlock,
    Figure,
    Lesson,
    Option,
    Predict,
    Preset,
    Prose,
    Table,
    Try,
    load_lesson,
)
from lab.lessons.model import Values
from lab.lessons.printing import print_lesson
from lab.lessons.svg import read_svg

HOSTILE = '<script>alert("1")</script> <img src=x onerror=alert(2)> & "quoted"'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs><marker id="arrow"/></defs>'
    '<path d="M0 0" marker-end="url(#arrow)"/></svg>'
)


class Tags(HTMLParser):
    """The elements, with their attributes, and whether each that must be closed is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "hr", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def lesson() -> Lesson:
    options = (
        Option(f"Right {HOSTILE}", True, f"Why {HOSTILE}", None),
        Option("Wrong", False, "Because [of it](term:citation).", "m"),
    )
    blocks = (
        Prose(
            f"## Heading\n\nA [chunk](term:chunk). {HOSTILE} ![beacon](http://127.0.0.1/x.png) [x](javascript:alert(1))"
        ),
        Predict("p", "Guess?", (HOSTILE, "No"), "Look."),
        ExperimentBlock("four-answers", Values({}), HOSTILE, (Preset("Set", Values({}), "Watch it."),)),
        Figure("figure-a", "a.svg", SVG, HOSTILE, HOSTILE),
        Figure("figure-b", "b.svg", SVG, "B.", "B."),
        Table("t", HOSTILE, ("", "A"), ((HOSTILE, "cell"),)),
        Try("y", HOSTILE, "rag_lab", "Open", ()),
        Check("c", f"Question? {HOSTILE}", options),
    )
    return Lesson("01-x", 1, HOSTILE, 5, (HOSTILE,), (), (), ("000",), None, blocks)


def test_nothing_in_it_runs_or_is_fetched() -> None:
    html = print_lesson(lesson())
    tags = Tags(html)
    assert tags.open == []
    assert not {tag for tag, _ in tags.found} & {"script", "img", "iframe", "link", "object", "embed", "form"}
    for _, attributes in tags.found:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert (attributes.get("href") or "#").startswith(("#", "http://127.0.0.1/x.png"))  # a link is not fetched
    assert html.count("&lt;script&gt;") >= 10


def test_everything_stands_in_it_and_the_answers_at_the_end() -> None:
    html = print_lesson(lesson())
    for text in ("Guess?", "Watch it.", "Question?", "<td>cell</td>", "Saved result of", 'aria-label="B."'):
        assert text in html
    assert html.index("Question?") < html.index("<h2>Answers</h2>") < html.index("right:")
    assert '<a href="#term-chunk">' in html
    assert '<dt id="term-chunk">' in html
    assert '<dt id="term-citation">' in html


def test_two_pictures_do_not_take_each_others_arrows() -> None:
    html = print_lesson(lesson())
    for name in ("figure-a-arrow", "figure-b-arrow"):
        assert html.count(f'id="{name}"') == 1
        assert html.count(f"url(#{name})") == 1


@pytest.mark.parametrize("slug", [path.stem for path in sorted(LESSONS.glob("[0-9]*.md"))])
def test_every_shipped_lesson_prints_well_formed(slug: str) -> None:
    html = print_lesson(load_lesson(slug))
    assert Tags(html).open == []
    assert "(term:" not in html


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        ("<script>1</script>", "holds “script”"),
        ("<foreignObject/>", "holds “foreignObject”"),
        ('<rect onclick="x()"/>', "the attribute “onclick”"),
        ('<rect style="fill:red"/>', "the attribute “style”"),
        ('<rect fill="url(http://x/y)"/>', "the attribute “fill”"),
        ('<use href="http://x/y#z"/>', "points at something outside"),
        ("<a/>", "holds “a”"),
        ("<rect", "is not XML"),
    ],
)
def test_a_picture_holds_only_shapes_and_text(tmp_path: Path, inside: str, complaint: str) -> None:
    path = tmp_path / "x.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>')
    with pytest.raises(BadInput, match=complaint):
        read_svg(path)


def test_a_picture_is_an_svg_without_entities_and_not_huge(tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    for text, complaint in (
        (
            '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
            "has a DOCTYPE",
        ),
        ('<svg viewBox="0 0 9 9"/>', "must be an svg element"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "with a viewBox"),
        ("x" * 200_001, "more than 200000"),
    ):
        path.write_text(text)
        with pytest.raises(BadInput, match=complaint):
            read_svg(path)
    path.write_text(f"<?xml version='1.0'?><!-- note -->{SVG}")
    assert read_svg(path).startswith("<svg ")
    assert "note" not in read_svg(path)
