"""``output/.kheo``: which files the program wrote, for when the store is lost.

Lines as ``sha256sum`` writes them, sorted by path, so that ``sha256sum -c .kheo`` verifies a site.
"""

import os
from pathlib import Path

MANIFEST = ".kheo"


def read_manifest(output: Path) -> dict[str, str] | None:
    """The SHA-256 of every file that the program wrote, by path; ``None`` without a manifest."""
    try:
        text = (output / MANIFEST).read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None
    lines = (line.partition("  ") for line in text.splitlines())
    return {path: digest for digest, _, path in lines if path}


def write_manifest(output: Path, digests: dict[str, str]) -> None:
    """Replaces the manifest in one step, unless it says this already."""
    lines = [f"{digests[path]}  {path}\n" for path in sorted(digests)]
    data = "".join(lines).encode()
    file, new = output / MANIFEST, output / f"{MANIFEST}.new"
    if file.exists() and file.read_bytes() == data:
        return
    with new.open("wb") as stream:
        stream.write(data)
        os.fchmod(stream.fileno(), 0o644)
    new.replace(file)
