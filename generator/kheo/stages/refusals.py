"""What a build refuses to do to a published site without an option that allows it."""

from collections.abc import Callable, Iterator

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.library import Library
from kheo.publish.manifest import real_path, refuse_foreign
from kheo.stages.rendering import CurrentSite, decode_render_note
from kheo.stages.results import BuildOptions
from kheo.store.store import PublishedFile

ARTICLE_TEMPLATE = "article.html"
MANY_PAGES = 20  # the limit does not apply to smaller sites


def folder_mistakes(options: BuildOptions) -> Iterator[Diagnostic]:
    output = real_path(options.output)
    for name, folder in (("content", options.content), ("templates", options.templates)):
        other = real_path(folder)
        if output == other or other in output.parents or output in other.parents:
            yield diagnostic("output-overlap", Place(str(options.output), tree=""), other=name)
    if output.exists() and not output.is_dir():
        yield diagnostic("output-foreign", Place(".", tree="output"), path=str(options.output))


def refusals(
    current: CurrentSite,
    planned: set[str],
    library: Library,
    outdated: Callable[[], frozenset[str]],
    options: BuildOptions,
) -> list[Diagnostic]:
    """Return the reasons not to publish the outputs at the ``planned`` paths.

    ``outdated`` returns the paths, case folded, that the clock alone may have removed.
    """
    published = current.published
    return [
        *refuse_foreign(options.output, published, planned - current.intact, options.force),
        *too_many_removed(published, planned, outdated, options),
        *all_articles_gone(published, library, options),
    ]


def all_articles_gone(
    published: dict[str, PublishedFile], library: Library, options: BuildOptions
) -> Iterator[Diagnostic]:
    """Report that no article is left, for example because of a wrong folder or failed checkout."""
    if library.articles or library.expired or options.allow_empty:
        return
    notes = (decode_render_note(record.note) for record in published.values() if record.note)
    count = sum(one.template == ARTICLE_TEMPLATE for one in notes)
    if count:
        yield diagnostic("all-articles-gone", Place(".", tree="output"), count=count)


def too_many_removed(
    published: dict[str, PublishedFile],
    planned: set[str],
    outdated: Callable[[], frozenset[str]],
    options: BuildOptions,
) -> Iterator[Diagnostic]:
    pages = [path for path in published if path.endswith(".html")]
    gone = sorted(path for path in pages if path not in planned)
    limit = options.max_removed * len(pages)
    if len(pages) < MANY_PAGES or len(gone) * 100 <= limit:
        return
    gone = [path for path in gone if path.casefold() not in outdated()]
    if len(gone) * 100 > limit:
        shown = ", ".join(gone[:10]) + (", …" if len(gone) > 10 else "")
        yield diagnostic(
            "max-removed", Place(".", tree="output"), count=len(gone), total=len(pages), pages=shown
        )
