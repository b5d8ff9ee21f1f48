"""What servers are told, and that the pages of the theme keep to it."""

import re

import html5lib
from support import Site, article, tree


def policy(site: Site, more: str = "", **choices: object) -> dict[str, str]:
    """The policy of a site with ``more`` in its site.yaml, by directive."""
    site_file = (site.options.content / "site.yaml").read_text(encoding="utf-8")
    site.write("site.yaml", site_file + more)
    assert site.build(**choices).counts
    text = re.findall("Content-Security-Policy: (.*)", site.read("_headers"))[0]
    return dict(re.fullmatch(r"(\S+) (.+)", part).groups() for part in text.split("; "))  # type: ignore[union-attr]


def test_nothing_is_allowed_that_nobody_needs(site: Site) -> None:
    found = policy(site)
    assert found == {
        "default-src": "'none'", "base-uri": "'none'", "object-src": "'none'",
        "frame-ancestors": "'self'", "form-action": "'self'", "img-src": "'self' https:",
        "media-src": "'self' https:", "manifest-src": "'self'",
        "style-src": "'self'", "script-src": "'self'", "frame-src": "'none'",
    } | {name: found[name] for name in ("connect-src", "worker-src") if name in found}  # fmt: skip
    assert not any("unsafe-inline" in value or "*" in value for value in found.values())


def test_frames(site: Site) -> None:
    found = policy(site, "iframe_hosts: [www.youtube.com, video.example]\n")
    assert found["frame-src"] == "https://video.example https://www.youtube.com"


def test_a_site_without_https_has_pictures_without_it(site: Site) -> None:
    assert policy(site, base_url="http://lang.example/")["img-src"] == "'self' https: http:"


def test_sources_that_are_trusted_may_bring_scripts(site: Site) -> None:
    found = policy(site, "trusted_html: true\n")
    assert found["script-src"].endswith("'unsafe-inline' https:")
    assert found["frame-src"] == "'self' https:"
    assert found["default-src"] == found["object-src"] == "'none'"


def test_both_say_the_same(site: Site) -> None:
    site.build()
    both = site.read("_headers"), site.read("_nginx.conf")
    first, second = (set(re.findall(r"default-src[^\"\n]*", text)) for text in both)
    assert first == second
    assert len(first) == 1


def test_no_page_has_anything_inline(sample: Site) -> None:
    """All pages of the sample site: what the policy forbids is not there."""
    pages = {
        path: data for path, data in tree(sample.options.output).items() if path.endswith(".html")
    }
    assert len(pages) > 50
    for path, data in pages.items():
        for element in html5lib.parse(data, namespaceHTMLElements=False).iter():
            names = {str(name).lower() for name in element.attrib}
            assert not any(name == "style" or name.startswith("on") for name in names), path
            assert element.tag != "style", path
            assert not str(element.get("href", "")).lower().startswith("javascript:"), path
            if element.tag == "script":
                assert element.get("type") == "application/ld+json" or element.get("src"), path


def test_headers_change_with_site_yaml_and_nothing_else(site: Site) -> None:
    site.write("articles/1.md", article())
    site.build()
    before = site.read("_headers"), site.read("_nginx.conf")
    site.write("articles/2.md", article("Bài hai"))
    site.build()
    assert (site.read("_headers"), site.read("_nginx.conf")) == before
    site.write("articles/2.md", article("Bài hai", aliases="[/cu/2/]"))
    site.build()
    assert site.read("_headers") == before[0]
    assert 'location = "/cu/2/"' in site.read("_nginx.conf")
