"""``check``: everything that a build would say, and what pasted text does wrong; nothing is published."""

from collections.abc import Callable, Iterable
from pathlib import Path
from unicodedata import normalize

from msgspec import Struct

from kheo.check.survey import Examined, examine
from kheo.diagnostics import Diagnostic, Place, count_errors, in_order
from kheo.messages.wording import Message
from kheo.reporting.catalogue import Words
from kheo.stages.results import BuildOptions, Progress


class CheckOptions(Struct, frozen=True):
    """``paths`` are sources and folders below ``content/``, as ``path_below`` gives them; none: all."""

    paths: tuple[str, ...] = ()
    fix: bool = False
    external: bool = False


class Checked(Struct, frozen=True):
    """The answer of one check of ``count`` sources.

    ``mendable`` is how many findings ``--fix`` would mend, ``mended`` are the sources that it has
    changed, ``asked`` is how many addresses of other sites were looked at.
    """

    found: list[Diagnostic]
    count: int
    mendable: int = 0
    mended: tuple[str, ...] = ()
    asked: int = 0

    @property
    def errors(self) -> int:
        return count_errors(self.found)

    @property
    def warnings(self) -> int:
        return len(self.found) - self.errors

    def summary(self, seconds: float) -> dict[str, object]:
        return {
            "sources": self.count,
            "errors": self.errors,
            "warnings": self.warnings,
            "mendable": self.mendable,
            "mended": list(self.mended),
            "external_links": self.asked,
            "seconds": round(seconds, 3),
        }

    def sentence(self, seconds: float, words: Words) -> str:
        lines = [words.say("Mended: {path}", path=path) for path in self.mended]
        counts = words.say(
            "Checked {sources}: {errors}, {warnings}; {seconds} s",
            sources=words.counted(self.count, "{count} source", "{count} sources"),
            errors=words.counted(self.errors, "{count} error", "{count} errors"),
            warnings=words.counted(self.warnings, "{count} warning", "{count} warnings"),
            seconds=f"{seconds:.2f}",
        )
        lines.append(counts)
        if self.mendable:
            lines.append(words.say("`check --fix` mends {count} of them.", count=self.mendable))
        return "\n".join(lines)


def check(
    options: BuildOptions,
    asked: CheckOptions,
    tell: Callable[[Message], None] = lambda text: None,
    progress: Progress = lambda stage, done, total: None,
) -> Checked:
    """Finds all that is wrong and, where that is asked for, mends what has one right answer.

    Raises OSError where the disk does not do its part, BusyError where a build does not end.
    """
    examined = examine(options, tell, progress)
    mended: tuple[str, ...] = ()
    if asked.fix and (mended := _mend(options.content, examined, asked.paths)):
        examined = examine(options, tell, progress)
    found = [d for d in examined.found if _is_asked(d.place, asked.paths)]
    links = _links(examined, asked.paths) if asked.external else {}
    if links:
        from kheo.check.external import broken_links

        found += broken_links(links, options.cache, options.now, progress)
    return Checked(
        found=in_order(found),
        count=sum(_is_asked(Place(path), asked.paths) for path in examined.paths),
        mendable=sum(
            one.mendable + len(one.renamings)
            for path, one in examined.sources.items()
            if _is_asked(Place(path), asked.paths)
        ),
        mended=mended,
        asked=len(links),
    )


def path_below(content: Path, given: Path) -> str | None:
    """``given`` as diagnostics name it, ``""`` for all of ``content``; ``None`` if it lies elsewhere."""
    root, place = content.resolve(), given.resolve()
    if not place.is_relative_to(root):
        return None
    path = normalize("NFC", place.relative_to(root).as_posix())
    return "" if path == "." else path


def _mend(content: Path, examined: Examined, paths: tuple[str, ...]) -> tuple[str, ...]:
    from kheo.check.fixing import mend_file

    off = frozenset(examined.off)
    return tuple(
        path
        for path, one in sorted(examined.sources.items())
        if (one.mendable or one.renamings)
        and _is_asked(Place(path), paths)
        and mend_file(
            content / one.file, one.digest, one.facts, examined.habits, off, one.renamings
        )
    )


def _is_asked(place: Place, paths: Iterable[str]) -> bool:
    """Whether a finding is to be told. Without paths: everything, the theme's too."""
    paths = tuple(paths)
    return not paths or (
        place.tree == "content"
        and any(path in {"", place.path} or place.path.startswith(f"{path}/") for path in paths)
    )


def _links(examined: Examined, paths: tuple[str, ...]) -> dict[str, list[Place]]:
    """Addresses on other sites, with the places that link to them."""
    links: dict[str, list[Place]] = {}
    if "external-broken" in examined.off:
        return links
    for path, one in examined.sources.items():
        if _is_asked(Place(path), paths):
            for url, line, column in one.links:
                links.setdefault(url, []).append(Place(path, line, column))
    return links
