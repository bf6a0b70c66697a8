"""What to do with an adapter: measure it beside the base model, compare it, take it home; or bring one from elsewhere."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lab.errors import LabError
from lab.settings import get_settings
from pages._ui.jobs import Job, draw_job, start_job
from pages._ui.session import MY_ADAPTERS, MY_STYLES, keep, kept
from pages._ui.show import told
from pages._ui.text import inert

if TYPE_CHECKING:
    from lab.tuning.adherence import Adherence
    from lab.tuning.run import TrainingRun
    from lab.tuning.styles import Example, Style

_UPLOADED = "uploaded-adapter"
_UPLOADS = "uploaded"
_QUICK = 20


def draw_result(style: Style, folder: Path, run: TrainingRun | None, label: str) -> None:
    """Measure, compare, download; `run` is None for an adapter from elsewhere."""
    from lab.tuning.samples import pick_messages, unseen_messages

    messages = unseen_messages(style)
    name = f"measure-{folder.parent.name}"  # one job for each adapter
    with st.container(horizontal=True, vertical_alignment="center"):
        few = min(_QUICK, len(messages))
        quick = st.button(f"Measure on {few} unseen messages", icon=":material/fact_check:", key=f"{name}-few")
        every = len(messages) > few and st.button(
            f"Measure on all {len(messages)}", icon=":material/fact_check:", key=f"{name}-all"
        )
        if st.button("Compare it", icon=":material/compare:", key=f"{name}-compare"):
            _offer_to_compare(style, folder, label)
        _draw_download(folder, style, run)
    if quick or every:
        asked = messages if every else pick_messages(messages, _QUICK)
        start_job(name, _measure_work(style, folder, run, asked))
        st.rerun()
    job: Job[dict[str, Adherence]] | None = draw_job(
        name,
        "messages",
        idle="The loss says how well it imitates. Whether it behaves, the rules say: **measure it** on messages it has "
        "never seen, beside the base model.",
    )
    if job is not None and job.result is not None:
        _draw_measured(style, job.result)


def draw_upload(style: Style) -> None:
    """An adapter from elsewhere, checked before it is used."""
    with st.expander("Bring an adapter of your own", icon=":material/upload:"):
        files = st.file_uploader(
            "The two files of a PEFT adapter for SmolLM2-135M-Instruct, or its folder as a ZIP",
            accept_multiple_files=True,
            key="adapter-files",
            help="Only safetensors are read: nothing that could run code.",
        )
        if files and st.button("Check it and use it", icon=":material/verified_user:"):
            with told():
                keep(_UPLOADED, _keep_upload({file.name: file.getvalue() for file in files}))
                st.rerun()
        folder: Path | None = kept(_UPLOADED)
        if folder is not None:
            st.success(f"**{inert(folder.name)}** fits this model.", icon=":material/verified:")
            if st.button("Put it away", icon=":material/close:"):
                keep(_UPLOADED, None)
                st.rerun()


def uploaded_adapter() -> Path | None:
    """The folder of the adapter that was uploaded in this visit."""
    folder: Path | None = kept(_UPLOADED)
    return folder


def _keep_upload(files: dict[str, bytes]) -> Path:
    from lab.models.adapters import read_uploaded_adapter
    from lab.tuning.desk import forget_oldest

    stem = next(iter(files)).rsplit(".", 1)[0] if len(files) == 1 else "my-adapter"
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40] or "my-adapter"
    places = get_settings().cache_folder / _UPLOADS
    place = places / secrets.token_hex(8)
    try:
        return read_uploaded_adapter(files, place / name).folder
    except LabError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    finally:
        forget_oldest(places)


def _measure_work(
    style: Style, folder: Path, run: TrainingRun | None, messages: tuple[Example, ...]
) -> Callable[[Callable[[int, int], None], Callable[[], bool]], dict[str, Adherence]]:
    def work(report: Callable[[int, int], None], should_stop: Callable[[], bool]) -> dict[str, Adherence]:
        from lab.models.catalogue import choose_model
        from lab.tuning.adherence import measure_adherence
        from lab.tuning.card import write_card

        found: dict[str, Adherence] = {}
        for number, (side, adapter) in enumerate((("base", None), ("tuned", str(folder)))):
            report(number * len(messages), 2 * len(messages))
            found[side] = measure_adherence(
                style, messages, choose_model(get_settings(), adapter=adapter), should_stop=should_stop
            )
        if run is not None:
            write_card(folder, style, run, found, messages="unseen messages")
        return found

    return work


def _draw_measured(style: Style, sides: Mapping[str, Adherence]) -> None:
    """Every rule before and after, and the replies that still break one."""
    base, tuned = sides["base"], sides["tuned"]
    st.markdown(f"### Every rule kept: {base.rate:.0%} before, {tuned.rate:.0%} after (n = {tuned.n})")
    low, high = tuned.interval
    st.caption(f"After training, the share on many such messages lies between {low:.0%} and {high:.0%} (95 %, Wilson).")
    rows = {"every rule": (base.rate, tuned.rate)}
    rows |= {rule.title: (base.rules[rule.id], tuned.rules[rule.id]) for rule in style.rules}
    if base.fits is not None and tuned.fits is not None:
        rows[f"beside the rules: {style.content.title}"] = (base.fits, tuned.fits)
    st.table(
        {
            "rule": [inert(title) for title in rows],
            "base": [f"{first:.0%}" for first, _ in rows.values()],
            "learned": [f"{second:.0%}" for _, second in rows.values()],
        },
        hide_index=True,
    )
    failed = [row for row in tuned.rows if not row.passed]
    with st.expander(f"Replies that broke a rule after training ({len(failed)})", icon=":material/rule:"):
        if not failed:
            st.caption("None.")
        for row in failed:
            st.markdown(f"{inert(row.reply) or ':gray[(an empty answer)]'}")
            st.caption(" · ".join(f"{inert(result.title)}: {inert(result.reason)}" for result in row.failed))


def _offer_to_compare(style: Style, folder: Path, label: str) -> None:
    offers: list[tuple[str, str]] = [offer for offer in kept(MY_ADAPTERS, []) if offer[1] != str(folder)]
    taken = {name for name, _ in offers}
    name = next(text for text in (label, *(f"{label} {number}" for number in range(2, 1000))) if text not in taken)
    keep(MY_ADAPTERS, [*offers, (name, str(folder))])
    keep(MY_STYLES, sorted({*kept(MY_STYLES, []), str(style.file)}))
    st.switch_page("pages/compare.py", query_params={"style": style.name, "adapter": name})


def _draw_download(folder: Path, style: Style, run: TrainingRun | None) -> None:
    from lab.tuning.card import write_card

    packed = io.BytesIO()
    try:
        if run is not None and not (folder / "README.md").exists():
            write_card(folder, style, run, {})  # replaced by one with figures as soon as it is measured
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(path for path in folder.iterdir() if path.is_file()):
                archive.write(file, f"{folder.name}/{file.name}")
    except OSError as error:
        raise LabError(f"The adapter is no longer there ({error.strerror or error}). Train it again.") from None
    st.download_button(
        "Download (zip)", packed.getvalue(), f"{folder.name}.zip", "application/zip", icon=":material/download:",
        key=f"download-{folder.parent.name}",
        help=f"A standard PEFT folder of {len(packed.getvalue()) / 1e6:.1f} MB with its card: it loads in transformers.",
    )  # fmt: skip
