"""Lessons: front matter and Markdown in, blocks out; a fault is told with its file and line."""

from lab.lessons.glossary import Term, load_glossary
from lab.lessons.model import (
    Block,
    Check,
    ExperimentBlock,
    Figure,
    Lesson,
    Predict,
    Preset,
    Prose,
    Table,
    Try,
    Verdicts,
    anchors_of,
)
from lab.lessons.reading import LANGUAGES, languages_of, list_lessons, load_lesson
from lab.lessons.words import load_words
from lab.quiz.bank import LESSONS, Option
from lab.quiz.schema import BrokenContent

__all__ = [
    "LANGUAGES",
    "LESSONS",
    "Block",
    "BrokenContent",
    "Check",
    "ExperimentBlock",
    "Figure",
    "Lesson",
    "Option",
    "Predict",
    "Preset",
    "Prose",
    "Table",
    "Term",
    "Try",
    "Verdicts",
    "anchors_of",
    "languages_of",
    "list_lessons",
    "load_glossary",
    "load_lesson",
    "load_words",
]
