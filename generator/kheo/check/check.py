"""``check``: report what a build would report, and mistakes in pasted text; publish nothing."""

from collections.abc import Callable, Iterable
from pathlib import Path
from unicodedata import normalize

from msgspec import Struct

from kheo.check.survey import Survey, examine
from kheo.diagnostics import Diagnostic, Place, count_errors, in_order
from kheo.messages.wording import Message
from kheo.reporting.catalogue import Words
from kheo.stages.results import BuildOptions, Progress


class CheckOptions(Struct, frozen=True):
    """The options of a check. ``paths`` are relative to ``content/``; an empty tuple means all files."""

    paths: tuple[str, ...] = ()
    fix: bool = False
    external: bool = False


class CheckResult(Struct, frozen=True):
    """The result of checking ``count`` sources.

    ``fixable`` is the number of findings that ``--fix`` would fix, ``fixed`` the sources that it has
    changed, ``asked`` the number of links to other sites.
    """

    found: list[Diagnostic]
    count: int
    fixable: int = 0
    fixed: tuple[str, ...] = ()
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
            "fixable": self.fixable,
            "fixed": list(self.fixed),
            "external_links": self.asked,
            "seconds": round(seconds, 3),
        }

    def sentence(self, seconds: float, words: Words, program: str) -> str:
        lines = [words.say("Fixed: {path}", path=path) for path in self.fixed]
        counts = words.say(
            "Checked {sources}: {errors}, {warnings}; {seconds} s",
            sources=words.counted(self.count, "{count} source", "{count} sources"),
            errors=words.counted(self.errors, "{count} error", "{count} errors"),
            warnings=words.counted(self.warnings, "{count} warning", "{count} warnings"),
            seconds=f"{seconds:.2f}",
        )
        lines.append(counts)
        if self.fixable:
            command = f"{program} check --fix"
            lines.append(
                words.say(
                    "`{command}` can fix {count} of them.", command=command, count=self.fixable
                )
            )
        return "\n".join(lines)


def check(
    options: BuildOptions,
    asked: CheckOptions,
    notify: Callable[[Message], None] = lambda text: None,
    progress: Progress = lambda stage, done, total: None,
) -> CheckResult:
    """Find all problems and, with ``asked.fix``, fix those that have only one possible fix.

    Raises OSError on disk failure, LockTimeoutError if another build holds the lock for too long.
    """
    survey = examine(options, notify, progress)
    fixed: tuple[str, ...] = ()
    if asked.fix and (fixed := _fix(options.content, survey, asked.paths)):
        survey = examine(options, notify, progress)
    found = [d for d in survey.found if _is_asked(d.place, asked.paths)]
    links = _links(survey, asked.paths) if asked.external else {}
    if links:
        from kheo.check.external import broken_links

        found += broken_links(links, options.cache, options.now, progress)
    return CheckResult(
        found=in_order(found),
        count=sum(_is_asked(Place(path), asked.paths) for path in survey.paths),
        fixable=sum(
            one.fixable + one.edits.count
            for path, one in survey.sources.items()
            if _is_asked(Place(path), asked.paths)
        ),
        fixed=fixed,
        asked=len(links),
    )


def path_below(content: Path, given: Path) -> str | None:
    """Return ``given`` relative to ``content`` (``""`` for all of it), or None if it is outside."""
    root, place = content.resolve(), given.resolve()
    if not place.is_relative_to(root):
        return None
    path = normalize("NFC", place.relative_to(root).as_posix())
    return "" if path == "." else path


def _fix(content: Path, survey: Survey, paths: tuple[str, ...]) -> tuple[str, ...]:
    from kheo.check.fixing import fix_file

    off = frozenset(survey.off)
    return tuple(
        path
        for path, one in sorted(survey.sources.items())
        if (one.fixable or one.edits.count)
        and _is_asked(Place(path), paths)
        and fix_file(content / one.file, one.digest, one.facts, survey.settings, off, one.edits)
    )


def _is_asked(place: Place, paths: Iterable[str]) -> bool:
    """Return whether to report a finding. Without paths, everything is, the theme too."""
    paths = tuple(paths)
    return not paths or (
        place.tree == "content"
        and any(path in {"", place.path} or place.path.startswith(f"{path}/") for path in paths)
    )


def _links(survey: Survey, paths: tuple[str, ...]) -> dict[str, list[Place]]:
    """Return the URLs on other sites, each with the places that link to it."""
    links: dict[str, list[Place]] = {}
    if "external-broken" in survey.off:
        return links
    for path, one in survey.sources.items():
        if _is_asked(Place(path), paths):
            for url, line, column in one.links:
                links.setdefault(url, []).append(Place(path, line, column))
    return links
