"""The guide's nginx configuration, with a real nginx: what readers and browsers get."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec import structs
from support import ROOT, SITE, Site, article, told
from unit.publish.readers import edit, reading

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""
pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx")
GUIDE = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")

MAIN = """\
{user}daemon off;
pid {root}/pid;
error_log stderr warn;
worker_processes 1;
events {{}}
http {{
types {{
    text/html html; text/css css; text/xml xml; application/json json; image/svg+xml svg;
    text/plain txt;
}}
access_log off;
client_body_temp_path {root}/t; proxy_temp_path {root}/t; fastcgi_temp_path {root}/t;
uwsgi_temp_path {root}/t; scgi_temp_path {root}/t;
{server}
}}
"""


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


class Get:
    """Asks nginx for a path, with headers."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(self, path: str, **headers: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def configuration(root: Path, served: str, port: int) -> str:
    """The server block of the guide, for ``root`` and a port of the test."""
    server = re.findall(r"```nginx\n(.*?)```", GUIDE, re.DOTALL)[0]
    server = server.replace("listen 80", f"listen 127.0.0.1:{port}")
    server = server.replace("root /srv/www/current", f"root {root}")
    server = server.replace("/srv/www/current/_nginx.conf", f"{served}/_nginx.conf")
    assert "/srv/" not in server
    user = "user root;\n" if os.geteuid() == 0 else ""
    return MAIN.format(user=user, root=root.parent, server=server)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path, Path], Get]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(root: Path, served: Path) -> Get:
        port = free_port()
        folder = tmp_path_factory.mktemp("nginx")
        file = folder / "nginx.conf"
        file.write_text(configuration(root, str(served), port), encoding="utf-8")
        command = [NGINX, "-p", str(folder), "-c", str(file), "-e", "stderr"]
        subprocess.run([*command, "-t", "-q"], check=True)
        started.append(subprocess.Popen(command))
        wait_for(port)

        return Get(port)

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=60)


def wait_for(port: int) -> None:
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not answer")


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Only to be read."""
    return village_in(tmp_path_factory.mktemp("village"))


def village_in(folder: Path) -> Site:
    site = Site(folder)
    site.write("articles/1.md", article(slug="mot", aliases='[/cu/1/, /cu/hai.html, "/cũ/ba/"]'))
    for number in range(5):
        site.write(f"articles/{number + 10}.md", article(f"Tin {number}", "Một báo cáo. " * 20))
    site.options = structs.replace(site.options, release_dir=site.root / "www")
    site.build()
    return site


@pytest.fixture(scope="module")
def get(village: Site, serve: Callable[[Path, Path], Get]) -> Get:
    return serve(village.root / "www/current", village.root / "www/current")


SECURITY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


def test_pages(village: Site, get: Get) -> None:
    for path in ("/", "/tin-tuc/mot/"):
        response = get(path)
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.body.decode() == village.read(f"{path}index.html".lstrip("/"))
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert all(response.headers[name] for name in SECURITY)
    assert get("/", **{"If-None-Match": get("/").headers["ETag"]}).status == 304


def test_the_policy_is_that_of_the_other_hosts(village: Site, get: Get) -> None:
    policy = re.findall("Content-Security-Policy: (.*)", village.read("_headers"))[0]
    assert get("/").headers["Content-Security-Policy"] == policy
    assert get("/").headers.get_all("Content-Security-Policy") == [policy]


def test_an_address_without_its_slash_gets_it(get: Get) -> None:
    response = get("/tin-tuc/mot")
    assert (response.status, response.headers["Location"]) == (301, "/tin-tuc/mot/")


@pytest.mark.parametrize(
    "path",
    ["/khong-co/", "/khong-co.css", "/assets/", "/assets/style.00000000.css", "/.kheo",
     "/_headers", "/_nginx.conf", "/tin-tuc/.git/config", "/luu-tru/%2e%2e/%2e%2e/etc/passwd"],
)  # fmt: skip
def test_what_is_not_there(village: Site, get: Get, path: str) -> None:
    response = get(path)
    assert response.status in {404, 400}
    if response.status == 404:
        assert response.body.decode() == village.read("404.html")
        assert all(response.headers[name] for name in SECURITY)
        assert response.headers["Cache-Control"] is None, "what comes later must be seen"


def test_fingerprinted_files_are_kept_for_a_year(village: Site, get: Get) -> None:
    style = next((village.options.output / "assets").glob("style.*.css"))
    response = get(f"/assets/{style.name}")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert all(response.headers[name] for name in SECURITY)


def test_compression(village: Site, get: Get) -> None:
    style = next((village.options.output / "assets").glob("style.*.css"))
    for path in ("/", f"/assets/{style.name}", "/feed.xml", "/feed.json"):
        response = get(path, **{"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip", path
        assert response.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(response.body) == get(path).body


def test_old_addresses_lead_on(get: Get) -> None:
    for path in ("/cu/1/", "/cu/hai.html"):
        response = get(path)
        assert (response.status, response.headers["Location"]) == (301, "/tin-tuc/mot/"), path
    response = get("/c%C5%A9/ba/")  # not plain: by its page
    assert response.status == 200
    assert b'http-equiv="refresh"' in response.body


OLD_ALIASES = (
    "[/Tin-Tuc/Mot/, /tin/Bai.aspx, '/Default.aspx?tabid=123&id=456', '/Default.aspx?tabid=9', "
    "'/?p=12', /a.php, '/a.php?x=1', '/cu?v=1', '/index.php?q=a.b,c~d_e-f']"
)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path, Path], Get]) -> Get:
    site = Site(tmp_path_factory.mktemp("moved"))
    site.write("site.yaml", SITE + "gone: [/tin-tuc/thu/, /van-ban/*]\n")
    site.write("articles/1.md", article(slug="mot", aliases=OLD_ALIASES))
    site.write("articles/2.md", article("Luật", slug="luat", category="Văn bản"))
    assert told(site.build()) == []
    return serve(site.options.output, site.options.output)


@pytest.mark.parametrize("path", ["/Tin-Tuc/Mot/", "/tin/Bai.aspx", "/tin/Bai.aspx?utm=x"])
def test_aliases_with_capitals_and_endings(moved: Get, path: str) -> None:
    response = moved(path)
    assert (response.status, response.headers["Location"]) == (301, "/tin-tuc/mot/")


@pytest.mark.parametrize(
    "path",
    ["/Default.aspx?tabid=123&id=456", "/Default.aspx?id=456&x=y&TABID=123", "/Default.aspx?tabid=9",
     "/Default.aspx?tabid=9&id=1", "/?p=12", "/a.php?x=1", "/cu/?v=1",
     "/index.php?q=a.b,c~d_e-f", "/a.php", "/a.php?x=2"],
)  # fmt: skip
def test_queries_lead_on(moved: Get, path: str) -> None:
    response = moved(path)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert all(response.headers[name] for name in SECURITY)
    body = response.body.decode()
    assert 'content="0; url=/tin-tuc/mot/"' in body or 'data-target="/tin-tuc/mot/"' in body


@pytest.mark.parametrize(
    "path",
    ["/Default.aspx", "/Default.aspx?tabid=123", "/Default.aspx?tabid=1&id=456", "/cu/?v=2",
     "/Default.aspx?tabid=../../x&id=../../../../etc/passwd", "/Default.aspx?tabid=9.html/../9",
     "/Default.aspx?tabid=%2e%2e/9", "/Default.aspx?tabid=123&id=456.html%00"],
)  # fmt: skip
def test_queries_of_nothing(moved: Get, path: str) -> None:
    assert moved(path).status == 404


def test_the_home_page_with_another_query_is_the_home_page(moved: Get) -> None:
    for path in ("/?p=13", "/?x=1", "/"):
        assert (moved(path).status, moved(path).body) == (200, moved("/").body)
    assert moved("/").headers.get_all("Cache-Control") == ["public, max-age=60"]


def test_what_was_withdrawn_is_gone(moved: Get) -> None:
    for path in ("/tin-tuc/thu/", "/van-ban/x/", "/van-ban/x", "/van-ban/a/b.pdf"):
        response = moved(path)
        assert response.status == 410, path
        assert "Trang đã gỡ bỏ" in response.body.decode()
        assert all(response.headers[name] for name in SECURITY)
    assert moved("/tin-tuc/thu").headers["Location"] == "/tin-tuc/thu/"
    assert moved("/van-ban/luat/").status == moved("/van-ban/").status == 200
    assert moved("/van-ban/.git/config").status == 404


def test_old_urls_of_a_site_in_a_folder(site: Site, serve: Callable[[Path, Path], Get]) -> None:
    site.write("site.yaml", SITE + "gone: [/tin-tuc/thu/, /van-ban/*]\n")
    site.write("articles/1.md", article(slug="mot", aliases="[/A.aspx, '/B.aspx?id=1', '/?p=1']"))
    served = site.root / "www/tin"
    assert told(site.build(base_url="https://lang.example/tin/", output=served)) == []
    get = serve(site.root / "www", served)
    assert get("/tin/A.aspx").headers["Location"] == "/tin/tin-tuc/mot/"
    for path in ("/tin/B.aspx?id=1", "/tin/?p=1"):
        assert b"url=/tin/tin-tuc/mot/" in get(path).body
    assert get("/tin/?p=2").body == (served / "index.html").read_bytes()
    assert get("/tin/B.aspx?id=2").status == 404
    for path in ("/tin/tin-tuc/thu/", "/tin/van-ban/x"):
        assert get(path).status == 410


def test_a_site_in_a_folder(site: Site, serve: Callable[[Path, Path], Get]) -> None:
    site.write("articles/1.md", article(slug="mot", aliases="[/cu/1/]"))
    served = site.root / "www/tin"
    site.build(base_url="https://lang.example/tin/", output=served)
    get = serve(site.root / "www", served)
    assert get("/tin/tin-tuc/mot/").status == 200
    assert get("/tin/cu/1/").headers["Location"] == "/tin/tin-tuc/mot/"
    assert get("/tin/khong-co/").body == (served / "404.html").read_bytes()
    style = next((served / "assets").glob("style.*.css")).name
    assert "immutable" in get(f"/tin/assets/{style}").headers["Cache-Control"]
    assert get("/tin/_headers").status == 404


def test_hostile_aliases_and_hosts_do_not_break_the_configuration(
    site: Site, serve: Callable[[Path, Path], Get]
) -> None:
    aliases = [
        '/a"b/',
        "/a;b/",
        "/$uri/",
        "/a{b/",
        "/a}b/",
        "/a b/",
        "/a#b/",
        "/'/",
        "/~x/",
        "/%2e/",
        "/a;b/x.php?id=1",
        "/a{b}?id=1",
        '/a"?id=1',
        "/a$uri?id=$uri",
        "/b\\\\?id=1",
    ]
    for number, alias in enumerate(aliases):
        text = alias.replace("'", "''")
        site.write(f"articles/{number}.md", article(f"Bài {number}", aliases=f"['{text}']"))
    report = site.build(keep_going=True)
    assert report.counts
    assert serve(site.options.output, site.options.output)("/").status == 200


def test_a_switch_needs_no_reload(tmp_path: Path, serve: Callable[[Path, Path], Get]) -> None:
    village = village_in(tmp_path)
    get = serve(tmp_path / "www/current", tmp_path / "www/current")
    village.write("articles/2.md", article("Bài hai", slug="hai"))
    assert get("/tin-tuc/hai/").status == 404
    village.build()
    assert get("/tin-tuc/hai/").status == 200


def test_no_reader_notices_a_switch(
    tmp_path: Path, serve: Callable[[Path, Path], Get], many: bool
) -> None:
    village = village_in(tmp_path)
    templates = village.root / "templates"
    shutil.copytree(ROOT / "templates", templates)
    village.options = structs.replace(village.options, templates=templates, keep=3)
    edit(village, 0)
    village.build()
    served = village.root / "www/current"
    with reading(serve(served, served).port) as seen:
        for number in range(1, 21 if many else 6):
            edit(village, number)
            assert village.build().counts
    assert len(seen) > (10 if many else 2)
