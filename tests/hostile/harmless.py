"""What no build may do, whatever it is given."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import html5lib
from support import Site

from kheo.reporting.reporter import Reporter
from kheo.stages.results import BuildResult

XHTML = "{http://www.w3.org/1999/xhtml}"
ADDRESSES = {
    "href",
    "src",
    "poster",
    "action",
    "formaction",
    "data",
    "cite",
    "srcset",
    "background",
}
# The theme uses none of these; what is here came through from a source.
FORBIDDEN = {
    "object", "embed", "applet", "base", "form", "input", "button", "textarea", "select", "style",
    "frame", "frameset", "template", "noscript", "math", "portal", "iframe", "plaintext", "xmp",
    "listing", "marquee", "audio", "svg",
}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "g", "rect", "line", "circle", "polyline", "text"}
OWN_SCRIPT = "application/ld+json"
MOVED_SCRIPT = r"/assets/moved\.[0-9a-f]+\.js"  # of pages for old URLs with a query


def build(site: Site, **choices: object) -> BuildResult:
    """Builds, and holds what is promised of every build."""
    before = snapshot(site)
    report = site.build(**choices)
    assert snapshot(site) == before, "something outside of output and cache has changed"
    if report.counts is None:
        assert report.errors or choices.get("strict")
        assert not site.options.output.exists(), "a failed build wrote"
    else:
        check_output(site.options.output)
    check_messages(report)
    return report


def told(report: BuildResult) -> list[str]:
    """``path:line:column code`` of each finding."""
    return [f"{d.place.path}:{d.place.line}:{d.place.column} {d.code}" for d in report.found]


def codes(report: BuildResult) -> set[str]:
    return {d.code for d in report.found}


def snapshot(site: Site) -> dict[str, bytes]:
    root = site.root.parent if site.root.name == "site" else site.root
    return {
        str(file): file.read_bytes() if file.is_file() and not file.is_symlink() else b""
        for file in root.rglob("*")
        if not file.is_relative_to(site.options.output)
        and not file.is_relative_to(site.options.cache)
    }


def check_messages(report: BuildResult) -> None:
    """A terminal obeys control characters, a forge line breaks."""
    for form in ("text", "github"):
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            Reporter(form, quiet=False, content=Path("content"), templates=Path("t")).report(
                report, 1
            )
        text = out.getvalue() + err.getvalue()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), form
        if form == "github":
            for line in out.getvalue().splitlines():
                assert line.startswith(("::error ", "::warning ")) or not line.startswith("::")


def check_output(output: Path) -> None:
    for file in output.rglob("*"):
        assert not file.is_symlink()
        name, data = file.name, file.read_bytes() if file.is_file() else b""
        if name.endswith(".html"):
            check_page(data.decode(), file.relative_to(output))
        elif name.endswith(".xml"):
            ElementTree.fromstring(data)
        elif name.endswith(".json"):
            json.loads(data)
        elif name == "_redirects":
            for line in data.decode().splitlines():
                assert re.fullmatch(r"/\S*( \w+=\S+)* /\S* (301|410)!?", line), line


@lru_cache
def check_page(text: str, file: Path) -> None:
    """Most pages of a site that is built with one other source are those of the site before."""
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text), file
    document = html5lib.HTMLParser(strict=True).parse(text)
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.removeprefix(XHTML).lower()
        assert name not in FORBIDDEN, f"{file}: <{name}>"
        if name.startswith(SVG):  # of charts; what a source has is removed
            assert name.removeprefix(SVG) in DRAWN, f"{file}: <{name}>"
        if name == "script" and re.fullmatch(MOVED_SCRIPT, element.get("src") or ""):
            assert not element.text, file
        elif name == "script":
            assert element.get("type") == OWN_SCRIPT, file
            json.loads(element.text or "")
        if name == "meta" and element.get("http-equiv"):
            assert element.get("http-equiv") == "refresh", file
            assert (element.get("content") or "").startswith("0; url=/"), file
        for key, value in attributes(element):
            assert not key.lower().startswith("on"), f"{file}: {key}"
            assert key.lower() not in {"style", "srcdoc", "formaction", "ping"}, f"{file}: {key}"
            if key.lower() in ADDRESSES:
                plain = re.sub(r"[\x00-\x20]", "", value).lower()
                assert not plain.startswith(("javascript:", "data:", "vbscript:", "file:")), value


def attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        yield key.rpartition("}")[2], value
