"""Measure and convert pictures: bytes in, bytes out. Only fonts are read from the disk."""
