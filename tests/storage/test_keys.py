import datetime as dt

import pytest

from app.errors import Misconfigured
from app.storage.files import valid_tenant
from app.storage.records import Scope
from app.storage.sqlite.keys import tenant_named
from app.storage.sqlite.store import SqliteStore

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_a_key_opens_with_its_secret_and_nothing_else_does(store: SqliteStore):
    key, secret = store.keys.create("acme")
    assert secret.startswith("inv_")
    found = store.keys.identify(secret, NOW)
    assert found is not None
    assert found.key_id == key.key_id
    for wrong in ("", "inv_", secret[:-1], secret + "x", secret.upper(), "inv_" + "x" * 5000):
        assert store.keys.identify(wrong, NOW) is None


def test_the_secret_is_in_no_file(store: SqliteStore):
    _, secret = store.keys.create("acme")
    store.keys.identify(secret, NOW)
    (webhook_secret,) = store.keys.webhook_secrets(store.keys.list()[0].key_id, NOW)
    for path in store.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert secret.encode() not in content
            assert webhook_secret.encode() not in content


def test_a_revoked_key_opens_nothing(store: SqliteStore):
    key, secret = store.keys.create("acme")
    revoked = store.keys.revoke("acme", NOW)
    assert revoked is not None
    assert revoked.revoked_at == NOW
    assert store.keys.identify(secret, NOW) is None
    assert store.keys.get(key.key_id) == revoked


def test_a_key_opens_until_it_expires(store: SqliteStore):
    _, secret = store.keys.create("acme", expires_at=NOW + DAY)
    assert store.keys.identify(secret, NOW + DAY - dt.timedelta(milliseconds=1)) is not None
    assert store.keys.identify(secret, NOW + DAY) is None


def test_after_a_rotation_both_secrets_open_for_a_while(store: SqliteStore):
    key, old = store.keys.create("acme")
    rotated = store.keys.rotate("acme", NOW, DAY)
    assert rotated is not None
    assert rotated[0].key_id == key.key_id
    new = rotated[1]
    assert store.keys.identify(old, NOW) is not None
    assert store.keys.identify(new, NOW) is not None
    assert store.keys.identify(old, NOW + DAY) is None
    assert store.keys.identify(new, NOW + DAY) is not None


def test_a_second_rotation_does_not_prolong_the_first_secret(store: SqliteStore):
    _, first = store.keys.create("acme")
    store.keys.rotate("acme", NOW, DAY)
    store.keys.rotate("acme", NOW + DAY / 2, DAY)
    assert store.keys.identify(first, NOW + DAY) is None


def test_the_last_use_is_noted(store: SqliteStore):
    key, secret = store.keys.create("acme")
    assert store.keys.identify(secret, NOW).last_used_at is None
    store.keys.note_use(key, NOW)
    assert store.keys.identify(secret, NOW).last_used_at == NOW


def test_webhooks_are_signed_with_both_secrets_for_a_day_after_a_rotation(store: SqliteStore):
    key, _ = store.keys.create("acme")
    (old,) = store.keys.webhook_secrets(key.key_id, NOW)
    new = store.keys.rotate_webhook_secret(key.key_id, NOW, DAY)
    assert store.keys.webhook_secrets(key.key_id, NOW) == [new, old]
    assert store.keys.webhook_secrets(key.key_id, NOW + DAY) == [new]


def test_a_key_without_a_tenant_is_its_own_and_two_names_never_share_one(store: SqliteStore):
    names = ["acme", "Acme", "ACME", "acme ", "Rossi S.r.l.", "rossi-s-r-l", "日本", "..", "a/b"]
    tenants = [tenant_named(name) for name in names]
    assert len(set(tenants)) == len(names)
    assert all(valid_tenant(tenant) for tenant in tenants)
    assert store.keys.create("acme")[0].tenant == store.keys.create("acme")[0].tenant


def test_of_two_keys_with_one_name_the_id_says_which(store: SqliteStore):
    first, _ = store.keys.create("acme")
    _, second_secret = store.keys.create("acme")
    with pytest.raises(Misconfigured, match="2 keys"):
        store.keys.revoke("acme", NOW)
    assert store.keys.revoke(first.key_id, NOW) is not None
    assert store.keys.identify(second_secret, NOW) is not None


def test_nobody_can_revoke_what_is_not_there(store: SqliteStore):
    assert store.keys.revoke("nobody", NOW) is None
    assert store.keys.rotate("nobody", NOW, DAY) is None


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
def test_a_name_is_readable(store: SqliteStore, name: str):
    with pytest.raises(Misconfigured):
        store.keys.create(name)


def test_the_admin_may_everything_and_others_what_they_were_given(store: SqliteStore):
    admin, _ = store.keys.create("boss", scopes=frozenset({Scope.ADMIN}))
    reader, _ = store.keys.create("reader", scopes=frozenset({Scope.READ}))
    assert all(admin.may(scope) for scope in Scope)
    assert [scope for scope in Scope if reader.may(scope)] == [Scope.READ]
    assert store.keys.list() == [admin, reader]
