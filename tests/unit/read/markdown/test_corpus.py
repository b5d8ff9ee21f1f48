"""The dialect by example: each text in ``corpus/`` and the HTML that comes of it, next to it.

To add one, write ``corpus/name.md``, run ``pytest tests/unit/read/markdown/test_corpus.py --update``,
and read ``corpus/name.html``. All are English texts of our own, as authors write them elsewhere.
"""

from pathlib import Path

import pytest

from kheo.config import BodyOptions
from kheo.diagnostics import Place
from kheo.read.markdown.body import parse_body
from kheo.render.body import fill_body

CORPUS = Path(__file__).parent / "corpus"
NAMES = sorted(file.stem for file in CORPUS.glob("*.md"))
PAGE_BREAK = "\n\n~~~ next part ~~~\n\n"


def rendered(text: str) -> str:
    """The parts with the links as they were written, and the English words; then the findings."""
    body, found = parse_body(text, "No title", "5eed" * 8, Place("a.md", 1), BodyOptions())
    links = tuple(f"{one.target}{'#' * bool(one.anchor)}{one.anchor}" for one in body.references)
    html = PAGE_BREAK.join(fill_body(part, links, {}) for part in body.parts)
    said = "".join(f"\n{d.place.line}:{d.place.column} {d.code}" for d in found)
    return f"{html}\n{said}".rstrip("\n") + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_text_and_its_html(name: str, request: pytest.FixtureRequest) -> None:
    html = rendered((CORPUS / f"{name}.md").read_text(encoding="utf-8"))
    file = CORPUS / f"{name}.html"
    if request.config.getoption("--update"):
        file.write_text(html, encoding="utf-8")
    assert html == file.read_text(encoding="utf-8")
