"""The environment: every variable is read, and a wrong one is named."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.settings import ReadingLimits, Settings, get_settings, read_settings

NUMBERS = {
    "LAB_MAX_BATCH": ("max_batch", 1),
    "LAB_MAX_WAITING": ("max_waiting", 0),
    "LAB_KV_CACHE_GB": ("kv_cache_gb", 1),
    "LAB_CHAT_TIMEOUT_SECONDS": ("chat_timeout_seconds", 0.1),
    "LAB_PARSE_SECONDS": ("reading.seconds", 0.1),
    "LAB_PARSE_MEMORY_MB": ("reading.memory_bytes", 128),
    "LAB_MAX_PAGES": ("reading.max_pages", 1),
    "LAB_MAX_INFLATED_MB": ("reading.max_inflated_bytes", 0.1),
    "LAB_MAX_CHARACTERS": ("reading.max_characters", 1),
    "LAB_MAX_FILE_MB": ("reading.max_file_bytes", 0.001),
    "LAB_MAX_FILES": ("reading.max_files", 1),
}
WHOLE = [
    "LAB_MAX_BATCH",
    "LAB_MAX_WAITING",
    "LAB_KV_CACHE_GB",
    "LAB_PARSE_MEMORY_MB",
    "LAB_MAX_PAGES",
    "LAB_MAX_CHARACTERS",
    "LAB_MAX_FILES",
]
EVERY_NUMBER = pytest.mark.parametrize(("variable", "lowest"), [(name, low) for name, (_, low) in NUMBERS.items()])


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings({})
    assert settings == read_settings(dict.fromkeys([*NUMBERS, "LAB_CACHE", "LAB_WEIGHTS", "LAB_CHAT_URL"], "  "))
    assert settings.cache_folder.name == "look-it-up-or-learn-it"
    assert settings == Settings(settings.cache_folder)


def test_every_variable_arrives_where_it_belongs() -> None:
    environment = {
        "LAB_CACHE": "/somewhere/cache",
        "LAB_WEIGHTS": "/somewhere/model.gguf",
        "LAB_CHAT_URL": "http://localhost:1/v1 ",
        "LAB_CHAT_MODEL": " a",
        "LAB_CHAT_TUNED_MODEL": "b",
        "LAB_CHAT_KEY": " k ",
        "LAB_CHAT_TIMEOUT_SECONDS": "0.5",
        "LAB_MAX_BATCH": "4",
        "LAB_MAX_WAITING": "0",
        "LAB_KV_CACHE_GB": " 2 ",
        "LAB_PARSE_SECONDS": "2.5",
        "LAB_PARSE_MEMORY_MB": "512",
        "LAB_MAX_PAGES": "30",
        "LAB_MAX_INFLATED_MB": "0.5",
        "LAB_MAX_CHARACTERS": "1e5",
        "LAB_MAX_FILE_MB": "1.5",
        "LAB_MAX_FILES": "3",
    }
    assert read_settings(environment) == Settings(
        cache_folder=Path("/somewhere/cache"),
        weights_file=Path("/somewhere/model.gguf"),
        chat_url="http://localhost:1/v1",
        chat_model="a",
        chat_tuned_model="b",
        chat_key="k",
        chat_timeout_seconds=0.5,
        max_batch=4,
        max_waiting=0,
        kv_cache_gb=2,
        reading=ReadingLimits(2.5, 512_000_000, 30, 500_000, 100_000, 1_500_000, 3),
    )


def test_a_tilde_is_the_home_folder_in_both_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    settings = read_settings({"LAB_CACHE": "~/cache", "LAB_WEIGHTS": "~/model.gguf"})
    assert (settings.cache_folder, settings.weights_file) == (Path("/home/ada/cache"), Path("/home/ada/model.gguf"))


@EVERY_NUMBER
@pytest.mark.parametrize("text", ["many", "1,5", "0x10", "٣x"])
def test_words_for_a_number_name_the_variable(variable: str, lowest: float, text: str) -> None:
    with pytest.raises(BadInput) as error:
        read_settings({variable: text})
    assert str(error.value) == f"{variable} is “{text}”, which is not a number. Set a number of at least {lowest:g}."


@EVERY_NUMBER
@pytest.mark.parametrize("text", ["-1", "-inf", "nan", "-0.5"])
def test_a_number_that_is_too_small_names_the_variable(variable: str, lowest: float, text: str) -> None:
    with pytest.raises(BadInput) as error:
        read_settings({variable: text})
    assert str(error.value) == f"{variable} is {text}, which is too small. Set a number of at least {lowest:g}."


@EVERY_NUMBER
@pytest.mark.parametrize("text", ["inf", "1e400", "99999999999999"])
def test_a_number_that_is_too_large_names_the_variable(variable: str, lowest: float, text: str) -> None:
    with pytest.raises(BadInput) as error:
        read_settings({variable: text})
    assert str(error.value) == f"{variable} is {text}, which is too large. Set a number of at least {lowest:g}."


@pytest.mark.parametrize("variable", WHOLE)
def test_half_of_something_that_is_counted_is_refused_and_not_cut_off(variable: str) -> None:
    lowest = NUMBERS[variable][1]
    with pytest.raises(BadInput) as error:
        read_settings({variable: "200.7"})
    assert (
        str(error.value)
        == f"{variable} is 200.7, which is not a whole number. Set a whole number of at least {lowest}."
    )


def test_the_key_is_in_no_repr() -> None:
    settings = read_settings({"LAB_CHAT_KEY": "sk-secret"})
    assert settings.chat_key == "sk-secret"
    assert "sk-secret" not in f"{settings!r} {settings}"


def test_settings_are_read_once_and_cannot_be_changed() -> None:
    assert get_settings() is get_settings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        get_settings().max_batch = 3  # type: ignore[misc]
