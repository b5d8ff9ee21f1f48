"""What publishing does to an output folder: what comes, what goes, and what is never touched."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support import tree
from unit.publish.press import Press, RefusedError, generation

from kheo.errors import FileAccessError
from kheo.publish import manifest, writer
from kheo.publish.staging import UNDER_WAY, close_staging, open_staging, stage
from kheo.publish.switch import Switch
from kheo.store.journal import Move, begin_publication

OLD = {
    "index.html": b"old home",
    "a/index.html": b"old a",
    "gone/deep/index.html": b"old, to go",
    "same.html": b"same",
    "file": b"a file that becomes a folder",
    "folder/index.html": b"a folder that becomes a file",
}
NEW = {
    "index.html": b"new home",
    "a/index.html": b"new a",
    "b/c/index.html": b"new, not there before",
    "same.html": b"same",
    "file/index.html": b"a folder that was a file",
    "folder": b"a file that was a folder",
}
# .kheo lists the published files, and has a moment of its own
MANIFEST = ".kheo"


def pages_of(press: Press) -> dict[str, bytes]:
    return {
        path: data
        for path, data in tree(press.output).items()
        if path != MANIFEST and not path.startswith(".staging/kheo-")
    }


def times(press: Press) -> dict[str, int]:
    return {path: (press.output / path).stat().st_mtime_ns for path in tree(press.output)}


def test_a_site_appears_changes_and_shrinks(press: Press) -> None:
    assert press.publish(OLD) == writer.Counts(6, 0, 0)
    assert pages_of(press) == OLD
    assert press.publish(NEW) == writer.Counts(5, 1, 3)
    assert pages_of(press) == NEW
    assert press.publish({}) == writer.Counts(0, 0, 6)
    assert tree(press.output) == {MANIFEST: b""}
    assert [file.name for file in press.output.iterdir()] == [MANIFEST]


def test_nothing_to_do_writes_nothing(press: Press) -> None:
    press.publish(OLD)
    before = times(press)
    store = (press.cache / "store.sqlite").read_bytes()
    assert press.publish(OLD) == writer.Counts(0, 6, 0)
    assert times(press) == before
    assert press.staged == []
    assert (press.cache / "store.sqlite").read_bytes() == store


def test_a_deleted_output_file_comes_back_and_only_it_is_made(press: Press) -> None:
    press.publish(OLD)
    (press.output / "a/index.html").unlink()
    assert press.publish(OLD).written == 1
    assert press.staged == ["a/index.html"]
    assert pages_of(press) == OLD


def test_a_file_that_somebody_changed_is_made_again(press: Press) -> None:
    press.publish(OLD)
    (press.output / "a/index.html").write_bytes(b"OLD A")  # as long as before
    press.publish(OLD)
    assert pages_of(press) == OLD


def test_a_file_that_is_made_again_alike_keeps_its_time(press: Press) -> None:
    press.publish(OLD)
    os.utime(press.output / "index.html", ns=(1, 1))
    shutil.rmtree(press.cache)
    before = times(press)
    assert press.publish(OLD) == writer.Counts(0, 6, 0)
    assert times(press) == before
    press.publish(OLD)
    assert press.staged == [], "its record is whole again"


def test_the_manifest_verifies_the_site(press: Press) -> None:
    press.publish(NEW | {"tin-tức/ảnh đẹp\u2028.html": b"x"})
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "-c", "--quiet", MANIFEST], cwd=press.output, check=True)
    lines = (press.output / MANIFEST).read_text(encoding="utf-8").split("\n")
    paths = [line[66:] for line in lines if line]
    assert paths == sorted(paths)
    assert set(paths) == set(pages_of(press))


@pytest.mark.parametrize("lost", ["cache", "manifest"])
def test_stale_files_go_though_the_store_or_the_manifest_is_lost(press: Press, lost: str) -> None:
    press.publish(OLD)
    if lost == "cache":
        shutil.rmtree(press.cache)
    else:
        (press.output / MANIFEST).unlink()
    press.publish(NEW)
    assert pages_of(press) == NEW
    assert not (press.output / "gone").exists()


def test_a_project_that_was_moved_with_its_store_is_not_made_again(
    tmp_path: Path, make_press: Callable[[str], Press]
) -> None:
    make_press("here").publish(OLD)
    (tmp_path / "here").rename(tmp_path / "there")
    moved = make_press("there")
    assert moved.publish(OLD) == writer.Counts(0, 6, 0)
    assert moved.staged == []
    moved.publish(NEW)
    assert pages_of(moved) == NEW
    assert moved.belongs_here()


def test_one_store_may_serve_two_outputs(press: Press, tmp_path: Path) -> None:
    press.publish(OLD)
    other = Press(tmp_path)
    other.output = tmp_path / "second"
    other.publish(NEW)
    assert pages_of(other) == NEW
    assert pages_of(press) == OLD
    press.publish({"index.html": b"third"})
    assert pages_of(press) == {"index.html": b"third"}
    assert pages_of(other) == NEW


# --- what is not ours ---------------------------------------------------------------------------


def test_a_folder_with_other_files_is_refused_and_left_alone(press: Press) -> None:
    press.output.mkdir()
    (press.output / "thesis.doc").write_bytes(b"precious")
    with pytest.raises(RefusedError, match=r"thesis\.doc"):
        press.publish(OLD)
    assert tree(press.output) == {"thesis.doc": b"precious"}


def test_force_writes_beside_and_over_foreign_files(press: Press) -> None:
    press.output.mkdir()
    (press.output / "thesis.doc").write_bytes(b"precious")
    (press.output / "index.html").write_bytes(b"theirs")
    press.publish(OLD, force=True)
    assert pages_of(press) == OLD | {"thesis.doc": b"precious"}
    press.publish({})
    assert pages_of(press) == {"thesis.doc": b"precious"}


def test_a_store_from_elsewhere_makes_no_files_ours(press: Press, tmp_path: Path) -> None:
    press.publish(OLD)
    other = Press(tmp_path)
    other.output = tmp_path / "documents"
    other.output.mkdir()
    (other.output / "index.html").write_bytes(b"precious")
    with pytest.raises(RefusedError, match=r"index\.html"):
        other.publish({"index.html": b"new"})


def test_an_output_replaced_by_somebody_elses_folder_is_refused(press: Press) -> None:
    press.publish(OLD)
    shutil.rmtree(press.output)
    press.output.mkdir()
    (press.output / "index.html").write_bytes(b"precious")
    with pytest.raises(RefusedError, match=r"index\.html"):
        press.publish(OLD)


@pytest.mark.parametrize("path", ["b/c/index.html", "b", "b/c/index.html/x"])
def test_a_foreign_file_in_the_way_is_refused(press: Press, path: str) -> None:
    press.publish(OLD)
    file = press.output / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"precious")
    before = tree(press.output)
    with pytest.raises(RefusedError, match=path):
        press.publish(NEW)
    assert tree(press.output) == before


def test_foreign_files_beside_ours_stay_with_their_folders(press: Press) -> None:
    press.publish(OLD)
    (press.output / "gone/deep/notes.txt").write_bytes(b"precious")
    (press.output / "empty").mkdir()
    press.publish({"index.html": b"new"})
    assert pages_of(press) == {"index.html": b"new", "gone/deep/notes.txt": b"precious"}
    assert (press.output / "empty").is_dir()


def test_a_folder_of_somebody_at_the_place_of_a_stale_file_stays(press: Press) -> None:
    press.publish(OLD)
    (press.output / "same.html").unlink()
    (press.output / "same.html").mkdir()
    (press.output / "same.html/notes.txt").write_bytes(b"precious")
    press.publish({"index.html": b"new"})
    assert pages_of(press) == {"index.html": b"new", "same.html/notes.txt": b"precious"}


def test_links_are_never_followed(press: Press, tmp_path: Path) -> None:
    press.publish(OLD)
    outside = tmp_path / "outside"
    (press.output / "gone").rename(outside)
    (press.output / "gone").symlink_to(outside)
    press.publish({"index.html": b"new"})
    assert tree(outside) == {"deep/index.html": b"old, to go"}
    with pytest.raises(RefusedError, match="gone"):
        press.publish({"index.html": b"new", "gone/deep/index.html": b"again"})
    assert tree(outside) == {"deep/index.html": b"old, to go"}


@pytest.mark.parametrize("force", [False, True])
def test_a_link_at_the_place_of_a_page_is_refused(
    press: Press, tmp_path: Path, force: bool
) -> None:
    press.publish(OLD)
    (tmp_path / "outside").write_bytes(b"precious")
    (press.output / "index.html").unlink()
    (press.output / "index.html").symlink_to(tmp_path / "outside")
    with pytest.raises(RefusedError, match=r"index\.html"):
        press.publish(NEW, force)
    assert (tmp_path / "outside").read_bytes() == b"precious"


def test_what_nobody_looked_for_before_still_stops_the_publication(press: Press) -> None:
    """The pipeline may not ask about each path; then the writer finds out, and puts all back."""
    press.publish(OLD)
    with press.store() as store:
        published = manifest.find_published_files(store, press.output)
        staging = open_staging(press.output)
        (press.output / "z").mkdir()
        staged = [stage(staging, p, b"new", b"", b"", "") for p in ("index.html", "z")]
        with pytest.raises(FileAccessError, match="in the way"):
            writer.publish(
                store, press.output, writer.NewSite(staged, set(OLD) - {"index.html"}), published
            )
        close_staging(press.output)
    assert pages_of(press) == OLD


def test_a_staging_folder_of_somebody_is_left_alone(press: Press) -> None:
    press.publish(OLD)
    (press.output / ".staging").mkdir()
    (press.output / ".staging/notes.txt").write_bytes(b"precious")
    press.publish(NEW)
    assert pages_of(press) == NEW | {".staging/notes.txt": b"precious"}


def test_a_manifest_cannot_lead_out(press: Press, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_bytes(b"precious")
    press.publish(OLD)
    with (press.output / MANIFEST).open("a", encoding="utf-8") as stream:
        stream.write("0" * 64 + "  ../precious.txt\n" + "0" * 64 + f"  {precious}\nnonsense\n")
    press.publish(NEW)
    assert precious.read_bytes() == b"precious"


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "a//x", "", ".kheo", ".staging/x"])
def test_a_path_that_leads_out_is_a_mistake_of_the_program(press: Press, path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        stage(open_staging(press.output), path, b"", b"", b"", "")


# --- modes, places ------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="no such modes there")
@pytest.mark.parametrize("umask", [0o022, 0o000, 0o077, 0o027])
def test_modes_do_not_depend_on_the_umask(press: Press, umask: int) -> None:
    usual = os.umask(umask)
    try:
        press.publish(NEW)
    finally:
        os.umask(usual)
    for file in press.output.rglob("*"):
        wanted = 0o755 if file.is_dir() else 0o644
        assert stat.S_IMODE(file.stat().st_mode) == wanted, file


def test_the_output_folder_may_itself_be_a_link(press: Press, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    press.output.symlink_to(tmp_path / "elsewhere")
    press.publish(OLD)
    press.publish(NEW)
    assert pages_of(press) == NEW
    assert press.output.is_symlink()


# --- after a kill -------------------------------------------------------------------------------


def test_a_publication_that_was_cut_off_anywhere_is_finished(
    press: Press, make_press: Callable[[str], Press], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a kill leaves it: the journal is in the store, some renames are done."""

    class Killed(BaseException):
        pass

    steps = 0
    while True:
        steps += 1
        killed = make_press(str(steps))
        killed.publish(OLD)
        left = iter(range(steps))
        with monkeypatch.context() as patch:
            for name in ("replace", "rename", "link", "mkdir", "rmdir"):
                real = getattr(os, name)

                def step(*args, real=real, left=left, **keywords):
                    if next(left, None) is None:
                        raise Killed
                    return real(*args, **keywords)

                patch.setattr(os, name, step)
            patch.setattr(Switch, "undo", lambda switch: ["killed"])
            patch.setattr(writer, "close_staging", lambda output: None)
            try:
                killed.publish(NEW)
                break
            except (Killed, FileAccessError):
                pass
        for path, data in pages_of(killed).items():
            assert data in (OLD.get(path), NEW.get(path))
        with killed.store() as store:
            writer.resume(store, killed.output)
        killed.publish(NEW)
        assert pages_of(killed) == NEW
        assert not (killed.output / ".staging").exists()
        assert not (killed.output / "gone").exists()
    assert steps > 15


def test_finishing_takes_what_was_staged_and_makes_nothing_again(press: Press) -> None:
    press.publish(OLD)
    with press.store() as store:
        staging = open_staging(press.output)
        one = stage(staging, "index.html", b"new", b"print", b"made", "")
        move = Move(one.path, one.name, writer._record(one))
        begin_publication(store, staging.name, str(press.output.resolve()), [move], set(OLD))
        (staging / UNDER_WAY).touch()
    with press.store() as store:
        assert writer.resume(store, press.output)
        assert store.published()["index.html"].fingerprint == b"print"
        assert "index.html" in manifest.find_intact(press.output, store.published())
        assert not writer.resume(store, press.output)
    assert pages_of(press) == OLD | {"index.html": b"new"}


def test_a_journal_whose_staging_is_gone_or_of_another_build_does_nothing(press: Press) -> None:
    press.publish(OLD)
    with press.store() as store:
        begin_publication(
            store, "kheo-0", str(press.output.resolve()), [Move("same.html", "", None)], set(OLD)
        )
        other = open_staging(press.output)
        (other / UNDER_WAY).touch()
    with press.store() as store:
        assert not writer.resume(store, press.output)
    assert pages_of(press) == OLD


def test_the_store_may_be_lost_together_with_an_unfinished_publication(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(Switch, "remove", lambda switch, path: 1 / 0)
        patch.setattr(Switch, "undo", lambda switch: ["killed"])
        with pytest.raises(ZeroDivisionError):
            press.publish(NEW | {"unfinished.html": b"x"})
    shutil.rmtree(press.cache)
    press.publish({"index.html": b"third"})
    assert tree(press.output).keys() == {"index.html", MANIFEST}


def test_a_late_worker_of_a_killed_build_harms_nobody(press: Press) -> None:
    press.publish(OLD)
    late = open_staging(press.output)
    press.publish(NEW)
    with pytest.raises(FileAccessError, match="No such file"):
        stage(late, "index.html", b"late", b"", b"", "")
    assert pages_of(press) == NEW


def test_generations_follow_each_other(press: Press) -> None:
    for number in range(1, 8):
        press.publish(generation(number))
        assert pages_of(press) == generation(number)
