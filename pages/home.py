"""Home: the whole subject in one gesture, a one-minute tour, and whether the models are ready."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from lab.experiments import four_answers
from lab.experiments.experiment import load_saved
from lab.models.warmup import get_warm_up
from lab.rag.collections import load_collection
from lab.settings import get_settings
from pages._ui.four import draw_four
from pages._ui.panel import draw_status
from pages._ui.session import keep, kept
from pages._ui.show import told

TOUR = (
    (
        "lessons.py",
        "1. Read",
        ":material/menu_book:",
        "Fifteen short lessons. Guess first, then run it inside the text.",
    ),
    (
        "rag_lab.py",
        "2. Look it up",
        ":material/search:",
        "Watch a question find its passage, in our documents or in yours.",
    ),
    (
        "compare.py",
        "3. Learn it",
        ":material/compare:",
        "One prompt, two sets of weights, side by side. Slide between them.",
    ),
    ("quiz.py", "4. Decide", ":material/quiz:", "Ten cases from real life. Every option says why, or why not."),
    (
        "claims.py",
        "5. Doubt",
        ":material/fact_check:",
        "Every claim, with its rule, our verdict and a button to run it.",
    ),
)

st.title("Look it up, or learn it?", anchor=False)
st.markdown(
    "**RAG** gives a model knowledge when you ask. **Fine-tuning** changes how it behaves. "
    "Flip the two switches and see which one does what. The model is real, small, and runs on this computer."
)

labels = {field.name: field.metadata for field in fields(four_answers.Inputs)}
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
question = left.selectbox(
    labels["question"]["label"],
    load_collection("tarnmoor-help").examples,
    key="ask",
    bind="query-params",
    help=labels["question"]["help"],
)
with right.container(horizontal=True, gap="medium"):
    looked_up = st.toggle(":blue[:material/search: **Look it up**]", key="look", bind="query-params")
    learned = st.toggle(":orange[:material/school: **Learned voice**]", key="voice", bind="query-params")
    if st.button("Show all four", icon=":material/grid_view:"):
        keep(f"home-all-{question}", True)  # it outlasts the redraw when the models get ready
everything = kept(f"home-all-{question}", False)

inputs = four_answers.Inputs(question=question)
cells = kept(f"home-{question}") or keep(f"home-{question}", {})
active = (looked_up, learned)
with told():
    saved = load_saved(four_answers.EXPERIMENT)
    if get_warm_up(get_settings()).status.state == "ready":
        wanted = four_answers.SIDES if everything else (active,)
        cells |= draw_four(inputs, cells, wanted, active)
    elif saved is not None:
        known = {(cell.looked_up, cell.learned): cell for cell in saved.cells}
        shown = known if everything else {(False, False): known[False, False], active: known[active]}
        note = f"Saved answer of {saved.made} to “{saved.inputs.question}”; live ones follow when the models are ready."
        draw_four(saved.inputs, shown, (), active, note)
        draw_status(page_waits=True)

st.subheader("A tour in one minute", anchor=False)
for column, (page, title, icon, words) in zip(st.columns(len(TOUR), gap="medium"), TOUR, strict=True):
    with column:
        st.page_link(page, label=f"**{title}**", icon=icon)
        st.caption(words)
st.caption(
    "No account, no key, no cloud: SmolLM2-135M answers and MiniLM searches, both on this computer. "
    "A model this small is honest material: it invents when it does not know, and you will see it happen."
)
