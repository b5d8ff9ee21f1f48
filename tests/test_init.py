"""A site of one's own: from an empty folder to a published site."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from support import ROOT, Site, article, told, tree

from kheo import __version__
from kheo.cli import main

MINIMAL = "title: Tin làng\nbase_url: https://lang.example/\nlanguage: vi\n"
OUTSIDE = (["build"], ["check"], ["check", "a.md"], ["explain", "/"], ["new", "A", "--category", "B"],
           ["schema"], ["serve", "--port", "0"], ["theme", "copy", "article.html"])  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the current one."""
    folder = tmp_path / "news"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, typed: str = "", **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, input=typed, env=environment, prog_name="kheo")


def init(*arguments: str, **environment: str) -> Result:
    return run("init", *arguments, "--yes", **environment)


START = (ROOT / "docs/start.md").read_text(encoding="utf-8")
FILES = {
    "en": ("content/articles/YEAR/our-site-is-open.md", "content/pages/about.md"),
    "vi": ("content/articles/YEAR/trang-moi-ra-mat.md", "content/pages/gioi-thieu.md"),
}
COMMON = (
    ".gitignore", ".pre-commit-config.yaml", ".vscode/extensions.json", ".vscode/settings.json",
    ".vscode/tasks.json", "README.md", "content/site.yaml", "requirements.txt",
    "schema/author.schema.json", "schema/campaign.schema.json", "schema/category.schema.json",
    "schema/front-matter.schema.json", "schema/site.schema.json",
)  # fmt: skip
CI = {"github": ".github/workflows/publish.yml", "gitlab": ".gitlab-ci.yml"}


@pytest.mark.parametrize("arguments", OUTSIDE, ids=lambda arguments: arguments[0])
def test_where_there_is_no_site_every_command_says_how_to_start_one(
    arguments: list[str], here: Path
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.output == (
        "content/site.yaml: error[site-file-missing]: there is no site here: content has no site.yaml\n"
        "    go to the folder of your site, check `--content`, or start a new site with `kheo init`\n"
    )
    assert tree(here) == {}
    assert list(here.iterdir()) == []


def test_three_keys_are_enough_and_the_publisher_has_the_name_of_the_site(site: Site) -> None:
    site.write("site.yaml", MINIMAL)
    site.write("articles/a.md", article())
    assert told(site.build()) == []
    assert '<p class="publisher">Copyright © Tin làng</p>' in site.read("index.html")
    assert '"publisher":{"@type":"Organization","name":"Tin làng"' in site.read(
        "tin-tuc/bai-mot/index.html"
    )
    assert "<author><name>Tin làng</name></author>" in site.read("feed.xml")
    site.write("site.yaml", MINIMAL + "publisher: {since: 2014}\n")
    assert told(site.build()) == []
    assert "© 2014 Tin làng</p>" in site.read("index.html")


@pytest.mark.parametrize(("language", "ci"), [("en", "github"), ("vi", "gitlab")])
def test_from_an_empty_folder_to_a_site(language: str, ci: str, here: Path) -> None:
    """The whole path: every command ends well, with nothing to complain about."""
    url = "https://tin.example/bản-tin/".replace("ả", "a")
    result = init(
        "--language", language, "--ci", ci, "--title", "Tin: 'làng' #1", "--base-url", url
    )
    assert result.exit_code == 0, result.output
    *written, next_step = result.stdout.splitlines()
    named = sorted(re.sub(r"/20\d\d/", "/YEAR/", line) for line in written)
    assert named == sorted([*COMMON, *FILES[language], CI[ci]])
    assert next_step.endswith(": kheo serve --open")
    assert sorted(tree(here)) == sorted(written)

    built = run("build", "--strict")
    assert built.exit_code == 0, built.output
    assert "0 errors, 0 warnings" in built.output
    checked = run("check", "--strict")
    assert checked.exit_code == 0, checked.output
    home = (here / "output/index.html").read_text(encoding="utf-8")
    assert "<title>Tin: &#39;làng&#39; #1" in home
    assert f'<html lang="{language}">' in home

    created = run("new", "Bài hai", "--category", "Tin tức", "--date", "2026-01-02")
    assert created.output.endswith("content/articles/2026/bai-hai.md\n")
    again = run("build", "--strict")
    assert again.exit_code == 0, again.output
    assert "2 articles" in again.output
    assert run("explain", "bai hai").exit_code == 0

    block = re.findall(r"`(templates/\w+\.html)`:\n\n```\n(.*?)```", START, re.DOTALL)
    for file, text in block:  # what docs/start.md shows of the look
        (here / file).parent.mkdir(exist_ok=True)
        (here / file).write_text(text, encoding="utf-8")
    assert run("build", "--strict").exit_code == 0
    pages = [file.read_text(encoding="utf-8") for file in (here / "output").rglob("index.html")]
    assert sum("tips@example.org" in page for page in pages) == 2, "every report"


def test_the_version_that_wrote_it_is_pinned(here: Path) -> None:
    init("--ci", "none")
    assert (here / "requirements.txt").read_text(encoding="utf-8") == f"kheo=={__version__}\n"
    hooks = (here / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert hooks in (ROOT / "docs/checks.md").read_text(encoding="utf-8")
    (repository,) = loaded(here / ".pre-commit-config.yaml")["repos"]
    (hook,) = repository["hooks"]
    assert hook["additional_dependencies"] == [f"kheo=={__version__}"]
    (published,) = loaded(ROOT / ".pre-commit-hooks.yaml")
    assert hook["entry"] == published["entry"]
    assert not (here / ".github").exists()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_readme_is_short_and_vs_code_reads_its_settings(language: str, here: Path) -> None:
    init("--language", language, "--title", "Tin làng")
    readme = (here / "README.md").read_text(encoding="utf-8").splitlines()
    assert readme[0] == "# Tin làng"
    assert len(readme) <= 10
    own = json.loads((ROOT / ".vscode/tasks.json").read_text(encoding="utf-8"))["tasks"][0]
    task = json.loads((here / ".vscode/tasks.json").read_text(encoding="utf-8"))["tasks"][0]
    assert task["label"] == {"en": "Check the reports", "vi": "Kiểm tra bài viết"}[language]
    assert task["problemMatcher"] == own["problemMatcher"]
    settings = json.loads((here / ".vscode/settings.json").read_text(encoding="utf-8"))
    for schema, file in settings["yaml.schemas"].items():
        assert json.loads((here / schema).read_text(encoding="utf-8"))["properties"]
        assert (here / file).is_file()


def loaded(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("ci", CI)
def test_ci_is_that_of_the_repository_but_for_how_the_program_comes(ci: str, here: Path) -> None:
    """What the tests of the repository's own workflows show is so for a newsroom's."""
    init("--ci", ci)
    ours = (ROOT / CI[ci]).read_text(encoding="utf-8")
    for repository, newsroom in (
        (
            "pip install --require-hashes -r requirements-run.lock",
            "pip install -r requirements.txt",
        ),
        (
            "hashFiles('generator/**/*.py', 'requirements-run.lock')",
            "hashFiles('requirements.txt')",
        ),
        ("requirements-run.lock", "requirements.txt"),
        ("python build.py check", "kheo check"),
        ("python build.py", "kheo build"),
        ("env:\n  PYTHONPATH: generator\n", ""),
        ("  PYTHONPATH: generator\n", ""),
    ):
        ours = ours.replace(repository, newsroom)
    assert loaded(here / CI[ci]) == yaml.load(ours, yaml.BaseLoader)


def test_the_three_questions(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong answer is asked again; Enter takes the default."""
    monkeypatch.setattr(
        "click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False
    )
    typed = "\nTin làng\ntiếng Việt\nvi\ntinlang.example\nhttps://tinlang.example/\n"
    result = run("init", typed=typed)
    assert result.exit_code == 0, result.output
    for line in ("Name of the site: ", "`title` is empty", "Language [en]: ",
                 "“tiếng Việt” is not a language tag", "[https://example.org/]: ",
                 "`base_url` must be a URL that starts with https:// or http://"):  # fmt: skip
        assert line in result.output
    text = (here / "content/site.yaml").read_text(encoding="utf-8")
    assert "title: Tin làng\nbase_url: 'https://tinlang.example/'\nlanguage: vi\n" in re.sub(
        r"^#.*\n|  +#.*", "", text, flags=re.MULTILINE
    )
    assert re.findall("^# Cài đặt", text)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", ["{file} is a file, not a folder", "--title: `title` is empty",
             "--language: the theme has no language file for “fr”", "choose one of: en, vi",
             "--base-url: `base_url` must be a URL"]),
     ("vi", ["{file} là tệp, không phải thư mục", "--title: `title` để trống",
             "--language: giao diện không có tệp ngôn ngữ cho “fr”", "--base-url: `base_url` phải"])],
)  # fmt: skip
def test_all_mistakes_are_told_at_once(language: str, says: list[str], here: Path) -> None:
    file = here / "file"
    file.write_text("mine", encoding="utf-8")
    result = init("file/news", "--title", " ", "--language", "fr", "--base-url", "tin.example",
                  "--lang", language)  # fmt: skip
    assert result.exit_code == 2
    for one in says:
        assert one.format(file="file") in result.output
    assert tree(here) == {"file": b"mine"}


def test_where_nobody_can_be_asked_the_missing_options_are_named(here: Path) -> None:
    result = run("init", "--language", "vi")
    assert result.exit_code == 2
    assert "add `--title`, `--base-url`, or `--yes` for the defaults" in result.output
    assert list(here.iterdir()) == []


def test_only_an_empty_folder_is_written_into(here: Path) -> None:
    (here / ".git").mkdir()
    (here / ".venv").mkdir()
    (here / ".venv/pyvenv.cfg").touch()
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    before = tree(here)
    result = init()
    assert result.exit_code == 2
    assert (
        ". is not empty: choose another folder, or add what is missing with `--add`"
        in result.output
    )
    assert tree(here) == before
    (here / "notes.txt").unlink()
    assert init().exit_code == 0, "a new repository and Python's environment are no files of a site"


def test_add_adds_what_is_missing_and_shows_how_ci_differs(here: Path) -> None:
    workflow = here / CI["github"]
    workflow.parent.mkdir(parents=True)
    workflow.write_text("name: mine\n", encoding="utf-8")
    (here / "content").mkdir()
    (here / "content/site.yaml").write_text(MINIMAL, encoding="utf-8")
    (here / "requirements.txt").write_text("kheo==0.0.1\n", encoding="utf-8")
    before = tree(here)
    result = init("--add", "--ci", "github", "--lang", "en")
    assert result.exit_code == 0, result.output
    after = tree(here)
    assert {path: after[path] for path in before} == before
    assert sorted(set(after) - set(before)) == sorted(
        {*COMMON} - {"content/site.yaml", "requirements.txt"}
    ), "what is in content/ is the newsroom's"
    assert after["README.md"].decode().startswith("# Tin làng\n\nBài viết ở")
    shown = result.stdout
    assert f"--- {CI['github']}\n+++ kheo {__version__}\n" in shown
    assert "\n-name: mine\n+# Checks what is proposed" in shown
    assert (
        f"--- requirements.txt\n+++ kheo {__version__}\n@@ -1 +1 @@\n-kheo==0.0.1\n+kheo==" in shown
    )
    assert init("--add").stdout.startswith(f"--- {CI['github']}\n"), "nothing more to add"
    refused = init("--add", "--title", "Another")
    assert refused.exit_code == 2
    assert "`--title` cannot be used: content/site.yaml already exists" in refused.output


def test_a_site_that_is_wrong_is_told_and_nothing_is_added(here: Path) -> None:
    (here / "content").mkdir()
    (here / "content/site.yaml").write_text("titel: Tin\n", encoding="utf-8")
    result = init("--add")
    assert result.exit_code == 1
    assert "content/site.yaml:1:1: error[unknown-key]" in result.output
    assert list(tree(here)) == ["content/site.yaml"]


def test_reports_without_settings_get_settings_alone(here: Path) -> None:
    (here / "content").mkdir()
    (here / "content/a.md").write_text(article(), encoding="utf-8")
    assert init("--add", "--language", "vi").exit_code == 0
    found = {path for path in tree(here) if path.startswith("content/")}
    assert found == {"content/a.md", "content/site.yaml"}


def test_without_a_title_it_is_in_the_language_of_the_site(here: Path) -> None:
    assert init("--language", "vi-VN", LANG="en_GB.UTF-8").exit_code == 0
    assert (here / "README.md").read_text(encoding="utf-8").startswith("# Trang tin\n")


def test_a_title_is_one_line(here: Path) -> None:
    assert init("--title", " Tin\n làng").exit_code == 0
    assert "\ntitle: Tin làng\n" in (here / "content/site.yaml").read_text(encoding="utf-8")


def test_a_language_of_the_sites_own(here: Path) -> None:
    (here / "templates/locale/fr").mkdir(parents=True)
    (here / "templates/locale/fr/language.yaml").write_text("name: Français\n", encoding="utf-8")
    assert init("--add", "--language", "fr").exit_code == 0
    text = (here / "content/site.yaml").read_text(encoding="utf-8")
    assert "\nlanguage: fr\n" in text
    assert text.startswith("# Settings of the whole site.")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_if_a_write_fails_nothing_is_left(language: str, here: Path) -> None:
    """Here a file has the name of a folder, which is found only when others are written."""
    (here / "schema").write_text("mine", encoding="utf-8")
    (here / "content").mkdir()
    result = init("--add", "--lang", language)
    assert result.exit_code == 3
    why = {"en": "error: schema: Not a directory\n", "vi": "lỗi: schema: đây không phải thư mục\n"}
    assert result.output == why[language]
    assert sorted(file.name for file in here.iterdir()) == ["content", "schema"]
    assert tree(here) == {"schema": b"mine"}


def test_no_rights(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = init("news")
    assert result.exit_code == 3
    assert result.output == "error: news: there is no write permission\n"
    assert list(here.iterdir()) == []
