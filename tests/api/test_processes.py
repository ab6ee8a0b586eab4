"""Several API processes on one address are one service."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.api.conftest import started


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    variables = {"SPUNTA_API_PROCESSES": "2", "SPUNTA_RATE_LIMIT": "10/minute"}
    with started(tmp_path_factory.mktemp("twins") / "data", **variables) as server:
        yield server


def test_limits_hold_and_requests_are_counted_over_all_of_them(twins, fattura):
    def submit(number):
        return twins.submit(fattura(number=f"P-{number}")).status_code

    with ThreadPoolExecutor(16) as callers:
        assert Counter(callers.map(submit, range(30))) == {202: 10, 429: 20}
        assert set(callers.map(lambda _: twins.ask("GET", "/v1/jobs").status_code, range(16))) == {200}
    for _ in range(4):
        metrics = requests.get(twins.url + "/metrics", timeout=30).text
        counted = re.findall(
            r'http_requests_total\{method="POST",route="/v1/extract/invoice",status="(\d+)"\} (\S+)', metrics
        )
        assert dict(counted) == {"202": "10.0", "429": "20.0"}
