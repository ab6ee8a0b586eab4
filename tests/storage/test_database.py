import errno
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.storage.sqlite.database import Database
from app.storage.sqlite.schema import migrate

_OPEN = """
import sys
from pathlib import Path
from app.storage.sqlite.database import Database
from app.storage.sqlite.schema import migrate
database = Database(Path(sys.argv[1]), migrate)
for number in range(25):
    with database.transaction():
        database.write("INSERT OR IGNORE INTO facts VALUES ('n', x'00')")
        row = database.row("SELECT value FROM facts WHERE name = 'n'")
        count = int.from_bytes(row["value"], "big") + 1
        database.write("UPDATE facts SET value = :v WHERE name = 'n'", {"v": count.to_bytes(4, "big")})
"""


@pytest.fixture
def database(tmp_path: Path):
    opened = Database(tmp_path / "spunta.db", migrate)
    yield opened
    opened.close()


def test_every_table_is_strict(database: Database):
    tables = database.rows(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE '%sqlite_%' AND type = 'table'"
    )
    assert len(tables) >= 12
    assert all(row["strict"] for row in tables)


def test_processes_that_start_together_on_an_empty_folder_and_count_lose_nothing(tmp_path: Path):
    path = tmp_path / "spunta.db"
    started = [subprocess.Popen([sys.executable, "-c", _OPEN, str(path)]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4
    database = Database(path, migrate)
    row = database.row("SELECT value FROM facts WHERE name = 'n'")
    assert row is not None
    assert int.from_bytes(row["value"], "big") == 100
    database.close()


def test_a_failed_transaction_leaves_nothing_also_of_the_nested_ones(database: Database):
    def write_and_fail() -> None:
        with database.transaction():
            with database.transaction():
                database.write("INSERT INTO facts VALUES ('a', x'00')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert database.row("SELECT 1 FROM facts WHERE name = 'a'") is None


def test_threads_write_over_connections_of_their_own(database: Database):
    def write(name: str) -> None:
        for number in range(20):
            database.write("INSERT INTO facts VALUES (:name, x'00')", {"name": f"{name}{number}"})

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = database.row("SELECT count(*) AS n FROM facts")
    assert row is not None
    assert row["n"] == 120


def test_a_write_waits_for_the_one_of_another_connection(database: Database):
    other = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO facts VALUES ('first', x'00')")
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    database.write("INSERT INTO facts VALUES ('second', x'00')")
    assert [row["name"] for row in database.rows("SELECT name FROM facts ORDER BY rowid")] == [
        "first",
        "second",
    ]
    other.close()


def test_nobody_else_may_read_the_file_and_its_log(database: Database):
    database.write("INSERT INTO facts VALUES ('a', x'00')")
    for path in database.path.parent.glob("spunta.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_deleted_content_is_in_no_file(database: Database):
    database.write("INSERT INTO facts VALUES ('a', :value)", {"value": b"IT60X0542811101000000123456"})
    database.write("DELETE FROM facts WHERE name = 'a'")
    database.forget_erased()
    assert not any(b"IT60X0542811101" in path.read_bytes() for path in database.path.parent.iterdir())


def test_a_copy_made_in_the_middle_of_writing_is_whole(database: Database, tmp_path: Path):
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with database.transaction():
                database.write("INSERT INTO facts VALUES (:name, x'00')", {"name": f"left{number}"})
                database.write("INSERT INTO facts VALUES (:name, x'00')", {"name": f"right{number}"})
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    database.copy_to(tmp_path / "copy.db")
    stop.set()
    writer.join()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        left, right = (
            copy.execute("SELECT count(*) FROM facts WHERE name LIKE ?", (f"{side}%",)).fetchone()[0]
            for side in ("left", "right")
        )
        assert left == right
    copy.close()


def _fill_up(database: Database) -> None:
    """Let the file not grow any more, as a full disk would."""
    pages = database.row("PRAGMA page_count")["page_count"]
    database._connection().raw.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_told_as_such_and_nothing_of_the_transaction_stays(database: Database):
    _fill_up(database)

    def write() -> None:
        with database.transaction():
            database.write("INSERT INTO facts VALUES ('small', x'00')")
            database.write("INSERT INTO facts VALUES ('large', :value)", {"value": bytes(5_000_000)})

    with pytest.raises(OSError) as told:
        write()
    assert told.value.errno == errno.ENOSPC
    assert database.row("SELECT 1 FROM facts WHERE name = 'small'") is None
    database._connection().raw.execute("PRAGMA max_page_count = 100000")
    write()
    other = Database(database.path, migrate)
    assert other.row("SELECT 1 FROM facts WHERE name = 'large'") is not None
    other.close()


def test_a_commit_that_fails_leaves_no_transaction_open(database: Database):
    database._connection().raw.executescript("""
        CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
    """)
    with pytest.raises(sqlite3.IntegrityError):
        database.write("INSERT INTO child VALUES (7)")
    database.write("INSERT INTO facts VALUES ('after', x'00')")
    other = Database(database.path, migrate)
    assert other.row("SELECT 1 FROM facts WHERE name = 'after'") is not None
    other.close()


def test_a_mistake_of_ours_is_not_told_as_trouble_of_the_disk(database: Database):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.rows("SELECT * FROM nowhere")
