import os
import time
from uuid import uuid4

import pytest

from app.errors import Unreadable
from app.storage.backup import backup, restore
from app.storage.sqlite.store import SqliteStore

JOB = uuid4()


def write(store: SqliteStore, name: str = "result.json", text: str = "{}", job_id=JOB) -> None:
    with store.renditions.draft() as draft:
        (draft / name).write_text(text)
        store.renditions.adopt("acme", job_id, draft)


def test_what_was_written_is_found_under_its_tenant_and_job_alone(store: SqliteStore):
    write(store)
    assert store.renditions.path("acme", JOB, "result.json").read_text() == "{}"
    assert store.renditions.path("other", JOB, "result.json") is None
    assert store.renditions.path("acme", uuid4(), "result.json") is None
    assert list(store.renditions.kept()) == [("acme", JOB)]


@pytest.mark.parametrize(
    "name", ["../result.json", "/etc/hostname", ".drafts", "01.png", "0.PNG", "result.json\n"]
)
def test_no_other_name_leads_anywhere(store: SqliteStore, name):
    write(store)
    assert store.renditions.path("acme", JOB, name) is None


@pytest.mark.parametrize("name", ["..png", "script.js", ".hidden"])
def test_files_of_other_names_are_not_kept(store: SqliteStore, name):
    with pytest.raises(Unreadable):
        write(store, name)
    assert list(store.renditions.kept()) == []


def test_no_link_is_kept(store: SqliteStore, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("key")
    for link in (os.symlink, os.link):
        with store.renditions.draft() as draft:
            link(secret, draft / "0.png")
            with pytest.raises(Unreadable):
                store.renditions.adopt("acme", JOB, draft)


def test_a_second_attempt_takes_the_place_of_the_first(store: SqliteStore):
    write(store, "0.png")
    write(store, "result.json", "[]")
    assert store.renditions.path("acme", JOB, "0.png") is None
    assert store.renditions.path("acme", JOB, "result.json").read_text() == "[]"


def test_a_draft_that_is_not_adopted_leaves_nothing(store: SqliteStore):
    with store.renditions.draft() as draft:
        (draft / "result.json").write_text("{}")
    assert not draft.exists()
    assert list(store.renditions.kept()) == []


def test_drafts_of_the_dead_are_deleted_in_time(store: SqliteStore):
    draft = store.folder / "renditions" / ".drafts" / "left"
    draft.mkdir()
    (draft / "0.png").write_text("x")
    assert store.renditions.abandoned(3600) == 0
    os.utime(draft, (time.time() - 7200,) * 2)
    assert store.renditions.abandoned(3600) == 1
    assert not draft.exists()


def test_a_backup_holds_what_documents_were_parsed_to(store: SqliteStore, tmp_path):
    write(store, text='{"markdown":"x"}')
    backup(store, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "new")
    restored = SqliteStore(tmp_path / "new")
    assert restored.renditions.path("acme", JOB, "result.json").read_text() == '{"markdown":"x"}'
    restored.close()
