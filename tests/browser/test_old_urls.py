"""The page of old URLs with a query, on a host that knows no queries, with the site's own headers."""

from typing import Any

import pytest
from hosting import LISTENER, served
from support import Site, article


@pytest.fixture
def moved(site: Site) -> Site:
    site.write(
        "articles/1.md", article("Bài một", slug="mot", aliases="/Default.aspx?tabid=123&id=456")
    )
    site.write("articles/2.md", article("Bài hai", slug="hai", aliases="[/a.php, '/a.php?p=1']"))
    site.build()
    return site


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/Default.aspx?tabid=123&id=456", "/tin-tuc/mot/"),
        ("/Default.aspx/?ID=456&x=1&tabid=123", "/tin-tuc/mot/"),
        ("/a.php?p=1", "/tin-tuc/hai/"),
        ("/a.php", "/tin-tuc/hai/"),
    ],
)
def test_a_query_leads_on(moved: Site, browser: Any, path: str, leads: str) -> None:
    with served(moved.options.output) as address, browser.new_context() as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(f"{message.text} {message.location}"))
        # A browser looks for an icon before it has read the page, which names another.
        page.route("**/favicon.ico", lambda route: route.fulfill(body=b""))
        page.goto(f"{address}{path}", wait_until="commit")
        page.wait_for_url(f"{address}{leads}")
        assert said == []


def test_a_query_of_nothing_leads_nowhere(moved: Site, open_page: Any) -> None:
    with served(moved.options.output) as address:
        visit = open_page(f"{address}/Default.aspx?other=1")
        assert "trang web trước đây" in visit.page.inner_text("main")
        assert visit.page.url == f"{address}/Default.aspx/?other=1"
        assert visit.page.evaluate(LISTENER) == []
