"""The same panes over many messages: figures with intervals, rule by rule, and the worst replies first."""

from __future__ import annotations

import json
from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from lab.compare.batch import BatchResult, BatchRow, PaneBatch, run_batch
from lab.compare.panes import Pane
from lab.statistics import wilson
from lab.tuning.styles import messages_of, splits_of
from pages._ui.colours import BLUE, GREY, ORANGE
from pages._ui.compare import Setup, model_of
from pages._ui.jobs import Job, draw_job, start_job
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.text import inert, plural

_SPLITS = {"test": "test", "development": "dev"}  # what the address holds → the file's name
_LISTED = 12  # replies that are listed; the CSV has all
_SYMBOLS = ("circle", "square", "diamond", "triangle-up")


def draw_batch(setup: Setup) -> None:
    """Choose the messages, run them beside the page, and draw what came of them."""
    splits = [name for name, split in _SPLITS.items() if split in splits_of(setup.style)]
    if not splits:
        st.warning("This behaviour has no messages to answer.", icon=":material/edit_note:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = st.segmented_control(
            "Messages", splits, default=splits[0], required=True, key="batch-from", bind="query-params",
            help="The adapters saw neither. Test messages have topics and wordings that the development ones have not.",
        )  # fmt: skip
        with told(stop=True):
            messages = messages_of(setup.style, _SPLITS[split or splits[0]])
        most = len(messages)
        few = min(5, most - 1)
        count = most
        if few > 0:
            count = st.slider("How many", few, most, min(20, most), key="batch-n", bind="query-params", width=260)
        pressed = st.button("Run the batch", type=main_button(), icon=":material/dynamic_feed:")
    st.caption(f"{len(setup.panes) * count} replies, about half a second each.")
    if pressed:
        wait_for_models()
        with told():
            start_job("compare-batch", _work(setup, count, split or splits[0]))
            st.rerun()
    job: Job[BatchResult] | None = draw_job(
        "compare-batch",
        "replies",
        idle="One answer proves nothing. **Run the batch** puts many unseen messages through the panes chosen above.",
    )
    if job is not None and job.result is not None:
        _draw_result(job.result)


def _work(
    setup: Setup, count: int, split: str
) -> Callable[[Callable[[int, int], None], Callable[[], bool]], BatchResult]:
    """The batch as a job. Models are made here, while the session can be asked which server it uses."""
    messages = messages_of(setup.style, _SPLITS[split])[:count]
    sides = {pane.tuned for pane in setup.panes}
    models = {tuned: model_of(setup.adapter if tuned else None, setup.strength) for tuned in sides}
    index = setup.index()
    total = len(setup.panes) * count

    def work(report: Callable[[int, int], None], should_stop: Callable[[], bool]) -> BatchResult:
        return run_batch(
            setup.style,
            messages,
            setup.panes,
            lambda adapter, strength: models[adapter is not None],
            lambda _, share: report(round(share * total), total),
            should_stop,
            strength=setup.strength,
            adapter=setup.adapter,
            index=index,
        )

    return work


def _draw_result(result: BatchResult) -> None:
    stopped = " It was stopped, so some panes are missing." if result.stopped else ""
    st.markdown(f"### {inert(_verdict(result))}")
    st.caption(
        f"{inert(result.style.title)}, n = {result.n} messages a pane, on {result.made}, seed {result.seed} (greedy: it "
        f"has no effect). Bars: 95 % Wilson intervals.{stopped}"
    )
    _draw_rates(result)
    _draw_rules(result)
    _draw_table(result)
    with st.container(horizontal=True):
        st.download_button("Every reply as CSV", result.to_csv(), "compare.csv", "text/csv", icon=":material/download:")
        st.download_button(
            "All of it as JSON", json.dumps(result.to_json(), ensure_ascii=False, indent=1), "compare.json",
            "application/json", icon=":material/data_object:",
        )  # fmt: skip
    _draw_worst(result)


def _verdict(result: BatchResult) -> str:
    """The best and the worst pane in words; no winner where their intervals overlap."""
    ordered = sorted(result.panes, key=lambda batch: batch.adherence.rate)
    worst, best = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return f"{best.pane.title} keeps every rule in {best.adherence.rate:.0%} of replies."
    clear = best.adherence.interval[0] > worst.adherence.interval[1]
    words = f"{best.pane.title} keeps every rule in {best.adherence.rate:.0%} of replies, {worst.pane.title} in "
    return f"{words}{worst.adherence.rate:.0%}." + ("" if clear else " That could be chance: the intervals overlap.")


def _content(batch: PaneBatch) -> tuple[float, tuple[float, float], int] | None:
    """The share of replies whose content is right, its interval and n; None where none could be judged."""
    verdicts = [row.verdict.content.passed for row in batch.rows if row.verdict.content is not None]
    if not verdicts:
        return None
    return sum(verdicts) / len(verdicts), wilson(sum(verdicts), len(verdicts)), len(verdicts)


def pane_colour(pane: Pane) -> str:
    """Orange learned, blue looked up, grey neither; a pane with both is drawn orange with a blue rim."""
    return ORANGE if pane.tuned else BLUE if pane.looked_up else GREY


def _marker(batch: PaneBatch, symbol: str) -> dict[str, object]:
    both = batch.pane.tuned and batch.pane.looked_up
    line = {"color": BLUE if both else pane_colour(batch.pane), "width": 3 if both else 1}
    return {"size": 12, "symbol": symbol, "color": pane_colour(batch.pane), "line": line}


def _draw_rates(result: BatchResult) -> None:
    figure = go.Figure()
    for batch in result.panes:
        content = _content(batch)
        points = [("every rule kept", batch.adherence.rate, batch.adherence.interval)]
        points += [("content right", content[0], content[1])] if content else []
        for (name, rate, (low, high)), symbol in zip(points, ("circle", "diamond-open"), strict=False):
            figure.add_scatter(
                x=[rate], y=[f"{batch.pane.title}<br>{name}"], mode="markers", marker=_marker(batch, symbol),
                error_x={"type": "data", "symmetric": False, "array": [high - rate], "arrayminus": [rate - low]},
                showlegend=False, hovertemplate=f"{rate:.2f} [{low:.2f}, {high:.2f}]<extra></extra>",
            )  # fmt: skip
    figure.update_layout(
        height=90 + 78 * len(result.panes), margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": f"share of {result.n} replies", "range": [-0.03, 1.03]}, yaxis={"autorange": "reversed"},
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False}, key="batch-rates")


def _draw_rules(result: BatchResult) -> None:
    titles = [rule.title for rule in result.style.rules]
    figure = go.Figure()
    for batch, symbol in zip(result.panes, _SYMBOLS, strict=False):
        figure.add_scatter(
            x=[batch.adherence.rules[rule.id] for rule in result.style.rules],
            y=[_wrapped(title) for title in titles],
            mode="markers",
            marker=_marker(batch, symbol),
            name=batch.pane.title,
            hovertemplate="%{x:.2f}<extra>" + batch.pane.title + "</extra>",
        )
    figure.update_layout(
        height=130 + 46 * len(titles), margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": f"share of {result.n} replies that keep the rule", "range": [-0.03, 1.03]},
        yaxis={"autorange": "reversed"},
    )  # fmt: skip
    st.markdown("**Rule by rule**")
    st.plotly_chart(figure, config={"displayModeBar": False}, key="batch-rules")


def _wrapped(text: str, width: int = 22) -> str:
    """A label on several lines, so that a phone has room for the plot; angle brackets would be read as marks."""
    lines = [""]
    for word in text.replace("<", "‹").replace(">", "›").split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def _draw_table(result: BatchResult) -> None:
    table: dict[str, list[str]] = {"": ["every rule kept", *(rule.title for rule in result.style.rules)]}
    table[""] = [inert(title) for title in [*table[""], f"content: {result.style.content.title}"]]
    for batch in result.panes:
        adherence, content = batch.adherence, _content(batch)
        cells = [f"{adherence.rate:.2f} [{adherence.interval[0]:.2f}, {adherence.interval[1]:.2f}]"]
        cells += [f"{adherence.rules[rule.id]:.2f}" for rule in result.style.rules]
        cells.append(
            f"{content[0]:.2f} [{content[1][0]:.2f}, {content[1][1]:.2f}], n = {content[2]}" if content else "–"
        )
        table[batch.pane.title] = cells
    with st.expander("The same figures as a table", icon=":material/table:"):
        st.table(table, hide_index=True)


def _draw_worst(result: BatchResult) -> None:
    faulty = [row for row in result.worst_first if row.faults]
    st.markdown(f"**Worst first**: {len(faulty)} of {len(result.worst_first)} replies have a fault.")
    titles = {batch.pane.id: batch.pane.title for batch in result.panes}
    for row in faulty[:_LISTED]:
        with st.expander(f"{titles[row.pane]}, {inert(row.message.id)}: {plural(row.faults, 'fault')}"):
            _draw_row(row)
    if len(faulty) > _LISTED:
        st.caption(f"{len(faulty) - _LISTED} more with faults are in the CSV.")


def _draw_row(row: BatchRow) -> None:
    st.markdown(f"**Message** {inert(' · '.join(row.message.inputs.values()))}")
    st.markdown(f"**Reply** {inert(row.verdict.reply) or ':gray[(empty)]'}")
    content = row.verdict.content
    faults = [*row.verdict.failed, *([content] if content is not None and not content.passed else [])]
    st.caption("  \n".join(f":material/close: {inert(fault.title)}: {inert(fault.reason)}" for fault in faults))
    st.caption("The exact prompt")
    st.code(row.prompt, language=None, wrap_lines=True)
