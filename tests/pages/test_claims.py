"""The page of claims: what it shows is what the files say, and every claim can be opened."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from lab.__main__ import main
from lab.claims.ledger import Entry, judge_all, load_ledger
from lab.claims.rule import Verdict, say_effect
from lab.settings import PROJECT_FOLDER
from pages._ui.claims import OUTCOMES, VERDICTS

PAGE = str(PROJECT_FOLDER / "pages" / "claims.py")


def open_page(**query: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return judge_all()


def badge(entry: Entry) -> str:
    icon, colour, _ = VERDICTS[entry.verdict]
    return f":{colour}-badge[{icon} {entry.verdict.value}]"


def test_the_list_shows_for_every_claim_the_verdict_that_the_files_give(entries: tuple[Entry, ...]) -> None:
    at = open_page()
    assert not at.exception
    shown = [item.value for item in at.markdown if "-badge[" in item.value]
    assert len(shown) == len(entries)
    for text, entry in zip(shown, entries, strict=True):
        assert text.startswith(badge(entry)), entry.claim.id


def test_page_and_terminal_and_files_agree(entries: tuple[Entry, ...], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [(item["id"], item["verdict"]) for item in told] == [(entry.claim.id, entry.verdict) for entry in entries]
    assert all({"id", "verdict", "n", "interval", "experiment", "saved"} <= set(item) for item in told)


def test_the_filter_keeps_only_claims_of_that_verdict(entries: tuple[Entry, ...]) -> None:
    at = open_page()
    at.selectbox(key="claims-verdict").select(Verdict.REPRODUCED.value).run()
    shown = [item.value for item in at.markdown if "-badge[" in item.value]
    assert len(shown) == sum(entry.verdict is Verdict.REPRODUCED for entry in entries)
    assert all("reproduced" in text for text in shown)


def test_a_word_that_no_claim_holds_says_what_to_do() -> None:
    at = open_page()
    at.text_input(key="claims-word").input("zzzz").run()
    assert "No claim fits" in at.info[0].value


@pytest.mark.parametrize("claim_id", [claim.id for claim in load_ledger()])
def test_every_claim_opens_with_its_rule_and_figures(claim_id: str, entries: tuple[Entry, ...]) -> None:
    entry = next(entry for entry in entries if entry.claim.id == claim_id)
    at = open_page(claim=claim_id)
    assert not at.exception
    assert not at.error
    assert badge(entry) in " ".join(item.value for item in at.markdown)
    if entry.claim.experiment:
        said = " ".join(item.value for item in at.markdown)
        assert len(entry.checked) == len(entry.claim.rule), "no saved result"
        for checked in entry.checked:
            assert f"n = {checked.n}" in say_effect(checked)
            assert OUTCOMES[checked.outcome] in said
        assert at.get("plotly_chart")
    else:
        assert at.info


def test_an_unknown_claim_in_the_address_shows_the_list() -> None:
    at = open_page(claim="<script>")
    assert not at.exception
    assert at.title[0].value.startswith("Claims")
