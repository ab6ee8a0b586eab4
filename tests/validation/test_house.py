"""A stranger's package, built and installed by pip into a folder of its own, and used through its entry points."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent / "house"
USE = """
import json, sys
from decimal import Decimal
import msgspec
from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.validation import Context, load, validate

ruleset = load(sys.argv[1:])
result = {"vendor": {"country": "AT"}, "line_items": [{"quantity": 1001}], "financials": {"total": 20000}}
reading = Reading(invoice=msgspec.convert(result, Invoice))
report = validate(Extraction(readings=(reading,), file_type=FileType.PDF), Context(), ruleset)
print(json.dumps({
    "flags": {flag.code: flag.path for flag in report.validation_flags},
    "imported": sorted(name for name in sys.modules if name.startswith("spunta_house")),
    "problems": ruleset.problems,
    "future_days": ruleset.policy.parameters.future_days,
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that pip installed the package into."""
    folder = tmp_path_factory.mktemp("installed")
    source = tmp_path_factory.mktemp("source") / "house"
    subprocess.run(["cp", "-r", HOUSE, source], check=True)  # noqa: S607  # building writes into the folder
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--disable-pip-version-check", "--target", folder, source], check=True)
    return folder


def use(installed, *packages):
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", USE, *packages]
    return json.loads(
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    )


def test_its_rules_and_thresholds_are_in_force_when_it_is_named(installed):
    seen = use(installed, "house")
    assert seen["flags"]["HOUSE_TOO_MANY_PIECES"] == "line_items[0].quantity"
    assert seen["flags"]["HOUSE_ORDER_MISSING"] == "invoice.po_number"
    assert seen["future_days"] == 0
    assert seen["problems"] == []


def test_its_pack_for_a_country_is_named_by_itself(installed):
    seen = use(installed, "austria")
    assert seen["flags"]["AT_BUYER_VAT_NUMBER_MISSING"] == "buyer.vat_number"
    assert "HOUSE_TOO_MANY_PIECES" not in seen["flags"]


def test_it_is_not_even_imported_when_it_is_not_named(installed):
    seen = use(installed)
    assert seen["imported"] == []
    assert seen["future_days"] == 1


def test_both_packs_may_be_in_force_together(installed):
    assert {"AT_BUYER_VAT_NUMBER_MISSING", "HOUSE_TOO_MANY_PIECES"} <= use(installed, "house", "austria")[
        "flags"
    ].keys()
