"""Metrics of a run: definitions, and how each is computed (metrics.md)."""
