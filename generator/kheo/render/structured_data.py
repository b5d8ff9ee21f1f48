"""Make JSON-LD for search engines (schema.org), as plain data for Jinja's ``tojson``."""

from typing import Any

from kheo.model import Moment
from kheo.views import ArticleView, HomeView, Page, SiteView

CONTEXT = "https://schema.org"


def news_article(page: ArticleView, site: SiteView) -> dict[str, Any]:
    """Return the ``NewsArticle`` of an article's page."""
    publisher = _publisher(site, url=site.origin + site.home)
    authors = [
        {"@type": "Person", "name": author.name, "url": site.origin + author.url}
        for author in page.authors
    ]
    changed = max(
        [
            page.date,
            *([page.updated] if page.updated else []),
            *(correction.date for correction in page.corrections),
        ]
    )
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.description,
        "inLanguage": site.language,
        "mainEntityOfPage": site.origin + page.canonical,
        "datePublished": _iso(page.date),
        "dateModified": _iso(changed),
        "articleSection": page.category.title,
        "author": authors or publisher,
        "publisher": publisher,
    }
    images = [page.image.url] if page.image else []
    images += [page.share.url] if page.share else []
    if images:
        data["image"] = [site.origin + url for url in images]
    return data


def breadcrumb_list(page: Page, site: SiteView) -> dict[str, Any]:
    """Return the ``BreadcrumbList`` of a page."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.title,
                "item": site.origin + crumb.url,
            }
            for position, crumb in enumerate(page.breadcrumb, start=1)
        ],
    }


def website(page: HomeView, site: SiteView) -> dict[str, Any]:
    """Return the ``WebSite`` of the home page."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": site.title,
        "url": site.origin + site.home,
        "inLanguage": site.language,
        "publisher": _publisher(site),
    }


def _publisher(site: SiteView, **more: str) -> dict[str, Any]:
    publisher: dict[str, Any] = {"@type": "Organization", "name": site.publisher.name, **more}
    if site.logo:
        publisher["logo"] = {"@type": "ImageObject", "url": site.origin + site.logo.url}
    return publisher


def _iso(moment: Moment) -> str:
    return moment.at.isoformat()
