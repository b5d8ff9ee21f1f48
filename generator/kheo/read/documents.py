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
from kheo.read.zones import zone_of
from kheo.slugs import slugify

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
    meta, positions, more, valid = parse_front_matter(
        split.yaml, place.at(split.yaml_line), zone_of(options.timezone), options.date_order
    )
    found += more
    limit = options.max_body_bytes
    # A character takes at most four bytes, so few texts have to be encoded to find their size.
    if len(split.body) * 4 > limit and (size := len(split.body.encode())) > limit:
        start = place.at(split.body_line)
        long = diagnostic("body-too-long", start, size=size, limit=limit)
        return FailedSource((*found, long), _unfinished(source, valid, positions, Body(())))
    body, more = parse_body(
        split.body,
        meta.title if meta else "",
        source.digest,
        place.at(split.body_line),
        options.body,
    )
    found += more
    if valid.image and not valid.image_alt and "image_alt" not in positions:
        at = positions["image"]
        found.append(diagnostic("cover-without-alt", place.at(at.line, at.column)))
    if meta is None or any(d.severity == "error" for d in found):
        return FailedSource(tuple(found), _unfinished(source, valid, positions, body))
    positions |= body.positions
    digests = tuple(blake2b(part.encode(), digest_size=16).hexdigest() for part in body.parts)
    references = body.references + _front_matter_references(meta, positions)
    details = Details(body.headings, body.anchors, references, positions, body.figures)
    document = Document(
        path=source.entry.path,
        meta=meta,
        slug=meta.slug or slugify(meta.title),
        bodies=digests,
        summary=meta.summary or shorten(body.lead, SUMMARY_LENGTH),
        has_references=bool(references or body.figures),
        packed=encode_details(details),
    )
    document = structs.replace(document, facts=digest_facts(document, details))
    return ParsedSource(document, dict(zip(digests, body.parts, strict=True)), tuple(found))


def _unfinished(
    source: Source, valid: FrontMatter, positions: dict[str, Position], body: Body
) -> Document:
    """Return what could be read of a source with an error: its names and references."""
    references = body.references + _front_matter_references(valid, positions)
    return Document(
        path=source.entry.path,
        meta=valid,
        slug="",
        bodies=(),
        summary="",
        has_references=bool(references or body.figures),
        packed=encode_details(
            Details((), body.anchors, references, positions | body.positions, body.figures)
        ),
    )


def digest_facts(document: Document, details: Details) -> bytes:
    """Return a digest (16 bytes) of everything that a site can show of a document but its bodies."""
    bare = structs.replace(document, bodies=("",) * len(document.bodies), packed=b"", facts=b"")
    references = [(one.kind, one.target, one.anchor) for one in details.references]
    shown = (bare, details.headings, details.anchors, references, details.figures)
    return blake2b(_encode(shown), digest_size=16).digest()


def _front_matter_references(
    meta: FrontMatter, positions: dict[str, Position]
) -> tuple[Reference, ...]:
    cover = [Reference("cover", meta.image, "", positions["image"])] if meta.image else []
    return (
        *cover,
        *(
            Reference("attachment", attachment.file, "", positions[f"attachments.{number}"])
            for number, attachment in enumerate(meta.attachments)
        ),
    )


def shorten(text: str, length: int) -> str:
    """Cut ``text`` between words to at most ``length`` characters, and add an ellipsis."""
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:.–-") + "…"
