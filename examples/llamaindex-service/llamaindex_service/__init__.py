"""A LlamaIndex service that keeps the documents Freshet sends, and answers queries."""

__version__ = "1.0.0"
