"""``check`` as people and programs call it."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from support import ROOT, SITE, Site, article, picture, program, told

from kheo.check.check import CheckOptions, CheckResult, check

WRONG = article(body="Trong xã , huyện  ta.\n\n![](a.jpg)")


def run(site: Site, *arguments: str) -> "subprocess.CompletedProcess[str]":
    templates = ("--templates", str(ROOT / "templates"))
    return program("check", *templates, "--now", "2026-11-23T12:00:00", *arguments, cwd=site.root)


def codes(checked: CheckResult) -> list[str]:
    return [d.code for d in checked.found]


def check_site(site: Site, *paths: str, fix: bool = False, **choices: object) -> CheckResult:
    return check(structs.replace(site.options, **choices), CheckOptions(paths, fix))


def test_it_says_all_that_a_build_says_and_writes_no_page(site: Site) -> None:
    site.write("a.md", article("Một", "![](khong-co.jpg)\n\n[x](y.md)"))
    site.write("b.md", article("Hai", catgory="x"))
    site.write("c.md", article("Ba", author="Hoà") + "\nXem [a](#khong).\n")
    site.write("d.md", article("Bốn", author="Hòa"))
    site.write("e.md", b"\xff\xfe")
    checked = check_site(site)
    assert not site.options.output.exists()
    assert {d.code for d in site.build().found} <= set(codes(checked))
    assert told(site.build()) == [line for line in told(checked) if line in told(site.build())]


def test_it_says_what_is_wrong_with_the_theme_and_the_site_file(site: Site) -> None:
    import shutil

    templates = site.root / "templates"
    shutil.copytree(ROOT / "templates", templates)
    (templates / "article.html").write_text("{% if %}", encoding="utf-8")
    site.write("a.md", article())
    assert codes(check_site(site, templates=templates)) == ["template-syntax"]
    site.write("site.yaml", SITE + "titel: x\n")
    assert codes(check_site(site)) == ["unknown-key"]
    (site.options.content / "site.yaml").unlink()
    assert codes(check_site(site)) == ["site-file-missing"]


def test_exit_status_is_that_of_a_build(site: Site) -> None:
    file = site.write("a.md", article())
    assert run(site).returncode == 0
    file.write_text(article(body="Hai  cách."), encoding="utf-8")
    assert run(site).returncode == 0
    assert run(site, "--strict").returncode == 1
    assert run(site, "--strict", "--fix").returncode == 0
    file.write_text(article(date="hôm qua"), encoding="utf-8")
    assert run(site).returncode == 1
    answer = run(site, "--lang", "vi", "khong-co.md")
    assert answer.returncode == 2
    assert "không có tệp hay thư mục khong-co.md" in answer.stderr
    assert run(site, "--format", "xml").returncode == 2
    outside = site.root / "other.md"
    outside.write_text("x", encoding="utf-8")
    answer = run(site, "other.md")
    assert answer.returncode == 2
    assert "is not inside content" in answer.stderr


def test_line_and_column_for_people_forges_and_programs(site: Site) -> None:
    site.write("a.md", article(body="Trong xã , huyện."))
    assert (
        "content/a.md:7:9: warning[space-before]: there is a space before “,”" in run(site).stderr
    )
    github = run(site, "--format", "github").stdout
    assert "::warning file=content/a.md,line=7,col=9,title=space-before::" in github
    whole = json.loads(run(site, "--format", "json").stdout)
    (found,) = whole["diagnostics"]
    assert (found["path"], found["line"], found["column"]) == ("content/a.md", 7, 9)
    assert whole["summary"]["fixable"] == 1


def test_paths_limit_what_is_told_and_not_what_is_known(site: Site) -> None:
    site.write("2020/a.md", article("Một", "Hai  cách. [b](../2021/b.md)"))
    site.write("2021/b.md", article("Hai", "Hai  cách.", catgory="x"))
    assert codes(check_site(site, "2020/a.md")) == ["spaces", "link-left-out"]
    assert codes(check_site(site, "2020")) == ["spaces", "link-left-out"]
    assert codes(check_site(site, "202")) == []
    assert check_site(site, "").found == check_site(site).found
    first = run(site, "content/2020/a.md", "content/2021")
    assert "2020/a.md" in first.stderr
    assert "2021/b.md" in first.stderr


def test_only_named_files_are_fixed(site: Site) -> None:
    one, two = (site.write(f"{n}.md", article(f"Bài {n}", "Hai  cách.")) for n in "ab")
    assert check_site(site, "a.md", fix=True).fixed == ("a.md",)
    assert "Hai cách." in one.read_text(encoding="utf-8")
    assert "Hai  cách." in two.read_text(encoding="utf-8")
    assert codes(check_site(site)) == ["spaces"]


def test_a_code_is_switched_off_in_site_yaml(site: Site) -> None:
    file = site.write("a.md", article(body="Hai  cách , nhé."))
    site.write("site.yaml", SITE + "check_off: [spaces]\n")
    checked = check_site(site, fix=True)
    assert codes(checked) == []
    assert "Hai  cách, nhé." in file.read_text(encoding="utf-8")
    site.write("site.yaml", SITE)
    assert codes(check_site(site)) == ["spaces"]
    site.write("site.yaml", SITE + "check_off: [space]\n")
    (wrong,) = check_site(site).found
    assert (wrong.code, wrong.hint) == ("check-code", "did you mean “spaces”?")
    site.write("site.yaml", SITE + "check_off: [url-twice]\n")  # an error
    assert codes(check_site(site)) == ["check-code"]


def test_a_warning_of_the_build_is_switched_off_on_its_line(site: Site) -> None:
    site.write("a.jpg", picture(kind="JPEG"))
    site.write(
        "a.md", article(body="![](a.jpg) <!-- check-off: image-without-alt -->\n\n![](a.jpg)")
    )
    assert [d.place.line for d in check_site(site).found] == [9]


def test_a_comment_that_switches_off_is_not_published(site: Site) -> None:
    site.write(
        "a.md", article(body="Chữ  đây. <!-- check-off: spaces -->\n\n<!-- check-off -->\nNữa.")
    )
    site.build()
    assert "check-off" not in site.read("tin-tuc/bai-mot/index.html")


def test_errors_cannot_be_switched_off(site: Site) -> None:
    site.write("a.md", article(body="[x](khong-co.md) <!-- check-off -->"))
    assert codes(check_site(site)) == ["link-broken"]


def test_comments_in_front_matter_count_for_their_line(site: Site) -> None:
    site.write("a.md", article("Bài\u200b một  # check-off: invisible-character"))
    assert codes(check_site(site)) == []


@pytest.mark.parametrize("key", ["author", "campaign"])
def test_a_name_written_in_two_ways(site: Site, key: str) -> None:
    site.write("a.md", article("Một", **{key: "hoà bình"}))
    site.write("b.md", article("Hai", **{key: "hòa bình"}))
    (found,) = check_site(site).found
    assert found.code == "term-spelling"
    assert "the position of an accent" in found.message
    site.write("b.md", article("Hai", **{key: "Hoà Bình"}))
    (found,) = check_site(site).found
    assert "capital letters" in found.message
    site.write("b.md", article("Hai", **{key: "'hoà bình '"}))
    assert check_site(site).found == []
    site.write("b.md", article("Hai", **{key: "hoàbình"}))
    (found,) = check_site(site).found
    assert (found.code, found.place.path, found.place.line) == ("name-variant", "b.md", 5)


def test_a_listed_name_is_the_right_one(site: Site) -> None:
    site.write(
        "site.yaml", SITE + "authors: [{name: Hoà Bình}]\ncampaigns: [{title: Dân vận khéo}]\n"
    )
    front = {"author": "[Hải Hạnh, 'hòa bình']  # ký tên", "campaign": "Dânvận khéo"}
    file = site.write("a.md", article("Một", "Chữ  đây, hòa bình.", **front))
    before = file.read_text(encoding="utf-8")
    checked = check_site(site, fix=True)
    assert codes(checked) == []
    assert checked.fixed == ("a.md",)
    better = before.replace("'hòa bình'", "'Hoà Bình'").replace("Dânvận", "Dân vận")
    assert file.read_text(encoding="utf-8") == better.replace("Chữ  đây", "Chữ đây")


def test_an_address_of_a_listed_name_may_differ(site: Site) -> None:
    """Two people whose names differ by an accent's place are two, if the site says so."""
    two = "authors: [{name: Hoà, slug: hoa-a}, {name: Hòa, slug: hoa-b}]\n"
    site.write("site.yaml", SITE + two)
    site.write("a.md", article(author="[Hoà, Hòa]"))
    assert codes(check_site(site)) == []


def test_names_of_others_are_their_own(site: Site) -> None:
    for number, name in enumerate(["Hà", "Hạ", "Hải Hạnh", "Hải Hành", "K’Bang", "Bơ̆n", "Bơn"]):
        site.write(f"{number}.md", article(f"Bài {number}", author=name))
    assert "name-variant" not in codes(check_site(site))


def test_permissions_and_links_stay(site: Site) -> None:
    file = site.write("that.md", article(body="Hai  cách."))
    file.chmod(0o640)
    link = site.options.content / "lien-ket.md"
    link.symlink_to("that.md")
    checked = check_site(site, fix=True)
    assert set(checked.fixed) <= {"that.md", "lien-ket.md"}
    assert link.is_symlink()
    assert oct(file.stat().st_mode)[-3:] == "640"
    assert [one.name for one in file.parent.iterdir() if one.name.startswith(".")] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(site: Site) -> None:
    file = site.write("a/b.md", article(body="Hai  cách."))
    file.parent.chmod(0o555)
    assert run(site, "--fix").returncode == 3
    file.parent.chmod(0o755)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_not_be_written_is_left(site: Site) -> None:
    file = site.write("a.md", article(body="Hai  cách."))
    file.chmod(0o444)
    answer = run(site, "--fix")
    assert answer.returncode == 3
    assert "a.md: Permission denied" in answer.stderr
    assert "Hai  cách." in file.read_text(encoding="utf-8")


def test_what_somebody_saves_meanwhile_is_not_overwritten(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was looked at, and while it is being fixed: the words of the person stay."""
    import kheo.check.fixing as fixing

    file = site.write("a.md", article(body="Hai  cách."))
    gone = site.write("b.md", article("Hai", body="Hai  cách."))
    theirs = article("Khác", "Khác , hẳn  rồi.")
    apply_fixes, read = fixing.apply_fixes, fixing.content_digest

    def saved_before(data: bytes) -> str:
        file.write_text(theirs, encoding="utf-8")
        gone.unlink(missing_ok=True)
        return "" if data == theirs.encode() else read(file.read_bytes())

    def saved_after(*arguments: object) -> bytes:
        file.write_text(theirs, encoding="utf-8")
        return apply_fixes(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(fixing, "content_digest", saved_before)
        assert check_site(site, fix=True).fixed == ()
    assert file.read_text(encoding="utf-8") == theirs
    file.write_text(article(body="Ba  cách."), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(fixing, "apply_fixes", saved_after)
        assert check_site(site, fix=True).fixed == ()
    assert file.read_text(encoding="utf-8") == theirs
    assert [one.name for one in file.parent.iterdir() if one.name.startswith(".")] == []


def test_old_encodings_are_not_fixed(site: Site) -> None:
    """In TCVN3, what is ``ư`` there is an invisible sign here: to delete it would lose the letter."""
    text = article(body="Nhµ n\xadíc  vµ nh©n d©n , c¸c d©n téc, d\xadíi sù l·nh ®¹o cña §¶ng.")
    file = site.write("a.md", text)
    assert codes(check_site(site, fix=True)) == ["encoding"]
    assert file.read_text(encoding="utf-8") == text
    few = article(body="Nhµ n\xadíc ta.")  # too few words to tell
    file.write_text(few, encoding="utf-8")
    assert codes(check_site(site, fix=True)) == ["invisible-character"]
    assert file.read_text(encoding="utf-8") == few


def test_what_is_remembered_is_what_is_found_anew(make_site: Callable[[str], Site]) -> None:
    """The same answer from a warm cache, after each edit, as from no cache at all."""
    warm = make_site("warm")
    files = {
        "a.md": WRONG,
        "b.md": article("Hai"),
        "p.md": "---\ntitle: Trang\nkind: page\n---\nA , b.\n",
    }
    edits: list[tuple[str, str]] = [
        *files.items(),
        ("b.md", article("Hai", "Nữa  đây.\n\nHải Hạnh", author="Hải Hạnh")),
        ("b.md", article("Hai", "Nữa  đây.\n\nHải Hạnh", author="Ai khác")),
        ("site.yaml", SITE.replace("language: vi", "language: en")),
        ("site.yaml", SITE + "check_off: [spaces]\n"),
        ("a.md", article("Một", catgory="x")),
        ("a.md", WRONG),
        ("b.md", article("Hai", "[x](a.md)", date="2030-01-01")),
    ]
    for number, (path, text) in enumerate(edits):
        warm.write(path, text)
        cold = {"cache": warm.root / f"cache{number}"}
        wanted = check_site(warm, **cold).found
        assert check_site(warm).found == wanted, path
        assert check_site(warm).found == wanted, path


def test_new_times_do_not_lint_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    file = site.write("a.md", WRONG)
    first = check_site(site)
    os.utime(file, (1, 1))
    monkeypatch.setattr("kheo.check.lint_stage.lint", lambda *a: pytest.fail("linted again"))
    assert check_site(site).found == first.found


def test_a_build_after_a_check_is_whole(make_site: Callable[[str], Site]) -> None:
    one, two = make_site("one"), make_site("two")
    for site in (one, two):
        site.write("a.md", article(body="Hai  cách."))
    check_site(one)
    one.build()
    check_site(one)
    two.build()
    assert one.tree() == two.tree()


def test_what_the_build_refuses_is_not_linted(site: Site) -> None:
    site.write("a.md", "Không có gì  ở đầu.\n")
    site.write("b.md", b"---\ntitle: x\n---\n\xff  \xfe")
    site.write("c.md", "")
    assert not {"spaces"} & set(codes(check_site(site, fix=True)))


def test_another_language_has_its_own_habits(site: Site) -> None:
    templates = site.root / "templates"
    import shutil

    shutil.copytree(ROOT / "templates", templates)
    (templates / "locale/fr").mkdir()
    (templates / "locale/fr/language.yaml").write_text(
        "name: Français\nspaced_marks: ':;!?'\nlink_texts: [cliquez ici]\n", encoding="utf-8"
    )
    shutil.copy(templates / "locale/en/messages.po", templates / "locale/fr/messages.po")
    site.write("site.yaml", SITE.replace("language: vi", "language: fr"))
    site.write("a.md", article(body="Quoi\xa0? Oui ! Non , [Cliquez ici](https://x.fr)."))
    site.write(
        "b.md",
        Path(site.options.content / "a.md").read_text(encoding="utf-8").replace("Bài một", "B"),
    )
    found = check_site(site, "a.md", templates=templates).found
    assert [d.code for d in found] == ["space-before", "link-text"]
