"""Lessons: read, guess, run, check; the experiment stands inside the text."""

from __future__ import annotations

import streamlit as st

from lab.lessons import LANGUAGES, languages_of, list_lessons, load_glossary, load_lesson, load_words
from pages._ui.blocks import Reading, draw_block
from pages._ui.lesson import asked_to_hide, draw_contents, draw_foot, draw_head
from pages._ui.lesson_parts import explain_terms, keep_notebook, open_notebook
from pages._ui.show import told

with st.container(width=920), told():
    notebook, remembered = open_notebook()
    lessons = list_lessons()
    slugs = [lesson.slug for lesson in lessons]
    asked = st.query_params.get("lesson", notebook.last)
    slug = asked if asked in slugs else slugs[0]
    wanted = st.query_params.get("language", "en")
    language = wanted if wanted in languages_of(slug) else "en"
    if remembered or "lesson" in st.query_params:
        st.query_params["lesson"] = slug
    reading = Reading(load_lesson(slug, language=language), load_words(language), notebook, asked_to_hide())
    keep_notebook(reading.lesson)
    if "contents" not in reading.hidden:
        draw_contents(reading, lessons)
    if language != wanted and wanted in LANGUAGES:
        st.caption(load_words(wanted)["not-translated"])
    draw_head(reading, len(lessons))
    st.divider()
    for block in reading.lesson.blocks:
        draw_block(reading, block)
    if "words" not in reading.hidden:
        explain_terms(load_glossary().values())
    draw_foot(reading, lessons)
