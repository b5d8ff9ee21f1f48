"""Disk out: the store and the output folder."""
