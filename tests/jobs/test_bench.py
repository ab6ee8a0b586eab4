"""Strangers' rules that never end, end their process or eat the memory: nothing but they is lost."""

import json
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from app.jobs.bench import BenchApart, OwnBench, open_bench
from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Financials, Invoice
from app.settings import Settings
from app.validation import Context, load

PACKAGE = """
    import ctypes, os
    from collections.abc import Iterator
    from app.model.invoice import Invoice
    from app.validation import Problem, rule

    @rule("STRANGE", severity="warning", source="our house rules")
    def is_strange(invoice: Invoice) -> Iterator[Problem]:
        '''Every invoice is strange.'''
        {does}
        yield Problem("financials.total", expected=invoice.financials.total)

    RULES = [is_strange]
"""
EXTRACTION = Extraction(
    readings=(Reading(invoice=Invoice(financials=Financials(total=Decimal("12.50")))),),
    file_type=FileType.XML,
)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A bench with a stranger's package whose only rule does something."""
    monkeypatch.syspath_prepend(str(tmp_path))
    opened = []

    def put(does, name="strange", seconds=30.0):
        module = f"{name}_rules"
        (tmp_path / f"{module}.py").write_text(dedent(PACKAGE).replace("{does}", does))
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[spunta.rules]\n{name} = {module}:RULES\n")
        opened.append(BenchApart([name], seconds, 500_000_000))
        return opened[-1]

    yield put
    for one in opened:
        one.close()


def judged(bench):
    given = bench.judge(EXTRACTION, Context())
    assert given.outcome == json.loads(bytes(given.verdict.decision))["outcome"]
    return given, {flag["code"]: flag for flag in json.loads(bytes(given.verdict.validation_flags))}


def test_strangers_rules_are_asked_apart_and_amounts_keep_their_digits(bench):
    given, flags = judged(bench("pass"))
    assert flags["STRANGE"]["severity"] == "warning"
    assert b'"expected":12.50' in bytes(given.verdict.validation_flags)
    _, ours = judged(OwnBench(load()))
    assert flags.keys() == ours.keys() | {"STRANGE"}


@pytest.mark.parametrize(
    ("does", "seconds", "told"),
    [
        ("while True: pass", 1.0, "they took longer than 1 seconds."),
        ("os._exit(0)", 30.0, "they ended the process that asks them."),
        ("ctypes.string_at(0)", 30.0, "they ended the process that asks them."),
    ],
    ids=["endless", "exits", "crashes"],
)
def test_what_strangers_rules_break_is_judged_without_them_and_says_so(bench, does, seconds, told):
    broken = bench(does, seconds=seconds)
    for _ in range(2):
        given, flags = judged(broken)
        assert flags["RULES_NOT_LOADED"]["message"] == f"The rules of strange were not asked: {told}"
        assert "MISSING_NUMBER" in flags
        assert given.outcome == "review"


def test_a_rule_that_eats_the_memory_is_a_finding(bench):
    _, flags = judged(bench("bytearray(3_000_000_000)"))
    assert flags["RULE_FAILED"]["message"] == "The rule STRANGE could not be run (MemoryError)."


def test_only_strangers_are_judged_apart():
    ruleset = load()
    assert isinstance(open_bench(Settings(), ruleset), OwnBench)
    assert isinstance(open_bench(Settings(rules=("builtin", "official")), ruleset), OwnBench)
    assert isinstance(open_bench(Settings(rules=("house",), data=Path()), ruleset), BenchApart)
