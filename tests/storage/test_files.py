import hashlib
import os
import stat

import pytest

from app.errors import TooLarge
from app.storage.files import FileUploads, valid_tenant

DATA = b"%PDF-1.7 something"


@pytest.fixture
def uploads(tmp_path) -> FileUploads:
    return FileUploads(tmp_path / "uploads")


def _receive(uploads: FileUploads, data: bytes = DATA):
    incoming = uploads.incoming(1000)
    for start in range(0, len(data), 5):
        incoming.write(data[start : start + 5])
    return incoming


def test_what_is_adopted_can_be_read_under_its_hash(uploads: FileUploads):
    document = uploads.adopt([("acme", _receive(uploads))])[0]
    assert document == hashlib.sha256(DATA).hexdigest()
    assert uploads.path("acme", document).read_bytes() == DATA
    assert list(uploads.kept()) == [("acme", document)]


def test_the_same_bytes_of_two_tenants_are_two_files(uploads: FileUploads):
    document = uploads.adopt([("acme", _receive(uploads))])[0]
    uploads.adopt([("other", _receive(uploads))])
    uploads.erase("acme", document)
    assert list(uploads.kept()) == [("other", document)]


def test_more_than_the_limit_is_refused_and_leaves_nothing(uploads: FileUploads, tmp_path):
    incoming = uploads.incoming(10)
    incoming.write(b"0123456789")
    with pytest.raises(TooLarge):
        incoming.write(b"x")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_discarded_is_gone_and_what_was_adopted_stays(uploads: FileUploads, tmp_path):
    _receive(uploads).discard()
    adopted = _receive(uploads)
    uploads.adopt([("acme", adopted)])
    adopted.discard()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_nobody_else_may_read_a_document(uploads: FileUploads, tmp_path):
    path = uploads.path("acme", uploads.adopt([("acme", _receive(uploads))])[0])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_files_that_stopped_arriving_are_dropped_and_those_that_arrive_are_not(uploads: FileUploads):
    stale, fresh = _receive(uploads), _receive(uploads)
    os.utime(stale.path, (1, 1))
    assert uploads.abandoned(3600) == 1
    assert (stale.path.exists(), fresh.path.exists()) == (False, True)
    stale.discard()
    fresh.discard()


@pytest.mark.parametrize("tenant", ["../etc", "", ".", "..", "A", "a/b", "-x", "x" * 65, "é", ".incoming"])
def test_a_tenant_cannot_name_a_place_elsewhere(uploads: FileUploads, tenant: str):
    assert not valid_tenant(tenant)
    with pytest.raises(ValueError):
        uploads.path(tenant, "0" * 64)


def test_a_document_cannot_name_a_place_elsewhere(uploads: FileUploads):
    with pytest.raises(ValueError):
        uploads.path("acme", "../../../secret.key")


def test_what_a_full_disk_refuses_can_be_discarded(uploads: FileUploads):
    incoming = _receive(uploads)
    incoming.finish()
    incoming._file = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(OSError, match="No space left"):
        incoming.write(b"x")
    incoming.discard()
    assert not incoming.path.exists()


def test_a_document_that_is_there_already_is_kept_once(uploads: FileUploads, tmp_path):
    first = uploads.adopt([("acme", _receive(uploads))])
    twins = [_receive(uploads), _receive(uploads)]
    assert uploads.adopt([("acme", twin) for twin in twins]) == first * 2
    for twin in twins:
        twin.discard()
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [DATA]


def test_the_first_bytes_tell_what_it_is(uploads: FileUploads):
    incoming = uploads.incoming(1000)
    for byte in DATA:
        incoming.write(bytes([byte]))
    assert incoming.head == DATA[:8]
    incoming.discard()
