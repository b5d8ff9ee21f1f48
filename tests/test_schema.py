"""The JSON Schemas for editors' tools: they say what the program says, and offer the site's names."""

import json
import re
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from support import ARTICLE, ROOT, SITE, Site, article, program

from kheo.diagnostics import Place
from kheo.read.front_matter import parse_front_matter

FILES = ("front-matter.schema.json", "site.schema.json")
TERM_FILES = ("category.schema.json", "campaign.schema.json", "author.schema.json")


class Loader(yaml.SafeLoader):
    """YAML 1.2 as VS Code reads it: dates are texts, `yes` is a word."""


Loader.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:timestamp"]
    for sign, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(text: str) -> Any:
    return yaml.load(text, Loader)


def front(text: str) -> Any:
    return load(text.removeprefix("\ufeff").split("---\n")[1])


def make(content: Path, to: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return program("schema", f"--content={content}", f"--to={to}", *more)


def schemas_in(folder: Path) -> tuple[Draft7Validator, Draft7Validator]:
    made = []
    for name in FILES:
        schema = json.loads((folder / name).read_text(encoding="utf-8"))
        Draft7Validator.check_schema(schema)
        made.append(Draft7Validator(schema))
    return made[0], made[1]


OURS, OUR_SITE = schemas_in(ROOT / "schema")
SOURCES = sorted(
    file for kind in ("articles", "pages") for file in (ROOT / "content" / kind).rglob("*.md")
)


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: f.name)
def test_every_sample_source_is_accepted(file: Path) -> None:
    OURS.validate(front(file.read_text(encoding="utf-8")))


def test_the_sample_site_is_accepted() -> None:
    OUR_SITE.validate(load((ROOT / "content/site.yaml").read_text(encoding="utf-8")))


GOOD = {
    "title": ["2020", "true", "Hội nghị"],
    "date": ["2020-02-12", "2020-2-1 08:30", "2020-02-12T08:30:00+07:00", "12/02/2020"],
    "author": ["Hải Hạnh", "[Hải Hạnh, Một người mới]", ""],
    "category": ["Tin tức", "[Tin tức, Tin cơ sở]", "A > B > C"],
    "also": ["Văn bản", "[Văn bản, A > B]", "[[A, B], C]", ""],
    "draft": ["true", "yes", "False", "'no'", ""],
    "weight": ["-5", "'10'"],
    "kind": ["article", "page"],
    "attachments": ["ke-hoach.pdf", "[a.pdf, {file: b.pdf, title: B}]", "{file: a.pdf}"],
    "corrections": ["[{date: 2020-02-14, text: 125 hộ}]", "{date: 2020-02-14, text: 125}"],
}  # fmt: skip
BAD = {
    "title": ["[a, b]", "{a: b}"],
    "date": ["hôm nay", "2020", "[2020-02-12]"],
    "author": ["{name: A}", "[[A]]"],
    "category": ["{name: A}", "[a, b, c, d, e, f, g, h, i]"],
    "also": ["{name: A}", "[[a, b, c, d, e, f, g, h, i]]"],
    "draft": ["có", "2", "[true]"],
    "weight": ["nhẹ", "5000", "1.5"],
    "kind": ["bài"],
    "attachments": ["[{title: B}]", "[{file: a.pdf, name: B}]"],
    "corrections": ["[{date: 2020-02-14}]", "đã sửa"],
    "catgory": ["Tin tức"],
}


def verdicts(text: str) -> tuple[bool, bool]:
    """Whether the program accepts a source's front matter, and whether the schema does."""
    yaml_text = text.split("---\n")[1]
    _, _, found, _ = parse_front_matter(yaml_text, Place("a.md"), UTC, "day-first")
    return not found, OURS.is_valid(load(yaml_text))


@pytest.mark.parametrize(("key", "value"), [(key, v) for key, all_ in GOOD.items() for v in all_])
def test_good_values_are_good_for_both(key: str, value: str) -> None:
    assert verdicts(article(**{key: value})) == (True, True)


@pytest.mark.parametrize(("key", "value"), [(key, v) for key, all_ in BAD.items() for v in all_])
def test_bad_values_are_bad_for_both(key: str, value: str) -> None:
    assert verdicts(article(**{key: value})) == (False, False)


def test_required_keys() -> None:
    assert verdicts("---\ntitle: A\n---\n") == (False, False)
    assert verdicts("---\ntitle: A\nkind: page\n---\n") == (True, True)
    assert verdicts("---\ndate: 2020-02-12\ncategory: A\n---\n") == (False, False)


def test_unknown_keys_of_the_site_are_refused_at_any_depth() -> None:
    site = load(SITE)
    assert OUR_SITE.is_valid(site)
    assert OUR_SITE.is_valid(site | {"look": {"font": "none", "band": "none"}})
    for wrong in (
        {"titel": "A"},
        {"publisher": {"name": "A", "fax": "1"}},
        {"categories": [{"name": "A", "children": [{"name": "B", "colour": "red"}]}]},
        {"page_size": 0},
        {"base_url": "lang.example"},
        {"pagination": "oldest"},
        {"look": {"colors": {"accent": "red"}}},
        {"look": {"font": {"family": "A"}}},
        {"look": {"font": "A"}},
    ):
        assert not OUR_SITE.is_valid(site | wrong), wrong


def test_the_names_of_the_site_are_offered(site: Site, tmp_path: Path) -> None:
    lists = "categories: [{name: Tin tức, children: [{name: Tin xã}]}]\nauthors: [{name: An}]\n"
    site.write("site.yaml", SITE + lists + "campaigns: [{title: Làng sạch}]\n")
    site.write("articles/1.md", article(author="Bình", campaign="Làng xanh", category="Văn hóa"))
    site.write("articles/2.md", "không đọc được")
    assert make(site.options.content, tmp_path).returncode == 0
    text = (tmp_path / FILES[0]).read_text(encoding="utf-8")
    found = [json.loads(names) for names in re.findall(r'"enum": (\[[^\]]*\])', text)]
    assert ["Tin tức", "Tin tức > Tin xã", "Văn hóa"] in found
    assert ["An", "Bình"] in found
    assert ["Làng sạch", "Làng xanh"] in found
    schema, _ = schemas_in(tmp_path)
    assert schema.is_valid(front(ARTICLE) | {"category": "Mới", "author": "Mới"})


def test_closed_categories_are_the_only_ones(site: Site, tmp_path: Path) -> None:
    lists = "categories: [{name: Tin tức, children: [{name: Tin xã}]}]\ncategories_closed: true\n"
    site.write("site.yaml", SITE + lists)
    make(site.options.content, tmp_path)
    schema, _ = schemas_in(tmp_path)
    assert schema.is_valid(front(ARTICLE) | {"category": "Tin tức > Tin xã"})
    assert not schema.is_valid(front(ARTICLE) | {"category": "Tin tuc"})


def test_closed_authors_and_campaigns_are_the_only_ones(site: Site, tmp_path: Path) -> None:
    lists = "authors: [{name: An}]\nauthors_closed: true\ncampaigns_closed: true\n"
    site.write("site.yaml", SITE + lists)
    site.write("articles/1.md", article(author="Bình", campaign="Làng xanh"))
    make(site.options.content, tmp_path)
    schema, _ = schemas_in(tmp_path)
    assert schema.is_valid(front(ARTICLE) | {"author": ["An"]})
    assert not schema.is_valid(front(ARTICLE) | {"author": "Bình"})
    assert not schema.is_valid(front(ARTICLE) | {"campaign": "Làng xanh"})


def test_a_broken_site_file_is_told_and_nothing_is_written(site: Site, tmp_path: Path) -> None:
    site.write("site.yaml", SITE.replace("title:", "titel:"))
    done = make(site.options.content, tmp_path / "new", "--lang", "en")
    assert done.returncode == 1
    assert "unknown key `titel`" in done.stderr
    assert "No schema was written: 1 error." in done.stdout
    assert not (tmp_path / "new").exists()


def without_names(schema: Any) -> Any:
    """All but the enumerations, which change with the content."""
    if isinstance(schema, dict):
        return {key: without_names(value) for key, value in schema.items() if key != "enum"}
    return [without_names(value) for value in schema] if isinstance(schema, list) else schema


def test_the_committed_schemas_have_the_keys_of_today(tmp_path: Path) -> None:
    """`python build.py schema --lang vi` renews them."""
    make(ROOT / "content", tmp_path, "--lang", "vi")
    for name in (*FILES, *TERM_FILES):
        ours, made = (
            json.loads((folder / name).read_text(encoding="utf-8"))
            for folder in (ROOT / "schema", tmp_path)
        )
        assert without_names(ours) == without_names(made), name


def test_sources_of_terms_have_schemas_of_their_own(site: Site, tmp_path: Path) -> None:
    site.write("authors/a.md", "---\nname: Bình\n---\n")
    make(site.options.content, tmp_path)
    category, campaign, author = (
        Draft7Validator(json.loads((tmp_path / name).read_text(encoding="utf-8")))
        for name in TERM_FILES
    )
    assert author.is_valid(load("name: An\nrole: Nhà báo\nlinks: {title: A, link: a.pdf}"))
    assert not author.is_valid(load("name: An\nstart: 2026-01-01"))
    assert campaign.is_valid(load("name: An\nstart: 2026-01-01\nend:"))
    assert category.is_valid(load("name: Tin tức > Trong tỉnh"))
    assert not category.is_valid(load("slug: tin"))
    assert '"Bình"' in (tmp_path / FILES[0]).read_text(encoding="utf-8")


def test_descriptions_speak_the_language(tmp_path: Path) -> None:
    for language, title in (("vi", "Tiêu đề bài."), ("en", "Headline.")):
        make(ROOT / "content", tmp_path, "--lang", language)
        text = (tmp_path / FILES[0]).read_text(encoding="utf-8")
        assert json.loads(text)["properties"]["title"]["description"] == title


# --- VS Code ------------------------------------------------------------------------------------


def settings(name: str) -> Any:
    return json.loads((ROOT / ".vscode" / name).read_text(encoding="utf-8"))


def test_the_settings_lead_to_the_schemas() -> None:
    assert settings("settings.json")["yaml.schemas"] == {
        f"./schema/{FILES[1]}": "content/site.yaml"
    }
    assert f"./schema/{FILES[0]}" in (ROOT / ".remarkrc.mjs").read_text(encoding="utf-8")
    writing = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    for name in ("package.json", ".remarkrc.mjs"):  # a newsroom copies them from there
        assert (ROOT / name).read_text(encoding="utf-8") in writing
    assert {"redhat.vscode-yaml", "unifiedjs.vscode-remark"} <= set(
        settings("extensions.json")["recommendations"]
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_check_task_reads_what_the_program_prints(site: Site, language: str) -> None:
    site.write("articles/1.md", article(draft="có"))
    site.write("articles/2.md", article(body="Hai  dấu cách."))
    (task,) = settings("tasks.json")["tasks"]
    folders = [f"--{name}={getattr(site.options, name)}" for name in ("content", "cache")]
    done = subprocess.run(
        [sys.executable, *task["args"], *folders, "--lang", language],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    found = [
        (matcher["severity"], match[4], int(match[2]))
        for matcher in task["problemMatcher"]
        for line in done.stderr.splitlines()
        if (match := re.search(matcher["pattern"]["regexp"], line))
    ]
    assert found == [("error", "wrong-type", 5), ("warning", "spaces", 7)]
