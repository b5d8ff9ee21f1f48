"""What the store remembers, and what becomes of it when it is hurt."""

import multiprocessing
import os
import random
import sqlite3
from pathlib import Path

import pytest
from unit.publish.press import Press

from kheo import __version__
from kheo.errors import FileAccessError, StoreDamagedError
from kheo.model import FileState
from kheo.store.connection import FOREIGN_FILE, open_existing, open_store
from kheo.store.store import STORE_FILE, ParsedRow, Store

SEEN = FileState(10, 20, "d1")


def row(path: str, *texts: str, digest: str = "d1") -> ParsedRow:
    bodies = {f"body of {text}": text for text in texts}
    return ParsedRow(path, FileState(10, 20, digest), f"blob of {path}".encode(), bodies)


def filled(cache: Path, count: int = 300) -> Path:
    with open_store(cache) as (store, _):
        store.remember([row(f"{n}.md", f"text {n} " * 50) for n in range(count)], [])
        store.set_memo("last", "", b"fact")
    return cache / STORE_FILE


def content(store: Store) -> tuple[object, ...]:
    documents = list(store.documents())
    return (
        store.sources(),
        documents,
        store.bodies([]),
        store.published(),
        store.memo("last", "", bytes),
    )


def test_what_is_remembered_is_there_next_time(tmp_path: Path) -> None:
    with open_store(tmp_path) as (store, warning):
        store.remember([row("b.md", "x", "y"), row("a.md", "x")], [])
        store.set_memo("last", "", b"\0\1")
        assert warning is None
    with open_store(tmp_path) as (store, warning):
        assert warning is None
        assert store.sources() == {"a.md": SEEN, "b.md": SEEN}
        both = [("a.md", "d1", b"blob of a.md"), ("b.md", "d1", b"blob of b.md")]
        assert list(store.documents()) == both
        assert list(store.documents("b.md")) == both[1:]
        assert store.bodies(["body of x", "body of y"]) == {"body of x": "x", "body of y": "y"}
        assert store.memo("last", "", bytes) == b"\0\1"
        assert store.memo("last", "another version", bytes) is None
        assert store.memo("last", "", dict[str, int]) is None
        assert store.memo("never set", "", bytes) is None


def test_a_new_time_is_taken_in_only_for_the_same_bytes(tmp_path: Path) -> None:
    with open_store(tmp_path) as (store, _):
        store.remember([row("a.md", "x"), row("b.md", "x")], [])
        store.remember([], [("a.md", FileState(10, 99, "d1")), ("b.md", FileState(9, 9, "d2"))])
        assert store.sources() == {"a.md": FileState(10, 99, "d1"), "b.md": SEEN}


def test_bodies_that_no_source_has_are_dropped(tmp_path: Path) -> None:
    with open_store(tmp_path) as (store, _):
        store.remember([row("a.md", "x", "y"), row("b.md", "y")], [])
        store.remember([row("a.md", "z", digest="d2")], [])
        assert store.bodies(["body of y", "body of z"]).keys() == {"body of y", "body of z"}
        store.forget(["b.md"])
        assert store.sources().keys() == {"a.md"}
        for gone in ("body of x", "body of y"):
            with pytest.raises(StoreDamagedError, match=gone):
                store.bodies([gone])
        store.remember([row("again.md", "x", "y")], [])


def test_the_file_shrinks_when_most_sources_are_gone(tmp_path: Path) -> None:
    texts = [row(f"{n}.md", f"{n} " * 5000) for n in range(800)]
    with open_store(tmp_path) as (store, _):
        store.remember(texts, [])
    full = (tmp_path / STORE_FILE).stat().st_size
    with open_store(tmp_path) as (store, _):
        store.forget([one.path for one in texts[50:]])
    assert (tmp_path / STORE_FILE).stat().st_size < full / 5


def test_a_clean_end_leaves_one_file(tmp_path: Path) -> None:
    filled(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [STORE_FILE]


def test_another_version_forgets_sources_and_keeps_what_is_published(press: Press) -> None:
    press.publish({"index.html": b"x"})
    with open_store(press.cache) as (store, _):
        store.remember([row("a.md", "x")], [])
    with open_store(press.cache) as (store, warning):
        assert warning is None
        store.keep_sources_of("1")
        assert store.sources().keys() == {"a.md"}
        store.keep_sources_of("2")
        assert store.sources() == {}
        assert store.published().keys() == {"index.html"}


ANOTHER_VERSION = f"another version of Khéo made it; this is {__version__}"


def test_other_tables_are_made_anew_and_it_is_told(tmp_path: Path) -> None:
    file = filled(tmp_path)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 1")
    connection.execute("DROP TABLE memos")
    connection.close()
    with open_store(tmp_path) as (store, warning):
        assert ANOTHER_VERSION in str(warning)
        assert store.sources() == {}
    with open_store(tmp_path) as (_, warning):
        assert warning is None, "once"


def test_a_store_of_another_version_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kheo.store.connection.__version__", "0.0.1")
        filled(tmp_path)
    with open_store(tmp_path) as (_, warning):
        assert ANOTHER_VERSION in str(warning)
    with open_store(tmp_path) as (_, warning):
        assert warning is None


# --- hurt ---------------------------------------------------------------------------------------


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2 + 77)


def cut_short(file: Path) -> None:
    os.truncate(file, 50)


def overwrite_pages(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(16384)
        stream.write(random.Random(1).randbytes(100_000))


@pytest.mark.parametrize("hurt", [cut, cut_short, overwrite_pages])
def test_a_damaged_store_is_made_anew_with_one_warning(tmp_path: Path, hurt) -> None:
    hurt(filled(tmp_path))
    with open_store(tmp_path) as (store, warning):
        assert "rebuilding" in str(warning)
        assert "\n" not in str(warning)
        assert content(store) == ({}, [], {}, {}, None)
    with open_store(tmp_path) as (_, warning):
        assert warning is None


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).touch()
    with open_store(tmp_path) as (store, warning):
        assert warning is None
        assert store.sources() == {}


@pytest.mark.parametrize("data", [b"a text\n" * 99, random.Random(2).randbytes(50_000)])
def test_a_foreign_file_is_kept_beside_the_new_store(tmp_path: Path, data: bytes) -> None:
    (tmp_path / STORE_FILE).write_bytes(data)
    with open_store(tmp_path) as (store, warning):
        assert "store.sqlite.foreign" in str(warning)
        assert store.sources() == {}
    assert (tmp_path / "store.sqlite.foreign").read_bytes() == data


@pytest.mark.parametrize("application", [0, 77])
def test_another_programs_database_is_kept_beside_the_new_store(
    tmp_path: Path, application: int
) -> None:
    connection = sqlite3.connect(tmp_path / STORE_FILE)
    connection.executescript(f"PRAGMA application_id = {application}; CREATE TABLE wallet (coins);")
    connection.close()
    with open_store(tmp_path) as (store, warning):
        assert "store.sqlite.foreign" in str(warning)
        assert store.sources() == {}
    connection = sqlite3.connect(tmp_path / "store.sqlite.foreign")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("wallet",)]
    connection.close()


def test_random_damage_is_never_trusted(tmp_path: Path) -> None:
    """Each byte that is read is as it was written, or the store says that it is damaged."""
    file = filled(tmp_path / "good")
    with open_store(tmp_path / "good", "1") as (store, _):
        documents = {path: blob for path, _, blob in store.documents()}
        remembered = store.sources()
        digests = [f"body of text {n} " + f"text {n} " * 49 for n in range(300)]
        bodies = store.bodies(digests)
    good = file.read_bytes()
    chance = random.Random(3)
    noticed = 0
    for trial in range(150):
        data = bytearray(good)
        for _ in range(chance.choice([1, 3, 50])):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        cache = tmp_path / str(trial)
        cache.mkdir()
        (cache / STORE_FILE).write_bytes(data)
        try:
            with open_store(cache) as (store, warning):
                noticed += bool(warning)
                known = store.sources()
                for path, _, blob in store.documents():
                    if path in known and known[path].digest == remembered[path].digest:
                        assert documents[path] == blob
                if known:
                    assert store.bodies(digests) == bodies
                assert store.memo("last", "", bytes) in (b"fact", None)
                store.published()
        except StoreDamagedError as error:
            noticed += 1
            assert "damaged" in str(error)
            assert not (cache / STORE_FILE).exists()
    assert noticed > 50


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_cache_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    filled(tmp_path)
    tmp_path.chmod(0o555)
    (tmp_path / STORE_FILE).chmod(0o444)
    try:
        with pytest.raises(FileAccessError), open_store(tmp_path, "2"):
            pass
    finally:
        tmp_path.chmod(0o755)


def test_a_cache_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"")
    with pytest.raises(FileAccessError) as told, open_store(tmp_path / "cache", "1"):
        pass
    assert told.value.filename == str(tmp_path / "cache")


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link"])
def test_what_is_no_file_is_kept_beside_the_new_store(tmp_path: Path, kind: str) -> None:
    """A pipe would never end; behind a link is somebody else's file."""
    precious, store = tmp_path / "precious", tmp_path / STORE_FILE
    precious.write_bytes(b"")
    make = {"a folder": store.mkdir, "a pipe": lambda: os.mkfifo(store)}
    make.get(kind, lambda: store.symlink_to(precious))()
    with open_store(tmp_path) as (_, warning):
        assert "was not a store" in str(warning)
    assert precious.read_bytes() == b""
    assert os.path.lexists(tmp_path / FOREIGN_FILE)


# --- many processes -----------------------------------------------------------------------------


def write_many(cache: Path, worker: int) -> None:
    for chunk in range(10):
        with open_existing(cache) as store:
            store.remember([row(f"{worker}-{chunk}-{n}.md", f"{n}") for n in range(20)], [])


def test_workers_write_at_the_same_time(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with open_store(tmp_path) as (store, _):
        workers = [context.Process(target=write_many, args=(tmp_path, n)) for n in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            assert worker.exitcode == 0
        assert len(store.sources()) == 600
    assert [file.name for file in tmp_path.iterdir()] == [STORE_FILE]


def test_a_worker_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError), open_existing(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as (store, _):
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.put_memo("a", "", b"x")
            raise ZeroDivisionError
        assert store.memo("a", "", bytes) is None
