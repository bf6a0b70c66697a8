"""Around a lesson: the contents with how far one is, what it is about, its tools, and the way to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from lab.experiments.experiment import RESULTS
from lab.lessons import LANGUAGES, Lesson, languages_of
from lab.lessons.printing import print_lesson
from lab.quiz.bank import load_sources
from pages._ui.blocks import Reading
from pages._ui.lesson_parts import erase_notebook, note_done
from pages._ui.session import kept
from pages._ui.show import main_button
from pages._ui.text import inert

HIDEABLE = ("contents", "words", "predictions", "experiments", "checks", "tries", "sources")


@lru_cache(maxsize=32)
def _printed(lesson: Lesson, saved_when: tuple[int, ...]) -> str:
    return print_lesson(lesson)


def _saved_when() -> tuple[int, ...]:
    """When the saved results were written, which a printed lesson shows."""
    return tuple(file.stat().st_mtime_ns for file in sorted(RESULTS.glob("*.json")))


def asked_to_hide() -> frozenset[str]:
    """The parts that the address leaves out (`hide=contents,checks`); what is no part is passed over."""
    return frozenset(st.query_params.get("hide", "").split(",")) & frozenset(HIDEABLE)


def draw_contents(reading: Reading, lessons: Sequence[Lesson]) -> None:
    """All lessons with their minutes and how far this learner is, folded away."""
    words, notebook = reading.words, reading.notebook
    count = sum(lesson.slug in notebook.done for lesson in lessons)
    title = words["contents-done"].format(done=count, all=len(lessons))
    with st.expander(title, icon=":material/toc:", key="contents"):
        st.progress(count / len(lessons), text=None)
        for lesson in lessons:
            state, icon = "", ":material/radio_button_unchecked:"
            if lesson.slug in notebook.done:
                state, icon = words["done"], ":material/check_circle:"
            elif notebook.started(lesson.slug):
                state, icon = words["started"], ":material/timelapse:"
            here = words["here"] if lesson.slug == reading.lesson.slug else ""
            notes = " · ".join(filter(None, (words["minutes"].format(minutes=lesson.minutes), state, here)))
            label = f"{lesson.number}. {inert(lesson.title)} :small[({notes})]"
            st.button(  # a page link would mark every lesson as the one on the screen
                f"**{label}**" if here else label,
                type="tertiary",
                icon=icon,
                wrap=True,
                key=f"contents-{lesson.slug}",
                on_click=_open,
                args=(lesson.slug,),
            )


def draw_head(reading: Reading, count: int) -> None:
    """Title, length, what one can do afterwards, the words to meet."""
    lesson, words = reading.lesson, reading.words
    st.title(inert(lesson.title), anchor=False)
    facts = words["lesson-of"].format(minutes=lesson.minutes, number=lesson.number, all=count)
    st.caption(f":material/schedule: {facts}")
    _draw_tools(reading)
    st.markdown(f"**{words['afterwards']}**\n\n" + "\n".join(f"- {reading.rich(goal)}" for goal in lesson.objectives))
    if lesson.prerequisites:
        st.markdown(f"**{words['before']}** " + " ".join(map(reading.rich, lesson.prerequisites)))
    if lesson.terms and "words" not in reading.hidden:
        with st.expander(words["words"].format(count=len(lesson.terms)), icon=":material/dictionary:"):
            for term in lesson.terms:
                st.markdown(f"**{inert(term.term)}**: {inert(term.meaning)}")
            st.caption(words["term-hint"])


def draw_foot(reading: Reading, lessons: Sequence[Lesson]) -> None:
    """Where it comes from, whether one is done, and the lessons before and after."""
    lesson, words = reading.lesson, reading.words
    if "sources" not in reading.hidden:
        sources = load_sources()
        with st.expander(words["sources"], icon=":material/library_books:"):
            for source in lesson.sources:
                st.markdown(f"**{source}** {inert(sources[source].title)}: {inert(sources[source].what)}")
    st.divider()
    done = lesson.slug in reading.notebook.done
    with st.container(horizontal=True, vertical_alignment="center"):
        if done:
            st.markdown(f":green[:material/check_circle: **{words['is-done']}**]")
        st.button(
            words["mark-not-done"] if done else words["mark-done"],
            type="tertiary" if done else "secondary",
            icon=None if done else ":material/check:",
            on_click=note_done,
            args=(lesson.slug, not done),
        )
    if "contents" in reading.hidden:
        return
    places = {other.slug: at for at, other in enumerate(lessons)}
    at = places[lesson.slug]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if at:
            _draw_way(lessons[at - 1], words["previous"], ":material/arrow_back:", "secondary")
        if lesson.next in places:
            _draw_way(lessons[places[lesson.next]], words["next"], ":material/arrow_forward:", main_button())
        else:
            st.page_link("quiz.py", label=f"**{words['to-quiz']}**", icon=":material/quiz:")


def _draw_way(lesson: Lesson, word: str, icon: str, kind: Literal["primary", "secondary"]) -> None:
    label = f"{word}: {lesson.number}. {inert(lesson.title)}"
    st.button(label, type=kind, icon=icon, wrap=True, key=f"to-{lesson.slug}", on_click=_open, args=(lesson.slug,))


def _open(slug: str) -> None:
    st.query_params["lesson"] = slug


def _draw_tools(reading: Reading) -> None:
    lesson, words = reading.lesson, reading.words
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        languages = languages_of(lesson.slug)
        if len(languages) > 1:
            st.segmented_control(
                words["language"],
                languages,
                default=lesson.language,
                required=True,
                format_func=LANGUAGES.__getitem__,
                key=f"language-{lesson.slug}-{lesson.language}",
                label_visibility="collapsed",
                on_change=_change_language,
                args=(f"language-{lesson.slug}-{lesson.language}",),
            )
        if "checks" not in reading.hidden:  # the file holds their answers
            st.download_button(
                words["print"],
                _printed(lesson, _saved_when()),  # not when pressed: a press during a rerun would find nothing
                file_name=f"{lesson.slug}{'' if lesson.language == 'en' else '.' + lesson.language}.html",
                mime="text/html",
                icon=":material/print:",
                help=words["print-help"],
                on_click="ignore",
            )
        if not reading.hidden:
            with st.popover(words["class-link"], icon=":material/groups:"):
                _draw_class_link(reading)
        with st.popover(words["kept"], icon=":material/save:"):
            st.markdown(words["kept-not" if kept("notebook-blocked") else "kept-what"])
            st.button(words["erase"], icon=":material/delete:", on_click=erase_notebook)
            if kept("notebook-erased"):
                st.caption(words["erased"])


def _draw_class_link(reading: Reading) -> None:
    words = reading.words
    st.markdown(words["class-what"])
    hidden = st.pills(
        words["class-hide"],
        HIDEABLE,
        selection_mode="multi",
        default=("contents",),
        format_func=lambda part: words[f"hide-{part}"],
        key="class-hide",
    )
    address = _address(reading.lesson.slug, reading.lesson.language)
    if hidden:
        address["hide"] = ",".join(part for part in HIDEABLE if part in hidden)
    base = (st.context.url or "").split("?")[0]
    st.caption(words["class-copy"])
    st.code(f"{base}?{urlencode(address, safe=',')}", language=None, wrap_lines=True)


def _change_language(key: str) -> None:
    st.query_params["language"] = st.session_state[key]


def _address(slug: str, language: str) -> dict[str, str]:
    return {"lesson": slug} | ({} if language == "en" else {"language": language})
