"""Texts for users: rules of diagnostics, translatable phrases, and how they are formatted."""
