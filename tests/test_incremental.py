"""An incremental build gives, byte for byte, the tree of a clean build: whatever was done before.

The short run belongs to the suite; ``python -m pytest tests/test_incremental.py --many`` goes on
for some minutes.
"""

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from films import VTT, mp4
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import structs
from support import NOW, ROOT, SITE, Site, article, picture, told, tree

from kheo.check.check import CheckOptions, check
from kheo.pipeline import build
from kheo.publish.writer import Counts
from kheo.serve.rebuilding import preview_options
from kheo.stages.results import Run
from kheo.stages.stopwatch import Stopwatch

NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"])
CATEGORIES = st.sampled_from(["Tin tức", "Tin tức > Trong tỉnh", "Đời sống", "Văn bản > Mẫu > Đơn"])
AUTHORS = st.sampled_from(["Hải Hạnh", "Ân Thủy", "[Hải Hạnh, Đỗ Mai]"])
DATES = st.sampled_from(
    ["2026-11-22", "2026-11-23 18:59", "2026-11-23 19:01", "2026-11-24", "2020-02-12"]
)
EXPIRIES = st.sampled_from(["2026-11-24", "2026-11-24 19:01", "2026-11-25", "2027-01-01"])
BODIES = st.sampled_from(
    [
        "Một.",
        "Một.\n\nHai.",
        "Một.\n\nBa *bốn*.",
        "Hai *ba*.",
        "## Mục\n\nBa.\n\n<!-- page -->\n\nBốn.",
        "## Mục\n\nBa.\n\nThêm.\n\n<!-- page -->\n\nBốn.",
        "## Mục\n\nBa.\n\n<!-- page -->\n\nBốn mới.",
        "![Ảnh](anh.png)",
        "",
        "[tệp](don.pdf)",
        "Một.\n\n![Phim](phim.mp4)",
        "Hai.\n\n![Phim](phim.mp4 'Chú')\n\n![Ảnh](anh.png)\n![Ảnh](anh.png)",
        "Một.\n\n![Số liệu](so-lieu.csv)",
        "Một.\n\n```chart\ndata: so-lieu.csv\ntitle: Tăng\n```",
        "Hai.\n\n```chart\ntype: line\ndata: so-lieu.csv\ntitle: Tăng\n```",
        "```chart\ndata:\n  Năm;Hộ\n  2023;1\n  2024;2\ntitle: Tăng\n```",
    ]
)
ALIASES = st.sampled_from(
    ["/cu/{}/", "[/cu/{}, /Tin/{}.aspx]", "'/Default.aspx?tabid=1&id={}'", "/Tin-Tuc/Bai-{}/",
     "['/?p={}', '/a.php?p={}', /tin-tuc/bai-{}/]"]
)  # fmt: skip
TERMS = st.sampled_from(
    ["authors/a.md", "authors/b/b.md", "campaigns/c.md", "categories/d.md", "categories/e/e.md"]
)
CAMPAIGNS = {
    "cam": [
        "start: 2026-11-22\nend: 2026-11-23\npinned: true\n",
        "indicators: [{name: A, data: so.csv, column: A, target: 9, by: 2026-11-23}]\n",
        "indicators: [{name: B, data: so.csv, column: B}]\nstart: 2026-11-24\n",
        "milestones: {date: 2026-11-24, text: A}\n",
    ],
    "aut": [],
    "cat": [],
}
ROWS = ["Năm;A;B\n2024;1;2\n2025;2;3\n", "Năm;A;B\n2024;1;2\n2025;9;3\n", "T;A;B\n1/2026;1;-2\n"]
NAMES_OF_TERMS = {
    "authors": ["Hải Hạnh", "Đỗ Mai"],
    "campaigns": ["Dân vận khéo", "Vì người nghèo"],
    "categories": ["Tin tức", "Tin tức > Trong tỉnh", "Văn bản > Mẫu"],
}
HISTORY = {"url-lost", "url-withdrawn"}  # what depends on what was published before
TABLES = [
    "Năm;Hộ\n2023;1\n2024;2\n",
    "Năm;Hộ\n2023;1\n2024;3\n",
    "Năm;Hộ;Xong\n2024;5;4\n2025;6;\n",
]
FILMS = [mp4(64, 36), mp4(64, 48), mp4(64, 36, sound=False), mp4(36, 64, turned=True)]
CAPTIONS = [VTT, VTT.replace("Xin chào", "Chào")]
PICTURES = [picture(8, 6), picture(340, 9, "GIF"), picture(9, 9, "JPEG")]


class Newsroom(RuleBasedStateMachine):
    """Editors, developers and accidents, in any order."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kheo-test-"))
        self.site = Site(self.folder)
        self.site.write("articles/anh.png", PICTURES[0])
        self.site.write("articles/don.pdf", b"%PDF-1.4")
        self.site.write("articles/phim.mp4", FILMS[0])
        self.site.write("articles/so-lieu.csv", TABLES[0])
        self.site.write("campaigns/so.csv", ROWS[0])
        (self.folder / "templates").mkdir()
        self.site.options = structs.replace(
            self.site.options,
            templates=self.folder / "templates",
            max_removed=100,
            allow_empty=True,
            search=True,  # the default
        )
        self.stores: list[bytes] = []  # of earlier builds
        self.articles: dict[str, dict[str, str]] = {}
        self.terms: dict[str, str] = {}  # the names in sources of terms
        self.settings = ""  # what site.yaml says besides
        self.clock = 0
        self.is_store_damaged = False

    def write(self, name: str) -> None:
        keys = dict(self.articles[name])
        body = keys.pop("body")
        file = self.site.write(f"articles/{name}.md", article(f"Bài {name}", body, **keys))
        # Two writes within one tick of the file system's clock would look like none.
        self.clock += 1
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + self.clock * 1_000_000))

    @rule(name=NAMES, category=CATEGORIES, author=AUTHORS, date=DATES, body=BODIES)
    def add(self, name: str, category: str, author: str, date: str, body: str) -> None:
        self.articles[name] = {"category": category, "author": author, "date": date, "body": body}
        self.write(name)

    @rule(
        name=NAMES,
        key=st.sampled_from(
            [
                "category",
                "author",
                "date",
                "body",
                "draft",
                "expires",
                "summary",
                "also",
                "campaign",
                "aliases",
                "image",
                "extra",
            ]
        ),
        data=st.data(),
    )
    def edit(self, name: str, key: str, data: st.DataObject) -> None:
        if name not in self.articles:
            return
        values = {
            "category": CATEGORIES, "author": AUTHORS, "date": DATES, "body": BODIES,
            "draft": st.sampled_from(["true", "false"]), "expires": EXPIRIES,
            "summary": st.sampled_from(["x", "y"]),
            "also": st.sampled_from(["Đời sống", "[Văn bản > Mẫu, Ảnh]", "[]"]),
            "campaign": st.sampled_from(["Dân vận khéo", "Vì người nghèo"]),
            "aliases": ALIASES.map(lambda text: text.replace("{}", name)), "image": st.just("anh.png\nimage_alt: Ảnh"),
            "extra": st.sampled_from(["{phone: 1}", "{phone: 2}", "{}"]),
        }  # fmt: skip
        self.articles[name][key] = data.draw(values[key])
        self.write(name)
        if self.articles[name].get("draft") == "true":
            self.remove_links_to(name)

    @rule(name=NAMES, other=NAMES)
    def link(self, name: str, other: str) -> None:
        """To a report that may be scheduled, or expire."""
        is_there = {name, other} <= self.articles.keys()
        if is_there and self.articles[other].get("draft") != "true":
            self.articles[name]["body"] = f"Xem [bài {other}]({other}.md)."
            self.write(name)

    def remove_links_to(self, name: str) -> None:
        for other, keys in self.articles.items():
            if f"({name}.md)" in keys["body"]:
                keys["body"] = "Một."
                self.write(other)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        if self.articles.pop(name, None):
            self.remove_links_to(name)
            (self.site.options.content / f"articles/{name}.md").unlink()

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if name in self.articles and other not in self.articles:
            self.remove_links_to(name)
            self.articles[other] = self.articles.pop(name)
            folder = self.site.options.content / "articles"
            (folder / f"{name}.md").rename(folder / f"{other}.md")

    @rule(name=NAMES)
    def touch(self, name: str) -> None:
        if name in self.articles:
            self.write(name)

    @rule(path=TERMS, data=st.data())
    def describe_a_term(self, path: str, data: st.DataObject) -> None:
        """A new source, or another name, URL or text in one; sometimes as a draft."""
        name = data.draw(st.sampled_from(NAMES_OF_TERMS[path.partition("/")[0]]))
        others = [one for at, one in self.terms.items() if at != path]
        if name in others or name.rpartition(" > ")[2] in self.settings:
            return
        slug = path.rpartition("/")[2].removesuffix(".md")
        more = data.draw(
            st.sampled_from(
                ["", f"slug: {slug}\n", "draft: true\n", f"aliases: /cu/muc-{slug}/\n",
                 "photo: ../articles/anh.png\nphoto_alt: Ảnh\n",
                 "links: {title: Tệp, link: ../articles/don.pdf}\n", *CAMPAIGNS[path[:3]]]
            )
        )  # fmt: skip
        if path.count("/") > 1:
            more = more.replace("../", "../../")
        self.terms[path] = name
        self.clock += 1
        body = data.draw(st.sampled_from(["", "Một.", "Hai *ba*.", "## Mục\n\nBốn."]))
        file = self.site.write(path, f"---\nname: {name}\n{more}---\n\n{body}\n")
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + self.clock * 1_000_000))

    @rule(rows=st.sampled_from(ROWS))
    def edit_the_indicators(self, rows: str) -> None:
        self.clock += 1
        file = self.site.write("campaigns/so.csv", rows)
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + self.clock * 1_000_000))

    @rule()
    def rename_the_indicators(self) -> None:
        """And with them the key in the source, or delete them if nothing needs them."""
        source, folder = self.site.options.content / "campaigns/c.md", "campaigns"
        old, new = (self.site.options.content / folder / name for name in ("so.csv", "moi.csv"))
        text = source.read_text(encoding="utf-8") if source.exists() else ""
        if "so.csv" not in text:
            new.unlink(missing_ok=True)
            return
        new.write_bytes(old.read_bytes())
        self.site.write("campaigns/c.md", text.replace("so.csv", "moi.csv"))

    @rule(path=TERMS)
    def stop_describing_a_term(self, path: str) -> None:
        self.terms.pop(path, None)
        (self.site.options.content / path).unlink(missing_ok=True)

    @rule(data=st.sampled_from(PICTURES))
    def change_picture(self, data: bytes) -> None:
        self.clock += 1
        file = self.site.write("articles/anh.png", data)
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + self.clock * 1_000_000))

    @rule(data=st.sampled_from(FILMS))
    def change_film(self, data: bytes) -> None:
        self.put("articles/phim.mp4", data)

    @rule(language=st.sampled_from(["", ".vi", ".en"]), text=st.sampled_from([*CAPTIONS, ""]))
    def change_captions(self, language: str, text: str) -> None:
        """Edited, of another language, or deleted."""
        name = f"articles/phim{language}.vtt"
        if text:
            self.put(name, text.encode())
        else:
            (self.site.options.content / name).unlink(missing_ok=True)

    @rule(is_there=st.booleans())
    def change_poster(self, is_there: bool) -> None:
        if is_there:
            self.put("articles/phim.gif", PICTURES[1])
        else:
            (self.site.options.content / "articles/phim.gif").unlink(missing_ok=True)

    @rule(name=NAMES)
    def rename_film(self, name: str) -> None:
        """For one report: the file has another name, in a folder of its own, with its captions."""
        if name in self.articles and "(phim.mp4" in (body := self.articles[name]["body"]):
            content = self.site.options.content / "articles"
            for file in content.glob("phim*.*"):
                self.put(f"articles/{name}/{file.name}", file.read_bytes())
            self.articles[name]["body"] = body.replace("(phim.mp4", f"({name}/phim.mp4")
            self.write(name)

    def put(self, name: str, data: bytes) -> None:
        self.clock += 1
        file = self.site.write(name, data)
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + self.clock * 1_000_000))

    @rule(text=st.sampled_from(TABLES))
    def change_data(self, text: str) -> None:
        self.clock += 1
        file = self.site.write("articles/so-lieu.csv", text)
        os.utime(file, ns=(0, 1_700_000_000_000_000_000 + self.clock * 1_000_000))

    @rule(name=NAMES)
    def rename_data(self, name: str) -> None:
        """For one report: the file has another name, in a folder of its own."""
        if name in self.articles and "so-lieu.csv" in (body := self.articles[name]["body"]):
            data = self.site.options.content / "articles/so-lieu.csv"
            self.site.write(f"articles/{name}/so-{name}.csv", data.read_bytes())
            self.articles[name]["body"] = body.replace("so-lieu.csv", f"{name}/so-{name}.csv")
            self.write(name)

    @rule(name=NAMES)
    def delete_data(self, name: str) -> None:
        """With what shows it: the report keeps its first words."""
        if name in self.articles and "csv" in self.articles[name]["body"]:
            self.articles[name]["body"] = "Một."
            self.write(name)
        shutil.rmtree(self.site.options.content / "articles" / name, ignore_errors=True)
        for other, keys in self.articles.items():
            if f"/so-{name}.csv" in keys["body"] or f"({name}/phim.mp4" in keys["body"]:
                keys["body"] = "Một."
                self.write(other)

    @rule(
        more=st.sampled_from(
            [
                "",
                "page_size: 2\n",
                "pagination: stable\npage_size: 1\n",
                "tagline: Mới\n",
                "share_cards: true\n",
                "permalink: '{year}/{slug}/'\n",
                "categories: [{name: Tin tức, aliases: /tin/, children: [{name: Trong tỉnh, aliases: /tinh/}]}]\n",
                "categories: [{name: Tin tức, slug: tin, aliases: /tin-tuc/}]\n",
                "gone: [/tin-tuc/bai-a/, /doi-song/*, /van-ban/]\n",
                "authors: [{name: Hải Hạnh, slug: hh, aliases: /tac-gia/hai-hanh/}]\n",
            ]
        )
    )
    def edit_site_file(self, more: str) -> None:
        if not any(name.rpartition(" > ")[2] in more for name in self.terms.values()):
            self.settings = more
            self.site.write("site.yaml", SITE + more)

    @rule(
        name=st.sampled_from(
            ["article.html", "base.html", "macros.html", "feed.xml", "assets/style.css"]
        ),
        mark=st.sampled_from(["", "1", "2"]),
    )
    def edit_theme(self, name: str, mark: str) -> None:
        """Of the site's own; without a mark, the default one is used again."""
        file = self.folder / "templates" / name
        if not mark:
            file.unlink(missing_ok=True)
            return
        text = (ROOT / "templates" / name).read_text(encoding="utf-8")
        comment = f"/* {mark} */" if name.endswith(".css") else f"{{# {mark} #}}"
        if name == "article.html":
            block = f"{{% block below %}}{{{{ page.extra.phone|default({mark}) }}}}{{% endblock %}}"
            text = f'{{% extends "kheo/article.html" %}}{block}'
        file.parent.mkdir(exist_ok=True)
        file.write_text(text + comment, encoding="utf-8")

    @rule(text=st.sampled_from(["", "1", "22"]))
    def edit_public(self, text: str) -> None:
        """A file for the root of the site."""
        file = self.folder / "templates/public/.well-known/a.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if not text:
            file.unlink()

    @rule(minutes=st.sampled_from([1, 60, 60 * 24, 60 * 24 * 3, -30]))
    def wait(self, minutes: int) -> None:
        now = self.site.options.now + timedelta(minutes=minutes)
        self.site.options = structs.replace(self.site.options, now=now)

    @rule()
    def check_the_site(self) -> None:
        """Shares the store with builds, and publishes nothing."""
        check(self.site.options, CheckOptions())

    @rule(
        mistake=st.sampled_from(["catgory: x", "date: 2020-02-31", "image: nowhere.png"]),
        name=NAMES,
    )
    def fail_to_build(self, mistake: str, name: str) -> None:
        """A mistake is written, built, and taken back, with the times that the file had."""
        if name not in self.articles:
            return
        file = self.site.options.content / f"articles/{name}.md"
        text, times = file.read_text(encoding="utf-8"), file.stat()
        file.write_text(text.replace("---\n", f"---\n{mistake}\n", 1), encoding="utf-8")
        result = self.site.build()
        # What is wrong in a draft is a warning; pictures of an expired report are not looked for.
        is_draft = self.articles[name].get("draft") == "true"
        assert result.counts is None or is_draft or mistake.startswith("image")
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(0, times.st_mtime_ns))

    @rule(name=NAMES)
    def fail_to_add(self, name: str) -> None:
        """A new report with a broken link is parsed, not published, and deleted again."""
        if name not in self.articles:
            file = self.site.write(f"articles/{name}.md", article("Bài mới", "[x](nowhere.md)"))
            assert self.site.build().counts is None
            file.unlink()

    @rule()
    def preview(self) -> None:
        """Builds beside the site, from the same sources, with drafts."""
        options = preview_options(
            self.site.options.content, self.site.options.templates, self.site.options.cache,
            self.site.options.now, 1,
        )  # fmt: skip
        assert build(options).counts is not None

    @rule(drafts=st.booleans(), future=st.booleans(), search=st.sampled_from([True, True, False]))
    def choose_options(self, drafts: bool, future: bool, search: bool) -> None:
        self.site.options = structs.replace(
            self.site.options, drafts=drafts, future=future, search=search
        )

    @rule()
    def build_to_another_output(self) -> None:
        """Two outputs, one cache."""
        other = self.folder / "other"
        assert self.site.build(output=other, force=True).counts is not None

    @rule()
    def keep_the_store(self) -> None:
        store = self.site.options.cache / "store.sqlite"
        if store.exists():
            self.stores.append(store.read_bytes())

    @rule(data=st.data())
    def restore_an_older_store(self, data: st.DataObject) -> None:
        if self.stores:
            self.site.options.cache.mkdir(exist_ok=True)
            store = self.site.options.cache / "store.sqlite"
            store.write_bytes(data.draw(st.sampled_from(self.stores)))

    @rule(data=st.data())
    def delete_an_output(self, data: st.DataObject) -> None:
        if paths := sorted(self.site.tree()):
            (self.site.options.output / data.draw(st.sampled_from(paths))).unlink()

    @rule(data=st.data())
    def damage_an_output(self, data: st.DataObject) -> None:
        if paths := sorted(path for path in self.site.tree() if path != ".kheo"):
            (self.site.options.output / data.draw(st.sampled_from(paths))).write_text("damaged")

    @rule()
    def delete_the_store(self) -> None:
        shutil.rmtree(self.site.options.cache, ignore_errors=True)

    @rule(data=st.binary(min_size=1, max_size=64), at=st.integers(0, 8000))
    def damage_the_store(self, data: bytes, at: int) -> None:
        self.is_store_damaged = True
        store = self.site.options.cache / "store.sqlite"
        if store.exists():
            bytes_ = bytearray(store.read_bytes())
            bytes_[at : at + len(data)] = data
            store.write_bytes(bytes_)

    @rule()
    def lose_the_manifest(self) -> None:
        (self.site.options.output / ".kheo").unlink(missing_ok=True)

    @rule(moment=st.integers(0, 30))
    def be_killed(self, moment: int) -> None:
        """A build that dies at the ``moment``-th change of the disk, without a chance to tidy up."""
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                calls = 0
                real = os.replace

                def replace(*paths: str) -> None:
                    nonlocal calls
                    calls += 1
                    if calls > moment:
                        os._exit(9)
                    real(*paths)

                os.replace = replace  # type: ignore[assignment]
                Path.replace = lambda self, target: (replace(str(self), str(target)), Path(target))[
                    1
                ]  # type: ignore[method-assign]
                self.site.build()
            finally:
                os._exit(0)
        os.waitpid(child, 0)

    @rule(data=st.data())
    def somebody_adds_a_file(self, data: st.DataObject) -> None:
        if self.site.options.output.exists():
            (self.site.options.output / "CNAME").write_text("lang.example", encoding="utf-8")

    @invariant()
    def an_incremental_build_is_a_clean_build(self) -> None:
        if not hasattr(self, "site"):
            return
        # Without its manifest a folder with somebody's files in it is not taken for ours; nor is one
        # whose records were in a store that was damaged, which a build with nothing to do may not see.
        is_doubtful = not (self.site.options.output / ".kheo").exists() and (
            self.is_store_damaged
            or not (self.site.options.cache / "store.sqlite").exists()
            or (self.site.options.output / "CNAME").exists()
        )
        report = self.site.build(force=is_doubtful)
        lines = [line for line in told(report) if not any(f"[{one}]" in line for one in HISTORY)]
        # An alias may be the report's own URL, what is listed as withdrawn may be in use, and captions
        # may be deleted.
        codes = {d.code for d in report.found} - HISTORY - {"video-without-captions"}
        assert codes <= {"link-later", "alias-own", "alias-below", "gone-live"}
        clean = self.folder / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        fresh = self.site.build(output=clean / "output", cache=clean / "cache")
        assert told(fresh) == lines
        assert fresh.unlisted == report.unlisted
        mine = self.site.tree()
        mine.pop("CNAME", None)
        assert mine == tree(clean / "output")
        assert not [
            f for f in self.site.options.output.rglob("*") if f.is_dir() and not any(f.iterdir())
        ]
        again = self.site.build()
        assert again.counts is not None
        assert (again.counts.written, again.counts.removed, again.parsed) == (0, 0, 0)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)


def test_every_history_gives_the_site_of_a_clean_build(many: bool) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=300 if many else 3,
            stateful_step_count=25 if many else 12,
            deadline=None,
            derandomize=not many,
            suppress_health_check=list(HealthCheck),
        ),
    )


class TestCounts:
    """That little is done: what a change costs, in sources and files."""

    def site_of(self, site: Site, count: int) -> Site:
        for number in range(count):
            site.write(
                f"articles/{number:02}.md",
                article(f"Bài {number:02}", date=f"2020-01-{number + 1:02}", author="Hải Hạnh"),
            )
        site.write("site.yaml", SITE + "page_size: 5\n")
        assert told(site.build()) == []
        return site

    def changed(self, site: Site, **choices: object) -> tuple[set[str], int, int]:
        """Which files a build changes, how many sources it parses, how many pages it renders."""
        before = {path: (site.options.output / path).stat().st_mtime_ns for path in site.tree()}
        report = site.build(**choices)
        after = {path: (site.options.output / path).stat().st_mtime_ns for path in site.tree()}
        paths = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        return paths - {".kheo"}, report.parsed, report.rendered

    def test_nothing(self, site: Site) -> None:
        assert self.changed(self.site_of(site, 20)) == (set(), 0, 0)

    def test_new_times(self, site: Site) -> None:
        self.site_of(site, 20)
        for file in site.options.content.rglob("*.md"):
            os.utime(file, (1, 1))
        assert self.changed(site) == (set(), 0, 0)

    def test_new_times_of_the_output(self, site: Site) -> None:
        """A copy, or a cache of whole seconds, restored in CI."""
        self.site_of(site, 20)
        output = site.options.output
        before = {file: file.stat().st_mtime_ns for file in output.rglob("*") if file.is_file()}
        for file in before:
            os.utime(file, (1, 1))
        report = site.build()
        assert (report.rendered, report.counts) == (0, Counts(0, len(before) - 1, 0))
        (after := {file: file.stat().st_mtime_ns for file in before}).pop(output / ".kheo")
        assert after.items() <= before.items()

    def test_a_word_in_a_body(self, site: Site) -> None:
        self.site_of(site, 20)
        site.write(
            "articles/07.md",
            article("Bài 07", "Nội dung.\n\nThêm.", date="2020-01-08", author="Hải Hạnh"),
        )
        assert self.changed(site) == ({"tin-tuc/bai-07/index.html"}, 1, 1)

    def test_words_that_no_other_page_shows(self, site: Site) -> None:
        """Neither index nor plan are needed, whether a word is edited or a time is new."""
        self.site_of(site, 20)
        keys = {"date": "2020-01-08", "author": "Hải Hạnh"}
        file = site.write("articles/07.md", article("Bài 07", "Nội dung.\n\n![](a.jpg)", **keys))
        assert told(site.build()) != []
        for body in ("Nội dung.\n\n## Mục\n\nHai. <!-- page -->", "Nội dung.\n\n## Mục\n\nBa."):
            site.write("articles/07.md", article("Bài 07", body, **keys))
            watch = Stopwatch()
            report = build(site.options, Run(watch=watch))
            assert report.rendered == report.parsed == 1
            assert report.articles == 20
        assert {lap.stage for lap in watch.laps} == {
            "look", "recall", "parse", "replan", "render", "publish"
        }  # fmt: skip
        os.utime(file, (1, 1))
        watch = Stopwatch()
        report = build(site.options, Run(watch=watch))
        assert (report.parsed, report.rendered) == (0, 0)
        assert {lap.stage for lap in watch.laps} == {
            "look",
            "recall",
            "parse",
            "replan",
            "render",
            "publish",
        }
        assert report.counts == Counts(0, len(site.tree()) - 1, 0)
        assert build(site.options).counts == report.counts

    def test_words_in_one_part_then_in_another(self, site: Site) -> None:
        """Each part keeps its own body, whichever was rendered last."""
        self.site_of(site, 3)
        for one, two in (
            ("Một.", "Hai."),
            ("Một.", "Hai mới."),
            ("Một mới.", "Hai mới."),
            ("Một.", "Hai."),
        ):
            body = f"Mở đầu.\n\n{one}\n\n<!-- page -->\n\nTiếp.\n\n{two}"
            site.write("articles/99.md", article("Hai phần", body, slug="hai-phan"))
            assert told(site.build()) == []
            for path, words, others in (("", one, two), ("trang/2/", two, one)):
                page = site.read(f"tin-tuc/hai-phan/{path}index.html")
                assert f"<p>{words}</p>" in page
                assert f"<p>{others}</p>" not in page

    def test_a_title(self, site: Site) -> None:
        self.site_of(site, 20)
        site.write("articles/00.md", article("Bài 00!", date="2020-01-01", author="Hải Hạnh"))
        paths, parsed, rendered = self.changed(site)
        # It is the oldest: on the last page of each list, and related to, or beside, five others.
        assert parsed == 1
        assert rendered == len(paths)
        assert {path for path in paths if "bai-" in path} == {
            f"tin-tuc/bai-{number:02}/index.html" for number in range(6)
        }
        assert {path for path in paths if "bai-" not in path} == {
            "trang/4/index.html", "tin-tuc/trang/4/index.html", "tac-gia/hai-hanh/trang/4/index.html",
            "luu-tru/2020/trang/4/index.html", "luu-tru/2020/01/trang/4/index.html",
            "feed.xml", "feed.json", "tin-tuc/feed.xml", "tin-tuc/feed.json",
        }  # fmt: skip

    def test_a_new_article_in_stable_listings(self, site: Site) -> None:
        self.site_of(site, 20)
        site.write("site.yaml", SITE + "page_size: 5\npagination: stable\n")
        site.build()
        site.write("articles/20.md", article("Bài 20", date="2020-01-21", author="Hải Hạnh"))
        paths, parsed, _ = self.changed(site)
        assert parsed == 1
        assert {path for path in paths if "bai-" in path} == {
            "tin-tuc/bai-19/index.html", "tin-tuc/bai-20/index.html"
        }  # fmt: skip
        lists = {path for path in paths if path.endswith("index.html") and "bai-" not in path}
        assert lists == {
            "index.html", "tin-tuc/index.html", "tac-gia/hai-hanh/index.html",
            "luu-tru/index.html", "luu-tru/2020/index.html", "luu-tru/2020/01/index.html",
        }  # fmt: skip

    def test_a_template_renders_its_own_pages(self, site: Site) -> None:
        self.site_of(site, 20)
        shutil.copytree(ROOT / "templates", site.root / "templates")
        site.build(templates=site.root / "templates")
        template = site.root / "templates/archive.html"
        template.write_text(
            template.read_text(encoding="utf-8").replace("heading", "head"), encoding="utf-8"
        )
        assert self.changed(site, templates=site.root / "templates") == (
            {"luu-tru/index.html"},
            0,
            1,
        )

    def test_a_comment_in_a_template_writes_nothing(self, site: Site) -> None:
        self.site_of(site, 20)
        shutil.copytree(ROOT / "templates", site.root / "templates")
        site.build(templates=site.root / "templates")
        base = site.root / "templates/base.html"
        base.write_text("{# a comment #}" + base.read_text(encoding="utf-8"), encoding="utf-8")
        paths, parsed, rendered = self.changed(site, templates=site.root / "templates")
        assert (paths, parsed) == (set(), 0)
        assert rendered > 20

    def test_the_day_of_a_scheduled_article(self, site: Site) -> None:
        self.site_of(site, 3)
        site.write("articles/99.md", article("Bài hẹn", date="2026-11-24"))
        report = site.build()
        assert report.next_publication is not None
        assert report.next_publication.at.isoformat() == "2026-11-24T00:00:00+07:00"
        assert "tin-tuc/bai-hen/index.html" not in site.tree()
        site.build(now=NOW + timedelta(days=1))
        assert "tin-tuc/bai-hen/index.html" in site.tree()


def test_keep_going_keeps_the_last_good_version(site: Site) -> None:
    site.write("articles/a.md", article("Bài a", "Bản tốt."))
    site.write("articles/b.md", article("Bài b"))
    site.build()
    site.write("articles/a.md", article("Bài a", "Bản hỏng.", catgory="x"))
    site.write("articles/b.md", article("Bài b", "Bản mới. [a](a.md)"))
    site.write("articles/c.md", article("Bài c", catgory="x"))
    assert site.build().counts is None
    report = site.build(keep_going=True)
    assert report.errors == 2
    assert report.left_out == ("articles/a.md", "articles/c.md")
    assert "Bản tốt." in site.read("tin-tuc/bai-a/index.html")
    assert "Bản mới." in site.read("tin-tuc/bai-b/index.html")
    assert "tin-tuc/bai-c/index.html" not in site.tree()


def test_keep_going_leaves_out_what_has_errors(site: Site) -> None:
    site.write("articles/a.md", article("Bài a", "[b](b.md), [c](c.md)"))
    site.write("articles/b.md", article("Bài b", "![x](khong-co.jpg)"))
    site.write("articles/c.md", article("Bài a"))
    report = site.build(keep_going=True)
    assert report.counts is not None
    assert report.left_out == ("articles/b.md", "articles/c.md")
    assert [d.code for d in report.found] == [
        "link-left-out", "link-left-out", "image-missing", "url-twice"
    ]  # fmt: skip
    assert "tin-tuc/bai-a/index.html" in site.tree()
