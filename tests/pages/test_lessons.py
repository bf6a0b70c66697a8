"""Lessons as a learner reads them: guess first, run, answer, go on; and what a link for a class leaves out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import fields

import pytest
from streamlit.testing.v1 import AppTest

from lab.experiments import find_experiment, four_answers
from lab.lessons import LESSONS, Check, ExperimentBlock, Lesson, Predict, Try, list_lessons, load_lesson, load_words
from lab.lessons.notebook import Notebook
from lab.settings import PROJECT_FOLDER
from pages._ui.lesson import HIDEABLE

SLUGS = [path.stem for path in sorted(LESSONS.glob("[0-9]*.md"))]
WORDS = load_words()
Open = Callable[..., AppTest]


def open_page(notebook: Notebook | None = None, **address: str) -> AppTest:
    """The page at an address; `notebook` is what the browser kept."""
    at = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "navigation.py"), default_timeout=60)
    at.run()
    at.switch_page("lessons.py")
    for name, value in address.items():
        at.query_params[name] = value
    if notebook is not None:
        at.session_state["kept-notebook"] = notebook
        at.session_state["kept-notebook-read"] = True
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.success, at.warning, at.error, at.title)
    return "\n".join(str(element.value) for kind in kinds for element in kind).replace("\\", "")


def block_of(slug: str, kind: type) -> tuple[Lesson, list]:  # type: ignore[type-arg]
    lesson = load_lesson(slug)
    return lesson, [block for block in lesson.blocks if isinstance(block, kind)]


def lesson_with_presets() -> tuple[Lesson, ExperimentBlock]:
    return next(
        (lesson, block)
        for lesson in list_lessons()
        for block in lesson.blocks
        if isinstance(block, ExperimentBlock) and block.presets and block.id != four_answers.EXPERIMENT.id
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lesson_is_drawn_whole_with_its_experiments(slug: str) -> None:
    at = open_page(lesson=slug, hide="predictions")
    lesson = load_lesson(slug)
    assert at.title[0].value.replace("\\", "") == lesson.title
    assert [element.value for element in (*at.warning, *at.error)] == []
    assert "(term:" not in said(at)
    runs = [button for button in at.button if button.label in (WORDS["run-here"], WORDS["run-all"])]
    assert len(runs) == sum(isinstance(block, ExperimentBlock) for block in lesson.blocks)
    assert not any(button.disabled for button in runs)


def test_an_experiment_waits_for_the_guess_and_its_result_with_it() -> None:
    lesson, block = lesson_with_presets()
    at = open_page(lesson=lesson.slug)
    key = f"lesson-{lesson.slug}-wait-{block.id}"
    assert at.button(key=key).disabled
    assert find_experiment(block.id).claim not in said(at)
    before = [other for other in lesson.blocks[: lesson.blocks.index(block)] if isinstance(other, Predict)]
    at.radio(key=f"lesson-{lesson.slug}-{before[-1].id}").set_value(0).run()
    assert not at.exception
    assert find_experiment(block.id).claim in said(at)
    assert not [button for button in at.button if button.key == key]


def test_a_preset_sets_the_inputs_and_says_what_to_watch() -> None:
    lesson, block = lesson_with_presets()
    at = open_page(lesson=lesson.slug, hide="predictions")
    prefix = f"lesson-{lesson.slug}-"
    preset = block.presets[-1]
    at.button(key=f"{prefix}{block.id}-preset-{len(block.presets) - 1}").click().run()
    assert not at.exception
    assert preset.watch.split(".")[0].split("[")[0] in said(at)
    usual = find_experiment(block.id).inputs()
    wanted = {item.name: getattr(usual, item.name) for item in fields(usual)} | dict(block.inputs) | dict(preset.inputs)
    for name, value in wanted.items():
        assert at.session_state[f"{prefix}{block.id}-{name}"] == value
        assert f"{prefix}{block.id}-{name}" not in at.query_params


def test_answers_make_a_lesson_done_and_it_can_be_taken_back() -> None:
    at = open_page(Notebook(), lesson=SLUGS[0])
    lesson, checks = block_of(SLUGS[0], Check)
    for check in checks:
        assert f"Contents: 0 of {len(SLUGS)}" in at.expander[0].label
        at.radio(key=f"lesson-{lesson.slug}-{check.id}").set_value(0).run()
    assert not at.exception
    assert f"Contents: 1 of {len(SLUGS)}" in at.expander[0].label
    assert WORDS["is-done"] in said(at)
    next(button for button in at.button if button.label == WORDS["mark-not-done"]).click().run()
    assert f"Contents: 0 of {len(SLUGS)}" in at.expander[0].label
    assert at.session_state["kept-notebook"].last == lesson.slug


def test_what_the_browser_kept_is_there_again_and_can_be_erased() -> None:
    lesson, checks = block_of(SLUGS[1], Check)
    name = f"{lesson.slug}/{checks[0].id}"
    at = open_page(Notebook({name: 1, f"{lesson.slug}/{checks[1].id}": 19}, last=lesson.slug))
    assert at.title[0].value.replace("\\", "") == lesson.title  # no address: the last lesson
    assert at.radio(key=f"lesson-{lesson.slug}-{checks[0].id}").value == 1
    assert at.radio(key=f"lesson-{lesson.slug}-{checks[1].id}").value is None  # there is no twentieth option
    assert "started" in next(button.label for button in at.button if button.key == f"contents-{lesson.slug}")
    next(button for button in at.button if button.label == WORDS["erase"]).click().run()
    assert not at.exception
    assert at.radio(key=f"lesson-{lesson.slug}-{checks[0].id}").value is None
    assert at.session_state["kept-notebook"] == Notebook()
    assert WORDS["erased"] in said(at)


def test_the_way_leads_to_the_lessons_before_and_after() -> None:
    at = open_page(lesson=SLUGS[1])
    at.button(key=f"to-{SLUGS[0]}").click().run()
    assert at.title[0].value.replace("\\", "") == load_lesson(SLUGS[0]).title
    at.button(key=f"contents-{SLUGS[-1]}").click().run()
    assert at.title[0].value.replace("\\", "") == load_lesson(SLUGS[-1]).title


@pytest.mark.parametrize("part", HIDEABLE)
def test_a_link_for_a_class_leaves_out_what_it_names(part: str) -> None:
    slug = SLUGS[1]
    first = load_lesson(slug).checks[0]
    at, everything = open_page(lesson=slug, hide=part), open_page(lesson=slug)
    radios = {radio.key for radio in at.radio}
    shown = {
        "contents": any("Contents" in box.label for box in at.expander),
        "words": "(#term-" in said(at),
        "predictions": any(f"lesson-{slug}-{block.id}" in radios for block in block_of(slug, Predict)[1]),
        "experiments": f"**{WORDS['run-it']}**" in said(at),
        "checks": f"lesson-{slug}-{first.id}" in radios,
        "tries": f"**{WORDS['try-it']}**" in said(at),
        "sources": any(box.label == WORDS["sources"] for box in at.expander),
    }
    there = {"tries": bool(block_of(slug, Try)[1]), "words": "(#term-" in said(everything)}
    assert shown == {name: name != part and there.get(name, True) for name in HIDEABLE}
    assert not any(WORDS["class-copy"] in item.value for item in at.caption)


def test_the_link_for_a_class_is_made_on_the_page() -> None:
    at = open_page(lesson=SLUGS[0])
    at.button_group(key="class-hide").set_value(["contents", "checks"]).run()
    assert any(code.value.endswith(f"?lesson={SLUGS[0]}&hide=contents,checks") for code in at.code)


def test_an_address_that_names_nothing_falls_back() -> None:
    at = open_page(lesson="<script>", hide="everything,,<b>", language="tlh")
    assert at.title[0].value.replace("\\", "") == load_lesson(SLUGS[0]).title
    assert any("Contents" in box.label for box in at.expander)


def test_who_asks_for_a_language_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.lessons.languages_of", lambda slug: ("en",))
    assert load_words("de")["not-translated"] in said(open_page(lesson=SLUGS[0], language="de"))


def test_a_translation_is_offered_and_drawn_with_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    slug = SLUGS[0]
    translated = dataclasses.replace(load_lesson(slug), title="Zwei Wege", language="de")

    def load(name: str, language: str = "en") -> Lesson:
        return translated if language == "de" else load_lesson(name)

    for module in ("lab.lessons", "pages._ui.lesson"):
        monkeypatch.setattr(f"{module}.languages_of", lambda name: ("en", "de"))
    at = open_page(lesson=slug)
    monkeypatch.setattr("lab.lessons.load_lesson", load)
    at.button_group(key=f"language-{slug}-en").set_value("de").run()
    assert not at.exception
    assert at.title[0].value == "Zwei Wege"
    assert load_words("de")["check-yourself"] in said(at)
    assert at.query_params["language"] in ("de", ["de"])
