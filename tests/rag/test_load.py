"""Loading: what is read, what is left out, and whether a person would understand why."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.rag.load import Loaded, clean_name, load_paths, read_document, read_documents
from lab.rag.readers import READERS, Extracted, Reader
from lab.settings import ReadingLimits


def load(*paths: Path, max_file_bytes: int = 1000, max_files: int = 10) -> Loaded:
    return load_paths(list(paths), max_file_bytes=max_file_bytes, max_files=max_files)


def reasons(loaded: Loaded) -> dict[str, str]:
    return {refusal.file: refusal.reason for refusal in loaded.refused}


def test_a_folder_is_read_in_sorted_order_with_names_relative_to_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.markdown", ".hidden.md", ".git/x.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("# Hello\n\nSome text.")
    assert sorted(document.name for document in load(tmp_path).documents) == ["a.md", "b.txt", "sub/c.markdown"]
    assert [document.name for document in load(tmp_path).documents][:2] == ["a.md", "b.txt"]


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "Intro\n\n# The *real* [title](http://x) #\n\nText", "The real title"),
        ("b-two.md", "```\n# not a title\n```\n\n## Section\n\nText", "b two"),
        ("c.txt", "\n\nOpening hours\n\nWe open at nine.", "Opening hours"),
        ("d.txt", "We open at nine. That is all.\nMore.", "d"),
        ("e.txt", "Lone line", "e"),
        ("f.txt", "x" * 91 + "\n\nText", "f"),
    ],
)
def test_the_title_is_the_first_heading_or_first_line_or_the_files_name(name: str, text: str, title: str) -> None:
    assert read_document(name, text.encode()).title == title


def test_line_ends_and_byte_order_marks_are_normalised_and_the_hash_is_of_the_bytes() -> None:
    data = b"\xef\xbb\xbf# Hi\r\n\r\nTwo\rlines"
    document = read_document("a.md", data)
    assert document.text == "# Hi\n\nTwo\nlines"
    assert document.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t ", "is empty"),
        ("a.txt", b"\xef\xbb\xbf \n", "is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "looks like a binary file renamed"),
        ("a.md", bytes(range(1, 32)) * 5 + b"text", "looks like a binary file renamed"),
        ("a.txt", b"caf\xe9 is open", "is not UTF-8 text (first bad byte at position 3): save it as UTF-8"),
        ("a.txt", "text".encode("utf-16"), "UTF-16"),
        ("a.xlsx", b"PK", "ends in .xlsx, which cannot be read here: use .md, .markdown, .txt, .pdf"),
        ("README", b"text", "has no ending"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, data: bytes, message: str) -> None:
    with pytest.raises(BadInput) as error:
        read_document(name, data)
    assert message in str(error.value)


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nText.")
    (tmp_path / "image.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    (tmp_path / "big.txt").write_text("a" * 1001)
    (tmp_path / "table.xlsx").write_bytes(b"PK")
    loaded = load(tmp_path, tmp_path / "gone.md")
    assert [document.name for document in loaded.documents] == ["good.md"]
    told = reasons(loaded)
    assert "too large: 1,001 bytes, and the limit is 1,000 bytes" in told["big.txt"]
    assert "binary" in told["image.txt"]
    assert "UTF-8" in told["latin.txt"]
    assert ".xlsx" in told["table.xlsx"]
    assert "was not found" in told[str(tmp_path / "gone.md")]


def test_an_empty_folder_is_refused_and_asking_for_documents_says_so(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert "no readable document" in loaded.refused[0].reason
    with pytest.raises(BadInput, match="There is no readable document here"):
        loaded.require_documents()


def test_too_many_files_are_cut_off_with_one_sentence(tmp_path: Path) -> None:
    for number in range(15):
        (tmp_path / f"{number:02}.txt").write_text(f"Text number {number}.")
    loaded = load(tmp_path, max_files=10)
    assert len(loaded.documents) == 10
    assert "10 is the limit, and 5 more were left out" in loaded.refused[-1].reason


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("The secret is 42.")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.md").write_text("# A\n\nText.")
    (inside / "link.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "again.md").symlink_to(inside / "a.md")
    loaded = load(inside)
    assert [document.name for document in loaded.documents] == ["a.md"]
    assert set(reasons(loaded)) == {"link.txt", "folder"}
    assert all("leads out of the folder" in reason for reason in reasons(loaded).values())


def test_equal_names_from_two_folders_stay_apart_and_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hours.txt").write_text(f"The {folder} shop opens at nine.")
    loaded = load(tmp_path / "north", tmp_path / "south", tmp_path / "north" / "hours.txt")
    assert [document.name for document in loaded.documents] == ["hours.txt", "south/hours.txt"]


def test_names_are_shown_without_characters_that_deceive() -> None:
    assert clean_name("a\x1b[31m\u202etxt.exe\n.md") == "a[31mtxt.exe.md"
    assert clean_name("bad\udce9.txt") == "bad\ufffd.txt"
    assert clean_name("\x00") == "unnamed"
    read_document("x\x07.txt", b"Some text.").name.encode()


def read_backwards(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    return Extracted(stem, data.decode()[::-1])


def test_a_new_kind_of_file_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "backwards", sys.modules[__name__])
    monkeypatch.setitem(READERS, ".txet", Reader("backward text", "txt", "backwards:read_backwards", isolated=False))
    document = read_document("a.txet", b"olleh")
    assert (document.text, document.format) == ("hello", "txt")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.MD", b"# Hello", "md"),
        ("a.txt", b"Hello", "txt"),
        ("a.htm", b"<p>Hello", "html"),
        ("a.html", b"<p>Hello", "html"),
        ("a.csv", b"item,fee\ntent,9", "csv"),
        ("a.tsv", b"item\tfee\ntent\t9", "csv"),
        ("a.json", b'{"fee": 9}', "json"),
        ("a.jsonl", b'{"fee": 9}', "jsonl"),
    ],
)
def test_a_document_says_what_kind_of_file_it_was(name: str, data: bytes, kind: str) -> None:
    document = read_document(name, data)
    assert (document.format, document.name, document.sha256) == (kind, name, hashlib.sha256(data).hexdigest())


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(BadInput, match="has 101 characters of text in it, and the limit is 100"):
        read_document("a.txt", b"x" * 101, ReadingLimits(max_characters=100))
    with pytest.raises(BadInput, match="more than 100 characters of text in it"):
        read_document("a.csv", b"item,fee\n" + b"tent,9\n" * 20, ReadingLimits(max_characters=100))


def test_uploads_are_read_in_order_with_names_of_their_own() -> None:
    loaded = read_documents([("a.md", b"# One"), ("a.md", b"# Two"), ("b.csv", b"x,y\np,1"), ("a.md", b"# Three")])
    assert [(document.name, document.title) for document in loaded.documents] == [
        ("a.md", "One"),
        ("a (2).md", "Two"),
        ("b.csv", "B"),
        ("a (3).md", "Three"),
    ]
    assert loaded.refused == ()


def test_the_same_file_twice_is_read_once_and_said() -> None:
    loaded = read_documents([("a.md", b"# One"), ("copy.md", b"# One")])
    assert [document.name for document in loaded.documents] == ["a.md"]
    assert reasons(loaded) == {"copy.md": "has the same content as a.md, which is read already"}


def test_uploads_past_a_limit_are_named_and_the_rest_is_read() -> None:
    limits = ReadingLimits(max_file_bytes=10, max_files=2)
    loaded = read_documents([("a\u202e.md", b"x" * 11), ("b.md", b"# B"), ("c.md", b"# C")], limits)
    assert [document.name for document in loaded.documents] == ["b.md"]
    assert reasons(loaded) == {
        "a.md": "is too large: 11 bytes, and the limit is 10 bytes",
        "c.md": "is one too many: 2 files are the limit. Remove some and add it again",
    }


def test_a_folder_of_every_kind_is_read_around_the_one_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("item,fee\ntent,9\n")
    (tmp_path / "b.pdf").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "c.html").write_text("<h1>Hours</h1><p>We open at nine.</p>")
    loaded = load(tmp_path)
    assert [document.name for document in loaded.documents] == ["a.csv", "c.html"]
    assert "is not really a PDF" in reasons(loaded)["b.pdf"]
