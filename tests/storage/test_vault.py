import stat
import subprocess
import sys

import pytest

from app.errors import Misconfigured
from app.storage.sqlite.store import SqliteStore
from app.storage.vault import FILE_NAME, Vault

MASTER = bytes(range(32))


def test_what_is_sealed_opens_for_its_purpose_only():
    vault = Vault(MASTER)
    sealed = vault.seal("geheim", "job 1 password")
    assert vault.open(sealed, "job 1 password") == "geheim"
    assert vault.open(sealed, "job 2 password") is None


def test_another_vault_opens_nothing():
    assert Vault(bytes(32)).open(Vault(MASTER).seal("geheim", "a"), "a") is None


def test_a_changed_bit_is_noticed():
    sealed = bytearray(Vault(MASTER).seal("geheim", "a"))
    sealed[-1] ^= 1
    assert Vault(MASTER).open(bytes(sealed), "a") is None


def test_the_same_text_is_sealed_differently_each_time():
    assert Vault(MASTER).seal("a", "a") != Vault(MASTER).seal("a", "a")


def test_digests_are_equal_for_equal_secrets_of_one_vault_alone():
    assert Vault(MASTER).digest("a") == Vault(MASTER).digest("a")
    assert Vault(MASTER).digest("a") != Vault(bytes(32)).digest("a")


def test_only_the_service_reads_the_secret(tmp_path):
    Vault.in_folder(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_processes_that_start_together_have_one_secret(tmp_path):
    code = "import sys, pathlib; from app.storage.vault import Vault; print(Vault.in_folder(pathlib.Path(sys.argv[1])).digest('x').hex())"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(5)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_a_lost_secret_is_told_and_not_replaced(tmp_path):
    SqliteStore(tmp_path).close()
    (tmp_path / FILE_NAME).unlink()
    with pytest.raises(Misconfigured, match=r"secret\.key"):
        SqliteStore(tmp_path)
