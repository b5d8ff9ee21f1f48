"""The program speaks the editor's language: every line of it is in the catalogues."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from string import Formatter

import click
import msgspec
import pytest
from msgspec import Struct
from support import ROOT, SITE, Site, article

from kheo import config, model, term_sources
from kheo.cli import main
from kheo.commands.help import paragraphs
from kheo.diagnostics import SUGGESTION, Diagnostic, Place, diagnostic
from kheo.messages.rules import RULES
from kheo.messages.wording import message
from kheo.read.language_file import read_language
from kheo.read.schema import keys_of
from kheo.reporting.catalogue import (
    LOCALES,
    VARIABLES,
    choose_words,
    languages,
    read_catalogue,
)

# The descriptions of their keys are shown to editors while they type.
DESCRIBED = [
    kind
    for module in (model, config, term_sources)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Struct) and kind is not Struct
    if kind.__struct_config__.forbid_unknown_fields
]
# Functions that take texts of the catalogue, and which of their arguments those are.
SPEAKING = {"message": slice(1), "say": slice(1), "counted": slice(1, 3)}
NOTING = {
    "diagnostic",
    "report",
    "_report",
    "bad",
    "refuse",
    "_note",
    "Finding",
}  # that make diagnostics
TREES = {
    file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "generator/kheo").rglob("*.py"))
}


def calls(names: Collection[str]) -> Iterator[tuple[str, str, ast.Call]]:
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name == "message" and isinstance(node.func, ast.Attribute):
                    continue  # ``Words.message``: that of a diagnostic
                if name in names:
                    yield file, name, node


def spoken() -> set[str]:
    """Every English text that can be told to somebody, as it stands in the program."""
    texts = {SUGGESTION}
    for rule in RULES.values():
        texts |= {rule.message, rule.hint}
    for kind in DESCRIBED:
        texts |= {key.description for key in keys_of(kind).values()}
    texts |= set(help_texts())
    for file, name, call in calls(SPEAKING):
        for argument in call.args[SPEAKING[name]]:
            assert isinstance(argument, ast.Constant), f"{file}:{call.lineno} is no literal"
            texts.add(str(argument.value))
    return {text for text in texts if not re.fullmatch(r"(\{\w+\})?", text)}


def help_texts() -> Iterator[str]:
    """Every text that ``--help`` shows: of the group, of each command and of each option."""
    # With its settings: a command keeps the help option that was made for its first context.
    context = click.Context(main, **main.context_settings)
    commands = [main.get_command(context, name) for name in main.list_commands(context)]
    for command in (main, *commands):
        assert command
        yield from paragraphs(command)
        for option in command.get_params(context):
            if isinstance(option, click.Option):
                yield option.help or ""
                yield option.show_default if isinstance(option.show_default, str) else ""


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_shipped_languages_name_every_page_and_address() -> None:
    for language in ("en", "vi"):
        found, _ = read_language(ROOT / "templates", language)
        text = (ROOT / f"templates/locale/{language}/language.yaml").read_text(encoding="utf-8")
        for names in (found.labels, found.url_words, found.dates):
            assert [name for name in names.__struct_fields__ if f"  {name}: " not in text] == []


OTHERS = [language for language in languages() if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    texts, wanted = read_catalogue(language), spoken()
    assert sorted(wanted - set(texts)) == []
    assert sorted(set(texts) - wanted) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_same_fields(language: str) -> None:
    for english, text in read_catalogue(language).items():
        assert names_in(text) == names_in(english), english
        assert text.format(**dict.fromkeys(names_in(text), "x"))
        assert text.count("`") == english.count("`"), english
        assert text == text.strip() and "  " not in text, english


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_is_read_as_gettext_reads_it(language: str) -> None:
    from babel.messages.pofile import read_po

    with (LOCALES / language / "messages.po").open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    assert not any(message.fuzzy for message in catalogue if message.id)
    assert read_catalogue(language) == {m.id: m.string for m in catalogue if m.id}


def test_every_message_is_given_its_fields() -> None:
    for file, _, call in calls({"message", "say"}):
        names = {keyword.arg for keyword in call.keywords}
        assert names == names_in(str(getattr(call.args[0], "value", ""))), f"{file}:{call.lineno}"


def values_given(call: ast.Call) -> Iterator[ast.expr]:
    """Of a diagnostic, as keywords or as a dictionary; not examples, which are for typing."""
    for keyword in call.keywords:
        if keyword.arg != "example":
            yield keyword.value
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            yield from argument.values


def plain_texts(value: ast.expr) -> Iterator[ast.Constant]:
    """Every literal in an expression, but for the arguments of calls."""
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant):
            yield node
        elif not isinstance(node, ast.Call):
            waiting += ast.iter_child_nodes(node)


def test_no_english_stands_in_a_diagnostic_as_plain_text() -> None:
    """A ``str`` is never translated: what the program itself says must be a ``message``."""
    for file, _, call in calls(NOTING):
        for value in values_given(call):
            for text in plain_texts(value):
                assert not re.search("[a-z]{2} [a-z]", str(text.value)), f"{file}:{text.lineno}"


# Also what an editor may call a report, a category or a file.
WORDS_OF_THE_PROGRAM = ["syntax error", "a list", "a folder", "capital letters"]

# --- as it is used ------------------------------------------------------------------------------

MISTAKES = """\
---
title: Hội nghị: tổng kết
date: 2020-02-12
category: Tin tức
---
"""
TOLD = """\
{content}/articles/hai.md:3:7: lỗi[date-impossible]: không có ngày giờ nào là “2020-02-31”
    xem lại ngày, tháng, năm và giờ
{content}/articles/hai.md:4:1: lỗi[unknown-key]: không có khóa `catgory`
    ý bạn là “category”?
{content}/articles/hai.md:5:8: lỗi[wrong-type]: `draft` phải là `true` hoặc `false`, không phải “có”
    ví dụ: draft: true
{content}/articles/mot.md:2:16: lỗi[yaml-syntax]: không đọc được YAML: giá trị này có thêm một dấu `: ` nữa
    đặt chữ có `: `, `#` hay dấu nháy vào giữa hai dấu nháy; viết các khóa thẳng cột
"""


def wrong(site: Site) -> None:
    site.write("articles/mot.md", MISTAKES)
    keys = "title: Hai\ndate: 2020-02-31\ncatgory: Tin tức\ndraft: có"
    site.write("articles/hai.md", f"---\n{keys}\n---\n\nNội dung.\n")


def run(site: Site, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as it is called, with no language in the environment but that given."""
    clean = {name: text for name, text in os.environ.items() if name not in VARIABLES}
    folders = ("content", "output", "cache")
    paths = [f"--{name}={getattr(site.options, name)}" for name in folders]
    return subprocess.run(
        [sys.executable, "build.py", arguments[0], *paths, *arguments[1:]],
        cwd=ROOT, env=clean | environment, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


def test_mistakes_are_told_in_vietnamese(site: Site) -> None:
    wrong(site)
    done = run(site, "build", "--lang", "vi")
    expected = TOLD.format(content=site.options.content.as_posix())
    assert sorted(done.stderr.split("\n")) == sorted(expected.split("\n"))
    assert done.stdout == "Chưa đăng gì: 4 lỗi, 0 cảnh báo. Trang vẫn như trước.\n"
    assert done.returncode == 1


def test_every_letter_gets_through_a_pipe_that_knows_few(site: Site) -> None:
    """As on Windows, where pipes have an encoding of one byte a letter."""
    assert run(site, "build", PYTHONIOENCODING="cp1252").stdout.startswith("0 bài viết; tệp: ")


@pytest.mark.parametrize("format_", ["json", "github"])
def test_machines_are_told_codes_and_the_same_words(site: Site, format_: str) -> None:
    wrong(site)
    told = run(site, "build", "--lang=vi", f"--format={format_}").stdout
    assert "date-impossible" in told
    assert "không có ngày giờ nào là “2020-02-31”" in told
    assert '"severity": "error"' in told or "::error file=" in told


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "vi"),  # the site's
        (["--lang", "en"], {"LANG": "vi_VN.UTF-8"}, "en"),
        (["--lang", "vi-VN"], {"LANG": "en_US.UTF-8"}, "vi"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "C.UTF-8"}, "vi"),
        ([], {"LC_ALL": "POSIX"}, "vi"),
        ([], {"LANG": "de_DE.UTF-8"}, "vi"),
        ([], {"LANGUAGE": "de:en", "LANG": "vi_VN"}, "en"),
        ([], {"LC_MESSAGES": "en_US", "LANG": "vi_VN.UTF-8"}, "en"),
    ],
)
def test_the_language_is_chosen(
    site: Site, arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    (asked,) = arguments[1:] or [""]
    assert choose_words(asked, site.options.content, environment).language == expected


def test_a_site_in_a_language_without_a_catalogue_is_told_in_english(site: Site) -> None:
    site.write("site.yaml", SITE.replace("language: vi", "language: de"))
    assert choose_words("", site.options.content, {}).language == "en"


def test_an_unknown_language_is_misuse(site: Site) -> None:
    done = run(site, "build", "--lang", "xx")
    assert done.returncode == 2
    assert "choose one of: en, vi" in done.stderr


def test_check_and_notes_speak_it_too(site: Site) -> None:
    site.write("articles/mot.md", article(body="Hai  dấu cách."))
    done = run(site, "check", LANG="vi_VN.UTF-8")
    assert "cảnh báo[spaces]: có hơn một dấu cách giữa hai từ\n    chỉ để một\n" in done.stderr
    assert "Đã kiểm tra 1 tệp bài viết: 0 lỗi, 1 cảnh báo; " in done.stdout
    assert "build.py check --fix` tự sửa được 1 chỗ trong số đó." in done.stdout
    run(site, "build")
    (site.options.cache / "store.sqlite").write_bytes(b"x" * 5000)
    assert "lưu ý: " in run(site, "build").stderr


def test_every_wording_can_be_said() -> None:
    """With values for all fields, in every language; a hint's suggestion too."""
    for language in languages():
        texts = read_catalogue(language)
        for code, rule in RULES.items():
            names = names_in(rule.message) | names_in(rule.hint)
            d = diagnostic(code, Place("a.md"), **dict.fromkeys(names, "x"))
            assert "{" not in d.message_in(texts).replace("{slug}", "")
            assert d.hint_in(texts).strip() == d.hint_in(texts)


def test_messages_in_diagnostics_are_translated_with_their_fields() -> None:
    texts = read_catalogue("vi")
    anchor = message("an anchor (`&{anchor}`)", anchor="x")
    anchored = diagnostic("yaml-feature", Place("a.md"), what=anchor)
    assert anchored.message == "an anchor (`&x`) is not allowed here"
    assert anchored.message_in(texts) == "ở đây không được dùng mốc (`&x`)"
    owner = message("the picture “{owned}”", owned="a.jpg")
    taken = diagnostic("url-twice", Place("a.md"), url="/a/", other=owner)
    assert taken.message == "the URL /a/ is already used by the picture “a.jpg”"
    assert taken.message_in(texts) == "địa chỉ /a/ đã thuộc về ảnh “a.jpg”"
    hostile = diagnostic("url-twice", Place("a.md"), url="{other.__class__}", other="{url}.md")
    assert hostile.message == "the URL {other.__class__} is already used by {url}.md"


def test_messages_are_stored_and_compared_as_values() -> None:
    outer = message("{file}: {reason}", file="a.md", reason=message("Is a directory"))
    found = diagnostic("unreadable", Place("a.md"), reason=outer)
    stored = msgspec.msgpack.encode(found)
    assert msgspec.msgpack.decode(stored, type=Diagnostic) == found
    assert found != diagnostic("unreadable", Place("a.md"), reason=str(outer))
    assert found.message_in(read_catalogue("vi")) == (
        "không đọc được tệp này: a.md: đây là thư mục"
    )
    assert str(outer) == "a.md: Is a directory"


@pytest.mark.parametrize("words", WORDS_OF_THE_PROGRAM)
def test_editors_words_are_never_translated(site: Site, words: str) -> None:
    """A title, a category and a file name that read like what the program says stay as they are."""
    keys = {"title": f"'{words}'", "category": f"'{words}'", "author": f"'{words}'"}
    site.write(f"articles/{words}.md", article(**keys))
    site.write("articles/b.md", article(body=f"[x](<{words}.jpg>)", **keys | {"author": "A  B"}))
    site.write("articles/c.md", article(title="Bài", category=f"'{words.title()}'"))
    texts = read_catalogue("vi")
    found = site.build().found
    assert {d.code for d in found} >= {"term-spelling", "link-broken"}
    said = [f"{d.message_in(texts)} {d.hint_in(texts)}" for d in found]
    assert any(f"“{words}”" in line for line in said), said
    assert not any(f"“{texts[words]}" in line for line in said), said
