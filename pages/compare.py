"""Compare: one prompt, the base weights and the tuned ones, streaming side by side, judged by the voice's rules."""

from __future__ import annotations

import streamlit as st

from lab.tuning.styles import check_reply, load_style
from pages._ui.answers import LEARNED, NEITHER, draw_rules
from pages._ui.session import keep, kept, session_model
from pages._ui.show import draw_provenance, main_button, told, wait_for_models
from pages._ui.streams import stream_together
from pages._ui.styles import MESSAGES, open_reply
from pages._ui.text import inert

style = load_style("brand-voice")
st.title("Compare: learned behaviour", anchor=False)
st.markdown(
    f"{style.what} The prompt on both sides is the same to the letter. **Only the weights differ**, by an adapter of a "
    "few megabytes."
)

with told(stop=True):
    left, right = st.columns([1, 3], gap="medium", vertical_alignment="top")
    name = left.text_input("Customer's first name", value="Mira", max_chars=40, key="name", bind="query-params")
    message = right.text_input("The customer writes", value=MESSAGES[0], key="message", bind="query-params")
    strength = st.slider(
        "Strength of the learned voice",
        0.0, 1.5, 1.0, 0.05, key="strength", bind="query-params",
        help="0 is the base model, 1 the adapter as it was trained; in between the answer morphs.",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Answer with both", type=main_button(), icon=":material/play_arrow:")
        st.caption(":material/link: The address of this page holds the message, the name and the strength.")
    inputs = {"first_name": name, "message": message}

if pressed:
    wait_for_models()
    with told():
        models = {"base": session_model(), "tuned": session_model(adapter=style.name, strength=strength)}
        streams = {side: open_reply(style, inputs, model) for side, model in models.items()}
        places = {}
        for column, side, badge in zip(st.columns(2, gap="medium"), streams, (NEITHER, LEARNED), strict=True):
            with column.container(border=True):
                st.markdown(badge)
                places[side] = st.empty()
        stream_together(streams, places)
        replies = {side: (stream.text, stream.provenance) for side, stream in streams.items()}
        keep("compare-run", (inputs, strength, replies))
        st.rerun()

run = kept("compare-run")
if run is None:
    st.info("Press **Answer with both** to see what the adapter changes.", icon=":material/lightbulb:")
    st.stop()

asked, asked_strength, replies = run
if (asked, asked_strength) != (inputs, strength):
    st.caption(
        ":material/history: These answers belong to the earlier message or strength. Press the button to renew them."
    )
badges = {"base": NEITHER, "tuned": f"{LEARNED} strength {asked_strength:g}"}
for column, (side, (text, provenance)) in zip(st.columns(2, gap="medium"), replies.items(), strict=True):
    with column.container(border=True):
        st.markdown(badges[side])
        st.markdown(inert(text) if text.strip() else ":gray[(an empty answer)]")
        draw_rules(check_reply(style, asked, text))
        draw_provenance(provenance)
same = replies["base"][1].get("prompt") == replies["tuned"][1].get("prompt")
st.markdown(
    ":material/difference: **What differs between the two:** "
    + ("the weights. The prompt is the same, letter by letter." if same else "the weights and the prompt.")
)
with st.expander("The rules of this voice", icon=":material/rule:"):
    for rule in style.rules:
        st.markdown(f"- **{inert(rule.title)}**: {inert(rule.why)}")
st.caption("Try another message: " + " · ".join(f"“{inert(text)}”" for text in MESSAGES[1:]))
