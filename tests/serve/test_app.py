"""The preview over HTTP: what is answered, to whom, and as what."""

from pathlib import Path

import pytest
from msgspec import structs
from starlette.testclient import TestClient
from support import in_a_thread

from kheo.serve.app import EVENTS, SCRIPT, STYLES, ServedSite, make_app
from kheo.serve.listening import names_of
from kheo.serve.session import Session

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder with the files of a site, and secrets beside it."""
    folder = tmp_path / "output"
    for name, text in {
        "index.html": "<html><body>Trang chủ</body></html>",
        "404.html": "<html><body>Không có</body></html>",
        "tin-tuc/index.html": "<body>Tin</body>",
        "tin-tuc/bài/index.html": "Không có body",
        "media/empty/tep.pdf": "%PDF",
        "feed.xml": "<feed/>", "feed.json": "{}", "robots.txt": "a", "tep": "a",
        "assets/style.1.css": "a{}", "anh.svg": "<svg/>", "anh.webp": "RIFF", "phim.mp4": "0123456789",
        "search/app.js": "1", "search/a.wasm": "0", "chu.woff2": "0", "bài viết.txt": "chữ",
        ".kheo": "manifest", "_headers": "/*", "_redirects": "/a /b", "_nginx.conf": "x",
        ".staging/x.html": "x", "tin-tuc/.an/x.html": "x", "tin-tuc/_headers": "một bài",
    }.items():  # fmt: skip
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "output-2").mkdir()
    (tmp_path / "output-2" / "secret.txt").write_text("secret")
    (folder / "leads-out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path / "output-2", target_is_directory=True)
    (folder / "again.html").symlink_to(folder / "index.html")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "style.css").write_text("b{}")
    return folder


@pytest.fixture
def served(output: Path, tmp_path: Path) -> ServedSite:
    return ServedSite(output, (tmp_path / "assets",), lambda: "", names_of("127.0.0.1"), False)


def client_of(served: ServedSite, base: str = HERE) -> TestClient:
    return TestClient(make_app(served, Session()), base_url=base, follow_redirects=False)


@pytest.fixture
def client(served: ServedSite) -> TestClient:
    return client_of(served)


# --- pages as hosting serves them -----------------------------------------------------------------


def test_a_page_with_the_script(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.text.startswith(f'<html><body>Trang chủ<script src="{SCRIPT}" data-page="')
    assert answer.text.endswith("</script></body></html>")
    assert answer.text.count("<script") == 1
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_pretty_addresses(client: TestClient) -> None:
    assert "Tin<script" in client.get("/tin-tuc/").text
    moved = client.get("/tin-tuc")
    assert (moved.status_code, moved.headers["location"]) == (301, "/tin-tuc/")
    moved = client.get("/tin-tuc/b%C3%A0i")
    assert moved.headers["location"] == "/tin-tuc/b%C3%A0i/"
    moved = client.get("/tin-tuc?a=1&b=%0d%0aX:1")
    assert moved.headers["location"] == "/tin-tuc/?a=1&b=%0d%0aX:1"
    assert client.get("/tin-tuc/index.html").status_code == 200
    assert client.get("/b%C3%A0i%20vi%E1%BA%BFt.txt").text == "chữ"


def test_a_page_without_a_body_tag_has_the_script_too(client: TestClient) -> None:
    assert client.get("/tin-tuc/b%C3%A0i/").text.startswith("Không có body<script")


@pytest.mark.parametrize("path", ["/khong-co/", "/tin-tuc/khong-co.html", "/media/", "/media/empty",
                                  "/media/empty/", "/index.html/", "//", "//tin-tuc/", "/tin-tuc//"])  # fmt: skip
def test_what_is_not_there_is_the_404_page(client: TestClient, path: str) -> None:
    """A folder without a page is not listed either."""
    answer = client.get(f"{HERE}{path}")
    assert answer.status_code == 404
    assert "Không có" in answer.text
    assert SCRIPT in answer.text, "the page appears when its source does"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_nothing_was_ever_built(served: ServedSite, tmp_path: Path) -> None:
    answer = client_of(structs.replace(served, output=tmp_path / "none")).get("/")
    assert answer.status_code == 404
    assert SCRIPT in answer.text, "the overlay says why"


@pytest.mark.parametrize(
    ("path", "kind"),
    {
        "/": "text/html; charset=utf-8",
        "/feed.xml": "application/xml; charset=utf-8",
        "/feed.json": "application/json; charset=utf-8",
        "/robots.txt": "text/plain; charset=utf-8",
        "/assets/style.1.css": "text/css; charset=utf-8",
        "/anh.svg": "image/svg+xml; charset=utf-8",
        "/anh.webp": "image/webp",
        "/phim.mp4": "video/mp4",
        "/search/app.js": "text/javascript; charset=utf-8",
        "/search/a.wasm": "application/wasm",
        "/chu.woff2": "font/woff2",
        "/media/empty/tep.pdf": "application/pdf",
        "/tep": "application/octet-stream",
        SCRIPT: "text/javascript; charset=utf-8",
        f"{STYLES}style.css": "text/css; charset=utf-8",
    }.items(),
)
def test_types(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_film_can_be_wound(client: TestClient) -> None:
    answer = client.get("/phim.mp4", headers={"range": "bytes=2-4"})
    assert (answer.status_code, answer.text) == (206, "234")


@pytest.mark.parametrize("path", ["/", "/khong-co/", "/feed.xml", "/tin-tuc", SCRIPT])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert head.content == b""
    assert head.status_code == whole.status_code
    for name in ("content-type", "content-length", "location", "cache-control"):
        assert head.headers.get(name) == whole.headers.get(name), name


def test_head_of_events_ends(client: TestClient) -> None:
    assert client.head(EVENTS).headers["content-type"].startswith("text/event-stream")


# --- a site in a folder ---------------------------------------------------------------------------


def test_a_site_in_a_folder_is_served_there(served: ServedSite) -> None:
    client = client_of(structs.replace(served, prefix=lambda: "/tin"))
    assert client.get("/").headers["location"] == "/tin/"
    assert client.get("/tin").headers["location"] == "/tin/"
    assert "Trang chủ" in client.get("/tin/").text
    assert client.get("/tin/tin-tuc").headers["location"] == "/tin/tin-tuc/"
    assert client.get("/tin-tuc/").status_code == 404
    assert client.get("/tinder/").status_code == 404
    assert client.get(SCRIPT).status_code == 200


# --- nothing but the site -------------------------------------------------------------------------

OUTSIDE = [
    "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt",
    "/tin-tuc/../../secret.txt", "/tin-tuc/%2e%2e/%2e%2e/secret.txt", "/%252e%252e/secret.txt",
    "/..%5csecret.txt", "/..\\secret.txt", "/%c0%ae%c0%ae/secret.txt", "/..;/secret.txt",
    "/.../secret.txt", "//secret.txt", "/%2fetc/passwd", "//etc/passwd", "/C:%5csecret.txt",
    "/c:/secret.txt", "/../output-2/secret.txt", "/out/secret.txt", "/leads-out.txt", "/out",
    "/robots.txt%00.html", "/%00", "/" + "a" * 5000, "/" + "a/" * 3000, "/.kheo", "/.staging/x.html",
    "/tin-tuc/.an/x.html", "/_headers", "/_redirects", "/_nginx.conf", "/%5fheaders", "/again.html",
    f"{STYLES}..%2fsecret.txt", f"{STYLES}%2e%2e%2fsecret.txt", "/.kheo/", "/.kheo/../secret.txt",
    "/robots.txt/", "/tin-tuc/./index.html", "/./", "/~root/", "/file:///etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE, ids=[path[:40].encode("unicode_escape").decode() for path in OUTSIDE])  # fmt: skip
def test_no_path_leaves_the_folder(served: ServedSite, path: str) -> None:
    """Sent as they are: a client would tidy them."""
    for prefix in ("", "/tin"):
        answer = raw(structs.replace(served, prefix=lambda prefix=prefix: prefix), prefix + path)
        assert answer[0] in {404, 301}
        assert b"secret" not in answer[1]
        assert b"root:" not in answer[1]
        assert b"Trang ch" not in answer[1]


def raw(served: ServedSite, target: str, method: str = "GET") -> tuple[int, bytes]:
    """An answer to an address that no client has tidied, decoded as uvicorn does it."""
    import asyncio
    from urllib.parse import unquote

    path = target.partition("?")[0]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(path), "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [(b"host", b"127.0.0.1:8000")], "client": None, "server": None,
    }  # fmt: skip
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    in_a_thread(make_app(served, Session())(scope, receive, send))  # type: ignore[arg-type]
    body = b"".join(message.get("body", b"") for message in sent[1:])  # type: ignore[misc]
    return sent[0]["status"], body  # type: ignore[return-value]


def test_a_note_named_like_one_of_the_hosts_files_is_an_article(client: TestClient) -> None:
    assert client.get("/tin-tuc/_headers").status_code == 200


# --- nobody else ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", EVENTS, "/khong-co"])
def test_other_methods(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000",
                                  "127.0.0.1", "127.0.0.2:8000", "LOCALHOST:8000", "localhost:9000"])  # fmt: skip
def test_own_hosts(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "",
                                  "127.0.0.1.evil.example", "evil.example@127.0.0.1", "192.168.1.5:8000",
                                  "127.0.0.1:8000@evil.example", "localhost/evil", "localhost:x",
                                  "0x7f.1", "2130706433", "[::1", "localhost.", "0.0.0.0:8000"])  # fmt: skip
@pytest.mark.parametrize("path", ["/", EVENTS, SCRIPT])
def test_other_hosts_are_refused(client: TestClient, host: str, path: str) -> None:
    """A name of somebody else's that leads to this machine (DNS rebinding)."""
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 403
    assert "Trang chủ" not in answer.text


def test_for_the_network_addresses_and_the_name_given_are_ours(served: ServedSite) -> None:
    open_to_all = structs.replace(served, names=names_of("may-toa-soan"), any_address=True)
    client = client_of(open_to_all)
    for host in ("192.168.1.5:8000", "may-toa-soan:8000", "[fe80::1]:8000", "localhost"):
        assert client.get("/", headers={"host": host}).status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9000", "file://",
                                    "http://localhost:8000", "http://127.0.0.1:8000.evil.example", ""])  # fmt: skip
@pytest.mark.parametrize("path", ["/", EVENTS])
def test_other_origins_are_refused(client: TestClient, origin: str, path: str) -> None:
    assert client.get(path, headers={"origin": origin}).status_code == 403


def test_own_origin(client: TestClient) -> None:
    answer = client.get("/", headers={"origin": HERE})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
