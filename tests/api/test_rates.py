import datetime as dt
from contextlib import closing

import pytest

from app.api.rates import Rates
from app.errors import Misconfigured, RequestRefused
from app.settings import Settings
from app.storage.records import Key


def key(name="shop", rate_limit=None):
    now = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
    return Key(key_id=name, tenant=name, name=name, hint="inv_", created_at=now, rate_limit=rate_limit)


@pytest.fixture
def rates(tmp_path):
    with closing(
        Rates(Settings(rate_limit="3/minute", failed_key_limit="2/minute"), tmp_path / "rates.db")
    ) as limits:
        yield limits


def test_a_limit_counts_down_and_then_refuses(rates):
    left = [rates.charge(key())["RateLimit"].split(";")[1] for _ in range(3)]
    assert left == ["r=2", "r=1", "r=0"]
    with pytest.raises(RequestRefused) as refused:
        rates.charge(key())
    assert refused.value.problem_code == "rate_limited"
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    assert refused.value.headers["RateLimit-Policy"] == '"submitted";q=3;w=60'


def test_each_key_has_its_own_count_and_may_have_its_own_limit(rates):
    for _ in range(3):
        rates.charge(key())
    rates.charge(key("other"))
    for _ in range(10):
        assert rates.charge(key("free", rate_limit="")) == {}
    rates.charge(key("tight", rate_limit="1/hour"))
    with pytest.raises(RequestRefused):
        rates.charge(key("tight", rate_limit="1/hour"))


def test_a_batch_counts_as_many(rates):
    with pytest.raises(RequestRefused):
        rates.charge(key(), documents=4)


def test_all_processes_over_a_folder_share_the_count(rates, tmp_path):
    with closing(Rates(Settings(rate_limit="3/minute"), tmp_path / "rates.db")) as another:
        for limits in (rates, another, rates):
            limits.charge(key())
        with pytest.raises(RequestRefused):
            another.charge(key())


def test_processes_that_take_parts_of_a_large_limit_never_allow_more_than_it(tmp_path):
    settings = Settings(rate_limit="5000/hour")
    with (
        closing(Rates(settings, tmp_path / "rates.db")) as first,
        closing(Rates(settings, tmp_path / "rates.db")) as second,
    ):
        assert first.charge_own(key()) is None
        first.charge(key())
        assert first.charge_own(key())["RateLimit"].startswith('"submitted";r=4998;')
        allowed = 2
        for rates in (first, second) * 3000:
            try:
                rates.charge(key())
                allowed += 1
            except RequestRefused:
                continue
        assert allowed == 5000


def test_an_address_with_too_many_wrong_keys_is_refused_and_others_are_not(rates):
    for _ in range(2):
        rates.check_stranger("192.0.2.1")
        rates.note_stranger("192.0.2.1")
    with pytest.raises(RequestRefused):
        rates.check_stranger("192.0.2.1")
    rates.check_stranger("192.0.2.2")


def test_a_limit_that_is_none_is_told(tmp_path):
    with pytest.raises(Misconfigured, match="100/minute"):
        Rates(Settings(rate_limit="often"), tmp_path / "rates.db")
