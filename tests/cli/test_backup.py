import os
import subprocess
import sys
from pathlib import Path

from app.storage.sqlite.store import SqliteStore, utc_now


def _spunta(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **variables},
    )


def test_a_folder_is_written_to_a_file_and_made_again_from_it(tmp_path: Path):
    store = SqliteStore(tmp_path / "data")
    _, secret = store.keys.create("acme")
    written = _spunta("backup", tmp_path / "backup.tar", "--data", tmp_path / "data")
    assert (written.returncode, "0 jobs" in written.stdout + written.stderr) == (0, True)
    store.close()
    made = _spunta("restore", tmp_path / "backup.tar", SPUNTA_DATA=str(tmp_path / "new"))
    assert made.returncode == 0
    restored = SqliteStore(tmp_path / "new")
    assert restored.keys.identify(secret, utc_now()) is not None
    restored.close()


def test_a_folder_in_use_is_not_overwritten(tmp_path: Path):
    SqliteStore(tmp_path / "data").close()
    _spunta("backup", tmp_path / "backup.tar", "--data", tmp_path / "data")
    refused = _spunta("restore", tmp_path / "backup.tar", "--data", tmp_path / "data")
    assert refused.returncode == 2
    assert "not empty" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path):
    refused = _spunta("backup", tmp_path / "backup.tar", "--data", tmp_path / "nowhere")
    assert refused.returncode == 2
    assert list(tmp_path.iterdir()) == []
