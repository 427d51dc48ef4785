"""Findings as people and programs read them. Reports know submissions, not how they were made."""
