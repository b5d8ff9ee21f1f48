"""Rewrite SVG from an allow-list: shapes, text and gradients; nothing that runs or loads anything."""

import re
from io import BytesIO
from xml.etree import ElementTree

from msgspec import Struct

from kheo.messages.wording import Message, message

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
MAX_ELEMENTS = 50_000
MAX_SIZE = 100_000  # pixels
_ELEMENTS = {
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse",
    "line", "polyline", "polygon", "text", "tspan", "textPath", "linearGradient", "radialGradient",
    "stop", "clipPath", "mask", "pattern", "marker", "switch",
}  # fmt: skip
_ATTRIBUTES = {
    "id", "class", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "d",
    "dx", "dy", "points", "width", "height", "viewBox", "preserveAspectRatio", "transform",
    "opacity", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
    "stroke-opacity", "color", "display", "visibility", "clip-path", "clip-rule", "mask",
    "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod",
    "patternUnits", "patternTransform", "patternContentUnits", "clipPathUnits", "maskUnits",
    "maskContentUnits", "marker-start", "marker-mid", "marker-end", "markerWidth", "markerHeight",
    "markerUnits", "refX", "refY", "orient", "font-family", "font-size", "font-weight",
    "font-style", "text-anchor", "letter-spacing", "dominant-baseline", "text-decoration",
    "textLength", "lengthAdjust", "startOffset", "version", "overflow", "paint-order",
    "vector-effect", "style", "href",
}  # fmt: skip
# Values that load something (except `url(#…)`), could hide that, or are run by old browsers.
_ACTIVE = re.compile(r"url\s*\((?!\s*['\"]?#)|\\|@|expression|javascript:|/\*", re.IGNORECASE)
_START = re.compile(rb"<(?:svg|!DOCTYPE\s+svg)")
_BEFORE = (b"<!--", b"-->"), (b"<?xml", b">")  # what may stand before: how it starts and ends
_LENGTH = re.compile(r"([0-9]{1,9}(?:\.[0-9]+)?|\.[0-9]+)\s?(px|pt|mm|cm|in)?")
_NUMBER = re.compile(r"[0-9.]+\s?[a-z]*")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


class SvgError(ValueError):
    """The drawing cannot be published; ``reason`` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Svg(Struct, frozen=True):
    """A harmless drawing: its bytes, and its size in CSS pixels (0 if it has none)."""

    data: bytes
    width: int
    height: int


def is_svg(data: bytes) -> bool:
    """Return whether the bytes begin like an SVG."""
    rest = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    while start := next((pair for pair in _BEFORE if rest.startswith(pair[0])), None):
        _, found, rest = rest[len(start[0]) :].partition(start[1])
        if not found:
            return False
        rest = rest.lstrip()
    return bool(_START.match(rest))


def read_svg(data: bytes) -> Svg:
    """Return the drawing with only what is on the allow-list. Raises SvgError."""
    if re.search(rb"<!ENTITY", data, re.IGNORECASE):
        raise SvgError(message("it defines entities, which could expand without limit"))
    try:
        root = _parse(data)
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise SvgError(message("it is not a well-formed SVG file")) from error
    if root.tag != f"{{{SVG}}}svg":
        raise SvgError(message("it is not a well-formed SVG file"))
    _clean(root)
    width, height = _size(root)
    for name, prefix in ((SVG, ""), (XLINK, "xlink")):
        ElementTree.register_namespace(prefix, name)
    return Svg(ElementTree.tostring(root, encoding="utf-8"), width, height)


def _parse(data: bytes) -> ElementTree.Element:
    depth = count = 0
    root: ElementTree.Element | None = None
    for event, element in ElementTree.iterparse(BytesIO(data), events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        root = element if root is None else root
        if depth > 200 or count > MAX_ELEMENTS:
            raise SvgError(message("it has too many elements, or they are nested too deeply"))
    if root is None:
        raise SvgError(message("it is empty"))
    return root


def _clean(element: ElementTree.Element) -> None:
    for name, value in list(element.attrib.items()):
        plain = name.removeprefix(f"{{{XLINK}}}")
        is_known = plain in _ATTRIBUTES and plain in {name, "href"}
        is_elsewhere = plain == "href" and not value.strip().startswith("#")
        if not is_known or is_elsewhere or _ACTIVE.search(value):
            del element.attrib[name]
    last = None
    for child in list(element):
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag.startswith(f"{{{SVG}}}") and tag.rpartition("}")[2] in _ELEMENTS:
            _clean(child)
            last = child
            continue
        if child.tail and last is not None:
            last.tail = (last.tail or "") + child.tail
        elif child.tail:
            element.text = (element.text or "") + child.tail
        element.remove(child)


def _size(root: ElementTree.Element) -> tuple[int, int]:
    """Return width and height in pixels: those of its attributes, else those of its view box."""
    width, height = (_pixels(root.get(name, "")) for name in ("width", "height"))
    if width and height:
        return width, height
    box = [_pixels(one) for one in root.get("viewBox", "").replace(",", " ").split()[2:]]
    return (box[0], box[1]) if len(box) == 2 and all(box) else (0, 0)


def _pixels(length: str) -> int:
    """Return a length in pixels; 0 for one in percent, or for something else. Raises SvgError."""
    length = length.strip()
    found = _LENGTH.fullmatch(length)
    size = round(float(found[1]) * _PIXELS[found[2] or ""]) if found else 0
    if size > MAX_SIZE or (not found and len(length) > 9 and _NUMBER.fullmatch(length)):
        raise SvgError(message("it is too wide or too high"))
    return size
