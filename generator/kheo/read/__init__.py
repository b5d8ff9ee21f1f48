"""Disk in: sources found, read and parsed."""
