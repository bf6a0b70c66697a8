"""The app's door: the page script, and the models warmed up before the first visitor. `streamlit run app.py`."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from lab.models.warmup import get_warm_up
from lab.rag.collections import index_collection, list_collections
from lab.settings import get_settings


def load_grader() -> None:
    """What ranks passages again and decides whether to answer."""
    from lab.rag.grader.grader import get_grader

    get_grader().load()


@asynccontextmanager
async def warm_up(app: st.App) -> AsyncIterator[None]:
    """Fetch, convert and load the models in the background; the first page does not wait for them."""
    collections = [(f"indexing {name}", functools.partial(index_collection, name)) for name in list_collections()]
    get_warm_up(get_settings()).start(*collections, ("loading the grader", load_grader))
    yield


app = st.App("pages/navigation.py", lifespan=warm_up)
