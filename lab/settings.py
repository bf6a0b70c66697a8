"""The environment, read once into one frozen object that everything else is handed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from platformdirs import user_cache_dir

from lab.errors import BadInput

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
SAMPLE_DATA = PROJECT_FOLDER / "sample_data"


@dataclass(frozen=True)
class ReadingLimits:
    """How much one file, and one batch of files, may take; past a limit a file is refused with the reason."""

    seconds: float = 20.0  # per file, by the clock and by the processor
    memory_bytes: int = 1_000_000_000  # address space of the process that reads; held where the system can (Linux)
    max_pages: int = 300
    max_inflated_bytes: int = 100_000_000  # what a packed file comes to once unpacked
    max_characters: int = 2_000_000  # of the text that comes out
    max_file_bytes: int = 20_000_000
    max_files: int = 200


@dataclass(frozen=True)
class Settings:
    """Every setting a person can make from outside. Sizes are in the unit their name says.

    The chat_* fields describe an OpenAI-compatible server that stands in for the embedded model; `chat_key` never
    appears in a repr, so it cannot slip into a log.
    """

    cache_folder: Path
    weights_file: Path | None = None  # a GGUF someone already has; otherwise it is fetched into the cache folder
    chat_url: str = ""
    chat_model: str = ""
    chat_tuned_model: str = ""
    chat_key: str = field(default="", repr=False)
    chat_timeout_seconds: float = 60.0
    max_batch: int = 32  # requests that share decode steps
    max_waiting: int = 64  # requests that may wait behind them
    max_prompt_tokens: int = 4096
    kv_cache_gb: int = 1
    reading: ReadingLimits = ReadingLimits()
    max_question_characters: int = 2000

    @property
    def max_file_bytes(self) -> int:
        return self.reading.max_file_bytes

    @property
    def max_files(self) -> int:
        return self.reading.max_files


def _number(environment: Mapping[str, str], key: str, default: float, lowest: float) -> float:
    text = environment.get(key, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise BadInput(f"{key} is “{text}”, which is not a number. Set a number of at least {lowest:g}.") from None
    if not lowest <= value < 1e9:  # neither nan nor inf is a setting
        size = "large" if value > lowest else "small"
        raise BadInput(f"{key} is {text}, which is too {size}. Set a number of at least {lowest:g}.")
    return value


def _whole_number(environment: Mapping[str, str], key: str, default: int, lowest: int) -> int:
    value = _number(environment, key, default, lowest)
    if value != int(value):
        raise BadInput(f"{key} is {value:g}, which is not a whole number. Set a whole number of at least {lowest}.")
    return int(value)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Turn environment variables (all named LAB_…) into Settings; raises BadInput naming the variable that is wrong."""
    weights = environment.get("LAB_WEIGHTS", "").strip()
    cache_folder = environment.get("LAB_CACHE", "").strip() or user_cache_dir("look-it-up-or-learn-it", appauthor=False)
    return Settings(
        cache_folder=Path(cache_folder).expanduser(),
        weights_file=Path(weights).expanduser() if weights else None,
        chat_url=environment.get("LAB_CHAT_URL", "").strip(),
        chat_model=environment.get("LAB_CHAT_MODEL", "").strip(),
        chat_tuned_model=environment.get("LAB_CHAT_TUNED_MODEL", "").strip(),
        chat_key=environment.get("LAB_CHAT_KEY", "").strip(),
        chat_timeout_seconds=_number(environment, "LAB_CHAT_TIMEOUT_SECONDS", 60.0, 0.1),
        max_batch=_whole_number(environment, "LAB_MAX_BATCH", 32, 1),
        max_waiting=_whole_number(environment, "LAB_MAX_WAITING", 64, 0),
        kv_cache_gb=_whole_number(environment, "LAB_KV_CACHE_GB", 1, 1),
        reading=ReadingLimits(
            seconds=_number(environment, "LAB_PARSE_SECONDS", 20.0, 0.1),
            # Below 128 MB the process that reads would not even start.
            memory_bytes=_whole_number(environment, "LAB_PARSE_MEMORY_MB", 1000, 128) * 1_000_000,
            max_pages=_whole_number(environment, "LAB_MAX_PAGES", 300, 1),
            max_inflated_bytes=int(_number(environment, "LAB_MAX_INFLATED_MB", 100.0, 0.1) * 1e6),
            max_characters=_whole_number(environment, "LAB_MAX_CHARACTERS", 2_000_000, 1),
            max_file_bytes=int(_number(environment, "LAB_MAX_FILE_MB", 20.0, 0.001) * 1e6),
            max_files=_whole_number(environment, "LAB_MAX_FILES", 200, 1),
        ),
    )


@cache
def get_settings() -> Settings:
    """The settings of this process, read from its environment on first use."""
    return read_settings(os.environ)
