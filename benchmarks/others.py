"""More site generators, for the trials: MkDocs, Eleventy, Jekyll, each as small as it goes."""

import shutil
import sys
from pathlib import Path

from benchmarks.corpus import Article, write_text
from benchmarks.programs import Program

PAGE = (
    "<!doctype html><html><head><title>{{ %s }}</title></head><body>{{ content }}</body></html>\n"
)


class MkDocs(Program):
    """MkDocs with its own theme; a page for each report."""

    name = "mkdocs"
    article_template = "mkdocs.yml"

    def write_article(self, article: Article) -> Path:
        file = self.folder / f"docs/{article.slug}.md"
        write_text(file, f"---\ntitle: '{article.title}'\n---\n\n{article.body}\n")
        return file

    def write_project(self, articles: list[Article]) -> None:
        write_text(self.folder / "mkdocs.yml", "site_name: Bench\n")
        write_text(self.folder / "docs/index.md", "# Bench\n")

    def command(self) -> list[str]:
        return [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(self.output)]

    def page_of(self, article: Article) -> Path:
        return self.output / article.slug / "index.html"

    def edit_base_template(self, text: str) -> None:
        write_text(self.folder / "mkdocs.yml", f"site_name: Bench {text}\n")


class Eleventy(Program):
    """Eleventy (npm `@11ty/eleventy`), with one layout."""

    name = "eleventy"
    article_template = "src/_includes/base.liquid"

    def write_article(self, article: Article) -> Path:
        file = self.folder / f"src/{article.slug}.md"
        write_text(
            file, f"---\nlayout: base.liquid\ntitle: '{article.title}'\n---\n\n{article.body}\n"
        )
        return file

    def write_project(self, articles: list[Article]) -> None:
        write_text(self.folder / self.article_template, PAGE % "title")

    def command(self) -> list[str]:
        program = shutil.which("eleventy") or "eleventy"
        return [program, "--quiet", "--input=src", f"--output={self.output.name}"]

    def page_of(self, article: Article) -> Path:
        return self.output / article.slug / "index.html"


class Jekyll(Program):
    """Jekyll, with one layout."""

    name = "jekyll"
    article_template = "src/_layouts/base.html"

    def write_article(self, article: Article) -> Path:
        file = self.folder / f"src/{article.slug}.md"
        write_text(file, f"---\nlayout: base\ntitle: '{article.title}'\npermalink: /{article.slug}/\n---\n\n"
                   f"{article.body}\n")  # fmt: skip
        return file

    def write_project(self, articles: list[Article]) -> None:
        write_text(self.folder / self.article_template, PAGE % "page.title")
        write_text(self.folder / "src/_config.yml", "title: Bench\n")

    def command(self) -> list[str]:
        program = shutil.which("jekyll") or "jekyll"
        return [program, "build", "-q", "-s", "src", "-d", str(self.output)]

    def page_of(self, article: Article) -> Path:
        return self.output / article.slug / "index.html"
