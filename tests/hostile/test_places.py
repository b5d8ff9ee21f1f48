"""Markup in every key that is shown: it comes out as text, in every file that shows it."""

import json
import zlib

import pytest
from harmless import build, told
from support import SITE, Site, article, picture

from kheo.search.shards import decode_words

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=anh.png alt=x onerror=alert(1)>',
    "single quote": "' onmouseover='alert(1)",
    "end of JSON-LD": "</script><script>alert(1)</script>",
    "end of title": "</title><svg onload=alert(1)>",
    "comment": "<!--<script>",
    "end of comment": "--><script>alert(1)</script>",
    "end of CDATA": "]]><x/>",
    "entity": "&lt;script&gt;&#x3c;b&#62;",
    "template": "{{ 7*7 }}{% include 'x' %}{# #}",
    "scheme": "javascript:alert(1)",
    "broken markup": "<b <i></p></div></body></html>",
}
SITE_KEYS = {
    "site title": "title: {}\n",
    "tagline": "tagline: {}\n",
    "publisher": "publisher: {{name: {0}, responsible: {0}, licence: {0}, developer: {0}, address: {0}}}\n",
    "menu": "menu: [{{title: {}, link: /tin-tuc/}}]\n",
    "category": "categories: [{{name: {0}, slug: k, description: {0}}}]\n",
    "campaign": "campaigns: [{{title: {0}, slug: c, description: {0}}}]\n",
    "author": "authors: [{{name: {0}, slug: a, role: {0}}}]\n",
}
ARTICLE_KEYS = {
    "title": {"title": "{}"},
    "summary": {"summary": "{}"},
    "author": {"author": "{}"},
    "campaign": {"campaign": "{}"},
    "category": {"category": "[{}]"},
    "subcategory": {"category": "[Tin tức, {}]"},
    "source": {"source": "{}"},
    "caption": {"image": "anh.png", "image_alt": "{}"},
    "attachment": {"attachments": "[{{file: tep.pdf, title: {}}}]"},
    "correction": {"corrections": "[{{date: 2020-02-13, text: {}}}]"},
}
BODIES = {
    "heading": "## {}",
    "setext heading": "{}\n---",
    "emphasis": "*{}*",
    "code": "`{}`",
    "fence": "```\n{}\n```",
    "language of a fence": "``` {}\nx\n```",
    "list": "- {}\n- {}",
    "table": "| a |\n| --- |\n| {} |",
    "picture": "![{}](anh.png)",
    "caption of a picture": '![x](anh.png "{}")',
    "link": "[{}](https://x.example/)",
    "address": "[x](<{}>)",
    "reference": "[x][1]\n\n[1]: https://x.example/ '{}'",
    "abbreviation": "HĐND họp.\n\n*[HĐND]: {}",
    "footnote": "x[^1]\n\n[^1]: {}",
    "definition": "x\n:   {}",
    "attribute list": 'x\n{{: title="{}" id="y" onclick="alert(1)" }}',
}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def fill(site: Site) -> None:
    site.write("articles/anh.png", picture())
    site.write("articles/tep.pdf", b"x")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("key", SITE_KEYS)
def test_site_file(key: str, attack: str, site: Site) -> None:
    value = quoted(ATTACKS[attack])
    given = SITE_KEYS[key].format(value)
    name = given.partition(":")[0]
    lines = [line for line in SITE.splitlines(keepends=True) if not line.startswith(f"{name}:")]
    site.write("site.yaml", "".join(lines) + given)
    used = {"category": f"[{value}]", "campaign": value, "author": value}
    site.write("articles/a.md", article(**({key: used[key]} if key in used else {})))
    assert told(build(site)) == []


@pytest.mark.parametrize("key", ARTICLE_KEYS)
def test_front_matter(key: str, site: Site) -> None:
    fill(site)
    for number, attack in enumerate(ATTACKS.values()):
        # A name of signs alone has no slug, and two with the same letters have one.
        text = quoted(f"{attack} {number}")
        keys = {name: pattern.format(text) for name, pattern in ARTICLE_KEYS[key].items()}
        site.write(
            f"articles/{number}.md",
            article(**{"title": f"Bài {number}", "slug": f"bai-{number}"} | keys),
        )
    assert told(build(site)) == []
    assert len(list(site.options.output.rglob("bai-*/index.html"))) == len(ATTACKS)


@pytest.mark.parametrize("place", BODIES)
def test_body(place: str, site: Site) -> None:
    fill(site)
    for number, attack in enumerate(ATTACKS.values()):
        body = BODIES[place].format(*[attack] * 2)
        site.write(f"articles/{number}.md", article(f"Bài {number}", body))
    report = build(site, keep_going=True)
    # As an address, most of them lead nowhere; some take all that follows them. What is removed is
    # said; else nothing.
    expected = {"html-unclosed", "html-removed", "markup-left"} | (
        {"link-broken", "markup-in-address"} if place == "address" else set()
    )
    # A quotation mark may end the alternative text of a picture before it begins.
    expected |= {"image-without-alt"} if place == "picture" else set()
    assert {d.code for d in report.found} <= expected


def test_the_search_index_holds_text_alone(site: Site) -> None:
    """Words are letters and digits."""
    for number, attack in enumerate(ATTACKS.values()):
        front = {"author": quoted(f"{attack} {number}"), "slug": f"bai-{number}"}
        site.write(f"articles/{number}.md", article(quoted(attack), f"`{attack}`", **front))
    assert told(site.build(search=True)) == []  # the search page has a form, which `build` forbids
    for path, data in site.tree().items():
        if path.startswith("assets/search/w"):
            assert all(word.isalnum() for word in decode_words(zlib.decompress(data)))


def test_json_ld_holds_what_was_written(site: Site) -> None:
    for number, attack in enumerate(ATTACKS.values()):
        site.write(f"articles/{number}.md", article(quoted(attack), slug=f"bai-{number}"))
    assert told(build(site)) == []
    for number, attack in enumerate(ATTACKS.values()):
        text = site.read(f"tin-tuc/bai-{number}/index.html")
        data = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert attack in json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')
