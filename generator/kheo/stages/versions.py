"""Digests of the program and of the theme. A new digest means that everything is rebuilt."""

import os
import sys
import zlib
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from kheo.layers import layers_of

# Packages that affect the output: a new version of one counts as a new version of the program.
SHAPING = {"babel", "jinja2", "markdown", "markupsafe", "pyyaml", "msgspec", "nh3",
           "python-slugify", "text-unidecode", "pillow", "pypdf", "tinytag", "font-source-serif-pro", "tzdata"}  # fmt: skip
ROOT = Path(__file__).parent.parent
INFOS = (".dist-info", ".egg-info")


def program_digest() -> str:
    """Return a digest of the program, of Python and of every package that affects output."""
    digest = blake2b(_system(), digest_size=16)
    for file in [*sorted(ROOT.rglob("*.py")), *_endings()]:
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    for name in _installed():
        digest.update(name.encode() + b"\0")
    return digest.hexdigest()


def pictures_digest() -> str:
    """Return a digest of the code and packages that make pictures.

    It changes less often than the digest of the whole program.
    """
    files = sorted((ROOT / "pictures").glob("*.py"))
    return _digest(files, ("pillow", "font"))


def search_digest() -> str:
    """Return a digest of everything that makes the search index, and of Python, which knows letters."""
    return _digest([*sorted((ROOT / "search").glob("*.py")), *_endings()], ())


def _endings() -> list[Path]:
    return sorted((ROOT / "search/endings").glob("*.txt"))


def _digest(files: Iterable[Path], packages: tuple[str, ...]) -> str:
    digest = blake2b(_system(), digest_size=16)
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update(repr([name for name in _installed() if name.startswith(packages)]).encode())
    return digest.hexdigest()


def _system() -> bytes:
    """Return the versions of Python, which knows letters and formats, and of zlib, which compresses."""
    return f"{sys.version} zlib {zlib.ZLIB_RUNTIME_VERSION}".encode()


def _installed() -> list[str]:
    """Return the name, version and wheel of each package that affects output: ``jinja2-3.1.6.dist-info``.

    Wheels of one version may bring different versions of a library, such as that for WebP. Listing
    these folders takes a hundredth of the time of ``importlib.metadata``, which is used only for
    packages without such a folder.
    """
    folders: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):
            folders |= {child.name: child.path for child in os.scandir(folder or ".")}
    infos = {name: _distribution(name) for name in folders if name.endswith(INFOS)}
    found = [f"{name} {_tags(folders[name])}" for name, one in infos.items() if one in SHAPING]
    if missing := SHAPING - set(infos.values()):
        from importlib.metadata import version

        found += [f"{package}-{version(package)}" for package in missing]
    return sorted(found)


def _tags(info: str) -> str:
    """Return for which systems a wheel was made; an empty string if a package was not a wheel."""
    with suppress(OSError):
        lines = Path(info, "WHEEL").read_text(encoding="utf-8").splitlines()
        return ",".join(sorted(line[5:] for line in lines if line.startswith("Tag: ")))
    return ""


def _distribution(info: str) -> str:
    return info.partition("-")[0].lower().replace("_", "-").removesuffix(".egg-info")


def templates_digest(templates: Path) -> str:
    """Return a digest of all files of the theme, the site's own and those of the default theme."""
    digest = blake2b(digest_size=16)
    for layer in layers_of(templates):
        for name, file in layer.files():
            digest.update(f"{layer.tree}/{name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
