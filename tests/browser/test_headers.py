"""The built site in a browser, served with exactly the headers that the build writes."""

import functools
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from support import ROOT, Site, article

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")

Rules = dict[str, dict[str, str]]


def parse_headers(text: str) -> Rules:
    """``_headers``: a line with a path, then indented headers."""
    rules: Rules = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            path = line
            rules[path] = {}
        else:
            name, _, value = line.strip().partition(": ")
            rules[path][name] = value
    return rules


def headers_for(rules: Rules, path: str) -> dict[str, str]:
    """As the hosts do it: the rules that match add up, a header that is twice is joined."""
    found: dict[str, str] = {}
    for pattern, headers in rules.items():
        if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path):
            for name, value in headers.items():
                assert name not in found, f"{name} is twice for {path}"
                found[name] = value
    return found


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, rules: Rules, **options: Any) -> None:
        self.rules = rules
        super().__init__(*arguments, **options)

    def end_headers(self) -> None:
        for name, value in headers_for(self.rules, self.path.partition("?")[0]).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *values: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    rules = parse_headers((folder / "_headers").read_text(encoding="utf-8"))
    handler = functools.partial(Handler, directory=str(folder), rules=rules)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", e => window.violations.push(
    `${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
LISTENER = "window.violations"


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[[str], tuple[Any, list[str]]]]:
    """Opens an address; the page, and all that the console and the policy had to say."""
    context = browser.new_context()
    context.add_init_script(LISTEN)

    def open_page(address: str) -> tuple[Any, list[str]]:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        response = page.goto(address, wait_until="load")
        assert response.ok or address.endswith("/404.html")
        said += page.evaluate(LISTENER)
        return page, said

    yield open_page
    context.close()


@pytest.fixture
def sample(site: Site) -> Site:
    """The sample site of the repository."""
    site.options = structs.replace(site.options, content=ROOT / "content")
    assert site.build().counts
    return site


def kinds(folder: Path) -> list[str]:
    """One page of each template, as far as a path tells, and the longest articles."""
    files = [file for file in folder.rglob("*.html") if b"http-equiv" not in file.read_bytes()]
    pages = sorted(files, key=lambda file: (-file.stat().st_size, file))
    return [file.relative_to(folder).as_posix() for file in pages[:15] + pages[-5:]]


def test_no_page_of_the_sample_site_breaks_the_policy(sample: Site, visit: Any) -> None:
    with served(sample.options.output) as address:
        for path in ["", *kinds(sample.options.output)]:
            page, said = visit(f"{address}/{path}")
            assert said == [], path
            assert (
                page.evaluate("document.styleSheets.length") == 1 or "http-equiv" in page.content()
            )
            page.close()


def test_structured_data_is_no_violation(sample: Site, visit: Any) -> None:
    with served(sample.options.output) as address:
        page, said = visit(f"{address}/")
        assert page.locator('script[type="application/ld+json"]').count() > 0
        assert said == []


def test_what_the_policy_is_for(site: Site, visit: Any) -> None:
    """Should anything slip through the sanitiser: it does not run."""
    site.write("articles/1.md", article(slug="mot"))
    site.build()
    file = site.options.output / "tin-tuc/mot/index.html"
    attack = (
        "<script>document.title='taken'</script><img src=/x onerror=\"document.title='taken'\">"
    )
    file.write_text(file.read_text(encoding="utf-8") + attack + "<p style='color:red' id=p>x</p>",
                    encoding="utf-8")  # fmt: skip
    with served(site.options.output) as address:
        page, said = visit(f"{address}/tin-tuc/mot/")
        page.wait_for_timeout(200)
        assert page.title() != "taken"
        assert len([line for line in said if "Content Security Policy" in line]) >= 2


def test_a_picture_with_a_script_does_not_run_it(site: Site, visit: Any) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><title>a</title><script>document.documentElement.id='taken'</script></svg>"
    site.write("articles/tranh.svg", svg)
    site.write("articles/1.md", article(body="![Tranh](tranh.svg)", slug="mot"))
    site.build()
    with served(site.options.output) as address:
        path = next(site.options.output.glob("assets/images/*.svg"))
        path.write_text(svg, encoding="utf-8")  # should anything slip through the sanitiser
        page, said = visit(f"{address}/assets/images/{path.name}")
        assert page.evaluate("document.documentElement.id") == ""
        assert any("script" in line for line in said)


def test_frames_come_from_the_hosts_of_site_yaml_alone(make_site: Any, visit: Any) -> None:
    (inner, outer) = make_site("a"), make_site("b")
    for one in (inner, outer):
        one.write("articles/1.md", article(slug="mot"))
    inner.build()
    outer.write("site.yaml", (outer.options.content / "site.yaml").read_text(encoding="utf-8")
                + "iframe_hosts: [video.example]\n")  # fmt: skip
    frame = '<iframe src="https://video.example/1" title="Video"></iframe>'
    outer.write("articles/1.md", article(body=f"Xem:\n\n{frame}", slug="mot"))
    outer.build()
    assert frame.partition(" title")[0].partition(" src")[2] in outer.read("tin-tuc/mot/index.html")
    assert "frame-src https://video.example\n" in outer.read("_headers")
    assert "frame-src 'none'" in inner.read("_headers")
    file = outer.options.output / "tin-tuc/mot/index.html"
    with served(outer.options.output) as address:
        page, said = visit(f"{address}/tin-tuc/mot/")
        page.wait_for_timeout(500)
        assert not any("frame-src" in line for line in said), said
        other = file.read_text(encoding="utf-8").replace("video.example", "khac.example")
        file.write_text(other, encoding="utf-8")
        page, said = visit(f"{address}/tin-tuc/mot/?not-from-a-cache")
        page.wait_for_function("window.violations.length > 0")  # frames are loaded late
        assert page.evaluate(LISTENER)[0].startswith("frame-src https://khac.example")


def test_trusted_html_may_bring_scripts(site: Site, visit: Any) -> None:
    site_file = site.options.content / "site.yaml"
    site.write("site.yaml", site_file.read_text(encoding="utf-8") + "trusted_html: true\n")
    body = "<script>document.title = 'ours'</script>\n\n<p style='color: red'>Đỏ.</p>"
    site.write("articles/1.md", article(body=body, slug="mot"))
    site.build()
    with served(site.options.output) as address:
        page, said = visit(f"{address}/tin-tuc/mot/")
        assert (page.title(), said) == ("ours", [])


def test_headers_in_a_folder_and_for_fingerprinted_files(site: Site) -> None:
    site.write("articles/1.md", article(slug="mot"))
    site.build(base_url="https://lang.example/tin/")
    rules = parse_headers(site.read("_headers"))
    style = next((site.options.output / "assets").glob("style.*.css")).name
    cached = headers_for(rules, f"/tin/assets/{style}")
    assert cached["Cache-Control"] == "public, max-age=31536000, immutable"
    assert cached["X-Content-Type-Options"] == "nosniff"
    page = headers_for(rules, "/tin/tin-tuc/mot/")
    assert "Cache-Control" not in page
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert max(map(len, site.read("_headers").splitlines())) < 2_000  # Cloudflare's limit


def test_no_page_may_lie_where_browsers_keep_files_for_a_year(site: Site) -> None:
    site.write("pages/assets.md", "---\nkind: page\ntitle: Tài sản\nslug: assets\n---\n\nA.\n")
    report = site.build()
    assert [d.code for d in report.found if d.severity == "error"] == ["url-twice"]


def test_search_runs_under_the_policy(sample: Site, visit: Any) -> None:
    """With Pagefind's files in the site and the policy that a site with search has."""
    pytest.importorskip("pagefind")
    output = sample.options.output
    if not (output / "pagefind").exists():
        command = [
            sys.executable,
            "-m",
            "pagefind",
            "--site",
            str(output),
            "--force-language",
            "en",
        ]
        subprocess.run(command, check=True, capture_output=True)
        (output / "_headers").write_text(with_search(sample.read("_headers")), encoding="utf-8")
    with served(output) as address:
        page, said = visit(f"{address}/")
        count = page.evaluate("""async () => {
            const pagefind = await import("/pagefind/pagefind.js");
            await pagefind.init();
            const found = await pagefind.search("khéo");
            await Promise.all(found.results.slice(0, 3).map(one => one.data()));
            return found.results.length;
        }""")
        assert count > 0
        assert said + page.evaluate(LISTENER) == []


def with_search(headers: str) -> str:
    """The policy of the theme, as for a site that has search."""
    from jinja2 import FileSystemLoader

    from generator.render.environment import make_environment
    from generator.render.views import HeadersView

    environment = make_environment(FileSystemLoader(ROOT / "templates"))
    environment.filters["line"] = lambda text: " ".join(str(text).split())
    view = HeadersView(
        prefix="", assets="assets", frame_hosts=(), trusted_html=False, search=True, secure=True
    )
    policy = environment.get_template("policy.txt").module.policy(view)  # type: ignore[attr-defined]
    return re.sub(r"Content-Security-Policy: .*", f"Content-Security-Policy: {policy}", headers)
