"""Random sources: never a traceback, and no harm in what comes of them.

The short run belongs to the suite; ``python -m pytest tests/hostile/test_fuzz.py --many`` goes on for
ten minutes.
"""

import itertools
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from harmless import check_page
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from support import Site

from kheo.config import BodyOptions, ParseOptions
from kheo.diagnostics import Diagnostic, Place
from kheo.model import Entry, Source
from kheo.read.documents import parse_source
from kheo.read.markdown.body import parse_body
from kheo.read.sources import FailedSource, content_digest
from kheo.slugs import check_slug, slugify

MARKS = [
    "*", "**", "_", "`", "```", "~", "#", "## ", ">", "- ", "1. ", "    ", "\t", "\n", "\n\n", "|", "---", "===",
    "[", "]", "(", ")", "![", "](", "[^1]", "[^1]: ", "*[x]: ", "]: ", "{: ", "}", "<", ">", "</", "/>", "<!--", "-->",
    "<![CDATA[", "]]>", "&", ";", "&#", "&lt;", "\\", "\"", "'", "=", ":", "::", "<p>", "<div markdown=1>", "<b ", "<a href=",
    "<script>", "</script>", "<style>", "<svg", "onload=", "javascript:", "data:", "<iframe src=", "<table>", "<!-- page -->",
    "http://x.example/", "articles/a.md", "#top", "\u00a0", "\u200b", "\u2028", "Đ", "Ð", "ệ", "e\u0323\u0302", "\U0001f600",
]  # fmt: skip
BODIES = st.lists(st.sampled_from(MARKS) | st.text(max_size=8), max_size=60).map("".join)
LETTERS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=8)
CLEAN = st.lists(st.sampled_from(MARKS) | LETTERS, max_size=60).map("".join)  # as after decoding
KEYS = st.sampled_from(
    ["title", "date", "author", "category", "campaign", "summary", "slug", "updated", "expires", "draft", "image",
     "source", "aliases", "pinned", "kind", "weight", "attachments", "corrections", "tilte", "x", "", "? a", "<<", "- "]
)  # fmt: skip
VALUES = st.text(max_size=20) | st.sampled_from(
    ["Bài", "2020-02-12", "12/02/2020", "A > B", "[a, b]", "{a: b}", "'x", '"', "&a", "*a", "!!str x", "|", ">-", "true",
     "2020-13-45", "[[[[", "- a", "%", "@", "# x", "a: b", "99999999999999999999", "\ttab", "a\n  b", "/a/", "../x"]
)  # fmt: skip
FRONT = st.lists(st.tuples(KEYS, VALUES), max_size=8).map(
    lambda rows: "".join(f"{key}: {value}\n" for key, value in rows)
)
OPTIONS = ParseOptions("vi", "Asia/Ho_Chi_Minh", "day-first", BodyOptions(), 1_000_000)
MINUTES = 2.5  # of each of the four tests, with --many
GOOD = "title: Bài\ndate: 2020-02-12\ncategory: Tin\n"


def explore(
    request: pytest.FixtureRequest, few: int, run: Callable[..., None], **given_: Any
) -> None:
    """Tries a few examples; with ``--many`` others again and again, for MINUTES."""
    end = time.monotonic() + MINUTES * 60 * request.config.getoption("--many")
    for turn in itertools.count():
        chosen = settings(
            max_examples=few * (1 + 9 * bool(turn)),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        tries = chosen(given(**given_)(run))
        (seed(random.getrandbits(64))(tries) if turn else tries)()
        if time.monotonic() >= end:
            print(f"{turn + 1} rounds")
            return


def source_of(data: bytes) -> Source:
    return Source(Entry("articles/a.md", "articles/a.md", len(data), 0), content_digest(data), data)


def test_sources(request: pytest.FixtureRequest) -> None:
    def run(front: str, body: str, junk: bytes) -> None:
        data = f"---\n{front}---\n\n{body}".encode(errors="surrogatepass") + junk
        parsed = parse_source(source_of(data), OPTIONS)
        if isinstance(parsed, FailedSource):
            assert parsed.found
            assert all(isinstance(one, Diagnostic) and one.message for one in parsed.found)
            lines = re.split("\r\n|[\r\n\x85\u2028\u2029]", data.decode(errors="replace"))
            assert all(0 <= one.place.line <= len(lines) + 1 for one in parsed.found)
        else:
            check_bodies(tuple(parsed.bodies.values()))

    front, junk = FRONT | st.just(GOOD), st.binary(max_size=4)
    explore(request, 150, run, front=front, body=BODIES, junk=junk)


def test_bodies(request: pytest.FixtureRequest) -> None:
    def run(body: str) -> None:
        parsed, found = parse_body(
            body, "Bài", "d" * 32, Place("articles/a.md", 5, 1), BodyOptions()
        )
        check_bodies(parsed.parts)
        assert all(one.message for one in found)

    explore(request, 200, run, body=CLEAN)


def check_bodies(parts: tuple[str, ...]) -> None:
    """What the sanitiser must keep out stays out, whatever the browser makes of the rest."""
    for part in parts:
        clean = re.sub(r"\0\d+\0", "/x", part)
        fragment = html5lib.HTMLParser().parseFragment(clean)
        page = html5lib.serialize(fragment, quote_attr_values="always", omit_optional_tags=False)
        check_page(f"<!DOCTYPE html><html><head><title>x</title></head><body>{page}</body></html>",
                   Path("a body"))  # fmt: skip


def test_slugs(request: pytest.FixtureRequest) -> None:
    def run(text: str) -> None:
        slug = slugify(text)
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*|", slug)
        assert slugify(slug) == slug
        if slug and check_slug(slug):
            assert len(slug) > 100 or "reserved" in check_slug(slug)[0]

    explore(request, 200, run, text=st.text(max_size=300))


def test_sites(request: pytest.FixtureRequest, store: Path) -> None:
    """Whole builds, with all files that a source comes out in."""

    def run(title: str, body: str) -> None:
        folder = Path(tempfile.mkdtemp(prefix="kheo-fuzz-"))
        try:
            site = Site(folder)
            site.options.cache.mkdir()
            shutil.copy(store, site.options.cache)
            text = title.replace("'", "''").replace("\n", " ")
            site.write(
                "articles/a.md",
                f"---\n{GOOD.replace('Bài', repr(text)[0] + text + repr(text)[0])}---\n\n{body}".encode(
                    errors="replace"
                ),
            )
            site.build(keep_going=True)
            for path, data in site.tree().items():
                if path.endswith(".html"):
                    check_page(data.decode(), Path(path))
        finally:
            shutil.rmtree(folder)

    explore(request, 8, run, title=st.text(min_size=1, max_size=30), body=BODIES)
