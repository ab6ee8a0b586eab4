"""Strangers' packages of rules that break in every way: the service stays up, and says what is missing."""

import time
from textwrap import dedent

import pytest

from tests.api.conftest import started

PACKAGES = {
    "raising": "raise RuntimeError('secret')",
    "exiting": "import os; os._exit(3)",
    "crashing": "import ctypes; ctypes.string_at(0)",
    "endless": """
        from collections.abc import Iterator
        from app.model.invoice import Invoice
        from app.validation import Problem, rule

        @rule("ENDLESS", severity="info", source="our house rules")
        def never_ends(invoice: Invoice) -> Iterator[Problem]:
            '''Never ends.'''
            while True:
                pass

        RULES = [never_ends]
    """,
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    for name, source in PACKAGES.items():
        (folder / f"{name}_rules.py").write_text(dedent(source))
        info = folder / f"{name}_rules-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}_rules\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[spunta.rules]\n{name} = {name}_rules:RULES\n")
    environment = {
        "PYTHONPATH": str(folder),
        "SPUNTA_RULES": ",".join((*PACKAGES, "absent")),
        "SPUNTA_RULES_TIMEOUT": "1",
    }
    with started(tmp_path_factory.mktemp("service") / "data", **environment) as server:
        yield server


def test_a_service_with_broken_packages_reads_and_judges_and_books_nothing_unseen(broken, fattura):
    job = broken.read(fattura(number="B-1", total="999.00"))
    assert job["status"] == "completed"
    flags = [flag for flag in job["validation_flags"] if flag["code"] == "RULES_NOT_LOADED"]
    told = " ".join(flag["message"] for flag in flags)
    for name in (*PACKAGES, "absent"):
        assert name in told
    assert "secret" not in told
    assert "ARITHMETIC_MISMATCH" in job["validation"]["failed"]
    assert job["decision"]["outcome"] == "review"


def test_it_judges_at_once_too_and_stays_well(broken, fattura):
    for number in range(2):
        begun = time.monotonic()
        verdict = broken.ask("POST", "/v1/validate", data=fattura(number=f"B-{number}")).json()
        assert "RULES_NOT_LOADED" in verdict["decision"]["flags"]
        assert time.monotonic() - begun < 30
    assert broken.ask("GET", "/v1/health").status_code == 200
    assert any("rules_not_loaded" in line for line in broken.log)
