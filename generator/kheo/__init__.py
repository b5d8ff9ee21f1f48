"""Khéo: a static site generator for newsrooms that publish Markdown reports."""

__version__ = "0.1.0"
