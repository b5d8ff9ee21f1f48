"""A disk that is full, or fails, at any write of a whole build: pictures, search index, store, lists of
changes and releases included. The site stays as it was, the exit status is 3; or all is well."""

import errno
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import Site, article, picture, tree

from benchmarks.disks import WRITES, Failure, failing, fill, small_disk
from kheo.cli import main

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
WORDS = ("no space left", "disk is full", "disk I/O error", "disk reports an error", "permission",
         "interrupted here: build again")  # fmt: skip
MEGABYTES = 64  # of the small disk
STEPS = (1, 3, 8, 34, 144)  # which call fails; all, one after the other, with --many


class Village:
    """A site with a picture, a search index, a list of changes and releases."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.www = site.root / "www"
        self.edition = 0
        site.write("articles/b.md", article("Bài hai", aliases="/cu/"))
        site.write("published", b"")
        self.edit()

    def edit(self) -> None:
        """Another title, another picture, one address that comes and one that goes."""
        self.edition += 1
        self.site.write("articles/x.png", picture(20 + self.edition % 100, 20))
        text = article(f"Bài số {self.edition}", f"Sửa {self.edition}.\n\n![x](x.png)")
        self.site.write("articles/a.md", text)

    def build(self) -> Result:
        options = self.site.options
        command = ["--content", options.content, "--templates", options.templates, "--jobs", "1",
                   "--output", options.output, "--cache", options.cache, "--release-dir", self.www,
                   "--changes", self.site.root / "changes", "--since", options.content / "published",
                   "--keep", "2", "--now", "2026-11-23T12:00:00Z"]  # fmt: skip
        return CliRunner().invoke(main, ["build", *map(str, command)])

    def served(self) -> dict[str, bytes]:
        return tree(self.www / "current")

    def complete(self) -> None:
        result = self.build()
        assert (result.exit_code, result.exception) == (0, None), result.output
        assert f"so-{self.edition}/" in " ".join(self.site.tree())
        assert self.served().items() >= self.site.tree().items()
        assert not (self.site.options.output / ".staging").exists()
        left = {file.name for file in self.site.options.cache.iterdir()}
        assert left <= {"lock", "store.sqlite", "manifest", "pictures", "search"}

    def holds(self, before: dict[str, bytes], result: Result) -> None:
        """All went well; or it is told, and site and release are as before."""
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        if result.exit_code == 0:
            return
        assert result.exit_code == 3, result.output
        assert any(words in result.output for words in WORDS), result.output
        # Only a list of changes or a release can fail when the site is done.
        assert self.site.tree() == before or f"so-{self.edition}/" in " ".join(self.site.tree())


@pytest.mark.parametrize("name", WRITES)
def test_any_write_of_a_whole_build_can_fail(name: str, site: Site, many: bool) -> None:
    village = Village(site)
    village.complete()
    folders = (
        *(str(site.root / one) for one in ("output", ".cache", "www", "changes", ".changes")),
    )
    for turn, nth in enumerate(range(1, 999) if many else STEPS):
        village.edit()
        before, served = site.tree(), village.served()
        with failing(Failure(name, nth, ERRORS[turn % 3], folders)) as happened:
            result = village.build()
        village.holds(before, result)
        if result.exit_code:
            assert village.served() == served
        village.complete()
        if not happened():
            return


def test_a_disk_with_room_for_a_part_of_the_build(tmp_path: Path, many: bool) -> None:
    """A real full disk, so that SQLite and Pillow meet it too."""
    rooms = range(0, 2400, 16) if many else range(0, 1300, 180)  # KB; about 900 are needed
    with small_disk(tmp_path / "disk", MEGABYTES) as is_there:
        if not is_there:
            pytest.skip("no disk can be mounted here")
        village = Village(Site(tmp_path / "disk/site"))
        village.complete()
        failed = 0
        for room in rooms:
            village.edit()
            before = village.site.tree()
            ballast = fill(tmp_path / "disk", room * 1024, MEGABYTES)
            result = village.build()
            village.holds(before, result)
            failed += result.exit_code != 0
            ballast.unlink()
            village.complete()
    assert failed > 3
