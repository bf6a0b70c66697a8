"""The terminal: names, keys and exit codes stay as they are; bad input gets one sentence; --json prints JSON alone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COLLECTION = ROOT / "sample_data" / "collections" / "tarnmoor-help"
DOCUMENTS = str(COLLECTION / "documents")
BOOTS = "How many days do I have to return a pair of boots?"


def lab(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`python -m lab …` as a person types it."""
    return subprocess.run(
        [sys.executable, "-m", "lab", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def lab_json(*arguments: str) -> Any:
    run = lab(*arguments, "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def refused(arguments: Sequence[str], *words: str, code: int = 2, environment: Mapping[str, str] | None = None) -> None:
    """The command stops with `code` and one sentence that holds all `words`; nothing looks like a traceback."""
    run = lab(*arguments, "--json", environment=environment)
    assert run.returncode == code, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    for word in words:
        assert word in run.stderr, run.stderr
        assert word in json.loads(run.stdout)["error"]


def test_ask_answers_with_a_citation_that_points_at_its_place() -> None:
    answer = lab_json("ask", BOOTS, "--docs", DOCUMENTS)
    assert {"answer", "abstained", "citations", "prompt", "provenance", "seconds"} <= answer.keys()
    assert "60 days" in answer["answer"]
    citation = answer["citations"][0]
    assert {"number", "document", "start", "end", "text", "score"} <= set(citation)
    text = (COLLECTION / "documents" / citation["document"]).read_text()
    assert text[citation["start"] : citation["end"]] == citation["text"]
    assert BOOTS in answer["prompt"]
    assert citation["text"].lstrip("- ") in answer["prompt"]
    provenance = answer["provenance"]
    assert provenance["backend"] == "embedded"
    assert provenance["weights"]
    assert provenance["index"]
    assert answer["seconds"] >= provenance["seconds"]["generate"] > 0


def test_closed_book_has_no_passage_in_its_prompt() -> None:
    answer = lab_json("ask", BOOTS, "--no-rag", "--max-tokens", "12")
    assert answer["citations"] == []
    assert "60 days" not in answer["prompt"]
    assert answer["provenance"]["tokens_out"] <= 12


def test_what_is_not_in_the_documents_is_refused_plainly() -> None:
    answer = lab_json("ask", "Which planet has the most moons?", "--docs", DOCUMENTS)
    assert answer["abstained"] is True
    assert answer["answer"] == "I cannot find that in the documents."


def test_the_tuned_voice_greets_and_base_does_not() -> None:
    arguments = ["ask", "Customer: Mira\nMessage: my parcel is late", "--no-rag", "--template", "closed-book"]
    tuned = lab_json(*arguments, "--adapter", "brand-voice")
    base = lab_json(*arguments)
    assert tuned["answer"].startswith("Hi Mira,")
    assert not base["answer"].startswith("Hi Mira,")
    assert tuned["provenance"]["adapter"] == "brand-voice"
    assert len(tuned["provenance"]["adapter_sha256"]) == 64
    off = lab_json(*arguments, "--adapter", "brand-voice", "--strength", "0")
    assert off["answer"] == base["answer"]


def test_index_counts_and_names_what_it_left_out(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nThe gate opens at nine. It shuts at five.\n")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "latin.txt").write_bytes("Café à la crème\n".encode("latin-1"))
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    result = lab_json("index", str(tmp_path))
    assert result["documents"] == 1
    assert result["chunks"] == 2
    assert result["seconds"] > 0
    assert result["options"]["splitter"] == "sentences"
    reasons = {item["file"]: item["reason"] for item in result["refused"]}
    assert set(reasons) == {"empty.txt", "binary.txt", "latin.txt", "photo.jpg"}
    assert "binary" in reasons["binary.txt"]
    assert "UTF-8" in reasons["latin.txt"]
    assert "empty" in reasons["empty.txt"]


def test_evaluate_reports_its_figures_with_intervals(tmp_path: Path) -> None:
    questions = tmp_path / "few.jsonl"
    lines = (COLLECTION / "questions-dev.jsonl").read_text().splitlines()
    answerable = [line for line in lines if json.loads(line).get("answers")][:4]
    unanswerable = [line for line in lines if json.loads(line)["kind"] == "unanswerable"][:2]
    questions.write_text("\n".join(answerable + unanswerable) + "\n")
    result = lab_json("evaluate", "--docs", DOCUMENTS, "--questions", str(questions))
    for key in ("recall_at_1", "recall_at_3", "mrr", "answer_accuracy", "abstention_recall"):
        assert 0 <= result[key] <= 1
        low, high = result["intervals"][key]
        assert low <= result[key] <= high
    assert result["n"] == 6
    assert {"abstention_precision", "citation_precision"} <= result.keys()
    assert [row["id"] for row in result["rows"]] == [json.loads(line)["id"] for line in answerable + unanswerable]
    assert {"id", "question", "answer", "abstained", "retrieved", "citations"} <= result["rows"][0].keys()


def test_two_configurations_are_compared_on_a_table_of_ones_own(tmp_path: Path) -> None:
    questions = tmp_path / "mine.csv"
    questions.write_text(
        "question,answers,document\n"
        f"{BOOTS},60 days|60-day,returns-and-exchanges.md\n"
        "How long may a stove come back?,21 days,returns-and-exchanges.md\n"
    )
    result = lab_json(
        "evaluate", "--docs", f"{DOCUMENTS}/returns-and-exchanges.md", "--questions", str(questions), "--passages-only",
        "--splitter", "recursive", "--size", "120", "--overlap", "20", "--against", "retriever=bm25", "--against", "k=3",
    )  # fmt: skip
    assert result["comparison"]["n"] == 2
    assert result["first"]["passage_recall_at_3"] == 1.0
    assert result["comparison"]["settings"][1]["retriever"] == "bm25"
    assert result["comparison"]["differences"]
    shown = ["evaluate", "--docs", DOCUMENTS, "--questions", str(questions), "--against"]
    refused([*shown, "colour=blue"], "OPTION=VALUE", "retriever")
    refused([*shown, "k=many"], "k must be a number")


def test_an_edit_changes_the_answer_and_embeds_one_text() -> None:
    stoves = "How many days do I have to return a stove?"
    documents = ["--docs", f"{DOCUMENTS}/returns-and-exchanges.md", f"{DOCUMENTS}/delivery.md"]
    change = ["--document", "returns-and-exchanges.md", "--find", "within 21 days", "--replace", "within 26 days"]
    result = lab_json("edit", stoves, *documents, *change)
    assert "21 days" in result["before"]["answer"]
    assert "26 days" in result["after"]["answer"]
    assert (result["embedded"], result["removed"]) == (1, 1)
    refused(["edit", stoves, *documents, "--document", "returns-and-exchanges.md"], "--delete the document")


def test_adherence_reports_every_rule(tmp_path: Path) -> None:
    messages = tmp_path / "two.jsonl"
    messages.write_text(
        '{"id": "a", "first_name": "Noor", "message": "Do you sell maps of the coast?"}\n'
        '{"id": "b", "first_name": "Tom", "message": "the zip of my bag broke on day one"}\n'
    )
    result = lab_json("adherence", "--style", "brand-voice", "--messages", str(messages), "--adapter", "brand-voice")
    assert {"n", "rate", "interval", "rules", "rows"} <= result.keys()
    assert result["n"] == 2
    assert set(result["rules"]) >= {"greets-by-name", "right-length", "closes-with-a-question"}
    assert result["rules"]["greets-by-name"] == 1.0


def test_adherence_counts_right_values_where_the_right_answer_is_written_down(tmp_path: Path) -> None:
    style = ROOT / "sample_data" / "styles" / "text-to-sql"
    lines = (style / "dev.jsonl").read_text().splitlines()[:3]
    bare = json.dumps({"id": "bare", "text": "How many canoes are there?"})
    messages = tmp_path / "messages.jsonl"
    messages.write_text("\n".join([*lines, bare]))
    result = lab_json("adherence", "--style", "text-to-sql", "--messages", str(messages), "--adapter", "text-to-sql")
    assert (result["n"], result["n_gold"]) == (4, 3)
    assert result["values_right"] >= 0.5
    assert result["rows"][3]["fits"] is None
    assert lab_json("adherence", "--style", "text-to-sql", "--messages", str(messages))["values_right"] == 0.0


def test_compare_puts_one_message_through_two_panes_and_says_what_differs() -> None:
    found = lab_json(
        "compare", "--style", "brand-voice", "--text", "Where is my tent?", "--pane", "base", "--pane", "tuned"
    )
    base, tuned = found["panes"]
    assert tuned["text"].startswith("Hi Mira,")
    assert not base["text"].startswith("Hi Mira,")
    assert "weights" in tuned["differs"].casefold()
    assert tuned["rules_kept"] > base["rules_kept"]


def test_a_grammar_holds_every_letter() -> None:
    command = ("compare", "--style", "ticket-labels", "--text", "The kettle is broken.", "--pane")
    free, held = lab_json(*command, "base", "--pane", "constrained")["panes"]
    assert not all(rule["passed"] for rule in free["rules"])
    assert all(rule["passed"] for rule in held["rules"])


def test_models_names_what_is_here() -> None:
    result = lab_json("models")
    assert result["language_model"]["fetched"] is True
    assert "brand-voice" in result["adapters"]


def test_lesson_quiz_and_experiment_lists_work_in_a_terminal() -> None:
    assert lab_json("lesson")["lessons"][0]["slug"] == "01-two-ways"
    cases = lab_json("quiz", "--seed", "3")["cases"]
    assert len(cases) == 10
    marked = lab_json("quiz", "--seed", "3", "--answers", "1,2,3")
    assert marked["of"] == 3
    assert lab_json("experiment")["experiments"][0]["id"] == "four-answers"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "   ", "--docs", DOCUMENTS], ["question is empty"]),
        (["ask", "x" * 10_000, "--docs", DOCUMENTS], ["10,000", "limit"]),
        (["ask", BOOTS], ["--docs"]),
        (["ask", BOOTS, "--docs", "/no/such/folder"], ["no readable document", "not"]),
        (
            ["ask", BOOTS, "--no-rag", "--adapter", "no-such-voice"],
            ["no adapter called “no-such-voice”", "brand-voice"],
        ),
        (["ask", BOOTS, "--no-rag", "--adapter", "brand-voice", "--strength", "9"], ["strength is 9"]),
        (["ask", BOOTS, "--docs", DOCUMENTS, "--k", "0"], ["k is 0"]),
        (["ask", BOOTS, "--docs", DOCUMENTS, "--splitter", "magic"], ["no splitter “magic”"]),
        (["evaluate", "--docs", DOCUMENTS, "--questions", "/no/file"], ["/no/file"]),
        (["adherence", "--style", "nothing", "--messages", "x"], ["no style called “nothing”"]),
        (["compare", "--style", "brand-voice", "--text", "Hi", "--pane", "nothing"], ["no pane called “nothing”"]),
        (["compare", "--style", "brand-voice"], ["needs its message", "--text TEXT"]),
        (["compare", "--style", "brand-voice", "--input", "x=y"], ["NAME=TEXT", "first_name"]),
        (["train", "--pairs", "nothing.csv", "--out", "x"], ["nothing.csv"]),
        (["train", "--style", "brand-voice", "--modules", "lm_head", "--out", "x"], ["modules", "down_proj"]),
        (["experiment", "knowledge-dump", "--set", "arms=wiki"], ["wiki", "dump-questions"]),
        (["experiment", "nothing"], ["no experiment called “nothing”"]),
        (["quiz", "--answers", "a,b"], ["one number a case"]),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_2(arguments: list[str], words: list[str]) -> None:
    refused(arguments, *words)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    refused(["ask", BOOTS, "--docs", str(tmp_path)], "no readable document")


def test_a_cache_folder_that_cannot_be_written_says_which(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    refused(
        ["ask", BOOTS, "--no-rag"],
        "cache folder",
        "LAB_CACHE",
        code=1,
        environment={"LAB_CACHE": str(blocked / "cache")},
    )


def test_a_truncated_weights_file_says_which(tmp_path: Path) -> None:
    cut = tmp_path / "model.gguf"
    cut.write_bytes(b"GGUF" + bytes(1000))
    environment = {"LAB_WEIGHTS": str(cut), "LAB_CACHE": str(tmp_path / "cache")}
    refused(["ask", BOOTS, "--no-rag"], "LAB_WEIGHTS", str(cut), code=1, environment=environment)


def test_a_taken_port_says_so_and_offers_another() -> None:
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(["serve", "--port", str(port)], f"Port {port} is taken", f"PORT={port + 1}")


def test_a_server_that_is_not_there_is_named_and_the_embedded_model_answers() -> None:
    run = lab(
        "ask", BOOTS, "--no-rag", "--json",
        environment={"LAB_CHAT_URL": "http://127.0.0.1:9/v1", "LAB_CHAT_MODEL": "any", "LAB_CHAT_KEY": "sk-secret-123"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "127.0.0.1:9 cannot be reached" in run.stderr
    assert json.loads(run.stdout)["provenance"]["backend"] == "embedded"
    assert "sk-secret-123" not in run.stdout + run.stderr


def test_bad_use_of_the_command_line_exits_2() -> None:
    assert lab("ask").returncode == 2
    assert lab("no-such-command").returncode == 2
