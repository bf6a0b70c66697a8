"""The ledger: every claim of the five documents, what our runs say of it, and the run itself."""

from __future__ import annotations

import streamlit as st

from lab.claims.ledger import judge_all
from lab.quiz.bank import load_sources
from pages._ui.claims import choose_entries, draw_claim, draw_row, draw_summary
from pages._ui.show import told

with st.container(width=1100), told(stop=True):
    entries = judge_all()
    sources = {name: source.title for name, source in load_sources().items()}
    by_id = {entry.claim.id: entry for entry in entries}
    opened = by_id.get(st.query_params.get("claim", ""))
    if opened is not None:
        if st.button("All claims", icon=":material/arrow_back:"):
            del st.query_params["claim"]
            st.rerun()
        draw_claim(opened, sources)
        st.stop()
    st.title("Claims, and what our runs say", anchor=False)
    st.markdown(
        f"The five documents make {len(entries)} claims. Each has a rule, written down before the run that it judges; the "
        "verdict is worked out from the saved figures every time this page opens. A verdict is about one small model on "
        "one small machine: open a claim to see the figures, run it yourself, and read what others measured."
    )
    draw_summary(entries)
    chosen = choose_entries(entries, list(sources))
    if not chosen:
        st.info("No claim fits these filters. Choose “all”, or search for another word.", icon=":material/lightbulb:")
    st.caption(f"{len(chosen)} of {len(entries)} claims.")
    for entry in chosen:
        if draw_row(entry):
            st.query_params["claim"] = entry.claim.id
            st.rerun()
