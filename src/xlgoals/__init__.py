"""Locked Excel templates for public-budget performance goals, and the reader of what comes back."""

__version__ = "0.1.0"
