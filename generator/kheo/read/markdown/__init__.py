"""Markdown bodies to HTML."""
