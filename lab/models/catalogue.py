"""Which chat model answers: the embedded one, or a server; base, or tuned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.models.adapters import find_adapter
from lab.settings import Settings

if TYPE_CHECKING:  # pages import this module, and the first page must not wait for LangChain
    from langchain_core.language_models import BaseChatModel

    from lab.models.remote import Endpoint


def choose_model(
    settings: Settings,
    *,
    adapter: str | None = None,
    strength: float = 1.0,
    max_tokens: int = 128,
    endpoint: Endpoint | None = None,
) -> BaseChatModel:
    """A chat model for one side of a comparison. With `endpoint`, "tuned" is the server's second model name.

    adapter: a shipped name, or the path of a PEFT folder. Raises BadInput when it does not exist or does not fit.
    """
    from lab.models.chat import EmbeddedChatModel
    from lab.models.remote import RemoteChatModel

    if max_tokens < 1:
        raise BadInput(f"max_tokens is {max_tokens}: an answer needs at least 1 token.")
    if endpoint is not None:
        if adapter is not None and not endpoint.tuned_model:
            raise BadInput(
                f"{endpoint.host} was given no second model name, so there is no tuned side to ask there. "
                "Name one in the model panel (or LAB_CHAT_TUNED_MODEL), or use the embedded model."
            )
        return RemoteChatModel(endpoint=endpoint, tuned=adapter is not None, max_tokens=max_tokens)
    found = find_adapter(adapter) if adapter is not None else None
    return EmbeddedChatModel(settings=settings, adapter=found, strength=strength, max_tokens=max_tokens)
