"""The built site in a browser, served with exactly the headers that the build writes."""

from typing import Any

from hosting import LISTENER, headers_for, parse_headers, picture_fails, served
from support import Site, article


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
        picture_fails(page)
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


def test_frames_come_from_the_hosts_of_site_yaml_alone(
    make_site: Any, visit: Any, open_page: Any
) -> None:
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
        one = open_page(f"{address}/tin-tuc/mot/")
        while "https://video.example/1" not in one.asked:  # frames are loaded late
            one.page.wait_for_timeout(20)
        picture_fails(one.page)
        assert not any("frame-src" in line for line in one.said), one.said
        other = file.read_text(encoding="utf-8").replace("video.example", "khac.example")
        file.write_text(other, encoding="utf-8")
        page, _ = visit(f"{address}/tin-tuc/mot/?not-from-a-cache")
        for _ in range(1_500):  # frames are loaded late; the policy forbids wait_for_function
            if page.evaluate("window.violations.length"):
                break
            page.wait_for_timeout(20)
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
