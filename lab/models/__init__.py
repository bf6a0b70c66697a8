"""Where answers come from: the weights, the embedded engine, the embedder, remote servers and their provenance."""
