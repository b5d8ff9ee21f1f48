"""Measure and convert pictures, from bytes to bytes. Only fonts are read from the disk."""
