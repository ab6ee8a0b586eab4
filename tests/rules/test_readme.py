"""`rules/README.md` is fresh, and what it tells a newcomer to do works.

`SPUNTA_REFRESH=1 pytest tests/rules/test_readme.py` writes its table anew.
"""

import os
import re
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.validation import Context, Ruleset, catalogue, check_policy, load, read_policy, validate
from app.validation.catalogue import as_table

README = Path(__file__).parents[2] / "rules" / "README.md"
MARKS = re.compile(r"(<!-- catalogue: [^\n]* -->\n)(.*?)(<!-- end of catalogue -->)", re.DOTALL)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)


def test_the_catalogue_is_fresh():
    fresh = MARKS.sub(
        lambda found: f"{found[1]}{as_table(catalogue(load()))}\n{found[3]}", README.read_text()
    )
    if os.environ.get("SPUNTA_REFRESH"):
        README.write_text(fresh)
    assert README.read_text() == fresh


@pytest.fixture
def newcomer(monkeypatch):
    """The README's rule in a module with the imports of `rules/rows.py`."""
    module = ModuleType("newcomer")
    monkeypatch.setitem(sys.modules, "newcomer", module)
    imports = "from collections.abc import Iterator\nfrom app.model.invoice import *\nfrom app.validation import *\n"
    exec(imports + blocks("python")[0], module.__dict__)  # noqa: S102  # the README's own text
    return module.row_is_deliverable


def test_the_readmes_rule_does_what_its_table_says(newcomer):
    table = tomllib.loads(blocks("toml")[0], parse_float=Decimal)
    reports = {
        kind: validate(_extraction(table[kind][0]["result"]), Context(), Ruleset(rules=(newcomer,)))
        for kind in ("triggers", "silent", "skipped")
    }
    wanted = table["triggers"][0]["flag"]
    flag = reports["triggers"].validation_flags[0]
    assert {key: getattr(flag, key) for key in wanted} == wanted
    assert reports["silent"].validation.passed[0] == "TOO_MANY_PIECES"
    assert reports["skipped"].validation.skipped[0].reason == table["skipped"][0]["reason"]


def test_the_readmes_policy_is_right():
    text = next(block for block in blocks("toml") if block.startswith("off"))
    assert check_policy(text, load().codes) == []
    assert read_policy(text, load().codes).accept.maximum_total == 10000


def _extraction(result):
    return Extraction(readings=(Reading(invoice=msgspec.convert(result, Invoice)),), file_type=FileType.PDF)
