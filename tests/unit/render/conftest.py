"""A site for templates to show, without a build."""

import pytest

from kheo.config import Publisher
from kheo.views import SiteView


@pytest.fixture
def bare_site() -> SiteView:
    """The least that a site can be."""
    return SiteView(
        title="Tin làng", tagline="", language="vi", origin="https://lang.example", home="/",
        publisher=Publisher(name="Ban biên tập"), navigation=(), sections=(), pages=(), feeds=(),
    )  # fmt: skip
