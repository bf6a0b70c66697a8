"""Lessons in a real browser: read three of them, answer, reload and go on; by thumb, by keyboard, on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from lab.lessons import Check, ExperimentBlock, Lesson, Predict, list_lessons, load_glossary, load_words
from lab.lessons.glossary import LINK, term_id
from lab.lessons.model import Prose

SCREENSHOTS = Path(__file__).parents[2] / "out" / "screenshots"
PATIENCE = 60_000  # milliseconds: a shared two-core machine may be slow; nothing here asserts a speed
VIEWS = {"desktop": (1440, 900, "light"), "phone": (390, 844, "dark")}
STORED = "look-it-up-or-learn-it"
KNOWN_NOISE = re.compile(r"/_stcore/(health|host-config)$")  # Streamlit looks for its own address under a page's path
WORDS = load_words()
expect.set_options(timeout=PATIENCE)


@pytest.fixture(params=VIEWS)
def page(app: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser of one's own at the page of lessons; its console must stay silent."""
    width, height, scheme = VIEWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("console", lambda line: errors.append(f"{line.text} {line.location}") if line.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{app}/lessons")
    yield page
    context.close()
    told = [error for error in errors if not KNOWN_NOISE.search(error.split("'url': '")[-1].split("'")[0])]
    assert not told, told


def settle(page: Page) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.locator('[data-stale="true"]')).to_have_count(0)


def look(page: Page, step: str) -> None:
    """A picture for a person to judge, and axe for what a picture does not show."""
    settle(page)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = next(
        name for name, (width, *_) in VIEWS.items() if page.viewport_size and page.viewport_size["width"] == width
    )
    page.screenshot(path=SCREENSHOTS / f"lessons-{name}-{step}.png")
    serious = faults(page)
    if serious:  # Streamlit fades what a rerun replaces; a fault of ours is still there when the fade is over
        page.wait_for_timeout(3000)
        serious = faults(page)
    assert not serious, f"{step}: {serious}"
    assert page.get_by_test_id("stException").count() == 0


def faults(page: Page) -> list[str]:
    return [
        f"{item['id']}: {item['help']} at {item['nodes'][0]['target']} {item['nodes'][0]['failureSummary']}"
        for item in Axe().run(page).response["violations"]
        if item["impact"] in ("serious", "critical")
    ]


def question(page: Page, lesson: Lesson, block_id: str) -> Locator:
    return page.locator(f".st-key-lesson-{lesson.slug}-{block_id}")


def choose(page: Page, lesson: Lesson, block_id: str, place: int) -> None:
    """A radio option, clicked on its visible label."""
    asked = question(page, lesson, block_id)
    asked.locator("label").filter(has=page.locator("input")).nth(place).click()
    expect(asked.locator("input").nth(place)).to_be_checked()
    settle(page)


def stored(page: Page) -> dict[str, object]:
    """What the browser keeps for us."""
    return dict(json.loads(page.evaluate(f"localStorage.getItem('{STORED}')") or "{}"))


def read(page: Page, lesson: Lesson) -> None:
    """Guess, and answer every question rightly."""
    expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
    settle(page)
    for block in lesson.blocks:
        if isinstance(block, Predict):
            choose(page, lesson, block.id, 0)
        elif isinstance(block, Check):
            choose(page, lesson, block.id, next(at for at, option in enumerate(block.options) if option.right))
    expect(page.get_by_text(WORDS["is-done"])).to_be_visible()


def test_a_learner_reads_three_lessons_reloads_and_goes_on(page: Page) -> None:
    first, second, third = list_lessons()[:3]
    for lesson, following in ((first, second), (second, third)):
        read(page, lesson)
        page.get_by_role("button", name=f"{WORDS['next']}: {following.number}.").click()
    expect(page.get_by_role("heading", level=1, name=third.title)).to_be_visible()
    settle(page)
    assert (
        page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTop") < 50
    )  # a new lesson begins at its top
    guess = next(block for block in third.blocks if isinstance(block, Predict))
    choose(page, third, guess.id, 1)
    headings = page.locator('[data-testid="stMain"] h2')
    reached = headings.nth(headings.count() // 2)
    reached.evaluate("heading => heading.scrollIntoView()")
    heading = reached.get_attribute("id")
    page.wait_for_function(f"localStorage.getItem('{STORED}-place')?.includes('{heading}')")
    assert stored(page) == {
        "version": 1,
        "answers": stored(page)["answers"],
        "done": [first.slug, second.slug],
        "last": third.slug,
    }

    page.goto(page.url.split("?")[0])  # another day: no address but the page's
    expect(page.get_by_role("heading", level=1, name=third.title)).to_be_visible()
    expect(question(page, third, guess.id).locator("input").nth(1)).to_be_checked()
    expect(page.locator(f"#{heading}")).to_be_in_viewport()
    page.get_by_text(f"Contents: 2 of {len(list_lessons())}").click()
    row = page.locator(f".st-key-contents-{second.slug}").get_by_role("button")
    expect(row).to_contain_text(WORDS["done"])
    row.click()
    expect(page.get_by_role("heading", level=1, name=second.title)).to_be_visible()
    expect(question(page, second, second.checks[0].id).locator("input:checked")).to_have_count(1)
    look(page, "second")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")  # nothing moves sideways but a picture

    page.get_by_role("button", name=WORDS["kept"]).click()
    page.get_by_role("button", name=WORDS["erase"]).click()
    expect(page.get_by_text(WORDS["erased"])).to_be_visible()
    page.wait_for_function("Object.keys(localStorage).every((name) => !name.startsWith('look-it-up'))")
    expect(question(page, second, second.checks[0].id).locator("input:checked")).to_have_count(0)


def test_what_somebody_else_wrote_into_the_store_is_passed_over(page: Page) -> None:
    lesson = list_lessons()[0]
    name = f"{lesson.slug}/{lesson.checks[0].id}"
    hostile = {"version": 1, "answers": {name: 1, "<b>/x": 1, f"{name}-x": -5}, "done": ["<script>"], "last": "../x"}
    settle(page)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [STORED, json.dumps(hostile)])
    page.evaluate('(key) => localStorage.setItem(key, \'{"slug": "01-two-ways", "heading": {}}\')', f"{STORED}-place")
    page.reload()
    expect(question(page, lesson, lesson.checks[0].id).locator("input").nth(1)).to_be_checked()
    page.wait_for_function(f"!localStorage.getItem('{STORED}').includes('script')")
    assert stored(page)["answers"] == {name: 1}


def test_words_are_explained_and_questions_answered_with_the_keyboard_alone(page: Page) -> None:
    settle(page)
    glossary = load_glossary()
    lesson, link = next(
        (lesson, link)
        for lesson in list_lessons()
        for block in lesson.blocks
        if isinstance(block, Prose) and (link := LINK.search(block.markdown))
    )
    page.goto(f"{page.url.split('?')[0]}?lesson={lesson.slug}")
    expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
    term = glossary[term_id(link["term"])]
    word = page.locator(f"a[href='#term-{term.id}']").first
    expect(word).to_be_visible()
    settle(page)
    page.keyboard.press("Tab")
    for _ in range(200):
        if word.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    note = page.get_by_role("tooltip")
    expect(note).to_contain_text(term.meaning)
    expect(word).to_have_accessible_description(f"{term.term}: {term.meaning}")
    look(page, "word")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()

    check = lesson.checks[-1]
    options = question(page, lesson, check.id).locator("input")
    for _ in range(200):
        if options.first.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_checked()
    settle(page)
    following = page.get_by_role("button", name=f"{WORDS['next']}: ")
    for _ in range(200):
        if following.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=lesson.title)).to_have_count(0)


def test_a_class_gets_a_lesson_without_what_the_teacher_left_out(app: str, page: Page) -> None:
    lesson = list_lessons()[1]
    page.goto(f"{app}/lessons?lesson={lesson.slug}&hide=contents,checks,experiments,predictions")
    expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
    expect(page.get_by_text(WORDS["mark-done"])).to_be_visible()
    expect(page.get_by_test_id("stRadio")).to_have_count(0)
    expect(page.get_by_text(re.compile("^Contents"))).to_have_count(0)
    look(page, "class")


def test_a_lesson_is_printed_as_one_file(page: Page, tmp_path: Path) -> None:
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=WORDS["print"]).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"{list_lessons()[0].slug}.html"
    asked: list[str] = []
    paper = page.context.new_page()  # a page of its own: what the app still asks for is not the file's doing
    paper.on("request", lambda request: asked.append(request.url))
    paper.goto(file.as_uri())
    expect(paper.get_by_role("heading", level=1)).to_have_text(list_lessons()[0].title)
    assert asked == [file.as_uri()]
    assert faults(paper) == []


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_an_experiment_is_guessed_set_up_and_run_inside_a_lesson(app: str, page: Page) -> None:
    lesson, block = next(
        (lesson, block)
        for lesson in list_lessons()
        for block in lesson.blocks
        if isinstance(block, ExperimentBlock) and block.id == "threshold"  # a few seconds: no language model in it
    )
    page.goto(f"{app}/lessons?lesson={lesson.slug}")
    expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
    waiting = page.locator(f".st-key-lesson-{lesson.slug}-wait-{block.id}").get_by_role("button")
    expect(waiting).to_be_disabled()
    guesses = [other for other in lesson.blocks[: lesson.blocks.index(block)] if isinstance(other, Predict)]
    choose(page, lesson, guesses[-1].id, 0)
    if block.presets:
        page.get_by_role("button", name=block.presets[0].label).click()
        expect(page.get_by_text(f"{block.presets[0].label}. ", exact=False).first).to_be_visible()
        settle(page)
    run = page.locator(f".st-key-run-experiment-lesson-{lesson.slug}-{block.id}").get_by_role("button")
    run.click()
    done = page.get_by_text("Measured just now, on this machine.")
    expect(done).to_be_visible(timeout=4 * PATIENCE)
    done.scroll_into_view_if_needed()
    look(page, "experiment")
