"""Parse the bytes of a source into a document and its bodies, or into diagnostics."""

import re
from hashlib import blake2b

import msgspec
from msgspec import Struct, structs

from kheo.config import ParseOptions
from kheo.diagnostics import Diagnostic, Place, diagnostic, soften
from kheo.model import (
    Body,
    Details,
    Document,
    FrontMatter,
    Position,
    Reference,
    Source,
    encode_details,
)
from kheo.read.decoding import decode_source
from kheo.read.front_matter import SplitSource, parse_front_matter, split_front_matter
from kheo.read.markdown.body import parse_body
from kheo.read.sources import FailedSource
from kheo.read.term_front_matter import as_page, parse_term_front_matter, term_references
from kheo.read.zones import zone_of
from kheo.slugs import slugify
from kheo.term_sources import TermSource, kind_of_term

SUMMARY_LENGTH = 240
_encode = msgspec.msgpack.Encoder().encode


class ParsedSource(Struct, frozen=True):
    """A document without errors, with its bodies (one for each part, by digest) and its warnings."""

    document: Document
    bodies: dict[str, str]
    warnings: tuple[Diagnostic, ...]


_DRAFT = re.compile(r"^draft:[ \t]*(?:true|yes|on)[ \t]*(?:#.*)?$", re.MULTILINE | re.IGNORECASE)


def parse_source(source: Source, options: ParseOptions) -> ParsedSource | FailedSource:
    """Return the document in ``source``, or all its errors and warnings.

    In a draft, errors are only warnings.
    """
    parsed = _parse(source, options)
    if isinstance(parsed, ParsedSource) or not _is_draft(source):
        return parsed
    return structs.replace(parsed, found=tuple(map(soften, parsed.found)))


def _is_draft(source: Source) -> bool:
    """Return whether front matter that may be wrong says ``draft: true``."""
    text = source.data.decode(errors="replace")
    split = split_front_matter(text, Place(source.entry.path))
    return isinstance(split, SplitSource) and bool(_DRAFT.search(split.yaml))


def _parse(source: Source, options: ParseOptions) -> ParsedSource | FailedSource:
    place = Place(source.entry.path)
    text, found = decode_source(source.data, place, options.language)
    if not text.strip():
        return FailedSource(tuple(found))
    split = split_front_matter(text, place)
    if isinstance(split, Diagnostic):
        return FailedSource((*found, split))
    front = _parse_front(split, place, options)
    meta, positions, valid = front.meta, front.positions, front.valid
    found += front.found
    limit = options.max_body_bytes
    # A character takes at most four bytes, so few texts have to be encoded to find their size.
    if len(split.body) * 4 > limit and (size := len(split.body.encode())) > limit:
        start = place.at(split.body_line)
        long = diagnostic("body-too-long", start, size=size, limit=limit)
        return FailedSource((*found, long), _unfinished(source, front, Body(())))
    body, more = parse_body(
        split.body,
        meta.title if meta else "",
        source.digest,
        place.at(split.body_line),
        options.body,
    )
    found += more
    if meta and front.term and len(body.parts) > 1:
        line = split.body_line + split.body.count("\n", 0, split.body.find("<!-- page"))
        found.append(diagnostic("term-page-break", place.at(line)))
    if valid.image and not valid.image_alt and not _says_alt(positions):
        at = positions.get("image") or positions["photo"]
        found.append(diagnostic("cover-without-alt", place.at(at.line, at.column)))
    if meta is None or any(d.severity == "error" for d in found):
        return FailedSource(tuple(found), _unfinished(source, front, body))
    positions |= body.positions
    digests = tuple(blake2b(part.encode(), digest_size=16).hexdigest() for part in body.parts)
    references = body.references + _front_matter_references(meta, positions, front.term)
    details = Details(body.headings, body.anchors, references, positions, body.figures)
    document = Document(
        path=source.entry.path,
        meta=meta,
        slug=meta.slug or slugify(meta.title),
        bodies=digests,
        summary=meta.summary or shorten(body.lead, SUMMARY_LENGTH),
        has_references=bool(references or body.figures),
        packed=encode_details(details),
        term=front.term,
    )
    document = structs.replace(document, facts=digest_facts(document, details))
    return ParsedSource(document, dict(zip(digests, body.parts, strict=True)), tuple(found))


class _Front(Struct, frozen=True):
    """The front matter of a report, a page or a term, and what is wrong with it.

    ``valid`` has what valid keys say, even if another key is wrong; then there is no ``meta``.
    """

    meta: FrontMatter | None
    positions: dict[str, Position]
    found: list[Diagnostic]
    valid: FrontMatter
    term: TermSource | None = None


def _parse_front(split: SplitSource, place: Place, options: ParseOptions) -> _Front:
    zone, at = zone_of(options.timezone), place.at(split.yaml_line)
    if kind_of_term(place.path) is None:
        return _Front(*parse_front_matter(split.yaml, at, zone, options.date_order))
    term, positions, found, valid = parse_term_front_matter(
        split.yaml, at, zone, options.date_order
    )
    return _Front(as_page(term) if term else None, positions, found, as_page(valid), valid)


def _says_alt(positions: dict[str, Position]) -> bool:
    return not {"image_alt", "photo_alt"}.isdisjoint(positions)


def _unfinished(source: Source, front: _Front, body: Body) -> Document:
    """Return what could be read of a source with an error: its names and references."""
    references = body.references + _front_matter_references(
        front.valid, front.positions, front.term
    )
    return Document(
        path=source.entry.path,
        meta=front.valid,
        slug="",
        bodies=(),
        summary="",
        has_references=bool(references or body.figures),
        packed=encode_details(
            Details((), body.anchors, references, front.positions | body.positions, body.figures)
        ),
        term=front.term,
    )


def digest_facts(document: Document, details: Details) -> bytes:
    """Return a digest (16 bytes) of everything that a site can show of a document but its bodies."""
    bare = structs.replace(document, bodies=("",) * len(document.bodies), packed=b"", facts=b"")
    references = [(one.kind, one.target, one.anchor) for one in details.references]
    shown = (bare, details.headings, details.anchors, references, details.figures)
    return blake2b(_encode(shown), digest_size=16).digest()


def _front_matter_references(
    meta: FrontMatter, positions: dict[str, Position], term: TermSource | None
) -> tuple[Reference, ...]:
    at = positions.get("image") or positions.get("photo")
    cover = [Reference("cover", meta.image, "", at)] if meta.image and at else []
    return (
        *cover,
        *(
            Reference("attachment", attachment.file, "", positions[f"attachments.{number}"])
            for number, attachment in enumerate(meta.attachments)
        ),
        *(term_references(term, positions) if term else ()),
    )


def shorten(text: str, length: int) -> str:
    """Cut ``text`` between words to at most ``length`` characters, and add an ellipsis."""
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:.–-") + "…"
