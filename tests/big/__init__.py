"""A knowledge base as big as one may grow: 20,000 criteria and 60,000 claims. The same rows at every run."""
