"""Our own judge of passages: does this one answer the question? It re-ranks, and it knows when nothing does."""
