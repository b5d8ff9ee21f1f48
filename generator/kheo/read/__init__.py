"""Find, read and parse sources, settings and language files."""
