"""Old URLs: aliases as former sites had them, renamed categories, and what was withdrawn."""

import json
import re
import shutil
import subprocess

import pytest
from support import ROOT, SITE, Site, article, told

SCRIPT = (ROOT / "templates/assets/moved.js").read_text(encoding="utf-8")


def rules(site: Site) -> list[str]:
    return site.read("_redirects").splitlines()


@pytest.mark.parametrize(
    ("alias", "page"),
    [
        ("/tin/123", "tin/123/index.html"),
        ("/Tin_Tuc/Bai-1/", "Tin_Tuc/Bai-1/index.html"),
        ("/tin/bai.1.html", "tin/bai.1.html"),
        ("/TIN/BAI.HTM", "TIN/BAI.HTM"),
        ("/tin/Bai-123.aspx", "tin/Bai-123.aspx/index.html"),
        ("/index.php", "index.php/index.html"),
    ],
)
def test_aliases_as_old_sites_have_them(site: Site, alias: str, page: str) -> None:
    site.write("articles/1.md", article(slug="mot", aliases=alias))
    assert told(site.build()) == []
    assert 'content="0; url=/tin-tuc/mot/"' in site.read(page)
    url = alias if "." in alias or alias.endswith("/") else f"{alias}/"
    assert rules(site) == [f"{url} /tin-tuc/mot/ 301"]
    assert f'location = "{url}" {{\n    return 301 /tin-tuc/mot/;' in site.read("_nginx.conf")


def test_a_query(site: Site) -> None:
    site.write("articles/1.md", article(slug="mot", aliases="/Default.aspx?tabid=123&id=456"))
    site.write("articles/2.md", article("Hai", slug="hai", aliases="['/Default.aspx?ID=7']"))
    assert told(site.build()) == []
    folder = "_old/Default.aspx"
    assert 'url=/tin-tuc/mot/"' in site.read(f"{folder}/id=456&tabid=123.html")
    assert 'url=/tin-tuc/hai/"' in site.read(f"{folder}/id=7.html")
    assert rules(site) == [
        "/Default.aspx tabid=123 id=456 /tin-tuc/mot/ 301!",
        "/Default.aspx ID=7 /tin-tuc/hai/ 301!",
    ]
    page = site.read("Default.aspx/index.html")
    assert 'data-folder="/_old/Default.aspx/" data-names="id&amp;tabid id"' in page
    assert 'content="noindex"' in page
    assert "http-equiv" not in page
    assert re.search(r'<script src="/assets/moved\.[0-9a-f]+\.js"', page)


def follow(names: str, target: str, query: str) -> str:
    """Where the script of the page leads, in Node: an empty text if it leads nowhere."""
    data = {"folder": "/_old/Default.aspx/", "names": names, "target": target}
    program = f"""
        let to = "";
        globalThis.document = {{ currentScript: {{ dataset: {json.dumps(data)} }} }};
        globalThis.location = {{ search: {json.dumps(query)}, replace: (url) => {{ to = url; }} }};
        {SCRIPT}
        process.stdout.write(to);
    """
    node = shutil.which("node") or pytest.skip("Node is not installed")
    done = subprocess.run([node, "-e", program], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ("?tabid=123&id=456", "/_old/Default.aspx/id=456&tabid=123.html"),
        ("?ID=456&utm=x&TabId=123", "/_old/Default.aspx/id=456&tabid=123.html"),
        ("?id=1&id=2", "/_old/Default.aspx/id=1.html"),
        ("?id=../../x", "/_old/Default.aspx/id=..%2F..%2Fx.html"),
        ("?other=1", ""),
        ("", ""),
    ],
)
def test_the_script(query: str, leads: str) -> None:
    assert follow("id&tabid id", "", query) == leads
    assert follow("id&tabid id", "/tin-tuc/mot/", query) == (leads or "/tin-tuc/mot/")


def test_a_query_and_none_at_one_path(site: Site) -> None:
    site.write("articles/1.md", article(slug="mot", aliases="[/a.php, '/a.php?p=1']"))
    site.write("articles/2.md", article("Hai", slug="hai", aliases="/a.php?p=2"))
    assert told(site.build()) == []
    assert 'data-target="/tin-tuc/mot/"' in site.read("a.php/index.html")
    nginx = site.read("_nginx.conf")
    assert nginx.count('location = "/a.php"') == 1
    assert 'try_files "/_old/a.php/p=$arg_p.html" /a.php/index.html;' in nginx


def test_a_query_of_the_home_page(site: Site) -> None:
    """As WordPress has it. The page stays as it is; hosts that know queries redirect."""
    site.write("articles/1.md", article(slug="mot", aliases="/?p=123"))
    assert told(site.build()) == []
    assert 'url=/tin-tuc/mot/"' in site.read("_old/p=123.html")
    assert "moved" not in site.read("index.html")
    assert 'try_files "/_old/p=$arg_p.html" $uri $uri/ =404;' in site.read("_nginx.conf")


@pytest.mark.parametrize(
    "alias", ["/a.aspx?", "/a.aspx?x", "/a.aspx?x=", "/a.aspx?x=1&x=2", "/a.aspx?X=1&x=2", "/a?x=/b",
              "/a?x=1&", "/a?x-y=1", "?x=1", "/a?x=%20", "/$a?x=1", "/a?x=" + "1" * 300, "/a#b?x=1"]
)  # fmt: skip
def test_queries_that_no_host_could_serve(site: Site, alias: str) -> None:
    site.write("articles/1.md", article(aliases=f"['{alias}']"))
    assert [d.code for d in site.build().found] == ["address-form"]


def test_capitals_only(site: Site) -> None:
    """A page would replace its target where case does not count: only hosts redirect."""
    site.write("articles/1.md", article(slug="mot", aliases="/Tin-Tuc/Mot/"))
    assert told(site.build()) == []
    assert "Tin-Tuc/Mot/index.html" not in site.tree()
    assert rules(site) == ["/Tin-Tuc/Mot/ /tin-tuc/mot/ 301"]
    assert 'location = "/Tin-Tuc/Mot/"' in site.read("_nginx.conf")


def test_its_own_url(site: Site) -> None:
    site.write("articles/1.md", article(slug="mot", aliases="/tin-tuc/mot/"))
    report = site.build()
    assert told(report) == [
        "articles/1.md:6:10: warning[alias-own]: the alias /tin-tuc/mot/ is the URL of "
        "articles/1.md itself"
    ]
    assert report.counts is not None
    assert "refresh" not in site.read("tin-tuc/mot/index.html")


def test_a_loop_names_both(site: Site) -> None:
    site.write("articles/1.md", article(slug="mot", aliases="/tin-tuc/hai/"))
    site.write("articles/2.md", article("Hai", slug="hai", aliases="/tin-tuc/mot/"))
    assert told(site.build()) == [
        "articles/1.md:6:10: error[alias-live]: the alias /tin-tuc/hai/ is the URL of articles/2.md",
        "articles/2.md:6:10: error[alias-live]: the alias /tin-tuc/mot/ is the URL of articles/1.md",
    ]


def test_a_chain_names_both(site: Site) -> None:
    site.write("site.yaml", SITE + "categories: [{name: Tin tức, aliases: [/tin/, /moi/]}]\n")
    site.write("articles/1.md", article(slug="mot", aliases="/tin/"))
    site.write("articles/2.md", article("Hai", category="Mới"))
    assert told(site.build()) == [
        "site.yaml:6:40: error[alias-twice]: the alias /tin/ is also used by articles/1.md",
        "site.yaml:6:47: error[alias-live]: the alias /moi/ is the URL of the category “Mới”",
    ]


# --- terms --------------------------------------------------------------------------------------

RENAMED = (
    SITE
    + """\
page_size: 1
categories:
  - name: Tin tức
    aliases: /tin/
    children: [{name: Trong tỉnh, aliases: [/tin-tuc/tinh/]}]
campaigns: [{title: Dân vận khéo, aliases: /phong-trao/khéo/}]
authors: [{name: Hải Hạnh, aliases: [/pv/hh.aspx, '/user.php?id=3']}]
"""
)


def test_a_renamed_term_carries_everything_below(site: Site) -> None:
    site.write("site.yaml", RENAMED)
    keys = {"author": "Hải Hạnh", "campaign": "Dân vận khéo"}
    site.write("articles/1.md", article("Một", attachments="a.pdf", **keys))
    site.write("articles/a.pdf", "x")
    body = "Một.\n\n<!-- page -->\n\nHai."
    site.write("articles/2.md", article("Hai", body, category="Tin tức > Trong tỉnh", **keys))
    site.write("articles/3.md", article("Ba", category="Đời sống", aliases="/tin-tuc/ba/"))
    assert told(site.build()) == []
    found = {line.split()[0]: line.split()[1] for line in rules(site)}
    inside = ("", "trang/2/", "feed.xml", "feed.json", "mot/", "mot/a.pdf")
    below = ("", "feed.xml", "feed.json", "hai/", "hai/trang/2/")
    expected = {f"/tin/{path}": f"/tin-tuc/{path}" for path in inside}
    for old in ("/tin/trong-tinh/", "/tin/tinh/", "/tin-tuc/tinh/"):
        expected |= {f"{old}{path}": f"/tin-tuc/trong-tinh/{path}" for path in below}
    expected |= {f"/phong-trao/kh%C3%A9o/{path}": f"/chien-dich/dan-van-kheo/{path}"
                 for path in ("", "trang/2/", "feed.xml", "feed.json", "data.json", "data.csv")}  # fmt: skip
    expected |= {"/pv/hh.aspx": "/tac-gia/hai-hanh/", "/tin-tuc/ba/": "/doi-song/ba/",
                 "/tin/ba/": "/doi-song/ba/"}  # fmt: skip
    assert found.pop("/user.php") == "id=3"
    assert found == expected
    assert 'url=/tin-tuc/mot/"' in site.read("tin/mot/index.html")
    assert 'url=/tin-tuc/trong-tinh/hai/trang/2/"' in site.read("tin/tinh/hai/trang/2/index.html")
    assert 'url=/tin-tuc/feed.xml"' in site.read("tin/feed.xml/index.html")


def test_an_alias_below_its_own_term_does_not_carry_itself(site: Site) -> None:
    site.write("site.yaml", SITE + "categories: [{name: Tin tức, aliases: /tin-tuc/cu/}]\n")
    site.write("articles/1.md", article(slug="mot"))
    assert told(site.build()) == []
    urls = {line.split()[0] for line in rules(site)}
    assert urls == {f"/tin-tuc/cu/{path}" for path in ("", "mot/", "feed.xml", "feed.json")}


def test_what_is_in_use_is_not_redirected(site: Site) -> None:
    site.write("site.yaml", SITE + "categories: [{name: Tin tức, aliases: /cu/}]\n")
    site.write("articles/1.md", article(slug="mot"))
    site.write("articles/2.md", article("Hai", slug="hai", category="Khác", aliases="/cu/mot/"))
    report = site.build()
    assert told(report) == [
        "site.yaml:6:39: warning[alias-below]: the alias /cu/ does not redirect /cu/mot/, "
        "which is the URL of articles/2.md"
    ]
    assert 'url=/khac/hai/"' in site.read("cu/mot/index.html")


@pytest.mark.parametrize("entry", ["categories: [{name: A, aliases: tin}]\n", "gone: [/a?b=1]\n",
                                   "campaigns: [{title: A, aliases: /a*/}]\n", "gone: /*\n",
                                   "authors: [{name: A, aliases: /../}]\n", "gone: /a*\n"])  # fmt: skip
def test_wrong_forms_in_site_yaml(site: Site, entry: str) -> None:
    site.write("site.yaml", SITE + entry)
    report = site.build()
    assert [(d.code, d.place.line) for d in report.found] == [("address-form", 6)]


# --- what was withdrawn -------------------------------------------------------------------------


def test_what_was_withdrawn(site: Site) -> None:
    site.write("site.yaml", SITE + "gone: [/tin-tuc/cu/, /van-ban/*, /a.aspx]\n")
    site.write("articles/1.md", article(slug="mot"))
    assert told(site.build()) == []
    for page in ("410.html", "tin-tuc/cu/index.html", "a.aspx/index.html"):
        text = site.read(page)
        assert "<h1>Trang đã gỡ bỏ</h1>" in text
        assert 'content="noindex"' in text
    assert rules(site) == [
        "/tin-tuc/cu/ /410.html 410!", "/a.aspx /410.html 410!", "/van-ban/* /410.html 410"
    ]  # fmt: skip
    assert "tin-tuc/cu" not in site.read("sitemap.xml")


def test_what_is_in_use_was_not_withdrawn(site: Site) -> None:
    site.write("site.yaml", SITE + "gone: [/tin-tuc/mot/, /cu/]\n")
    site.write("articles/1.md", article(slug="mot", aliases="/cu/"))
    report = site.build()
    assert told(report) == [
        "site.yaml:6:8: warning[gone-live]: /tin-tuc/mot/ is listed under `gone`, but it is the "
        "URL of articles/1.md",
        "site.yaml:6:23: warning[gone-live]: /cu/ is listed under `gone`, but it is the URL of "
        "articles/1.md",
    ]
    assert "Nội dung." in site.read("tin-tuc/mot/index.html")
    assert rules(site) == ["/cu/ /tin-tuc/mot/ 301"]


def test_a_path_with_queries_was_not_withdrawn(site: Site) -> None:
    site.write("site.yaml", SITE + "gone: /a.php\n")
    site.write("articles/1.md", article(slug="mot", aliases="/a.php?p=1"))
    report = site.build()
    assert [d.code for d in report.found] == ["gone-live"]
    assert "data-names" in site.read("a.php/index.html")
