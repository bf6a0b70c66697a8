"""Reading in a process of its own: what a bad file does there costs that file, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lab.errors import BadInput
from lab.rag import reading
from lab.rag.load import read_document, read_documents
from lab.rag.readers import READERS, Reader
from lab.rag.reading import ReadingProcess
from lab.settings import PROJECT_FOLDER, ReadingLimits

LIMITS = ReadingLimits()
ODD_KINDS = "sleep spin grow die chat connect write environment modules deep lie".split()


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files ending in .sleep, .die and so on are read by tests/rag/odd_readers.py, in the process that reads."""
    monkeypatch.setattr(reading, "COMMAND", (sys.executable, str(Path(__file__).with_name("odd_readers.py"))))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT_FOLDER))
    for name in ODD_KINDS:
        monkeypatch.setitem(READERS, f".{name}", Reader("odd file", "odd", "nowhere:nothing"))


@pytest.fixture
def process(odd: None) -> Iterator[ReadingProcess]:
    with ReadingProcess(LIMITS) as started:
        yield started


def reason(name: str, data: bytes = b"x", limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(BadInput) as error:
        read_document(name, data, limits)
    return str(error.value)


def test_a_file_that_hangs_is_given_up_after_its_seconds_and_the_files_around_it_are_read(odd: None) -> None:
    started = time.monotonic()
    loaded = read_documents(
        [("a.csv", b"item,fee\ntent,9\n"), ("b.sleep", b"x"), ("c.json", b'{"fee": 9}')], replace(LIMITS, seconds=1.0)
    )
    assert time.monotonic() - started < 15
    assert [document.name for document in loaded.documents] == ["a.csv", "c.json"]
    assert [(refusal.file, refusal.reason.split(",")[0]) for refusal in loaded.refused] == [
        ("b.sleep", "took longer than 1 second to read")
    ]


def test_a_file_that_computes_for_ever_is_given_up_too(odd: None) -> None:
    assert "took longer than 0.5 seconds to read" in reason("a.spin", limits=replace(LIMITS, seconds=0.5))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds the limit on memory")
def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_is_read(odd: None) -> None:
    loaded = read_documents([("a.grow", b"x"), ("b.csv", b"item,fee\ntent,9\n")], LIMITS)
    assert [document.name for document in loaded.documents] == ["b.csv"]
    assert "needs more memory than 1,000 MB to read" in loaded.refused[0].reason


def test_a_file_that_kills_the_process_costs_only_itself(odd: None) -> None:
    loaded = read_documents([("a.csv", b"a,b\nc,1\n"), ("b.die", b"x"), ("c.csv", b"a,b\nd,2\n")], LIMITS)
    assert [document.name for document in loaded.documents] == ["a.csv", "c.csv"]
    assert "reading it broke off in the middle" in loaded.refused[0].reason


def test_a_process_that_is_killed_between_two_files_is_replaced(process: ReadingProcess) -> None:
    assert process.extract("a.csv", "a", b"a,b\nc,1\n").text == "a: c; b: 1."
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    assert process.extract("a.csv", "a", b"a,b\nc,1\n").text == "a: c; b: 1."


def test_one_process_reads_many_files_and_ends_with_the_block(odd: None) -> None:
    with ReadingProcess(LIMITS) as process:
        process.extract("a.csv", "a", b"a,b\nc,1\n")
        child = process._process
        assert child is not None
        process.extract("b.json", "b", b'{"a": 1}')
        assert process._process is child
    assert child.poll() is not None


def test_what_a_parser_prints_is_not_taken_for_text(process: ReadingProcess) -> None:
    assert process.extract("a.chat", "a", b"x").text == "quiet"


def test_the_process_opens_no_connection_and_writes_no_file(process: ReadingProcess, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        process.extract("a.connect", "a", b"x")
    with pytest.raises(BadInput):
        process.extract("a.write", "a", str(tmp_path / "trace").encode())
    assert not (tmp_path / "trace").exists()


def test_the_process_is_told_no_key(process: ReadingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_CHAT_KEY", "sk-secret")
    assert "sk-secret" not in process.extract("a.environment", "a", b"x").text


def test_the_process_starts_without_the_heavy_libraries(process: ReadingProcess) -> None:
    loaded = set(process.extract("a.modules", "a", b"x").text.split())
    assert not loaded & {"torch", "streamlit", "langchain", "langchain_core", "pdfplumber", "docx", "bs4", "numpy"}


def test_endless_nesting_is_said_in_words(process: ReadingProcess) -> None:
    with pytest.raises(BadInput, match="nested too deeply"):
        process.extract("a.deep", "a", b"x")
    with pytest.raises(BadInput, match="nested too deeply"):
        process.extract("a.json", "a", b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize(
    "lie",
    [
        "Extracted('t', 5)",
        "Extracted('t', '   ')",
        "Extracted('', 'text')",
        "Extracted('t' * 91, 'text')",
        "Extracted('t', 'x' * 3_000_000)",
        "Extracted('t', 'lone \\ud800')",
        "Extracted('t', 'text', (__import__('lab.rag.documents').rag.documents.Place(9, 'page', 1),))",
        "Extracted('t', 'text', (__import__('lab.rag.documents').rag.documents.Place(1, 'line', 1),))",
        "Extracted('t', 'text', (__import__('lab.rag.documents').rag.documents.Place(1, 'row', 0),))",
        "Extracted('t', 'text', (__import__('lab.rag.documents').rag.documents.Place(1, 'row', 1),) * 2)",
        "None",
        "__import__('os').write(3, b'nonsense' * 3) and Extracted('t', 'text')",
    ],
)
def test_an_answer_that_is_not_what_a_reader_gives_is_not_used(process: ReadingProcess, lie: str) -> None:
    with pytest.raises(BadInput, match=r"damaged|broke off"):
        process.extract("a.lie", "a", lie.encode())


def test_a_machine_that_cannot_start_the_process_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "COMMAND", (sys.executable, "-c", "print('no')"))
    assert "did not start" in reason("a.csv")
    monkeypatch.setattr(reading, "COMMAND", ("/nowhere/python",))
    assert "did not start" in reason("a.csv")
    assert read_document("a.md", b"# Read\n\nwithout it").title == "Read"


def test_the_process_that_reads_ends_when_the_app_does() -> None:
    child = subprocess.Popen(reading.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT_FOLDER)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.close()
    child.stdout.read()
    child.stdout.close()
    assert child.wait(timeout=30) == 0


def test_a_place_to_read_is_given_back_after_every_kind_of_end(odd: None) -> None:
    for name in ("a.die", "b.csv", "c.die", "d.csv", "e.die", "f.csv"):
        with ReadingProcess(LIMITS) as process:
            try:
                process.extract(name, "x", b"a,b\nc,1\n")
            except BadInput:
                assert name.endswith(".die")
    assert reading._AT_ONCE._value == 2  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def shared() -> Iterator[ReadingProcess]:
    with ReadingProcess(LIMITS) as process:
        yield process


STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b'{"a":', b"a,b\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(READERS)), st.sampled_from(STARTS), st.binary(max_size=300) | st.text().map(str.encode))
@example(".html", b"<html>", b"<div><![" * 50)
@example(".pdf", b"%PDF-1.7\n", b"1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>")
def test_any_bytes_under_any_ending_are_read_or_refused_with_a_reason(
    shared: ReadingProcess, ending: str, start: bytes, rest: bytes
) -> None:
    try:
        if READERS[ending].isolated:
            found = shared.extract(f"a{ending}", "a", start + rest)
        else:
            found = READERS[ending].read("a", start + rest, LIMITS)
    except BadInput as refused:
        told = str(refused)
    else:
        told = found.title
        assert found.text.strip()
        assert "\x00" not in found.text
    assert told
    assert not any(word in told for word in ("Error", "Exception", "Traceback", "errno"))


def test_reading_a_table_takes_well_under_a_second_to_start() -> None:
    took = []
    for _ in range(3):
        started = time.perf_counter()
        read_document("a.csv", b"item,fee\ntent,9\n")
        took.append(time.perf_counter() - started)
    assert min(took) < 1.0 + (os.getloadavg()[0] > 4)
