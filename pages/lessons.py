"""Lessons: read, guess, run, check; the experiment stands inside the text."""

from __future__ import annotations

import streamlit as st

from lab.lessons import list_lessons, load_lesson
from lab.quiz.bank import load_sources
from pages._ui.blocks import draw_block
from pages._ui.show import told
from pages._ui.text import inert

with st.container(width=920), told():
    lessons = {lesson.slug: lesson for lesson in list_lessons()}
    slug = next(iter(lessons))
    if len(lessons) > 1:
        slug = st.selectbox(
            "Lesson",
            list(lessons),
            format_func=lambda name: f"{lessons[name].number}. {lessons[name].title}",
            key="lesson",
            bind="query-params",
        )
    lesson, sources = load_lesson(slug), load_sources()
    st.title(inert(lesson.title), anchor=False)
    st.caption(f":material/schedule: {lesson.minutes} minutes · lesson {lesson.number}")
    about, words = st.columns([3, 2], gap="medium")
    with about:
        st.markdown("**Afterwards you can**")
        st.markdown("\n".join(f"- {goal}" for goal in lesson.objectives))
    with words.expander(f"{len(lesson.terms)} words you will meet", icon=":material/dictionary:"):
        for term in lesson.terms:
            st.markdown(f"**{inert(term.term)}**: {inert(term.meaning)}")
    st.divider()
    for block in lesson.blocks:
        draw_block(lesson, block)
    with st.expander("Where this lesson comes from", icon=":material/library_books:"):
        for source in lesson.sources:
            st.markdown(f"**{source}** {inert(sources[source].title)}: {inert(sources[source].what)}")
    st.divider()
    with st.container(horizontal=True):
        st.page_link("rag_lab.py", label="On to the RAG lab", icon=":material/search:")
        st.page_link("compare.py", label="On to the side-by-side page", icon=":material/compare:")
        st.page_link("quiz.py", label="Ten cases to decide", icon=":material/quiz:")
