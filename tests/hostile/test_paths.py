"""Addresses and paths that lead where they must not."""

import pytest
from harmless import build, told
from support import SITE, Site, article

STEPS = {
    "up": "../../precious.txt",
    "up, encoded": "%2e%2e/%2e%2e/precious.txt",
    "up, encoded twice": "%252e%252e/precious.txt",
    "up by backslash": "..\\..\\precious.txt",
    "absolute": "/etc/passwd",
    "file scheme": "file:///etc/passwd",
    "a drive": "C:/windows/win.ini",
    "a share": "//server/share/x",
    "home": "~/.ssh/id_rsa",
    "NUL": "a%00.png",
    "a device": "/dev/zero",
    "the site file": "../site.yaml",
    "a hidden file": "../.git/config",
    "a folder": "..",
    "itself": ".",
    "nothing": "./",
}
SLUGS = {
    "up": "..", "up twice": "../../x", "self": ".", "absolute": "/x", "two parts": "a/b",
    "backslash": "a\\b", "encoded": "%2e%2e", "blank": "a b", "capitals": "Abc", "Vietnamese": "đường",
    "reserved by Windows": "con", "reserved with ending": "nul.txt", "dot at the end": "a.",
    "hidden": ".htaccess", "own manifest": ".kheo", "own staging": ".staging", "query": "a?b",
    "fragment": "a#b", "300 letters": "a" * 300, "empty": "''", "colon": "a:b", "star": "'*'",
}  # fmt: skip
ALIASES = {
    "up": "/../../x/", "up, encoded": "/%2e%2e/x/", "relative": "x/y/", "another host": "//evil.example/",
    "scheme": "https://evil.example/", "a blank": "/a b/", "a line break": '"/a\\n/b 301"', "backslash": "/a\\..\\b/",
    "own page": "/tin-tuc/bai-mot/", "home": "/", "a listing": "/tin-tuc/", "the 404 page": "/404.html",
    "the manifest": "/.kheo", "the feed": "/feed.xml", "an asset": "/assets/x.css", "redirects": "/_redirects",
    "headers": "/_headers", "a star": "/*", "a placeholder": "/:x/", "query": "/a/?b=1", "fragment": "/a/#b",
    "query that leads out": "/a/?b=../../x", "query with markup": "'/a/?b=<script>'", "own folder": "/_old/a/",
    "twice": "[/a/, /a/]", "twice in another case": "[/a/, /A/]", "a folder that is a file": "[/x.html, /x.html/y/]",
    "markup": "'/<script>/'", "quotes": "'/\"onload=/'", "a control character": '"/a\\u0007/"', "long": "/" + "a" * 300 + "/",
}  # fmt: skip
CATEGORIES = {
    "up": "..", "up below": "Tin > .. > X", "slashes": "/", "a path": "a/../../b", "empty": "''", "only signs": "'>>>'",
    "an empty part": "A > > B", "signs": "'!!!'", "reserved by Windows": "CON", "a thousand levels": " > ".join(f"c{n}" for n in range(1000)),
    "blanks": "'   '", "a name of 5,000 letters": "chữ " * 1250, "own folder": "assets", "pager word": "trang > 2",
    "campaigns": "chien-dich", "no slug but a slash": "'／'",
}  # fmt: skip
SITE_FILE = {
    "permalink that leads out": "permalink: '../{slug}/'\n",
    "permalink without slug": "permalink: '{category}/'\n",
    "permalink with code": "permalink: '{slug.__class__}/'\n",
    "permalink with format": "permalink: '{slug!r:>1000000000}/'\n",
    "slug of a category": "categories: [{name: A, slug: ../x}]\n",
    "slug of a campaign": "campaigns: [{title: A, slug: a/b}]\n",
    "slug of an author": "authors: [{name: A, slug: '..'}]\n",
    "address with a scheme of its own": "base_url: 'javascript:alert(1)'\n",
    "address without host": "base_url: '/x/'\n",
    "address with a password": "base_url: 'https://a:b@x.example/'\n",
    "address with markup": "base_url: 'https://x.example/\"><script>'\n",
    "menu to a script": "menu: [{title: X, link: 'javascript:alert(1)'}]\n",
    "menu to a file": "menu: [{title: X, link: ../../precious.txt}]\n",
    "frame host with a path": "iframe_hosts: ['x.example/;script-src *']\n",
    "frame host with a policy": "iframe_hosts: ['x.example; script-src *']\n",
    "frame host of stars": "iframe_hosts: ['*']\n",
    "url words": "url_words: {page: ../x}\n",
    "url words that clash": "url_words: {page: a, authors: a}\n",
    "language": "language: ../../x\n",
    "time zone": "timezone: ../../../etc/passwd\n",
    "page size of nothing": "page_size: 0\n",
    "page size of all": "page_size: 99999999999999999999\n",
    "logo": "look: {logo: ../../precious.txt}\n",
    "logo, absolute": "look: {logo: /etc/passwd}\n",
    "band": "look: {band: ../precious.svg}\n",
    "font": "look: {font: {family: A, folder: ../..}}\n",
}
# What is said; of the others nothing: they lead elsewhere, as written, or are cut and escaped.
SAYS: dict[str, list[str]] = {
    "image up": ["5:1 link-outside-content"],
    "image up, encoded": ["5:1 image-missing"],
    "image up, encoded twice": ["5:1 image-missing"],
    "image up by backslash": ["5:1 image-missing"],
    "image absolute": ["5:1 link-broken"],
    "image file scheme": ["5:1 image-missing"],
    "image a drive": ["5:1 image-missing"],
    "image a share": ["5:1 link-broken"],
    "image home": ["5:1 image-missing"],
    "image NUL": ["5:1 image-missing"],
    "image a device": ["5:1 link-broken"],
    "image the site file": ["5:1 image-missing"],
    "image a hidden file": ["5:1 image-missing"],
    "image a folder": ["5:1 image-missing"],
    "image itself": ["5:1 image-missing"],
    "image nothing": ["5:1 image-missing"],
    # The addresses are removed, with a message.
    "link file scheme": ["7:6 html-removed"],
    "link a drive": ["7:6 html-removed"],
    "picture file scheme": ["7:7 html-removed"],
    "picture a drive": ["7:7 html-removed"],
    "html file scheme": ["7:19 html-removed"],
    "html a drive": ["7:19 html-removed"],
    "attachments up": ["5:14 link-outside-content"],
    "attachments up, encoded": ["5:14 attachment-missing"],
    "attachments up, encoded twice": ["5:14 attachment-missing"],
    "attachments up by backslash": ["5:14 attachment-missing"],
    "attachments absolute": ["5:14 link-broken"],
    "attachments file scheme": ["5:14 attachment-missing"],
    "attachments a drive": ["5:14 attachment-missing"],
    "attachments a share": ["5:14 link-broken"],
    "attachments home": ["5:14 attachment-missing"],
    "attachments NUL": ["5:14 attachment-missing"],
    "attachments a device": ["5:14 link-broken"],
    "attachments the site file": ["5:14 attachment-missing"],
    "attachments a hidden file": ["5:14 attachment-missing"],
    "attachments a folder": ["5:14 attachment-missing"],
    "attachments itself": ["5:14 attachment-missing"],
    "attachments nothing": ["5:14 attachment-missing"],
    "link up": ["7:6 link-outside-content"],
    "link up, encoded": ["7:6 link-outside-content"],
    "link up, encoded twice": ["7:6 link-broken"],
    "link up by backslash": ["7:6 link-broken"],
    "link absolute": ["7:6 link-broken"],
    "link home": ["7:6 link-broken"],
    "link NUL": ["7:6 link-broken"],
    "link a device": ["7:6 link-broken"],
    "link the site file": ["7:6 link-broken"],
    "link a hidden file": ["7:6 link-broken"],
    "link a folder": ["7:6 link-broken"],
    "link itself": ["7:6 link-broken"],
    "link nothing": ["7:6 link-broken"],
    "picture up": ["7:7 link-outside-content"],
    "picture up, encoded": ["7:7 link-outside-content"],
    "picture up, encoded twice": ["7:7 image-missing"],
    "picture up by backslash": ["7:7 image-missing"],
    "picture absolute": ["7:7 link-broken"],
    "picture home": ["7:7 image-missing"],
    "picture NUL": ["7:7 image-missing"],
    "picture a device": ["7:7 link-broken"],
    "picture the site file": ["7:7 image-missing"],
    "picture a hidden file": ["7:7 image-missing"],
    "picture a folder": ["7:7 image-missing"],
    "picture itself": ["7:7 image-missing"],
    "picture nothing": ["7:7 image-missing"],
    "html up": ["7:19 link-outside-content"],
    "html up, encoded": ["7:19 link-outside-content"],
    "html up, encoded twice": ["7:19 image-missing"],
    "html up by backslash": ["7:19 image-missing"],
    "html absolute": ["7:19 link-broken"],
    "html home": ["7:19 image-missing"],
    "html NUL": ["7:19 image-missing"],
    "html a device": ["7:19 link-broken"],
    "html the site file": ["7:19 image-missing"],
    "html a hidden file": ["7:19 image-missing"],
    "html a folder": ["7:19 image-missing"],
    "html itself": ["7:19 image-missing"],
    "html nothing": ["7:19 image-missing"],
    "slug up": ["5:1 slug-form"],
    "slug up twice": ["5:1 slug-form"],
    "slug self": ["5:1 slug-form"],
    "slug absolute": ["5:1 slug-form"],
    "slug two parts": ["5:1 slug-form"],
    "slug backslash": ["5:1 slug-form"],
    "slug encoded": ["5:7 yaml-syntax"],
    "slug blank": ["5:1 slug-form"],
    "slug capitals": ["5:1 slug-form"],
    "slug Vietnamese": ["5:1 slug-form"],
    "slug reserved by Windows": ["5:1 slug-reserved"],
    "slug reserved with ending": ["5:1 slug-reserved"],
    "slug dot at the end": ["5:1 slug-form"],
    "slug hidden": ["5:1 slug-form"],
    "slug own manifest": ["5:1 slug-form"],
    "slug own staging": ["5:1 slug-form"],
    "slug query": ["5:1 slug-form"],
    "slug fragment": ["5:1 slug-form"],
    "slug 300 letters": ["5:1 slug-too-long"],
    "slug colon": ["5:1 slug-form"],
    "slug star": ["5:1 slug-form"],
    "alias up": ["5:10 address-form"],
    "alias up, encoded": ["5:10 address-form"],
    "alias relative": ["5:10 address-form"],
    "alias another host": ["5:10 address-form"],
    "alias scheme": ["5:10 address-form"],
    "alias a blank": ["5:10 address-form"],
    "alias a line break": ["5:10 address-form"],
    "alias backslash": ["5:10 address-form"],
    "alias own page": ["5:10 alias-own"],
    "alias home": ["5:10 address-form"],
    "alias a listing": ["5:10 alias-live"],
    "alias the 404 page": ["5:10 alias-live"],
    "alias the manifest": ["5:10 address-form"],
    "alias the feed": ["5:10 alias-live"],
    "alias an asset": ["5:10 alias-live"],
    "alias redirects": ["5:10 url-twice"],
    "alias headers": ["5:10 url-twice"],
    "alias a star": ["5:10 address-form"],
    "alias a placeholder": ["5:10 address-form"],
    "alias fragment": ["5:10 address-form"],
    "alias query that leads out": ["5:10 address-form"],
    "alias query with markup": ["5:10 address-form"],
    "alias own folder": ["5:10 alias-live"],
    "alias twice in another case": ["5:16 alias-twice"],
    "alias a folder that is a file": ["5:20 url-twice"],
    "alias markup": ["5:10 address-form"],
    "alias quotes": ["5:10 address-form"],
    "alias a control character": ["5:10 control-character"],
    "alias long": ["5:10 address-form"],
    "category up": ["4:1 slug-empty"],
    "category up below": ["4:1 slug-empty"],
    "category slashes": ["4:1 slug-empty"],
    "category empty": ["4:1 empty-value"],
    "category only signs": ["4:11 category-segment"],
    "category an empty part": ["4:11 category-segment"],
    "category signs": ["4:1 slug-empty"],
    "category reserved by Windows": ["4:1 slug-reserved"],
    "category a thousand levels": ["4:11 category-depth"],
    "category blanks": ["4:1 empty-value"],
    "category own folder": ["site.yaml:0:0 url-twice"],
    "category no slug but a slash": ["4:1 slug-empty"],
    "site file permalink that leads out": ["site.yaml:6:1 permalink-shape"],
    "site file permalink without slug": ["site.yaml:6:1 permalink-shape"],
    "site file permalink with code": [
        "site.yaml:6:1 permalink-form",
        "site.yaml:6:1 permalink-shape",
    ],
    "site file permalink with format": [
        "site.yaml:6:1 permalink-form",
        "site.yaml:6:1 permalink-shape",
    ],
    "site file slug of a category": ["site.yaml:6:24 slug-form"],
    "site file slug of a campaign": ["site.yaml:6:24 slug-form"],
    "site file slug of an author": ["site.yaml:6:21 slug-form"],
    "site file address with a scheme of its own": ["site.yaml:5:11 url-scheme"],
    "site file address without host": ["site.yaml:5:11 url-scheme"],
    "site file address with a password": ["site.yaml:5:1 base-url-form"],
    "site file address with markup": ["site.yaml:5:1 base-url-form"],
    "site file menu to a script": ["site.yaml:6:25 link-broken"],
    "site file menu to a file": ["site.yaml:6:25 link-broken"],
    "site file frame host with a path": ["site.yaml:6:1 host-form"],
    "site file frame host with a policy": ["site.yaml:6:1 host-form"],
    "site file frame host of stars": ["site.yaml:6:1 host-form"],
    "site file url words": ["site.yaml:6:13 slug-form"],
    "site file language": ["site.yaml:5:1 language-form"],
    "site file time zone": ["site.yaml:5:1 zone-unknown"],
    "site file page size of nothing": ["site.yaml:6:12 value-range"],
    "site file page size of all": ["site.yaml:6:12 wrong-type"],
    "site file logo": ["site.yaml:6:8 link-outside-content"],
    "site file logo, absolute": ["site.yaml:6:8 link-outside-content"],
    "site file band": ["site.yaml:6:8 link-outside-content"],
    "site file font": ["site.yaml:6:26 link-outside-content"],
}


def check(name: str, site: Site) -> None:
    found = [line.removeprefix("articles/a.md:") for line in told(build(site))]
    assert found == SAYS.get(name, [])
    assert "precious" not in "".join(map(str, site.tree()))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("key", ["image", "attachments", "link", "picture", "html"])
def test_files(key: str, step: str, site: Site) -> None:
    path = STEPS[step]
    body = {
        "link": f"[x](<{path}>)", "picture": f"![x](<{path}>)", "html": f'<img alt="x" src="{path}">',
    }.get(key, "x")  # fmt: skip
    keys = {key: f"'{path}'"} if key in {"image", "attachments"} else {}
    keys |= {"image_alt": "x"} if key == "image" else {}
    site.write("articles/a.md", article(body=body, **keys))
    check(f"{key} {step}", site)


@pytest.mark.parametrize("name", SLUGS)
def test_slug(name: str, site: Site) -> None:
    site.write("articles/a.md", article(slug=SLUGS[name]))
    check(f"slug {name}", site)


@pytest.mark.parametrize("name", ALIASES)
def test_alias(name: str, site: Site) -> None:
    site.write("articles/a.md", article(aliases=ALIASES[name]))
    check(f"alias {name}", site)


@pytest.mark.parametrize("name", CATEGORIES)
def test_category(name: str, site: Site) -> None:
    site.write("articles/a.md", article(category=CATEGORIES[name]))
    check(f"category {name}", site)


@pytest.mark.parametrize("name", SITE_FILE)
def test_site_file(name: str, site: Site) -> None:
    key = SITE_FILE[name].partition(":")[0]
    lines = [line for line in SITE.splitlines(keepends=True) if not line.startswith(f"{key}:")]
    site.write("site.yaml", "".join(lines) + SITE_FILE[name])
    site.write("articles/a.md", article())
    check(f"site file {name}", site)
