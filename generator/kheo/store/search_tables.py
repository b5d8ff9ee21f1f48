"""The search index in the store: the words of each report, the shards, and how frequent words are."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from kheo.store.store import Store, checksum_of


class IndexedReport(Struct, frozen=True, array_like=True):
    """One report in the index. ``inputs`` are digests of what ``words``, its table, is made from."""

    path: str
    number: int
    inputs: bytes
    words: bytes

    @property
    def checksum(self) -> int:
        return checksum_of(f"{self.path}\0{self.number}", self.inputs + self.words)


def indexed_reports(
    store: Store, paths: Collection[str] | None = None
) -> dict[str, tuple[int, bytes]]:
    """Return number and inputs of every report in the index, or of those at ``paths``, by path."""
    query = "SELECT path, number, inputs FROM search_reports"
    with store.wrap_sqlite_errors():
        run = store.connection.execute
        rows: Iterable[tuple[str, int, bytes]] = run(query)
        if paths is not None:
            rows = (row for path in paths for row in run(f"{query} WHERE path = ?", (path,)))
        return {path: (number, inputs) for path, number, inputs in rows}


def read_reports(store: Store, paths: Iterable[str]) -> Iterator[IndexedReport]:
    """Yield reports of the index with their words. Raise StoreDamagedError if one is missing."""
    query = "SELECT path, number, inputs, words, checksum FROM search_reports WHERE path = ?"
    with store.wrap_sqlite_errors():
        for path in paths:
            row = store.connection.execute(query, (path,)).fetchone()
            if row is None or not isinstance(row[2], bytes) or not isinstance(row[3], bytes):
                raise store.damaged(f"words of {path}")
            report = IndexedReport(*row[:4])
            if row[4] != report.checksum:
                raise store.damaged(f"words of {path}")
            yield report


def put_reports(store: Store, reports: Iterable[IndexedReport]) -> None:
    """Store reports, within a transaction that is open."""
    store.connection.executemany(
        "INSERT OR REPLACE INTO search_reports VALUES (?, ?, ?, ?, ?)",
        ((one.path, one.number, one.inputs, one.words, one.checksum) for one in reports),
    )


def renumber_reports(store: Store, reports: Iterable[IndexedReport]) -> None:
    """Store new numbers, within a transaction that is open."""
    store.connection.executemany(
        "UPDATE search_reports SET number = ?, checksum = ? WHERE path = ?",
        [(one.number, one.checksum, one.path) for one in reports],
    )


def drop_reports(store: Store, paths: Iterable[str]) -> None:
    store.connection.executemany(
        "DELETE FROM search_reports WHERE path = ?", [(path,) for path in paths]
    )


def read_shard(store: Store, name: str) -> bytes:
    """Return a shard as it is published. Raise StoreDamagedError if it is missing."""
    with store.wrap_sqlite_errors():
        row = store.connection.execute(
            "SELECT data, checksum FROM search_shards WHERE name = ?", (name,)
        ).fetchone()
    if row is None or row[1] != checksum_of(name, row[0]):
        raise store.damaged(f"search shard {name}")
    return bytes(row[0])


def put_shards(store: Store, shards: Iterable[tuple[str, bytes]]) -> None:
    """Store shards, within a transaction that is open; drop those without data."""
    run, gone = store.connection.executemany, []
    rows = []
    for name, data in shards:
        if data:
            rows.append((name, data, checksum_of(name, data)))
        else:
            gone.append((name,))
    run("INSERT OR REPLACE INTO search_shards VALUES (?, ?, ?)", rows)
    run("DELETE FROM search_shards WHERE name = ?", gone)


def drop_index(store: Store) -> None:
    """Drop all shards and the vocabulary, within a transaction that is open."""
    store.connection.execute("DELETE FROM search_shards")
    store.connection.execute("DELETE FROM search_vocabulary")


def read_vocabulary(store: Store, least: int) -> dict[str, int]:
    """Return the folded words that are in ``least`` reports or more, with the number of these."""
    query = "SELECT word, reports, checksum FROM search_vocabulary WHERE reports >= ?"
    found = {}
    with store.wrap_sqlite_errors():
        for word, reports, checksum in store.connection.execute(query, (least,)):
            if checksum != checksum_of(word, str(reports).encode()):
                raise store.damaged(f"vocabulary at {word}")
            found[word] = reports
    return found


def put_vocabulary(store: Store, reports: Mapping[str, int]) -> None:
    """Store words that are not there yet, within a transaction that is open."""
    store.connection.executemany(
        "INSERT INTO search_vocabulary VALUES (?, ?, ?)",
        ((word, count, checksum_of(word, str(count).encode())) for word, count in reports.items()),
    )


def change_vocabulary(store: Store, changes: Mapping[str, int]) -> None:
    """Add to the number of reports of each word, within a transaction that is open."""
    run = store.connection.execute
    for word, change in changes.items():
        if change == 0:
            continue
        row = run(
            "SELECT reports, checksum FROM search_vocabulary WHERE word = ?", (word,)
        ).fetchone()
        if row and row[1] != checksum_of(word, str(row[0]).encode()):
            raise store.damaged(f"vocabulary at {word}")
        count = (row[0] if row else 0) + change
        if count < 0:
            raise store.damaged(f"vocabulary at {word}")
        checksum = checksum_of(word, str(count).encode())
        if count:
            run(
                "INSERT OR REPLACE INTO search_vocabulary VALUES (?, ?, ?)", (word, count, checksum)
            )
        else:
            run("DELETE FROM search_vocabulary WHERE word = ?", (word,))
