"""Lint: find mistakes in pasted text, and fix those that have only one possible fix."""
