"""A browser, and the sample site of the repository in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hosting import CHROMIUM, DEMANDED, LISTEN, LISTENER, served
from support import Site

# Root has no sandbox. A browser for tests calls nobody, and paints without a graphics card.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not DEMANDED:
        pytest.importorskip("playwright.sync_api")
        if not CHROMIUM:
            pytest.skip("there is no Chromium")
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "KHEO_DEMAND_BROWSER is set, but there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """An open page, and what was to be heard and seen of it: console, policy, failed requests."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # addresses of all requests

    def note_failure(self, request: Any) -> None:
        """A page that is left before all of it has come has cancelled the rest itself."""
        if request.failure != "net::ERR_ABORTED":
            self.said.append(f"failed: {request.url} {request.failure}")


Opener = Callable[..., Visit]


@pytest.fixture
def open_page(browser: Any) -> Iterator[Opener]:
    """Opens an address in a context of its own; ``choices`` are Playwright's for a context."""
    contexts = []

    def opened(address: str, **choices: Any) -> Visit:
        context = browser.new_context(**choices)
        contexts.append(context)
        context.add_init_script(LISTEN)
        visit = Visit(context.new_page())
        visit.page.on("console", lambda message: visit.said.append(message.text))
        visit.page.on("pageerror", lambda error: visit.said.append(str(error)))
        visit.page.on("requestfailed", visit.note_failure)
        visit.page.on("request", lambda request: visit.asked.append(request.url))
        response = visit.page.goto(address, wait_until="load")
        assert response.ok or address.endswith("/404.html")
        visit.said += (
            visit.page.evaluate(LISTENER) if choices.get("java_script_enabled", True) else []
        )
        return visit

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def visit(open_page: Opener) -> Callable[[str], tuple[Any, list[str]]]:
    """Opens an address; the page, and all that the console and the policy had to say."""

    def opened(address: str) -> tuple[Any, list[str]]:
        one = open_page(address)
        return one.page, one.said

    return opened


@pytest.fixture(scope="session")
def address(sample: Site) -> Iterator[str]:
    """Where the sample site is served."""
    with served(Path(sample.options.output)) as address:
        yield address
