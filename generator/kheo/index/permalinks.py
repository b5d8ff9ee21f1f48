"""URLs of articles and standing pages."""

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.model import Document, Moment, Position
from kheo.slugs import check_slug

MAX_PATH_BYTES = 1000  # characters; far below PATH_MAX (4096), to leave room for the site's folder


def permalink(
    pattern: str, document: Document, date: Moment, category_url: str
) -> str | Diagnostic:
    """Return the URL of an article, such as ``/tin-tuc/hoi-nghi/``, or why it cannot have one.

    ``category_url`` is that of its category: ``/tin-tuc/``.
    """
    slug = document_slug(document)
    if isinstance(slug, Diagnostic):
        return slug
    if pattern == "{category}/{slug}/":  # the default: format() takes 2 µs more
        return _checked(document, f"{category_url}{slug}/")
    day = date.at
    path = pattern.lstrip("/").format(
        category=category_url.strip("/"),
        slug=slug,
        year=f"{day.year:04}",
        month=f"{day.month:02}",
        day=f"{day.day:02}",
    )
    return _checked(document, f"/{path}")


def page_url(document: Document) -> str | Diagnostic:
    """Return the URL of a standing page, such as ``/lien-he/``."""
    slug = document_slug(document)
    return slug if isinstance(slug, Diagnostic) else _checked(document, f"/{slug}/")


def document_slug(document: Document) -> str | Diagnostic:
    """Return the slug of the front matter, or the one made from the title."""
    if document.meta.slug:
        return document.slug
    if not document.slug:
        return diagnostic("slug-empty", place_of(document, "title"), name=document.meta.title)
    if problem := check_slug(document.slug):
        code, values = problem
        return diagnostic(code, place_of(document, "title"), **values)
    return document.slug


def place_of(document: Document, key: str) -> Place:
    """Return the place of ``key`` in the document's front matter, or its first line."""
    at = document.details.positions.get(key, Position(1, 1))
    return Place(document.path, at.line, at.column)


def _checked(document: Document, url: str) -> str | Diagnostic:
    if len(url) > MAX_PATH_BYTES:
        return diagnostic("path-too-long", place_of(document, "title"), path=url)
    return url
