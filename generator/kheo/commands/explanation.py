"""Explain what a page was made from, and why the last build rendered or kept it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from kheo.config import SiteConfig
from kheo.routes import output_path
from kheo.stages.rendering import BUILD, decode_render_note
from kheo.store.store import PublishedFile, Store


def explain(store: Store, config: SiteConfig, output: Path, content: Path, what: str) -> list[str]:
    """Return lines about every output that ``what`` stands for, or an empty list.

    ``what`` is a URL, the path of an output file, or the path of a source.
    """
    published = store.published()
    latest = store.memo(BUILD, "", int) or 0
    if path := _output(config, output, what, published):
        return _describe(path, published[path], latest)
    source = _below(content, what)
    lines: list[str] = []
    for path, record in published.items():
        if record.note and decode_render_note(record.note).source == source:
            lines += _describe(path, record, latest)
    return lines


def _output(
    config: SiteConfig, output: Path, what: str, published: dict[str, PublishedFile]
) -> str | None:
    """Return the output path that a URL or a path stands for, if that output exists."""
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
    """Return ``articles/a.md`` for ``content/articles/a.md``; any other path unchanged."""
    for root in (folder, folder.resolve()):
        if Path(what).is_relative_to(root):
            return Path(what).relative_to(root).as_posix()
    return what


def _describe(path: str, record: PublishedFile, latest: int) -> list[str]:
    if not record.note:
        return [path, "  how it was made is not recorded; the next build will record it"]
    note = decode_render_note(record.note)
    if note.build == latest:
        why = f"the last build rendered it, because {note.reason}"
    else:
        age = latest - note.build
        why = (
            "the last build kept it: none of its inputs had changed\n"
            f"             (last rendered {age} build{'' if age == 1 else 's'} earlier, "
            f"because {note.reason})"
        )
    facts = {
        "URL": note.url,
        "made from": note.source,
        "template": note.template or "none (the file is copied)",
        "why": why,
        "bytes": f"{record.size}, SHA-256 {record.sha256[:16]}…",
    }
    return [path, *(f"  {name + ':':<11}{text}" for name, text in facts.items())]
