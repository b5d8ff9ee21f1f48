"""YAML that is made to cost, to construct, to mislead."""

import pytest
from harmless import build, told
from support import Site

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
GOOD = "title: Bài một\ndate: 2020-02-12\ncategory: Tin tức\n"

CASES = {
    "bomb of aliases": (BOMB + GOOD, ["2:4 yaml-feature"]),
    "bomb of merges": ("a: &a {x: 1}\nb: {<<: [*a, *a, *a]}\n" + GOOD, ["2:4 yaml-feature"]),
    "python object": ("title: !!python/object/apply:os.system ['true']\n" + GOOD[20:], ["2:8 yaml-feature"]),
    "python name": ("title: !!python/name:os.system\n" + GOOD[20:], ["2:8 yaml-feature"]),
    "own tag": (GOOD + "summary: !x y\n", ["5:10 yaml-feature"]),
    "anchor": (GOOD + "summary: &x y\n", ["5:10 yaml-feature"]),
    "alias of nothing": (GOOD + "summary: *x\n", ["5:10 yaml-feature"]),
    "binary": (GOOD + "summary: !!binary aGVsbG8=\n", ["5:10 yaml-feature"]),
    "set": (GOOD + "author: !!set {a, b}\n", ["5:9 yaml-feature"]),
    "deep lists": (GOOD + "author: " + "[" * 2000 + "]" * 2000 + "\n", ["5:24 yaml-depth"]),
    "deep maps": (GOOD + "author: " + "{a: " * 2000 + "}" * 2000 + "\n", ["5:69 yaml-depth"]),
    "deep blocks": (GOOD + "author:\n" + "".join(" " * n + "-\n" for n in range(1, 200)), ["21:17 yaml-depth"]),
    "ten megabytes": (GOOD + "summary: " + "x" * 10_000_000 + "\n", ["1:1 front-matter-too-long"]),
    "a hundred thousand keys": (GOOD + "".join(f"k{n}: v\n" for n in range(100_000)), ["1:1 front-matter-too-long"]),
    "a thousand keys": (GOOD + "".join(f"k{n}: v\n" for n in range(1000)), [f"{n + 5}:1 unknown-key" for n in range(1000)]),
    "two documents": (GOOD + "...\nfoo: bar\n", ["6:1 yaml-syntax"]),
    "directive": ("%YAML 1.1\n" + GOOD, ["3:1 yaml-syntax"]),
    "a key that is a list": (GOOD + "? [a, b]\n: c\n", ["5:3 yaml-key"]),
    "a key that is empty": (GOOD + ": c\n", ["5:1 yaml-syntax"]),
    "a list instead of keys": ("- a\n- b\n", ["2:1 yaml-not-keys"]),
    "a text instead of keys": ("nur text\n", ["2:1 yaml-not-keys"]),
    "a text of the wrong kind": (GOOD + "draft: perhaps\n", ["5:8 wrong-type"]),
    "a list for a title": (GOOD.replace("Bài một", "[a, b]"), ["2:8 wrong-type"]),
    "a map for a date": (GOOD.replace("2020-02-12", "{a: b}"), ["3:7 wrong-type"]),
    "a number of any size": (GOOD + "weight: " + "9" * 400 + "\n", ["5:9 wrong-type"]),
    "not a number": (GOOD + "weight: .nan\n", ["5:9 wrong-type"]),
    "a year without end": (GOOD.replace("2020", "99999999999"), ["3:7 date-unreadable"]),
    "year zero": (GOOD.replace("2020", "0000"), ["3:7 date-impossible"]),
    "a date before any time zone": (GOOD.replace("2020", "0001"), ["3:7 date-impossible"]),
    "the last day": (GOOD.replace("2020-02-12", "9999-12-31"), ["3:7 date-impossible"]),
    "an offset of 99 hours": (GOOD.replace("2020-02-12", "2020-02-12T10:00:00+99:00"), ["3:7 date-impossible"]),
    "escapes": (GOOD.replace("Bài một", '"\\u0000\\u001b[31m\\uD800"'), ["2:8 yaml-syntax"]),
    "escape codes of terminals": (GOOD.replace("Bài một", '"\\e[31mred\\a"'), ["2:8 control-character"]),
    "line breaks in a title": (GOOD.replace("Bài một", '"a\\nb\\r\\nc"'), ["2:8 control-character"]),
    "line breaks of Unicode": (GOOD.replace("Bài một", '"a\\u2028b\\x85c"'), ["2:8 control-character"]),
    "bidi controls": (GOOD.replace("Bài một", '"a \\u202egpj.exe"'), ["2:8 control-character"]),
    "a title of blanks": (GOOD.replace("Bài một", '"\\u00a0\\u200b \\u3000"'), ["2:1 slug-empty"]),
    "a title of 60 KB": (GOOD.replace("Bài một", "chữ " * 12_000), ["1:1 front-matter-too-long"]),
    "a title of combining marks": (GOOD.replace("Bài một", "e" + "\u0301" * 5000), ["2:1 title-too-long"]),
    "a title of signs": (GOOD.replace("Bài một", "'!!! ???'"), ["2:1 slug-empty"]),
    "a carriage return in a comment": (GOOD + "# x\rdraft: true\n", []),
    "an unknown escape": (GOOD.replace("Bài một", '"\\q"'), ["2:8 yaml-syntax"]),
    "a colon too many": (GOOD.replace("Bài một", "a: b: c"), ["2:9 yaml-syntax"]),
    "a reserved sign": (GOOD.replace("Bài một", "@x"), ["2:8 yaml-syntax"]),
    "a percent sign": (GOOD.replace("Bài một", "%x"), ["2:8 yaml-syntax"]),
    "authors without end": (GOOD + "author: [" + "a, " * 5000 + "a]\n", ["5:160 list-too-long"]),
    "aliases without end": (
        GOOD + "aliases: [" + ", ".join(f"/x/{n}/" for n in range(2000)) + "]\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_front_matter(name: str, site: Site) -> None:
    text, expected = CASES[name]
    site.write("articles/a.md", f"---\n{text}---\n\nNội dung.\n")
    assert told(build(site)) == [f"articles/a.md:{line}" for line in expected]
