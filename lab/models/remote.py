"""Any OpenAI-compatible server in place of the embedded model (Ollama, vLLM, LM Studio, llama.cpp, a cloud)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from lab.errors import BadInput, LabError
from lab.models.constraint import Constraint
from lab.models.provenance import Provenance
from lab.settings import Settings

REMAINS = "The embedded model is still here: switch the server off in the model panel (or unset LAB_CHAT_URL)."


@dataclass(frozen=True)
class Endpoint:
    """A server: address (…/v1), model name, a second model name that plays "tuned", and a key that is never shown."""

    url: str
    model: str
    tuned_model: str = ""
    key: str = field(default="", repr=False)
    timeout_seconds: float = 60.0

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # half an IPv6 address, or a port that is no number
            usable = False
        if not usable:
            raise BadInput("The server's address must look like http://localhost:11434/v1 (http or https).")
        if parts.username or parts.password or parts.query:
            raise BadInput("Put the key into its own field, not into the server's address.")
        if not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise BadInput("The key holds characters that no key has. Copy it again, without spaces or lines.")
        if not self.model.strip():
            raise BadInput("Name the model that the server should use (for example the name that `ollama list` shows).")

    @property
    def host(self) -> str:
        """The part of the address that may be shown."""
        return urlsplit(self.url).netloc


def endpoint_from(settings: Settings) -> Endpoint | None:
    """The server named in the environment, or None."""
    if not settings.chat_url:
        return None
    return Endpoint(
        settings.chat_url,
        settings.chat_model,
        settings.chat_tuned_model,
        settings.chat_key,
        settings.chat_timeout_seconds,
    )


@contextmanager
def plain_errors(endpoint: Endpoint, model: str) -> Iterator[None]:
    """Turn the client's errors into one sentence each. The server's own words are left out: some echo the key."""
    import openai

    try:
        yield
    except openai.APITimeoutError:
        raise LabError(
            f"{endpoint.host} took longer than {endpoint.timeout_seconds:g} seconds to answer. It may be loading the "
            f"model: try again, or raise LAB_CHAT_TIMEOUT_SECONDS. {REMAINS}"
        ) from None
    except openai.APIConnectionError:
        raise LabError(
            f"{endpoint.host} cannot be reached. Check the address and that the server is running. {REMAINS}"
        ) from None
    except (openai.AuthenticationError, openai.PermissionDeniedError):
        raise LabError(f"{endpoint.host} refuses the key. Check it and enter it again. {REMAINS}") from None
    except openai.NotFoundError:
        raise LabError(
            f"{endpoint.host} does not know the model “{model}” (or the address lacks its /v1). {REMAINS}"
        ) from None
    except openai.RateLimitError:
        raise LabError(f"{endpoint.host} says there were too many requests. Wait a little. {REMAINS}") from None
    except openai.APIError as error:
        status = getattr(error, "status_code", None)
        said = f"answered with error {status}" if status else "broke off its answer"
        raise LabError(f"{endpoint.host} {said}. {REMAINS}") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise LabError(f"{endpoint.host} answered something that is not the OpenAI protocol. {REMAINS}") from None


class RemoteChatModel(BaseChatModel):
    """One model of one server, with the same provenance as the embedded one."""

    endpoint: Endpoint
    tuned: bool = False
    max_tokens: int = 128
    temperature: float = 0.0
    seed: int = 0
    constraint: Constraint | None = None

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    @property
    def remote_name(self) -> str:
        """The model's name on the server, for this side."""
        return self.endpoint.tuned_model if self.tuned else self.endpoint.model

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.remote_name, "host": self.endpoint.host}

    def _client(self) -> Any:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        constrained: dict[str, Any] = {}
        if self.constraint is not None:
            if self.constraint.kind != "json_schema":
                raise BadInput(
                    f"A server cannot be given a {self.constraint.kind}, only a JSON schema. Leave the constrained pane "
                    "out, or let the embedded model answer."
                )
            schema = {"name": "answer", "strict": True, "schema": self.constraint.json_schema()}
            constrained = {"response_format": {"type": "json_schema", "json_schema": schema}}
        return ChatOpenAI(
            base_url=self.endpoint.url,
            model=self.remote_name,
            api_key=SecretStr(self.endpoint.key or "none"),
            timeout=self.endpoint.timeout_seconds,
            max_retries=0,
            temperature=self.temperature,
            seed=self.seed,
            extra_body={"max_tokens": self.max_tokens, **constrained},  # Ollama does not read max_completion_tokens
            stream_usage=True,
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        whole: AIMessageChunk | None = None
        for chunk in self._stream(messages, stop, run_manager, **kwargs):
            piece = chunk.message
            assert isinstance(piece, AIMessageChunk)
            whole = piece if whole is None else whole + piece
        assert whole is not None
        message = AIMessage(
            content=whole.text, usage_metadata=whole.usage_metadata, response_metadata=whole.response_metadata
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        start = time.perf_counter()
        first = 0.0
        usage = None
        finish = ""
        with plain_errors(self.endpoint, self.remote_name):
            # Without the callbacks of the chain around us: they hear each piece from this model already.
            for chunk in self._client().stream(list(messages), {"callbacks": []}, stop=stop):
                if chunk.text:
                    first = first or time.perf_counter() - start
                    yield ChatGenerationChunk(message=AIMessageChunk(content=chunk.text))
                usage = chunk.usage_metadata or usage
                finish = chunk.response_metadata.get("finish_reason") or finish
        if not finish:  # the protocol ends every answer with a reason; without one, the rest never came
            raise LabError(f"{self.endpoint.host} broke off its answer. {REMAINS}")
        prompt = "\n\n".join(f"[{message.type}]\n{message.text}" for message in messages)
        provenance = Provenance(
            backend="server",
            model=f"{self.remote_name} at {self.endpoint.host}",
            weights="",
            prompt=prompt,
            adapter=self.remote_name if self.tuned else None,
            temperature=self.temperature,
            seed=self.seed,
            constraint=self.constraint.kind if self.constraint else None,
            tokens_in=usage["input_tokens"] if usage else None,
            tokens_out=usage["output_tokens"] if usage else None,
            finish=finish,
            seconds={"first_token": first, "generate": time.perf_counter() - start},
        )
        last = AIMessageChunk(
            content="",
            usage_metadata=usage,
            response_metadata={"provenance": provenance.to_json(), "prompt": prompt},
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)


def check_endpoint(endpoint: Endpoint) -> None:
    """Ask each named model for one token; raises LabError in words when that does not work."""
    from dataclasses import replace

    quick = replace(endpoint, timeout_seconds=min(endpoint.timeout_seconds, 20.0))
    for tuned in (False, True):
        if not tuned or endpoint.tuned_model:
            RemoteChatModel(endpoint=quick, tuned=tuned, max_tokens=1).invoke("Say yes.")
