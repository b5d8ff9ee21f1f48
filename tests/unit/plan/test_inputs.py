"""The inputs of a route are everything that its view is made from: no view changes without them."""

import shutil

import pytest
from msgspec import structs
from support import SITE, Site, article, picture, told

from kheo.plan.planning import Plan
from kheo.stages.looking import look
from kheo.stages.measuring import measure_files, shown_files
from kheo.stages.parsing import Changed, read_documents
from kheo.stages.picture_tasks import MeasureJob
from kheo.stages.planning import PlanInput, index_and_plan
from kheo.stages.setup import read_setup
from kheo.stages.stopwatch import Stopwatch
from kheo.stages.workers import Workers
from kheo.store.connection import open_store
from kheo.views import encode_view

BODY = (
    "Mở đầu.\n\n## Mục một\n\nXem [bài khác](4.md#muc-mot), [tệp](ke-hoach.txt).\n\n![Ảnh](anh.png)"
)


def source(number: int, **keys: str) -> str:
    front = {
        "date": f"2026-0{1 + number % 9}-1{number % 10}",
        "author": ["Hải Hạnh", "Ân Thủy"][number % 2],
        "category": ["Tin tức", "Tin tức > Trong tỉnh", "Đời sống"][number % 3],
        "campaign": ["Dân vận khéo", "Vì người nghèo"][number % 2],
        "slug": f"bai-{number}",
    }
    body = keys.pop("body", BODY if number % 4 == 0 else f"Bài số {number}.")
    return article(keys.pop("title", f"Bài {number}"), body, **front | keys)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("newsroom"))
    site.write("site.yaml", SITE + "page_size: 3\nfeed_size: 5\n")
    site.write("articles/anh.png", picture())
    site.write("articles/ke-hoach.txt", "x")
    site.write("pages/lien-he.md", "---\nkind: page\ntitle: Liên hệ\nslug: lien-he\n---\n\nA.\n")
    for number in range(20):
        site.write(f"articles/{number}.md", source(number))
    assert [line for line in told(site.build()) if "error" in line] == []
    return site


@pytest.fixture
def newsroom(built: Site, site: Site) -> Site:
    """A copy of it with its store, for one edit."""
    shutil.copytree(built.options.content, site.options.content, dirs_exist_ok=True)
    shutil.copytree(built.options.cache, site.options.cache)
    return site


def plan_of(site: Site) -> Plan:
    options = site.options
    snapshot = look(options)
    with open_store(options.cache) as (store, _), Workers(1) as workers:
        setup, _ = read_setup(store, snapshot, options)
        assert setup
        documents = read_documents(store, snapshot.listing.sources, Changed({}, 0), False)
        files = snapshot.listing.files
        pictures = shown_files(documents.documents, files)
        job = MeasureJob(options.content, setup.parse_options.body.tables)
        measured = measure_files(store, snapshot.program, job, pictures, workers)
        plan_input = PlanInput(documents, frozenset(), files, measured)
        return index_and_plan(plan_input, setup, options, Stopwatch()).plan


def views_and_inputs(site: Site) -> dict[str, tuple[bytes, bytes]]:
    return {
        route.path: (encode_view(route.view()), route.inputs)
        for route in plan_of(site).routes([])
        if route.view
    }


EDITS = {
    "title": {"title": "Tên khác"},
    "words": {"body": "Lời khác."},
    "heading": {"body": BODY.replace("Mục một", "Mục hai") + "\n\n## Mục một"},
    "link": {"body": BODY.replace("4.md#muc-mot", "5.md")},
    "date": {"date": "2026-11-01"},
    "date within the day": {"date": "2026-01-10 08:30"},
    "category": {"category": "Đời sống > Y tế"},
    "also": {"also": "[Đời sống > Y tế, Văn bản]"},
    "campaign": {"campaign": "Chiến dịch mới"},
    "no campaign": {"campaign": ""},
    "author": {"author": "[Hải Hạnh, Đỗ Mai]"},
    "summary": {"summary": "Tóm tắt khác."},
    "slug": {"slug": "khac"},
    "updated": {"updated": "2026-10-01"},
    "correction": {"corrections": "[{date: 2026-10-02, text: Sửa.}]"},
    "cover": {"image": "anh.png\nimage_alt: Ảnh"},
    "attachment": {"attachments": "ke-hoach.txt"},
    "source": {"source": "Báo Gia Lai"},
    "pinned": {"pinned": "true"},
    "alias": {"aliases": "/cu/1/"},
    "draft": {"draft": "true"},
    "two parts": {"body": "Một.\n\n<!-- page -->\n\nHai."},
    "a page instead": {"kind": "page", "category": "", "campaign": "", "author": "", "date": ""},
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("number", [8])
def test_no_view_changes_without_its_inputs(newsroom: Site, edit: str, number: int) -> None:
    before = views_and_inputs(newsroom)
    newsroom.write(f"articles/{number}.md", source(number, **EDITS[edit]))
    newsroom.build(keep_going=True, drafts=True)
    assert_sound(before, views_and_inputs(newsroom))


TERM_EDITS = {
    "words": ("Lời giới thiệu.", "Lời khác."),
    "heading": ("## Mục", "## Mục khác"),
    "role": ("role: Phóng viên", "role: Biên tập"),
    "photo": ("photo_alt: Ảnh", "photo_alt: Ảnh khác"),
    "link": ("link: ../articles/3.md", "link: ../articles/4.md"),
    "title of a link": ("title: Bài", "title: Một bài"),
    "slug": ("slug: hh", "slug: hai"),
    "alias": ("slug: hh", "slug: hh\naliases: /cu/hh/"),
    "draft": ("slug: hh", "slug: hh\ndraft: true"),
    "name": ("name: Hải Hạnh", "name: Ân Thủy"),
    "extra": ("slug: hh", "slug: hh\nextra: {phone: 1}"),
}


@pytest.mark.parametrize("edit", TERM_EDITS)
def test_no_view_changes_without_the_source_of_its_term(newsroom: Site, edit: str) -> None:
    text = (
        "---\nname: Hải Hạnh\nslug: hh\nrole: Phóng viên\nphoto: ../articles/anh.png\nphoto_alt: Ảnh\n"
        "links: [{title: Bài, link: ../articles/3.md}]\n---\n\nLời giới thiệu.\n\n## Mục\n\nHai.\n"
    )
    newsroom.write("authors/hai-hanh.md", text)
    newsroom.build(keep_going=True)
    before = views_and_inputs(newsroom)
    newsroom.write("authors/hai-hanh.md", text.replace(*TERM_EDITS[edit]))
    newsroom.build(keep_going=True)
    assert_sound(before, views_and_inputs(newsroom))


CAMPAIGN_EDITS = {
    "state": ("start: 2026-01-01", "start: 2030-01-01"),
    "target": ("target: 9", "target: 10"),
    "milestone": ("text: A", "text: B"),
    "report": ("report: ../articles/3.md", "report: ../articles/5.md"),
    "pinned reports": ("reports: ../articles/7.md", "reports: ../articles/9.md"),
    "featured": ("pinned: true", "pinned: false"),
    "column": ("column: A", "column: B"),
}


@pytest.mark.parametrize("edit", [*CAMPAIGN_EDITS, "rows"])
def test_no_view_changes_without_what_a_dashboard_is_made_from(newsroom: Site, edit: str) -> None:
    text = (
        "---\nname: Dân vận khéo\nstart: 2026-01-01\npinned: true\nreports: ../articles/7.md\n"
        "indicators: [{name: I, data: so.csv, column: A, target: 9}]\n"
        "milestones: [{date: 2026-02-01, text: A, report: ../articles/3.md}]\n---\n\nLời.\n"
    )
    newsroom.write("campaigns/a.md", text)
    newsroom.write("campaigns/so.csv", "Năm;A;B\n2024;1;2\n2025;2;3\n")
    newsroom.build(keep_going=True)
    before = views_and_inputs(newsroom)
    if edit == "rows":
        newsroom.write("campaigns/so.csv", "Năm;A;B\n2024;1;2\n2025;2;3\n2026;8;9\n")
    else:
        newsroom.write("campaigns/a.md", text.replace(*CAMPAIGN_EDITS[edit]))
    newsroom.build(keep_going=True)
    after = views_and_inputs(newsroom)
    assert_sound(before, after)
    assert before != after


@pytest.mark.parametrize(
    "more", ["page_size: 4\n", "pagination: stable\n", "feed_size: 2\n", "tagline: Khác\n",
             "url_words: {page: p}\n", "authors: [{name: Hải Hạnh, role: Phóng viên}]\n",
             "campaigns: [{title: Dân vận khéo, description: D, start: 2026-01-01}]\n",
             "categories: [{name: Tin tức, aliases: /tin/}]\n", "gone: [/x/, /y/*]\n",
             "categories: [{name: Tin tức, description: D}]\n", "share_cards: true\n",
             "permalink: '{year}/{slug}/'\n"]
)  # fmt: skip
def test_settings_are_inputs_too(newsroom: Site, more: str) -> None:
    before = views_and_inputs(newsroom)
    name = more.partition(":")[0]
    lines = [line for line in (SITE + "page_size: 3\nfeed_size: 5\n").splitlines(keepends=True)
             if not line.startswith(name)]  # fmt: skip
    newsroom.write("site.yaml", "".join(lines) + more)
    newsroom.build()
    after = views_and_inputs(newsroom)
    if name not in {"url_words", "pagination"}:  # these are in every fingerprint
        assert_sound(before, after)
    assert before != after


def test_a_picture_is_an_input(newsroom: Site) -> None:
    before = views_and_inputs(newsroom)
    newsroom.write("articles/anh.png", picture(500, 200))
    newsroom.build()
    after = views_and_inputs(newsroom)
    assert_sound(before, after)
    assert before != after


def test_what_is_claimed_is_what_is_planned(newsroom: Site) -> None:
    for number in (2, 8):
        newsroom.write(
            f"articles/{number}.md", source(number, **EDITS["attachment"] | EDITS["alias"])
        )
        newsroom.options = structs.replace(newsroom.options, search=bool(number == 8))
    aliases = "['/a.php?p=1', '/?p=2', /b.aspx, /Tin-Tuc/Bai-9/]"
    newsroom.write("articles/9.md", source(9, aliases=aliases))
    more = "gone: [/x/, /y/*]\ncategories: [{name: Đời sống, aliases: /cu/}]\n"
    site_file = SITE + "share_cards: true\npagination: stable\npage_size: 2\n"
    newsroom.write("site.yaml", site_file + more)
    newsroom.build()
    plan = plan_of(newsroom)
    routes = [route.path for route in plan.routes([])]
    assert set(routes) == plan.paths
    assert len(routes) == len(set(routes))


def assert_sound(
    before: dict[str, tuple[bytes, bytes]], after: dict[str, tuple[bytes, bytes]]
) -> None:
    missed = [
        path
        for path in before.keys() & after.keys()
        if before[path][0] != after[path][0] and before[path][1] == after[path][1]
    ]
    assert missed == []
