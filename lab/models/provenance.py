"""Where an answer came from: enough to tell two answers apart and to make either again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Provenance:
    """Attached to every answer. `prompt` is the exact text the model read, not a summary of it.

    weights names the embedded weights by hash (empty for a server, which does not tell). strength is None without an
    adapter. temperature 0 means greedy: then the seed has no effect. constraint is the
    kind of grammar that decoding obeyed, if any. token counts are None where a server gives none.
    """

    backend: Literal["embedded", "server"]
    model: str
    weights: str
    prompt: str
    adapter: str | None = None
    adapter_sha256: str | None = None
    strength: float | None = None
    temperature: float = 0.0
    seed: int = 0
    constraint: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    finish: str = ""
    seconds: dict[str, float] = field(default_factory=dict)  # waiting, first_token, generate

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that JSON can hold."""
        return asdict(self)

    @property
    def short(self) -> str:
        """One line for beside an answer."""
        learned = f" + {self.adapter} × {self.strength:g}" if self.adapter and self.strength is not None else ""
        return f"{self.model}{learned}"
