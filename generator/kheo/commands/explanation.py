"""``explain``: what made a page, and why the last build rendered it or left it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from kheo.config import SiteConfig
from kheo.routes import output_path
from kheo.stages.rendering import BUILD, decode_made
from kheo.store.store import Published, Store


def explain(store: Store, config: SiteConfig, output: Path, content: Path, what: str) -> list[str]:
    """Lines about every output that ``what`` names; none where it names no output.

    ``what`` is an address, a path of an output, or a source.
    """
    published = store.published()
    latest = store.memo(BUILD, "", int) or 0
    if path := _output(config, output, what, published):
        return _describe(path, published[path], latest)
    source = _below(content, what)
    lines: list[str] = []
    for path, record in published.items():
        if record.made and decode_made(record.made).source == source:
            lines += _describe(path, record, latest)
    return lines


def _output(
    config: SiteConfig, output: Path, what: str, published: dict[str, Published]
) -> str | None:
    """The output path that an address or a path stands for, if there is such an output."""
    address = unquote(urlsplit(what).path)
    folder = urlsplit(config.base_url).path.rstrip("/")
    candidates = [
        _below(output, what),
        output_path(address.removeprefix(folder)),
        output_path(address),
        output_path(f"{address.strip('/')}/"),
    ]
    return next((path for path in candidates if path in published), None)


def _below(folder: Path, what: str) -> str:
    """``content/articles/a.md`` -> ``articles/a.md``; anything else as it is."""
    for root in (folder, folder.resolve()):
        if Path(what).is_relative_to(root):
            return Path(what).relative_to(root).as_posix()
    return what


def _describe(path: str, record: Published, latest: int) -> list[str]:
    if not record.made:
        return [path, "  nothing is remembered of how it was made; the next build will know"]
    made = decode_made(record.made)
    if made.build == latest:
        why = f"the last build rendered it, because {made.reason}"
    else:
        age = latest - made.build
        why = (
            "the last build left it as it was: nothing that it depends on had changed\n"
            f"            (it was last rendered {age} build{'' if age == 1 else 's'} before, "
            f"because {made.reason})"
        )
    facts = {
        "address": made.url,
        "made from": made.source,
        "template": made.template or "none: a file as it is",
        "why": why,
        "bytes": f"{record.size}, SHA-256 {record.sha256[:16]}…",
    }
    return [path, *(f"  {name + ':':<10}{text}" for name, text in facts.items())]
