"""The embedded model as a LangChain chat model: stream, batch, stop and cancel all go through the shared engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableConfig
from pydantic import ConfigDict

from lab.errors import BadInput
from lab.models.adapters import Adapter
from lab.models.constraint import Constraint
from lab.models.convert import serving_fingerprint
from lab.models.engine import Completion, Generation, Request, get_engine
from lab.models.provenance import Provenance
from lab.models.template import Turn, render
from lab.settings import Settings

MODEL_NAME = "SmolLM2-135M-Instruct"


def to_turns(messages: Sequence[BaseMessage]) -> tuple[list[Turn], str]:
    """LangChain messages → turns and an opening; a last AIMessage is the beginning the model must go on from."""
    if not messages:
        raise BadInput("There is nothing to answer: the list of messages is empty.")
    turns: list[Turn] = []
    opening = ""
    for place, message in enumerate(messages):
        text = message.text
        if isinstance(message, SystemMessage):
            turns.append(("system", text))
        elif isinstance(message, HumanMessage):
            turns.append(("user", text))
        elif isinstance(message, AIMessage):
            if place == len(messages) - 1:
                opening = text
            else:
                turns.append(("assistant", text))
        else:
            raise BadInput(f"The embedded model reads system, human and AI messages, not {message.type} messages.")
    return turns, opening


class EmbeddedChatModel(BaseChatModel):
    """SmolLM2-135M-Instruct in this process. One object is one set of weights: base, or an adapter at a strength."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    settings: Settings
    adapter: Adapter | None = None
    strength: float = 1.0
    max_tokens: int = 128
    temperature: float = 0.0
    seed: int = 0
    constraint: Constraint | None = None

    @property
    def _llm_type(self) -> str:
        return "embedded-smollm2"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        sha256 = self.adapter.sha256 if self.adapter else None
        return {"model": MODEL_NAME, "weights": serving_fingerprint(), "adapter": sha256, "strength": self.strength}

    def get_num_tokens(self, text: str) -> int:
        """Tokens of `text` by this model's tokeniser."""
        return get_engine(self.settings).count_tokens(text)

    def submit(self, messages: Sequence[BaseMessage], stop: Sequence[str] | None = None) -> Generation:
        """Queue one request without reading it: what batch, stream and the compare page build on."""
        turns, opening = to_turns(messages)
        request = Request(
            prompt=render(turns, opening=opening),
            max_tokens=self.max_tokens,
            stop=tuple(stop or ()),
            adapter=self.adapter,
            strength=self.strength,
            temperature=self.temperature,
            seed=self.seed,
            constraint=self.constraint,
        )
        return get_engine(self.settings).submit(request)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        generation = self.submit(messages, stop)
        completion = generation.wait()
        message = AIMessage(
            content=completion.text,
            usage_metadata=_usage(completion),
            response_metadata=self._metadata(generation.request, completion),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        generation = self.submit(messages, stop)
        for piece in generation:  # closing this generator closes that one, which cancels the request
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        completion = generation.completion
        assert completion is not None
        last = AIMessageChunk(
            content="",
            usage_metadata=_usage(completion),
            response_metadata=self._metadata(generation.request, completion),
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)

    def batch(
        self,
        inputs: list[Any],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[Any]:
        """All inputs share decode steps. LangChain's own default runs only a few threads on a small machine."""
        together: RunnableConfig = {"max_concurrency": self.settings.max_batch}
        own: RunnableConfig | list[RunnableConfig]
        own = [{**together, **one} for one in config] if isinstance(config, list) else {**together, **(config or {})}
        return super().batch(inputs, own, return_exceptions=return_exceptions, **kwargs)

    def _metadata(self, request: Request, completion: Completion) -> dict[str, Any]:
        provenance = Provenance(
            backend="embedded",
            model=MODEL_NAME,
            weights=serving_fingerprint(),
            prompt=request.prompt,
            adapter=self.adapter.name if self.adapter else None,
            adapter_sha256=self.adapter.sha256 if self.adapter else None,
            strength=request.strength if self.adapter else None,
            temperature=request.temperature,
            seed=request.seed,
            constraint=request.constraint.kind if request.constraint else None,
            tokens_in=completion.tokens_in,
            tokens_out=len(completion.token_ids),
            finish=completion.finish,
            seconds={
                "waiting": completion.seconds_waiting,
                "first_token": completion.seconds_to_first_token,
                "generate": completion.seconds,
            },
        )
        return {"provenance": provenance.to_json(), "prompt": request.prompt}


def _usage(completion: Completion) -> UsageMetadata:
    tokens_out = len(completion.token_ids)
    return UsageMetadata(
        input_tokens=completion.tokens_in, output_tokens=tokens_out, total_tokens=completion.tokens_in + tokens_out
    )
