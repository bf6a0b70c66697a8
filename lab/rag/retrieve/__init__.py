"""Index → the passages worth reading, by one of several retrievers; a hit's score stays its cosine in all of them."""

from lab.rag.retrieve.options import DEFAULT_RERANK, DEFAULT_RETRIEVER, RetrievalOptions, retrieve
from lab.rag.retrieve.retrievers import RETRIEVERS, Retriever

__all__ = ["DEFAULT_RERANK", "DEFAULT_RETRIEVER", "RETRIEVERS", "RetrievalOptions", "Retriever", "retrieve"]
